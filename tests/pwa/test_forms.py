"""Forms on the phone: sent once, seen to be on their way, and honest when they did not arrive."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, Request, expect
from sqlalchemy import func, select

from tenant_app.accounts.models import Tenant
from tenant_app.goals.models import Goal
from tenant_app.goals.rules import write_goal
from tests.live import Live
from tests.pwa.conftest import Open

pytestmark = pytest.mark.browser

UNSENT = "No signal. Nothing was sent. Try again when you have signal."


@pytest.fixture
def goal_page(live: Live, amina_opens: Open) -> Page:
    with live.database.step() as session:
        made = write_goal(session, session.get_one(Tenant, live.cast.amina.id), "Cook", first_step="Buy a knife")
        session.flush()
    return amina_opens(f"/goals/{made.id}")


def goals(live: Live) -> int:
    with live.database.session(reads_only=True) as session:
        return session.scalar(select(func.count()).select_from(Goal)) or 0


def test_a_form_that_is_sent_twice_is_sent_once(live: Live, amina_opens: Open) -> None:
    page = amina_opens("/goals/new")
    sent: list[Request] = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    page.locator("[name=words]").fill("Swim once a week")
    with live.held():
        busy = page.evaluate(
            """() => {
              const button = document.querySelector("main form button");
              button.click();
              button.click();
              button.form.requestSubmit();
              return button.getAttribute("aria-busy");
            }"""
        )
    assert busy == "true"
    expect(page.locator("h1")).to_have_text("Swim once a week")
    assert (len(sent), goals(live)) == (1, 1)


def test_a_tick_that_is_tapped_twice_is_sent_once(live: Live, goal_page: Page) -> None:
    sent: list[Request] = []
    goal_page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    tick = goal_page.locator("button.tick").first
    with live.held():
        tick.click()
        expect(tick).to_have_attribute("aria-busy", "true")
        tick.click()
    expect(goal_page.locator("button.tick.done")).to_be_visible()
    expect(goal_page.locator("[aria-busy]")).to_have_count(0)
    assert len(sent) == 1


def test_a_form_that_cannot_wait_says_that_it_did_not_arrive(live: Live, goal_page: Page) -> None:
    live.go_away()
    goal_page.get_by_role("button", name="Pause").click()
    expect(goal_page.get_by_role("alert")).to_have_text(UNSENT)
    expect(goal_page.locator("[aria-busy]")).to_have_count(0)
    live.come_back()
    goal_page.get_by_role("button", name="Pause").click()
    expect(goal_page.get_by_role("button", name="Go on with it")).to_be_visible()
    expect(goal_page.get_by_role("alert")).to_have_count(0)


def test_what_was_typed_without_signal_is_still_there(live: Live, context: BrowserContext, amina_opens: Open) -> None:
    page = amina_opens("/goals/new")
    page.locator("[name=words]").fill("Swim once a week")
    context.set_offline(True)
    page.get_by_role("button", name="Keep this goal").click()
    expect(page.get_by_role("alert")).to_have_text(UNSENT)
    expect(page.locator("[name=words]")).to_have_value("Swim once a week")
    context.set_offline(False)
    page.get_by_role("button", name="Keep this goal").click()
    expect(page.locator("h1")).to_have_text("Swim once a week")


def test_what_is_to_be_changed_is_where_the_reader_begins(amina_opens: Open) -> None:
    page = amina_opens("/goals/new")
    page.locator("[name=words]").fill("   ")
    page.get_by_role("button", name="Keep this goal").click()
    expect(page.locator("#errors")).to_be_focused()
