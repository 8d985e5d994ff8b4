"""Pushes on the phone: each is seen, and a tap leads inside the house."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Worker
from playwright.sync_api import Page as Tab

from tests.live import Live
from tests.pwa.conftest import Open

pytestmark = pytest.mark.browser

GOOD = {
    "title": "Homeward", "body": "Something is planned for 9:00 am.", "address": "/reminders", "tag": "a-tag",
    "lang": "en", "dir": "ltr",
}  # fmt: skip
MALFORMED = [
    "", "not json", "{", "null", "[]", "7", '"text"', "{}", '{"title": 5, "body": {}, "dir": "up", "tag": []}',
    "\x00" * 50,
]  # fmt: skip

# Asking for notifications while one is on its way makes Chromium forget that one, so they are counted first.
COUNTED = """() => {
  self.shownSoFar = 0;
  const show = registration.showNotification.bind(registration);
  registration.showNotification = async (...given) => { await show(...given); shownSoFar++; };
}"""

A_MOMENT = "new Promise((go) => setTimeout(go, 20))"

SHOWN = """async () => (await registration.getNotifications()).map(
  ({ title, body, tag, lang, dir, icon, badge, data }) => ({ title, body, tag, lang, dir, icon, badge, data }))"""


class Phone:
    """A page, its worker, and a way to be pushed something."""

    def __init__(self, live: Live, context: BrowserContext, tab: Tab) -> None:
        self.origin = live.base_url
        self.context, self.tab = context, tab
        self.worker: Worker = context.service_workers[0]
        self.devtools = context.new_cdp_session(tab)
        self.worker.evaluate(COUNTED)
        self.pushed = 0
        self.registrations: list[str] = []
        self.devtools.on("ServiceWorker.workerRegistrationUpdated", self._note)
        self.devtools.send("ServiceWorker.enable")
        for _ in range(250):
            if self.registrations:
                break
            tab.evaluate(A_MOMENT)

    def _note(self, event: dict[str, Any]) -> None:
        self.registrations += [each["registrationId"] for each in event["registrations"] if not each["isDeleted"]]

    def push(self, data: str) -> None:
        """What a push service would bring."""
        self.pushed += 1
        self.devtools.send(
            "ServiceWorker.deliverPushMessage",
            {"origin": self.origin, "registrationId": self.registrations[-1], "data": data},
        )

    def shown(self) -> list[dict[str, Any]]:
        """The notifications on the lock screen, once every push was shown."""
        for _ in range(250):
            if self.worker.evaluate("shownSoFar") == self.pushed:
                break
            self.tab.evaluate(A_MOMENT)
        assert self.worker.evaluate("shownSoFar") == self.pushed
        found: list[dict[str, Any]] = self.worker.evaluate(SHOWN)
        return found


@pytest.fixture
def phone(live: Live, context: BrowserContext, amina_opens: Open) -> Phone:
    context.grant_permissions(["notifications"], origin=live.base_url)
    return Phone(live, context, amina_opens("/reminders"))


def test_a_push_is_shown_as_it_was_worded(phone: Phone) -> None:
    phone.push(json.dumps(GOOD))
    [shown] = phone.shown()
    assert {name: shown[name] for name in ("title", "body", "tag", "lang", "dir")} == {
        name: GOOD[name] for name in ("title", "body", "tag", "lang", "dir")
    }
    assert shown["data"] == {"address": "/reminders"}
    assert "icon-192" in shown["icon"]
    assert "badge-96" in shown["badge"]


def test_a_repeat_takes_the_place_of_its_twin(phone: Phone) -> None:
    phone.push(json.dumps(GOOD))
    phone.push(json.dumps({**GOOD, "body": "Something is planned for 9:00 pm."}))
    phone.push(json.dumps({**GOOD, "tag": "another"}))
    assert sorted(each["body"] for each in phone.shown()) == [GOOD["body"], "Something is planned for 9:00 pm."]


def test_of_a_hundred_pushes_each_is_seen_though_half_of_them_make_no_sense(phone: Phone) -> None:
    chance, whole = random.Random(29), json.dumps(GOOD)
    # What was cut off anywhere, and what a machine in between made of it.
    torn = [whole[: chance.randrange(1, len(whole) - 1)] for _ in range(20)]
    noise = ["".join(chance.choices('{}[]":,\\ntrue0 \x00\u061c\U0001f3e1', k=60)) for _ in range(20)]
    malformed = MALFORMED + torn + noise
    sound = [json.dumps({**GOOD, "tag": f"tag {number}", "body": f"Number {number}"}) for number in range(50)]
    assert len(malformed) == 50
    for data in chance.sample(malformed + sound, 100):
        phone.push(data)
    shown = [(each["title"], each["body"]) for each in phone.shown()]
    assert sorted(shown) == sorted(
        [("Homeward", "There is something new for you.")] * 50 + [("Homeward", f"Number {number}") for number in range(50)]
    )


def test_a_tap_leads_inside_the_house_and_nowhere_else(live: Live, phone: Phone) -> None:
    inside = "(address) => inside(address)"
    assert phone.worker.evaluate(inside, "/goals/1#steps") == f"{live.base_url}/goals/1#steps"
    hostile = "https://elsewhere.org/x", "//elsewhere.org", "javascript:alert(1)", "\\\\elsewhere.org", "http://[", 5
    for address in hostile:
        assert phone.worker.evaluate(inside, address) == f"{live.base_url}/", address


def test_a_tap_opens_the_page_and_closes_the_notification(live: Live, phone: Phone) -> None:
    phone.push(json.dumps({**GOOD, "address": "/goals"}))
    phone.shown()
    opened = phone.worker.evaluate(
        """async () => {
          const opened = [];
          clients.openWindow = async (target) => opened.push(target);
          const [notification] = await registration.getNotifications();
          const tap = new NotificationEvent("notificationclick", { notification });
          dispatchEvent(tap);
          while (!opened.length) await new Promise((go) => setTimeout(go, 20));
          return [opened, (await registration.getNotifications()).length];
        }"""
    )
    assert opened == [[f"{live.base_url}/goals"], 0]


def test_signing_out_takes_what_is_shown_away(phone: Phone) -> None:
    phone.push(json.dumps(GOOD))
    phone.shown()
    phone.tab.evaluate("navigator.serviceWorker.controller.postMessage('forget')")
    for _ in range(250):
        if not phone.worker.evaluate(SHOWN):
            break
        phone.tab.evaluate(A_MOMENT)
    assert phone.worker.evaluate(SHOWN) == []
