"""Turning reminders on for a phone, and what is said when that does not work."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from tenant_app.keys import open_keys, rotate_vapid
from tenant_app.reminders.models import Subscription
from tests.live import Live
from tests.pwa.conftest import Open
from tests.pwa.subscribing import ENDPOINT, rows, subscription
from tests.reminders.receiver import unb64

pytestmark = pytest.mark.browser


STUB = """
(() => {
  let current = null;
  const made = (given) => ({
    endpoint: given.endpoint, toJSON: () => given, unsubscribe: async () => { current = null; return true; } });
  PushManager.prototype.getSubscription = async () => current;
  PushManager.prototype.subscribe = (options) => {
    if (!options.userVisibleOnly || !options.applicationServerKey) throw new TypeError();
    return HOW;
  };
  if (KNOWN) current = made(KNOWN);
})();
"""


def stub(context: BrowserContext, how: str, known: object = None) -> None:
    context.add_init_script(STUB.replace("HOW", how).replace("KNOWN", json.dumps(known)))


def made(given: dict[str, Any]) -> str:
    return f"Promise.resolve(current = made({json.dumps(given)}))"


@pytest.fixture
def settings_page(live: Live, context: BrowserContext, amina_opens: Open) -> Any:
    """Amina's page of settings, once she allowed notifications."""
    context.grant_permissions(["notifications"], origin=live.base_url)
    return lambda: amina_opens("/settings/reminders")


def turn_on(page: Page) -> None:
    page.get_by_role("button", name="Turn on reminders on this phone").click()


def test_a_phone_that_is_turned_on_is_in_the_list(live: Live, context: BrowserContext, settings_page: Any) -> None:
    stub(context, made(subscription()))
    page = settings_page()
    turn_on(page)
    expect(page.get_by_role("heading", name="Phones that remind you")).to_be_visible()
    assert rows(live) == [ENDPOINT]
    expect(page.locator("[data-browser] h3")).to_have_text("Chrome, Linux")


def test_a_phone_that_is_known_says_that_reminders_are_on(
    live: Live, context: BrowserContext, settings_page: Any
) -> None:
    given = subscription()
    stub(context, made(given), known=given)
    page = settings_page()
    turn_on(page)
    expect(page.locator("[data-push]")).to_contain_text("Reminders are on.")
    expect(page.locator("[data-this-phone]")).to_be_visible()
    expect(page.get_by_role("button", name="Turn on reminders on this phone")).to_be_hidden()
    page.get_by_role("button", name="Turn off").click()
    expect(page.get_by_role("button", name="Turn on reminders on this phone")).to_be_visible()
    assert rows(live) == []


def test_a_phone_that_never_answers_is_said_to_be_slow(live: Live, context: BrowserContext, settings_page: Any) -> None:
    stub(context, "new Promise(() => {})")
    page = settings_page()
    page.evaluate("document.querySelector('[data-push]').dataset.patience = '30'")
    turn_on(page)
    expect(page.get_by_role("alert")).to_contain_text("This phone did not answer in time.")
    expect(page.locator("[data-turn-on]")).not_to_have_attribute("aria-busy", "true")
    assert rows(live) == []


def test_a_phone_that_cannot_is_said_so(context: BrowserContext, settings_page: Any) -> None:
    stub(context, "Promise.reject(new DOMException('no push service', 'AbortError'))")
    page = settings_page()
    turn_on(page)
    expect(page.get_by_role("alert")).to_contain_text("This phone could not turn reminders on.")


def test_a_subscription_that_the_server_refuses_is_said_in_its_words(
    live: Live, context: BrowserContext, settings_page: Any
) -> None:
    stub(context, made({**subscription(), "endpoint": "https://elsewhere.org/push"}))
    page = settings_page()
    turn_on(page)
    expect(page.get_by_role("alert")).to_contain_text("in a way that we do not know")
    assert rows(live) == []


def test_signing_out_takes_this_browsers_reminders_along(
    live: Live, context: BrowserContext, settings_page: Any, amina_opens: Open
) -> None:
    given = subscription()
    stub(context, made(given), known=given)
    settings = settings_page()
    turn_on(settings)
    expect(settings.get_by_role("heading", name="Phones that remind you")).to_be_visible()  # it has opened anew
    page = amina_opens("/more")
    expect(page.locator("input[name=endpoint]")).to_have_value(ENDPOINT)
    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_have_text("Sign in")
    assert rows(live) == []


def test_a_new_subscription_that_the_browser_made_itself_is_told_to_us(
    live: Live, context: BrowserContext, settings_page: Any
) -> None:
    given = subscription()
    stub(context, made(given), known=given)
    page = settings_page()
    turn_on(page)
    expect(page.get_by_role("heading", name="Phones that remind you")).to_be_visible()
    fresh = {**given, "endpoint": f"{ENDPOINT}/renewed"}
    context.service_workers[0].evaluate(
        """([before, after]) =>
          renew({ oldSubscription: before, newSubscription: { endpoint: after.endpoint, toJSON: () => after } })""",
        [given, fresh],
    )
    assert rows(live) == [f"{ENDPOINT}/renewed"]


@pytest.fixture
def old_key(tmp_path: Path) -> str:
    """The key of before the last rotation, of a house that is not open yet."""
    before = open_keys(tmp_path).vapid_public
    rotate_vapid(tmp_path)
    return before


def test_a_new_subscription_that_the_browser_made_with_our_old_key_is_kept_as_such(
    old_key: str, live: Live, context: BrowserContext, settings_page: Any
) -> None:
    given = subscription()
    settings_page()
    context.service_workers[0].evaluate(
        """([given, key]) => renew({ newSubscription: {
          endpoint: given.endpoint, toJSON: () => given, options: { applicationServerKey: Uint8Array.from(key).buffer } } })""",
        [given, list(unb64(old_key))],
    )
    with live.database.session(reads_only=True) as session:
        assert session.scalars(select(Subscription.signed_with)).all() == [old_key]


def test_a_phone_that_does_not_allow_it_says_where_to_change_that(
    context: BrowserContext, live: Live, amina_opens: Open
) -> None:
    context.add_init_script("Object.defineProperty(Notification, 'permission', { value: 'denied' });")
    expect(amina_opens("/settings/reminders").locator("[data-when=denied]")).to_be_visible()


IPHONE = """
  delete window.PushManager;
  Object.defineProperty(navigator, 'standalone', { value: false });
  Object.defineProperty(navigator, 'userAgent', { value: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)' });
"""


def test_an_iphone_is_told_to_add_the_app_first(context: BrowserContext, settings_page: Any) -> None:
    context.add_init_script(IPHONE)
    expect(settings_page().locator("[data-when=home-screen]")).to_be_visible()


def test_without_javascript_the_page_says_why_it_cannot(live: Live, without_script: BrowserContext) -> None:
    page = without_script.new_page()
    page.goto(f"{live.base_url}/settings/reminders")
    expect(page.locator("[data-push]")).to_contain_text("scripts are off in it")
    expect(page.get_by_role("button", name="Turn on reminders on this phone")).to_be_hidden()
    locked = page.get_by_role("region", name="What a locked phone shows")
    locked.get_by_role("radio", name="What it is about").check()
    locked.get_by_role("button", name="Save").click()
    expect(page.get_by_role("radio", name="What it is about")).to_be_checked()
