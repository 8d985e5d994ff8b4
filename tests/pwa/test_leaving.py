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


def forecast(context: BrowserContext) -> None:
    """Have the page about the weather without asking the world for it."""
    sunny = "<h1>Sunny spells</h1>"
    context.route("https://www.bbc.co.uk/**", lambda route: route.fulfill(body=sunny, content_type="text/html"))


@pytest.fixture(autouse=True)
def weather(context: BrowserContext) -> None:
    forecast(context)


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


def test_leaving_works_without_javascript(live: Live, without_script: BrowserContext) -> None:
    with live.database.step() as session:
        write_goal(session, session.get_one(Tenant, live.cast.amina.id), CANARY)
    forecast(without_script)
    page = without_script.new_page()
    page.goto(f"{live.base_url}/goals")
    expect(page.locator("body")).to_contain_text(CANARY)
    page.get_by_role("link", name="Leave").click()
    expect(page.locator("h1")).to_have_text("Sunny spells")
    go_back_and_look(page, live)


def test_going_on_leads_to_the_day(live: Live, page_of_hers: Page) -> None:
    page_of_hers.get_by_role("link", name="Leave").click()
    expect(page_of_hers.locator("h1")).to_have_text("Sunny spells")
    page_of_hers.goto(live.base_url)
    page_of_hers.get_by_role("button", name="Go on").click()
    expect(page_of_hers.locator("h1")).to_contain_text("Amina")
