"""A subscription that changed while nobody looked is made up for when the app is opened."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import BrowserContext
from sqlalchemy import select

from tenant_app.accounts.models import Tenant
from tenant_app.reminders.models import Subscription
from tenant_app.reminders.subscriptions import subscribe, turn_off
from tests.live import Live
from tests.pwa.conftest import Open, until
from tests.pwa.subscribing import ENDPOINT, rows, subscription

pytestmark = pytest.mark.browser
# A browser whose push service gives subscriptions one after the other, and whose subscription outlives its pages.
WITH_KEY = """
{
  const kept = () => JSON.parse(localStorage.getItem("stub-subscription") ?? (FIRST));
  const keep = (given) => localStorage.setItem("stub-subscription", JSON.stringify(given));
  const made = (given) => given && ({
    endpoint: given.endpoint, toJSON: () => given, options: { applicationServerKey: new Uint8Array([4, 1]).buffer },
    unsubscribe: async () => { keep(null); return true; } });
  PushManager.prototype.getSubscription = async () => made(kept());
  PushManager.prototype.subscribe = async () => {
    const [next, ...later] = JSON.parse(localStorage.getItem("stub-fresh") ?? (FRESH));
    localStorage.setItem("stub-fresh", JSON.stringify(later));
    if (!next) throw new DOMException("no push service", "AbortError");
    keep(next);
    return made(next);
  };
}
"""
CHECKED = "async () => localStorage.getItem('homeward-checked') !== null"
ASKED = "async () => localStorage.getItem('stub-fresh') !== null"


def browser_with(context: BrowserContext, known: object, *fresh: object) -> None:
    """A phone that has the subscription `known`, or none, and gets each of `fresh` in turn; None is a failure."""
    texts = {"FIRST": json.dumps(json.dumps(known)), "FRESH": json.dumps(json.dumps(fresh))}
    script = WITH_KEY
    for name, text in texts.items():
        script = script.replace(name, text)
    context.add_init_script(script)


@pytest.fixture
def amina_is_woken(live: Live, context: BrowserContext) -> dict[str, Any]:
    """What Amina's phone subscribed with, before a release that keeps a note of it; notifications are allowed."""
    context.grant_permissions(["notifications"], origin=live.base_url)
    given = subscription()
    with live.database.step() as session:
        amina = session.get_one(Tenant, live.cast.amina.id)
        subscribe(
            session, amina, ENDPOINT, given["keys"]["p256dh"], given["keys"]["auth"], "Chrome, Linux", live.settings
        )
    return given


def test_a_phone_with_a_key_of_yesterday_takes_the_new_one_when_the_app_is_opened(
    live: Live, context: BrowserContext, amina_is_woken: dict[str, Any], amina_opens: Open
) -> None:
    fresh = {**subscription(), "endpoint": ENDPOINT + "-anew"}
    browser_with(context, amina_is_woken, fresh)
    page = amina_opens("/")
    page.reload()
    until(page, CHECKED)
    assert rows(live) == [fresh["endpoint"]]


def test_a_renewal_that_its_push_service_refused_is_made_up_for_when_the_app_is_opened_again(
    live: Live, context: BrowserContext, amina_is_woken: dict[str, Any], amina_opens: Open
) -> None:
    fresh = {**subscription(), "endpoint": ENDPOINT + "-anew"}
    browser_with(context, amina_is_woken, None, fresh)
    amina_opens("/more")
    page = amina_opens("/")
    until(page, ASKED)
    assert not page.evaluate(CHECKED)
    assert rows(live) == [ENDPOINT]
    page.reload()
    until(page, CHECKED)
    assert rows(live) == [fresh["endpoint"]]


def test_a_renewal_that_never_reached_us_is_made_up_for_when_the_app_is_opened_again(
    live: Live, context: BrowserContext, amina_is_woken: dict[str, Any], amina_opens: Open
) -> None:
    unheard, fresh = ({**subscription(), "endpoint": ENDPOINT + end} for end in ("-unheard", "-anew"))
    browser_with(context, amina_is_woken, unheard, fresh)
    amina_opens("/more")
    live.refuse("/push/subscription")
    with context.expect_event("response", lambda answer: answer.url.endswith("/push/subscription")):
        page = amina_opens("/")
    live.refuse_no_more("/push/subscription")
    assert rows(live) == [ENDPOINT]
    page.reload()
    until(page, CHECKED)
    assert rows(live) == [fresh["endpoint"]]


@pytest.mark.parametrize("turned_off", [False, True])
def test_a_phone_whose_browser_lost_its_subscription_gets_another_unless_its_owner_turned_it_off(
    live: Live, context: BrowserContext, amina_is_woken: dict[str, Any], amina_opens: Open, turned_off: bool
) -> None:
    first, second = ({**subscription(), "endpoint": ENDPOINT + end} for end in ("-anew", "-once-more"))
    browser_with(context, amina_is_woken, first, second)
    amina_opens("/more")
    page = amina_opens("/")
    until(page, CHECKED)
    assert rows(live) == [first["endpoint"]]
    if turned_off:
        with live.database.step() as session:
            turn_off(session, session.scalars(select(Subscription)).one())
    page.evaluate("localStorage.setItem('stub-subscription', 'null')")
    with context.expect_event("response", lambda answer: answer.url.endswith("/push/subscription/check")):
        page.reload()
    taken = "async (endpoint) => localStorage.getItem('homeward-taken') === endpoint"
    until(page, taken, None if turned_off else second["endpoint"])
    assert rows(live) == ([] if turned_off else [second["endpoint"]])
