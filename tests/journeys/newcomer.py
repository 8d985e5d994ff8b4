"""A tenant who has just moved in, with her phone, in her own language: what she taps, reads, and is woken by."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from playwright.sync_api import BrowserContext

from tenant_app import clock
from tenant_app.worker import Worker
from tests.journeys.reader import Reader
from tests.live import Live
from tests.pwa.conftest import HOLDS, until
from tests.pwa.test_actions import TAP
from tests.pwa.test_pushes import Phone as Handset
from tests.reminders.receiver import Phone, Receiver

# No test has a push service for browsers, so this one subscribes with the tests' own.
SUBSCRIBES = """(given) => {
  const made = { endpoint: given.endpoint, toJSON: () => given, unsubscribe: async () => true };
  PushManager.prototype.getSubscription = async () => (localStorage.subscribed ? made : null);
  PushManager.prototype.subscribe = async () => {
    localStorage.subscribed = "yes";
    return made;
  };
}"""

# A phone's own clock, which says when a button was pressed.
IT_IS = """(moment) => {
  const Real = (self.RealDate ||= Date);
  self.Date = class extends Real {
    constructor(...given) { super(...(given.length ? given : [moment])); }
    static now() { return moment; }
  };
}"""

# A page that was left is a client for a moment longer: the browser tells its worker in its own time.
OPEN_PAGES = """async () => {
  for (let left = 250; ; left--) {
    const open = (await clients.matchAll({ includeUncontrolled: true })).length;
    if (!open || !left) return open;
    await new Promise((go) => setTimeout(go, 20));
  }
}"""

WIPE = """async () => {
  for (const each of await registration.getNotifications()) if (!each.actions.length) each.close();
}"""


class Newcomer(Reader):
    """A reader whose phone is woken. `reads` is the code of her language."""

    def __init__(self, live: Live, receiver: Receiver, context: BrowserContext, reads: str) -> None:
        worker = Worker(live.settings)
        self.push_service: Phone = receiver.phone(worker.house.keys.vapid_public)
        worker.house.database.close()
        keys = {"p256dh": self.push_service.p256dh, "auth": self.push_service.auth}
        context.add_init_script(f"({SUBSCRIBES})({json.dumps({'endpoint': self.push_service.endpoint, 'keys': keys})})")
        context.grant_permissions(["notifications"], origin=live.base_url)
        super().__init__(live, context, reads)
        self.handset: Handset | None = None
        self.pushed = 0

    # ---- What her phone does

    def turn_reminders_on(self) -> None:
        """On the page of settings, which has to be open."""
        self.page.get_by_role("button", name=self.word("Turn on reminders on this phone")).click()
        self.reads_on_page(self.word("Phones that remind you"))
        self.reads_on_page(self.word("Reminders are on. This phone can wake up and tell you."))
        until(self.page, HOLDS, "/help")
        self.handset = Handset(self.live, self.context, self.page)

    @contextmanager
    def at(self, moment: datetime) -> Iterator[None]:
        """Let the house and her phone be at this moment; the worker does what is due by then, and pushes arrive."""
        with clock.stopped_at(moment):
            if self.handset is not None:
                self.handset.worker.evaluate(IT_IS, int(moment.timestamp() * 1000))
            yield

    def woken(self) -> list[dict[str, Any]]:
        """Let a worker do what is due. Returns what now stands on the locked phone, in the order in which it came."""
        assert self.handset is not None
        worker = Worker(self.live.settings)
        # In a thread of its own, because Playwright has a loop in this one.
        thread = threading.Thread(target=worker.run, args=(True,))
        thread.start()
        thread.join(60)
        assert not thread.is_alive()
        came = self.push_service.pushes[self.pushed :]
        self.pushed += len(came)
        self.page.goto("about:blank")  # the phone lies there, and no page of the house is open
        for push in came:
            self.handset.push(json.dumps(push.shown))
        self.handset.shown()
        return [push.shown for push in came]

    def presses_on_the_notification(self, button: str) -> None:
        """One of the buttons of the medicines' notification, which opens nothing; the others are wiped away."""
        assert self.handset is not None
        assert self.handset.worker.evaluate(OPEN_PAGES) == 0
        self.handset.worker.evaluate(WIPE)
        assert self.handset.worker.evaluate(TAP, button) == []
