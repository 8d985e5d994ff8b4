"""Somebody in front of a browser, in their own language: what they tap, and what every page must keep to."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from typing import Any

from babel.messages.pofile import read_po
from flask_babel import gettext
from markupsafe import Markup
from playwright.sync_api import BrowserContext, Error, Locator, Page, expect

from tenant_app.settings import HOUSE
from tenant_app.web.locale import NBSP, speaking
from tests.live import Live

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


@functools.cache
def english_of(language: str) -> frozenset[str]:
    """Every message of the interface, as it would stand on a page, whose translation is not the same words."""
    if language == "en":
        return frozenset()
    with (HOUSE / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        messages = list(read_po(file))
    found = set()
    for message in messages:
        said = "\n".join(_forms(message.string))
        for words in _forms(message.id):
            # Around a value a page is in pieces, so each piece counts that says something by itself.
            pieces = [piece.strip(" .,:%") for piece in re.split(r"%\(\w+\)s", words)]
            found |= {piece for piece in pieces if re.search(r"[A-Za-z]{3}", piece) and piece not in said}
    return frozenset(found)


def _forms(message: Any) -> list[str]:
    return list(message) if isinstance(message, (list, tuple)) else [message or ""]


def bare(text: str) -> str:
    """Text without the invisible characters that keep a number whole, and from being scrambled on a lock screen."""
    return re.sub("[\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}]", "", text).replace(NBSP, " ")


class Reader:
    """`reads` is the code of their language. Every page that they open is looked at: see `look`."""

    def __init__(self, live: Live, context: BrowserContext, reads: str) -> None:
        self.live, self.context, self.reads = live, context, reads
        self.page: Page = context.new_page()
        self.english = english_of(reads)

    def said(self, words: Callable[[], object]) -> str:
        """Words of the app in their language, as they read them."""
        with self.live._site.app.app_context(), speaking(self.reads):
            found = words()
        return bare(Markup(found).striptags())

    def word(self, message: str, **values: object) -> str:
        """One message of the catalogue in their language."""
        return self.said(lambda: gettext(message, **values))

    # ---- What they do

    def open(self, address: str) -> None:
        """Type an address, or open the app."""
        self.page.goto(self.live.base_url + address)
        self.look()

    def tap(self, message: str, within: str = "main") -> None:
        """Tap a link, and look at the page that comes."""
        self.follow(self.word(message), within)

    def follow(self, words: str, within: str = "main") -> None:
        """Tap the link that reads so in their language."""
        self.page.locator(within).get_by_role("link", name=words).first.click()
        self.look()

    def press(self, message: str) -> None:
        """Tap a button."""
        self.press_words(self.word(message))

    def press_words(self, words: str) -> None:
        """Tap the button that reads so in their language."""
        self.page.locator("main").get_by_role("button", name=words).first.click()
        self.look()

    def fill(self, message: str, typed: str) -> None:
        """Write something in the field of this label."""
        self.field(message).fill(typed)

    def field(self, message: str) -> Locator:
        return self.page.get_by_label(self.word(message), exact=True)

    # ---- What they see

    def look(self) -> None:
        """Hold a page to what every page promises: their language, its direction, and nothing to scroll sideways for.
        One that goes on by itself meanwhile, as when photos have gone, is looked at where it has gone."""
        try:
            self._look()
        except Error as gone_on:
            if "Execution context was destroyed" not in gone_on.message:
                raise
            self.page.wait_for_load_state()
            self._look()

    def _look(self) -> None:
        root = self.page.locator("html")
        expect(root).to_have_attribute("lang", self.reads)
        expect(root).to_have_attribute("dir", "rtl" if self.reads == "ar" else "ltr")
        wide = self.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= self.page.viewport_size["width"], (self.page.url, wide)  # type: ignore[index]
        left = [piece for piece in self.page.evaluate(PIECES) if {piece, re.sub("[.,:]$", "", piece)} & self.english]
        assert left == [], (self.page.url, left)

    def reads_on_page(self, words: str) -> None:
        """These words stand on the page in front of them."""
        expect(self.page.locator("main")).to_contain_text(words)
        self.look()
