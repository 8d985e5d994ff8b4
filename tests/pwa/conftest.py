"""A phone whose service worker has settled, and what it holds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.live import Live

Open = Callable[[str], Page]

HOLDS = """async (address) => {
  for (const name of await caches.keys())
    if (name.startsWith("homeward-seen-") && (await (await caches.open(name)).match(address))) return true;
  return false;
}"""

ALL_KEPT = """async () => {
  const kept = [];
  for (const name of await caches.keys())
    if (name.startsWith("homeward-seen-"))
      for (const request of await (await caches.open(name)).keys()) kept.push(new URL(request.url).pathname);
  return kept.sort();
}"""


NOTHING_KEPT = "async () => !(await caches.keys()).some((name) => name.startsWith('homeward-seen-'))"


def until(page: Page, asked: str, about: Any = None) -> None:
    """Wait until an async function answers yes. Playwright's own waiting would take its promise for a yes."""
    answered = page.evaluate(
        f"""async (about) => {{
          for (let tries = 0; tries < 500; tries++) {{
            if (await ({asked})(about)) return true;
            await new Promise((go) => setTimeout(go, 20));
          }}
          return false;
        }}""",
        about,
    )
    assert answered, (asked, about)


def answered(page: Page) -> None:
    """Wait until nothing that was tapped is on its way. `networkidle` would not: once reached, it is never left."""
    expect(page.locator(".htmx-request")).to_have_count(0)


@pytest.fixture
def without_script(live: Live, browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[BrowserContext]:
    """A phone of Amina's whose browser runs no JavaScript."""
    with browser.new_context(**browser_context_args, java_script_enabled=False) as context:
        live.sign_in(context, live.cast.amina)
        yield context


@pytest.fixture
def amina_opens(live: Live, context: BrowserContext) -> Open:
    """Open a page on Amina's phone and wait until the phone keeps it, and what it keeps unasked."""
    live.sign_in(context, live.cast.amina)
    page = context.new_page()

    def open_page(address: str) -> Page:
        page.goto(live.base_url + address)
        for kept in (address, "/offline", "/help"):
            until(page, HOLDS, kept)
        return page

    return open_page
