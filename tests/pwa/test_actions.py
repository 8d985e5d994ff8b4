"""Buttons on a notification: a dose is answered from the lock screen, with a signal or without, and no page opens."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import select

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.medication.models import Dose
from tenant_app.medication.rules import PUT_OFF, add_medicine
from tenant_app.reminders.messages import buttons
from tenant_app.reminders.models import Notice, Subscription
from tenant_app.reminders.outbox import claim
from tenant_app.reminders.packing import pack
from tests.live import Live
from tests.pwa.conftest import Open
from tests.pwa.test_pushes import SHOWN, Phone

pytestmark = pytest.mark.browser

TAP = """async (name) => {
  const opened = [];
  clients.openWindow = async (target) => opened.push(target);
  const [notification] = await registration.getNotifications();
  // What the worker promises to finish is not to be had from an event that a test made; so it is kept here.
  const finish = answer;
  let finished;
  answer = (...given) => (finished = finish(...given));
  const tapped = new NotificationEvent("notificationclick", { notification, action: name });
  dispatchEvent(tapped);
  await finished;
  answer = finish;
  return opened;
}"""


class Lock(Phone):
    """Amina's locked phone, on which a reminder of her medicines has just been shown."""

    reminder: str

    def tap(self, name: str) -> None:
        assert self.worker.evaluate(TAP, name) == []

    def words(self) -> list[str]:
        return [each["body"] for each in self.worker.evaluate(SHOWN)]

    def hears_that_there_is_signal(self) -> None:
        self.devtools.send(
            "ServiceWorker.dispatchSyncEvent",
            {"origin": self.origin, "registrationId": self.registrations[-1], "tag": "homeward-outbox",
             "lastChance": False},
        )  # fmt: skip


@pytest.fixture
def lock(live: Live, context: BrowserContext, amina_opens: Open) -> Lock:
    context.grant_permissions(["notifications"], origin=live.base_url)
    now = clock.now()
    with live.database.step() as session, clock.stopped_at(now - timedelta(minutes=2)):
        local = (now - timedelta(minutes=1)).astimezone(live.settings.zone)
        amina = session.get_one(Tenant, live.cast.amina.id)
        at = local.time().replace(second=0, microsecond=0)
        add_medicine(session, amina, "Metformin 500 mg", "1 tablet", [at], live.settings.zone, local.date())
    with live._site.app.app_context(), live.database.session() as session:
        # For as long as this session lasts, somewhere to send it to.
        session.add(Subscription(person_id=amina.id, endpoint="https://push.test/1", p256dh="", auth=""))
        session.flush()
        [parcel] = pack(session, "the test", claim(session, "the test"))
    words = parcel.message
    assert words is not None
    phone = Lock(live, context, amina_opens("/reminders"))
    shown = {"title": words.title, "body": words.body, "address": words.address, "whose": words.whose}
    phone.reminder = json.dumps({**shown, "actions": buttons(words)})
    phone.push(phone.reminder)
    phone.shown()
    return phone


def dose(live: Live) -> Dose | None:
    with live.database.session(reads_only=True) as session:
        return session.scalars(select(Dose)).first()


def soon(lock: Lock, asked: Callable[[], Any]) -> Any:
    for _ in range(250):
        if found := asked():
            return found
        lock.tab.evaluate("new Promise((go) => setTimeout(go, 20))")
    raise AssertionError("it never came")


def test_the_buttons_give_nothing_away_and_answer_at_once(live: Live, lock: Lock) -> None:
    buttons = lock.worker.evaluate(
        "async () => (await registration.getNotifications())[0].actions.map(({ action, title }) => [action, title])"
    )
    assert buttons == [["taken", "Done"], ["later", "Later"]]

    lock.tap("later")
    with live.database.session() as session:
        again = session.scalars(select(Notice).where(Notice.occurrence.contains("again"))).one()
    assert abs(again.due_at - clock.now() - timedelta(minutes=min(PUT_OFF))) < timedelta(minutes=1)
    assert dose(live) is None

    lock.push(lock.reminder)
    lock.shown()
    lock.tap("taken")
    recorded = dose(live)
    assert recorded is not None
    assert recorded.taken_at is not None
    assert lock.words() == []


def test_a_tap_without_signal_is_sent_when_there_is_some_and_counts_from_the_tap(live: Live, lock: Lock) -> None:
    live.go_away()
    assert lock.worker.evaluate("fetch('/help').then(() => 'signal', () => 'none')") == "none"
    lock.tap("taken")
    [kept] = lock.worker.evaluate("allItems()")
    assert kept["state"] == "waiting"
    assert lock.words() == []  # not said to be saved, nor lost: it is on its way

    live.come_back()
    lock.hears_that_there_is_signal()

    recorded = soon(lock, lambda: dose(live))
    tapped = datetime.fromisoformat(kept["at"])
    assert recorded.taken_at == tapped.astimezone(UTC)
    lock.tab.goto(f"{live.base_url}/outbox")
    expect(lock.tab.locator("[data-outbox-list] h2")).to_contain_text("Done: Something is planned for")
    expect(lock.tab.locator("[data-outbox-list] [data-state=sent]:visible")).to_have_count(1)


def test_an_answer_that_cannot_be_saved_is_said_so(live: Live, context: BrowserContext, lock: Lock) -> None:
    context.clear_cookies()
    lock.tap("taken")

    assert lock.words() == ["That answer could not be saved. Tap to see."]
    assert dose(live) is None
    [kept] = lock.worker.evaluate("allItems()")
    assert kept["state"] == "waiting"  # until she is signed in again
