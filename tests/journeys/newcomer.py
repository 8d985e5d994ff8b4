"""A tenant who has just moved in, with her phone, in her own language: what she taps, reads, and is woken by."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from babel.messages.pofile import read_po
from flask_babel import gettext
from markupsafe import Markup
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tenant_app import clock
from tenant_app.settings import HOUSE
from tenant_app.web.locale import NBSP, speaking
from tenant_app.worker import Worker
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

# What a reader sees or hears of a page, piece by piece; what a person wrote, and names, stand in <bdi>.
PIECES = """() => {
  const found = [];
  const walk = document.createTreeWalker(document.documentElement, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const { parentElement } = walk.currentNode;
    if (!parentElement.closest("script, style, bdi, noscript, [lang]:not(html)")) found.push(walk.currentNode.data);
  }
  for (const each of document.querySelectorAll("[aria-label]")) found.push(each.getAttribute("aria-label"));
  return found.map((text) => text.replace(/\\s+/g, " ").trim()).filter((text) => /\\p{L}{2}/u.test(text));
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


def english_of(language: str) -> list[re.Pattern[str]]:
    """Every message of the interface, as it would stand on a page, whose translation is not the same words."""
    if language == "en":
        return []
    with (HOUSE / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        messages = list(read_po(file))
    found = []
    for message in messages:
        said = "\n".join(_forms(message.string))
        for words in _forms(message.id):
            # Around a value a page is in pieces, so each piece counts that says something by itself.
            pieces = [piece.strip(" .,:%") for piece in re.split(r"%\(\w+\)s", words)]
            found += [
                re.compile(re.escape(piece) + r"[.,:]?")
                for piece in pieces
                if re.search(r"[A-Za-z]{3}", piece) and piece not in said
            ]
    return found


def _forms(message: Any) -> list[str]:
    return list(message) if isinstance(message, (list, tuple)) else [message or ""]


def bare(text: str) -> str:
    """Text without the invisible characters that keep a number whole, and from being scrambled on a lock screen."""
    return re.sub("[\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}]", "", text).replace(NBSP, " ")


class Newcomer:
    """`reads` is the code of her language. Every page that she opens is looked at: see `look`."""

    def __init__(self, live: Live, receiver: Receiver, context: BrowserContext, reads: str) -> None:
        self.live, self.context, self.reads = live, context, reads
        worker = Worker(live.settings)
        self.push_service: Phone = receiver.phone(worker.house.keys.vapid_public)
        worker.house.database.close()
        keys = {"p256dh": self.push_service.p256dh, "auth": self.push_service.auth}
        context.add_init_script(f"({SUBSCRIBES})({json.dumps({'endpoint': self.push_service.endpoint, 'keys': keys})})")
        context.grant_permissions(["notifications"], origin=live.base_url)
        self.page: Page = context.new_page()
        self.handset: Handset | None = None
        self.english = english_of(reads)
        self.pushed = 0

    def said(self, words: Callable[[], object]) -> str:
        """Words of the app in her language, as she reads them."""
        with self.live._site.app.app_context(), speaking(self.reads):
            found = words()
        return bare(Markup(found).striptags())

    def word(self, message: str, **values: object) -> str:
        """One message of the catalogue in her language."""
        return self.said(lambda: gettext(message, **values))

    # ---- What she does

    def open(self, address: str) -> None:
        """Type an address, or open the app."""
        self.page.goto(self.live.base_url + address)
        self.look()

    def tap(self, message: str, within: str = "main") -> None:
        """Tap a link, and look at the page that comes."""
        self.follow(self.word(message), within)

    def follow(self, words: str, within: str = "main") -> None:
        """Tap the link that reads so in her language."""
        self.page.locator(within).get_by_role("link", name=words).first.click()
        self.look()

    def press(self, message: str) -> None:
        """Tap a button."""
        self.page.locator("main").get_by_role("button", name=self.word(message)).first.click()
        self.look()

    def fill(self, message: str, typed: str) -> None:
        """Write something in the field of this label."""
        self.field(message).fill(typed)

    def field(self, message: str) -> Locator:
        return self.page.get_by_label(self.word(message), exact=True)

    # ---- What she sees

    def look(self) -> None:
        """Hold a page to what every page promises: her language, its direction, and nothing to scroll sideways for."""
        root = self.page.locator("html")
        expect(root).to_have_attribute("lang", self.reads)
        expect(root).to_have_attribute("dir", "rtl" if self.reads == "ar" else "ltr")
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.page.viewport_size["width"], (self.page.url, wide)  # type: ignore[index]
        left = [piece for piece in self.page.evaluate(PIECES) for each in self.english if each.fullmatch(piece)]
        assert left == [], (self.page.url, left)

    def reads_on_page(self, words: str) -> None:
        """These words stand on the page in front of her."""
        expect(self.page.locator("main")).to_contain_text(words)
        self.look()

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
