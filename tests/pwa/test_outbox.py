"""What is done without a signal waits on the phone, is seen to wait, and is saved once the server says so."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import delete, func, select

from tenant_app.accounts.models import Tenant
from tenant_app.accounts.replays import Replay
from tenant_app.goals.models import Goal, Step
from tenant_app.goals.rules import write_goal
from tests.live import Live
from tests.pwa.conftest import Open, until

pytestmark = pytest.mark.browser

STEPS = ("Buy a knife", "Buy a pan", "Buy an onion")

KEPT = """async () => {
  const opened = await new Promise((done) => {
    const asked = indexedDB.open("homeward");
    asked.onsuccess = () => done(asked.result);
  });
  if (!opened.objectStoreNames.contains("outbox")) return [];
  const asked = opened.transaction("outbox").objectStore("outbox").getAll();
  await new Promise((done) => (asked.onsuccess = done));
  opened.close();
  return asked.result;
}"""

OF_OURS = """() => {
  const post = (address, more) => mayWait(new Request(address, { method: "POST", body: "done=1", ...more }));
  const ours = { referrer: `${origin}/goals`, referrerPolicy: "same-origin" };
  const elsewheres = { referrer: "" };  // what it leads to is not for another site's form to say
  return [post("/steps/1?outbox=1", ours), post("/steps/1", ours), post("/steps/1?outbox=1", elsewheres),
    mayWait(new Request("/goals?outbox=1", ours))];
}"""

SAVED = "[data-outbox-list] [data-state=sent]:visible"

SHELL = "async () => (await caches.keys()).find((name) => name.startsWith('homeward-shell-'))"


@pytest.fixture
def goal(live: Live) -> str:
    """The address of a goal of Amina's with three steps."""
    with live.database.step() as session:
        made = write_goal(session, session.get_one(Tenant, live.cast.amina.id), "Cook", first_step=STEPS[0])
        for words in STEPS[1:]:
            made.add_step(words)
        session.flush()
        return f"/goals/{made.id}"


def kept_by(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(KEPT)
    return found


def done(live: Live) -> list[str]:
    with live.database.session(reads_only=True) as session:
        return sorted(session.scalars(select(Step.words).where(Step.done_at.is_not(None))))


def tick(page: Page, words: str) -> None:
    page.get_by_role("button", name=f"Done: {words}").click()


def rows(page: Page) -> dict[str, str]:
    """Of each thing on the page of what waits, what it says of it."""
    listed = page.locator("[data-outbox-list] li")
    return {
        row.locator("h2").inner_text(): row.locator(".tag:visible").inner_text() for row in listed.all()
    }


def test_what_is_done_without_signal_waits_and_says_what_became_of_it(
    live: Live, amina_opens: Open, goal: str
) -> None:
    page = amina_opens(goal)
    live.go_away()
    for words in STEPS:
        tick(page, words)
        expect(page.locator("li", has_text=words).locator("[data-waits]")).to_have_text("Waiting for signal")
    expect(page.locator("[data-outbox-line]")).to_have_text("3 things are waiting to send")
    page.goto(f"{live.base_url}/outbox")
    expect(page.locator("[data-outbox-list] li")).to_have_count(3)
    assert rows(page) == {f"Done: {words}": "Waiting for signal" for words in STEPS}
    assert done(live) == []

    with live.database.step() as session:
        session.execute(delete(Step).where(Step.words == "Buy a pan"))
    live.come_back()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(SAVED)).to_have_count(2)
    expect(page.get_by_text("It is not there any more.").locator("visible=true")).to_have_count(1)
    assert rows(page) == {
        "Done: Buy a knife": "Saved", "Done: Buy a pan": "Not saved", "Done: Buy an onion": "Saved",
    }  # fmt: skip
    assert done(live) == ["Buy a knife", "Buy an onion"]
    expect(page.locator("[data-outbox-line]")).to_have_text("Something could not be saved. See what.")
    page.get_by_role("button", name="Take it off this list").click()
    expect(page.locator("[data-outbox-list] li")).to_have_count(2)
    expect(page.locator("[data-outbox-line]")).to_be_hidden()
    assert not any(kept["body"] for kept in kept_by(page))


def test_on_a_signal_that_is_nearly_none_an_answer_arrives_twice_and_counts_once(
    live: Live, context: BrowserContext, amina_opens: Open, goal: str
) -> None:
    page = amina_opens("/")
    context.service_workers[0].evaluate("patience = 50")
    with live.held():
        tick(page, "Buy a knife")
        expect(page.locator("[data-waits]")).to_have_text("Waiting for signal")
        assert page.url == f"{live.base_url}/"
    context.service_workers[0].evaluate("patience = 8000")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-waits]")).to_have_text("Saved")
    with live.database.session() as session:
        assert session.scalar(select(func.count()).select_from(Replay)) == 1
    assert done(live) == ["Buy a knife"]


def test_ten_things_survive_the_end_of_a_visit_a_new_release_and_the_old_one_again(
    live: Live, context: BrowserContext, amina_opens: Open, goal: str
) -> None:
    with live.database.step() as session:
        for number in range(7):
            session.scalars(select(Goal)).one().add_step(f"Step {number}")
    page = amina_opens(goal)
    first = page.evaluate(SHELL)
    live.go_away()
    for button in page.get_by_role("button", name=re.compile("^Done")).all():
        button.click()
    expect(page.get_by_text("Waiting for signal")).to_have_count(10)
    context.clear_cookies()

    live.come_back()
    for name in ("Next Release", "Homeward"):
        object.__setattr__(live.settings, "app_name", name)
        page.goto(f"{live.base_url}/sign-in")
        until(page, f"async (before) => (await ({SHELL})()) {'!=' if name == 'Next Release' else '='}= before", first)
    expect(page.locator("[data-outbox-line]")).to_have_text("Sign in to send what is waiting")
    assert done(live) == []

    live.sign_in(context, live.cast.amina)
    page.goto(f"{live.base_url}/outbox")
    expect(page.locator(SAVED)).to_have_count(10)
    assert len(done(live)) == 10


def test_nothing_is_sent_or_shown_as_the_next_person(
    live: Live, context: BrowserContext, amina_opens: Open, goal: str
) -> None:
    page = amina_opens(goal)
    live.go_away()
    tick(page, "Buy a knife")
    tick(page, "Buy a pan")
    expect(page.locator("[data-outbox-line]")).to_have_text("2 things are waiting to send")
    live.come_back()
    context.clear_cookies()
    page.goto(f"{live.base_url}/sign-in")
    expect(page.locator("[data-outbox-line]")).to_have_text("Sign in to send 2 things")

    live.sign_in(context, live.cast.tomasz)
    page.goto(f"{live.base_url}/outbox")
    until(page, "async () => navigator.serviceWorker.controller !== null")
    page.goto(f"{live.base_url}/outbox")
    expect(page.get_by_text("Nothing is waiting on this phone")).to_be_visible()
    expect(page.locator("[data-outbox-line]")).to_be_hidden()
    worker = context.service_workers[0]
    assert worker.evaluate(OF_OURS) == [True, False, False, False]
    # Were the phone to send them all the same, the server would not take them.
    assert worker.evaluate("allItems().then((items) => Promise.all(items.map(sendItem)))") == ["somebody else's"] * 2
    assert done(live) == []

    live.sign_in(context, live.cast.amina)
    page.goto(f"{live.base_url}/outbox")
    expect(page.locator(SAVED)).to_have_count(2)
    assert done(live) == ["Buy a knife", "Buy a pan"]


def test_signing_out_asks_and_then_leaves_nothing(live: Live, amina_opens: Open, goal: str) -> None:
    amina_opens("/more")
    page = amina_opens(goal)
    live.go_away()
    tick(page, "Buy a knife")
    expect(page.locator("[data-outbox-line]")).to_have_text("1 thing is waiting to send")
    page.goto(f"{live.base_url}/more")
    sign_out = page.get_by_role("button", name="Sign out")
    page.route("**/sign-out", lambda route: (live.come_back(), route.continue_()))
    sign_out.click()
    expect(page.get_by_text("If you sign out now, they are lost.")).to_be_visible()
    assert len(kept_by(page)) == 1
    sign_out.click()
    expect(page.locator("h1")).to_have_text("Sign in")
    until(page, f"async () => !(await ({KEPT})()).length")
    assert done(live) == []
