"""Without a signal: pages last seen, each saying when, and the numbers to call; and nothing for the next person."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Error, Locator, Page, expect

from tenant_app.accounts.models import Tenant
from tenant_app.goals.rules import write_goal
from tests.live import Live
from tests.pwa.conftest import ALL_KEPT, HOLDS, NOTHING_KEPT, Open, until

pytestmark = pytest.mark.browser

CANARY = "Canary with yellow feathers"


@pytest.fixture
def goal(live: Live) -> str:
    """The address of a goal of Amina's."""
    with live.database.step() as session:
        made = write_goal(session, session.get_one(Tenant, live.cast.amina.id), CANARY, first_step="Ring the library")
        session.flush()
        return f"/goals/{made.id}"


def stamp(page: Page) -> Locator:
    return page.locator("[data-offline-stamp]")


def test_a_page_seen_before_opens_and_says_when_it_was_seen(
    live: Live, context: BrowserContext, amina_opens: Open, goal: str
) -> None:
    page = amina_opens(goal)
    expect(stamp(page)).to_be_hidden()
    context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_have_text(CANARY)
    expect(stamp(page)).to_have_text(re.compile(r"^No signal\. This is how it looked at \W?\d?\d:\d\d\W[ap]m\W?\.$"))


def test_a_server_that_is_away_is_no_signal_either(live: Live, amina_opens: Open, goal: str) -> None:
    page = amina_opens(goal)
    live.go_away()
    page.reload()
    expect(page.locator("h1")).to_have_text(CANARY)
    expect(stamp(page)).to_contain_text("No signal.")
    live.come_back()
    page.reload()
    expect(stamp(page)).to_be_hidden()


def test_a_page_of_another_day_says_the_day(live: Live, amina_opens: Open, goal: str) -> None:
    page = amina_opens(goal)
    page.evaluate(
        """async (address) => {
          const name = (await caches.keys()).find((each) => each.startsWith("homeward-seen-"));
          const cache = await caches.open(name);
          const kept = await cache.match(address);
          const headers = new Headers(kept.headers);
          headers.set("Date", "Thu, 19 Nov 2026 08:32:00 GMT");
          await cache.put(address, new Response(await kept.text(), { headers }));
        }""",
        goal,
    )
    live.go_away()
    page.reload()
    expect(stamp(page)).to_have_text(re.compile(r"on Thursday 19 November at \W?8:32\Wam\W?\.$"))


def test_losing_the_signal_is_said_on_the_open_page(context: BrowserContext, amina_opens: Open, goal: str) -> None:
    page = amina_opens(goal)
    context.set_offline(True)
    expect(stamp(page)).to_contain_text("No signal.")
    context.set_offline(False)
    expect(stamp(page)).to_be_hidden()


def test_a_page_never_seen_offers_the_numbers_to_call(live: Live, amina_opens: Open, goal: str) -> None:
    page = amina_opens(goal)
    live.go_away()
    page.goto(f"{live.base_url}/groups")
    expect(page.locator("h1")).to_have_text("No signal")
    for number in ("999", "111", "116123"):
        expect(page.locator(f'[href="tel:{number}"]')).to_be_visible()
    page.goto(f"{live.base_url}/help")
    expect(page.locator('[href="tel:116123"]')).to_be_visible()


def test_pages_without_signal_have_their_style_even_from_an_older_release(
    live: Live, amina_opens: Open, goal: str
) -> None:
    page = amina_opens(goal)
    live.go_away()
    page.reload()
    styled = "() => getComputedStyle(document.querySelector('.top')).position"
    assert page.evaluate(styled) == "sticky"
    older = page.evaluate("() => fetch('/static/homeward.css?v=00000000').then((answer) => answer.text())")
    assert "@layer tokens" in older


def test_a_signal_that_is_nearly_none_shows_the_page_seen_before(
    live: Live, context: BrowserContext, amina_opens: Open, goal: str
) -> None:
    page = amina_opens(goal)
    context.service_workers[0].evaluate("patience = 50")
    with live.held():
        page.reload()
        expect(page.locator("h1")).to_have_text(CANARY)
        expect(stamp(page)).to_contain_text("No signal.")


def test_after_signing_out_nothing_is_left_on_the_phone(
    live: Live, context: BrowserContext, amina_opens: Open, goal: str
) -> None:
    page = amina_opens(goal)
    amina_opens("/more")
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    assert page.evaluate(NOTHING_KEPT)
    for _ in range(3):
        go(page.go_back)
        assert CANARY not in page.content()
        assert "Sign out" not in page.content()
    live.go_away()
    for way in (page.go_forward, page.go_back, page.reload, lambda: page.goto(live.base_url + goal)):
        go(way)
        assert CANARY not in page.content()


def go(way: Callable[[], Any]) -> None:
    """Go where there may be nothing."""
    with contextlib.suppress(Error):
        way()


def test_a_visit_that_was_ended_elsewhere_leaves_nothing_either(
    live: Live, context: BrowserContext, amina_opens: Open, goal: str
) -> None:
    page = amina_opens(goal)
    context.clear_cookies()
    page.goto(f"{live.base_url}/more")
    expect(page.locator("h1")).to_have_text("Sign in")
    until(page, NOTHING_KEPT)


def test_the_next_person_finds_nothing_of_the_one_before(
    live: Live, context: BrowserContext, amina_opens: Open, goal: str
) -> None:
    page = amina_opens(goal)
    live.sign_in(context, live.cast.tomasz)
    page.goto(f"{live.base_url}/goals")
    until(page, HOLDS, "/goals")
    until(page, HOLDS, "/help")
    until(page, HOLDS, "/offline")
    until(page, HOLDS, "/hard-days")
    assert page.evaluate(ALL_KEPT) == ["/goals", "/hard-days", "/help", "/offline"]
    assert CANARY not in json.dumps(page.evaluate(EVERYTHING))


EVERYTHING = """async () => {
  const texts = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) texts.push(await (await cache.match(request)).text());
  }
  return [texts, { ...localStorage }, { ...sessionStorage }, await indexedDB.databases()];
}"""


def test_a_phone_that_others_use_keeps_no_page(live: Live, context: BrowserContext, page: Page, goal: str) -> None:
    live.sign_in(context, live.cast.amina, shared=True)
    page.goto(live.base_url + goal)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    expect(page.locator("h1")).to_have_text(CANARY)
    page.goto(f"{live.base_url}/goals")
    assert page.evaluate(ALL_KEPT) == []
    live.go_away()
    page.goto(live.base_url + goal)
    expect(page.locator("h1")).to_have_text("No signal")


def test_no_page_ends_up_in_the_browsers_own_storage(amina_opens: Open, goal: str) -> None:
    page = amina_opens(goal)
    amina_opens("/goals")
    page.go_back()
    with page.expect_response("**/steps/*"):
        page.locator("button.tick").first.click()
    amina_opens("/more")
    stored = page.evaluate("() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    assert stored == "[{},{}]"


def test_the_staff_door_is_none_of_the_workers_business(
    live: Live, context: BrowserContext, amina_opens: Open, goal: str
) -> None:
    page = amina_opens(goal)
    live.sign_in(context, live.cast.grace)
    page.goto(f"{live.base_url}/staff/caseload")
    expect(page.locator("body")).to_contain_text("Amina")
    assert not [kept for kept in page.evaluate(ALL_KEPT) if kept.startswith("/staff")]


def test_a_worker_that_is_switched_off_takes_its_pages_along(live: Live, amina_opens: Open, goal: str) -> None:
    page = amina_opens(goal)
    object.__setattr__(live.settings, "service_worker", False)
    page.reload()
    until(page, "async () => (await caches.keys()).length === 0")
    until(page, "async () => !(await navigator.serviceWorker.getRegistration())")


def test_a_worker_whose_script_has_gone_is_removed(
    live: Live, context: BrowserContext, amina_opens: Open, goal: str
) -> None:
    page = amina_opens(goal)
    live.refuse("/service-worker.js")
    page.reload()
    until(page, "async () => (await caches.keys()).length === 0")
    until(page, "async () => !(await navigator.serviceWorker.getRegistration())")


def test_a_new_release_replaces_the_old_and_keeps_what_was_seen(live: Live, amina_opens: Open, goal: str) -> None:
    page = amina_opens(goal)
    shells = "async () => (await caches.keys()).filter((name) => name.startsWith('homeward-shell-'))"
    [before] = page.evaluate(shells)
    object.__setattr__(live.settings, "app_name", "Next Release")
    page.reload()
    until(page, f"async (before) => !(await ({shells})()).includes(before)", before)
    assert goal in page.evaluate(ALL_KEPT)
