"""Leave, when someone is looking: at once, and going back shows nothing."""

from __future__ import annotations

import contextlib

import pytest
from playwright.sync_api import BrowserContext, Error, Page, expect

from tenant_app.accounts.models import Tenant
from tenant_app.goals.rules import write_goal
from tests.live import Live
from tests.pwa.conftest import NOTHING_KEPT, Open, until

pytestmark = pytest.mark.browser

CANARY = "Canary with yellow feathers"


@pytest.fixture(autouse=True)
def weather(context: BrowserContext) -> None:
    """The page about the weather, without asking the world for it."""
    context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<h1>Sunny spells</h1>", content_type="text/html"))


@pytest.fixture
def page_of_hers(live: Live, amina_opens: Open) -> Page:
    with live.database.step() as session:
        made = write_goal(session, session.get_one(Tenant, live.cast.amina.id), CANARY)
        session.flush()
    amina_opens("/goals")
    return amina_opens(f"/goals/{made.id}")


def go_back_and_look(page: Page, live: Live) -> None:
    for _ in range(4):
        with contextlib.suppress(Error):
            page.go_back()
        assert CANARY not in page.content()
    page.goto(f"{live.base_url}/goals")
    expect(page.locator("h1")).to_have_text("Welcome back")
    assert CANARY not in page.content()


def test_leave_leads_to_the_weather_and_back_shows_nothing(live: Live, page_of_hers: Page) -> None:
    page_of_hers.get_by_role("link", name="Leave").click()
    expect(page_of_hers.locator("h1")).to_have_text("Sunny spells")
    go_back_and_look(page_of_hers, live)


def test_three_presses_of_escape_do_the_same(live: Live, page_of_hers: Page) -> None:
    for _ in range(3):
        page_of_hers.keyboard.press("Escape")
    expect(page_of_hers.locator("h1")).to_have_text("Sunny spells")
    go_back_and_look(page_of_hers, live)


def test_other_keys_between_presses_of_escape_leave_nothing(page_of_hers: Page) -> None:
    for key in ("Escape", "Escape", "Tab", "Escape"):
        page_of_hers.keyboard.press(key)
    expect(page_of_hers.locator("h1")).to_have_text(CANARY)


def test_leaving_empties_what_the_phone_kept(live: Live, page_of_hers: Page) -> None:
    page_of_hers.get_by_role("link", name="Leave").click()
    expect(page_of_hers.locator("h1")).to_have_text("Sunny spells")
    live.go_away()
    page_of_hers.goto(f"{live.base_url}/goals")
    expect(page_of_hers.locator("h1")).to_have_text("No signal")
    until(page_of_hers, NOTHING_KEPT)


def test_leaving_works_without_signal(context: BrowserContext, live: Live, page_of_hers: Page) -> None:
    live.go_away()
    page_of_hers.get_by_role("link", name="Leave").click()
    expect(page_of_hers.locator("h1")).to_have_text("Sunny spells")
    with contextlib.suppress(Error):
        page_of_hers.go_back()
    assert CANARY not in page_of_hers.content()


def test_leaving_works_without_javascript(live: Live, browser, browser_context_args) -> None:  # noqa: ANN001
    with live.database.step() as session:
        write_goal(session, session.get_one(Tenant, live.cast.amina.id), CANARY)
    context = browser.new_context(**browser_context_args, java_script_enabled=False)
    context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body="<h1>Sunny spells</h1>", content_type="text/html"))
    live.sign_in(context, live.cast.amina)
    page = context.new_page()
    page.goto(f"{live.base_url}/goals")
    expect(page.locator("body")).to_contain_text(CANARY)
    page.get_by_role("link", name="Leave").click()
    expect(page.locator("h1")).to_have_text("Sunny spells")
    go_back_and_look(page, live)
    context.close()


def test_going_on_leads_to_the_day(live: Live, page_of_hers: Page) -> None:
    page_of_hers.get_by_role("link", name="Leave").click()
    expect(page_of_hers.locator("h1")).to_have_text("Sunny spells")
    page_of_hers.goto(live.base_url)
    page_of_hers.get_by_role("button", name="Go on").click()
    expect(page_of_hers.locator("h1")).to_contain_text("Amina")
