"""No page, in any language, light or dark, breaks a rule that a machine can check, or scrolls sideways on a phone.

Each page is judged whole in one language, turn about, and in the dark in another: of what a machine can check, only
names and sizes change with the words and the direction, and these are looked at in every language. Where the whole suite
looks in turn (`tests.machine.turn_about`), a page is judged in one language, light and dark.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from tenant_app.accounts.models import Person, Tenant, Worker
from tenant_app.site import open_site
from tenant_app.web.locale import LANGUAGES
from tests.live import serve
from tests.lived_in import LivedIn
from tests.machine.turn_about import in_turn

pytestmark = pytest.mark.browser

WHOLE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
NAMES_AND_SIZES = {"runOnly": {"type": "rule", "values": [
    "aria-command-name", "aria-input-field-name", "button-name", "document-title", "html-has-lang", "image-alt", "label",
    "link-name", "select-name", "summary-name", "target-size", "valid-lang",
]}}  # fmt: skip
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
AXE = Axe().axe_script
# Axe would describe each thing with which all is well, and bring it along: that takes three times as long as to judge.
JUDGE = "async (options) => (await axe.run({ ...options, resultTypes: ['violations'] })).violations"
NEWCOMER = "Delroy Grant"
GREETS = {"/", "/goals", "/groups", "/medicines", "/rent", "/repairs", "/home", "/reminders"}


@pytest.fixture(scope="module")
def site(lived_in: LivedIn) -> Iterator[str]:
    app = open_site(lived_in.settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    serve(server)
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()


Pages = Callable[[bool], list[tuple[Person | None, list[str]]]]
"""Of a door, whom to be and what to look at as them."""


@pytest.fixture(scope="module")
def pages(lived_in: LivedIn) -> Pages:
    """`pages_of` each door: to walk through it takes as long as to look at a third of its pages."""
    return functools.cache(lambda staff: list(pages_of(lived_in, staff)))


def pages_of(lived_in: LivedIn, staff: bool) -> Iterator[tuple[Person | None, list[str]]]:
    """Whom to be, and which pages to look at as them: each page of a door once, but for those that greet a newcomer
    or an empty house differently."""
    doors, seen = lived_in.doors(), set()
    people = [person for person in lived_in.people() if isinstance(person, Worker) is staff]
    for person in [*people, None] if not staff else people:
        fresh = []
        for address in lived_in.addresses(doors, person):
            shape = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|[0-9T-]{6,}", "ID", address)
            if shape not in seen or (isinstance(person, Tenant) and person.name == NEWCOMER and shape in GREETS):
                seen.add(shape)
                fresh.append(address)
        yield person, fresh


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("door", [
    pytest.param(door, marks=pytest.mark.xdist_group(f"{door}-door")) for door in ("tenant", "staff")
])  # fmt: skip
def test_every_page_can_be_used_by_everybody(
    door: str, language: str, lived_in: LivedIn, pages: Pages, site: str, browser: Browser, request: pytest.FixtureRequest
) -> None:
    staff, turn, one_each = door == "staff", list(LANGUAGES).index(language), in_turn(request.config)
    size = {"width": 1280, "height": 800} if staff else {"width": 360, "height": 740}
    found: dict[tuple[str, str, str], str] = {}
    looked_at = 0
    for person, addresses in pages(staff):
        context = browser.new_context(viewport=size, locale=language, reduced_motion="reduce", service_workers="block")
        if person is not None:
            name, secret = lived_in.ticket(person, language)
            context.add_cookies([{"name": name, "value": secret, "url": site}])
        context.add_init_script(AXE)
        page = context.new_page()
        for number, address in enumerate(addresses, start=turn):
            whole = number % len(LANGUAGES) == 0
            if one_each and not whole:
                continue
            page.set_viewport_size(size)
            page.emulate_media(color_scheme="light")
            answer = page.goto(f"{site}{'/staff' if staff else ''}{address}")
            if answer is None or "html" not in answer.headers.get("content-type", ""):
                continue
            looked_at += 1
            problems = {"light": page.evaluate(JUDGE, WHOLE if whole else NAMES_AND_SIZES)}
            if one_each or number % len(LANGUAGES) == 1:
                page.emulate_media(color_scheme="dark")
                problems["dark"] = page.evaluate(JUDGE, COLOURS)
            for scheme, violations in problems.items():
                for violation in violations:
                    where = [" ".join(map(str, node["target"])) for node in violation["nodes"][:2]]
                    found.setdefault((scheme, violation["id"], str(where)), address)
            page.set_viewport_size({"width": 320, "height": 700})
            if page.evaluate("document.documentElement.scrollWidth > 320"):
                found[("320 px", "scrolls sideways", address)] = address
        context.close()

    assert found == {}
    assert looked_at >= (12 if staff else 40), "the crawl no longer reaches the house"
