"""No page, in any language, light or dark, breaks a rule that a machine can check; and none scrolls sideways on a small phone."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser
from werkzeug.serving import make_server

from tenant_app.accounts.models import Person, Role, Worker
from tenant_app.site import open_site
from tenant_app.web.locale import LANGUAGES
from tests.lived_in import TENANTS, LivedIn

pytestmark = pytest.mark.browser

WHOLE = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
PEOPLE = ("nobody", *TENANTS, *Role)


@pytest.fixture(scope="module")
def site(lived_in: LivedIn) -> Iterator[str]:
    app = open_site(lived_in.settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    server.server_close()


def person_of(lived_in: LivedIn, who: str) -> Person | None:
    return next((person for person in lived_in.people() if who in (person.name, getattr(person, "role", None))), None)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_can_be_used_by_everybody(
    who: str, language: str, lived_in: LivedIn, site: str, browser: Browser
) -> None:
    person = person_of(lived_in, who)
    assert (person is None) == (who == "nobody")
    staff = isinstance(person, Worker)
    context = browser.new_context(
        viewport={"width": 1280, "height": 800} if staff else {"width": 360, "height": 740},
        locale=language, reduced_motion="reduce", service_workers="block",
    )  # fmt: skip
    if person is not None:
        name, secret = lived_in.ticket(person, language)
        context.add_cookies([{"name": name, "value": secret, "url": site}])
    page, found = context.new_page(), {}
    for address in lived_in.addresses(lived_in.doors(), person):
        page.emulate_media(color_scheme="light")
        answer = page.goto(f"{site}{'/staff' if staff else ''}{address}")
        if answer is None or "html" not in answer.headers.get("content-type", ""):
            continue
        problems = [Axe().run(page, options=WHOLE)]
        page.emulate_media(color_scheme="dark")
        problems.append(Axe().run(page, options=COLOURS))
        for scheme, result in zip(("light", "dark"), problems, strict=True):
            for violation in result.response["violations"]:
                where = [" ".join(map(str, node["target"])) for node in violation["nodes"][:3]]
                found.setdefault((scheme, violation["id"], str(where)), address)
        page.set_viewport_size({"width": 320, "height": 700})
        if page.evaluate("document.documentElement.scrollWidth > 320"):
            found[("320 px", "scrolls sideways", "")] = address
        page.set_viewport_size({"width": 1280, "height": 800} if staff else {"width": 360, "height": 740})
    context.close()

    assert found == {}
