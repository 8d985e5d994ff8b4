"""Turning reminders on for a phone, and what is said when that does not work."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from tenant_app.accounts.models import Tenant
from tenant_app.reminders.models import Subscription
from tenant_app.reminders.subscriptions import subscribe
from tests.live import Live
from tests.pwa.conftest import Open

pytestmark = pytest.mark.browser

ENDPOINT = "https://fcm.googleapis.com/fcm/send/amina"

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


def text(given: bytes) -> str:
    return base64.urlsafe_b64encode(given).rstrip(b"=").decode()


def subscription() -> dict[str, Any]:
    point = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )  # fmt: skip
    return {"endpoint": ENDPOINT, "keys": {"p256dh": text(point), "auth": text(b"s" * 16)}}


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


def rows(live: Live) -> list[str]:
    with live.database.session(reads_only=True) as session:
        return list(session.scalars(select(Subscription.endpoint)))


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
    turn_on(settings_page())
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


WITH_KEY = """
PushManager.prototype.getSubscription = async () => current;
const current = {
  endpoint: (GIVEN).endpoint, toJSON: () => (GIVEN), options: { applicationServerKey: new Uint8Array([4, 1]).buffer },
  unsubscribe: async () => true,
};
PushManager.prototype.subscribe = async () => ({ ...FRESH, toJSON: () => (FRESH) });
"""


def test_a_phone_with_a_key_of_yesterday_takes_the_new_one_when_the_app_is_opened(
    live: Live, context: BrowserContext, settings_page: Any, amina_opens: Open
) -> None:
    given, fresh = subscription(), {**subscription(), "endpoint": ENDPOINT + "-anew"}
    with live.database.step() as session:
        amina = session.get_one(Tenant, live.cast.amina.id)
        subscribe(session, amina, ENDPOINT, given["keys"]["p256dh"], given["keys"]["auth"], "Chrome, Linux", live.settings)
    context.grant_permissions(["notifications"], origin=live.base_url)
    context.add_init_script(WITH_KEY.replace("GIVEN", json.dumps(given)).replace("FRESH", json.dumps(fresh)))
    page = amina_opens("/")
    page.reload()
    page.wait_for_function("localStorage.getItem('homeward-checked')")
    assert rows(live) == [fresh["endpoint"]]
