"""Signing in as a person does it: with the lock of a phone, by the picture on a slip, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from tenant_app.accounts.entry import Passkey, Visit
from tenant_app.accounts.models import Tenant
from tenant_app.accounts.rules import give_code
from tenant_app.goals.rules import write_goal
from tests.cast import PIN
from tests.live import Live

pytestmark = pytest.mark.browser


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion="reduce") as context:
        yield context


def give_lock(page: Page) -> None:
    """A phone with a lock that its owner opens at once."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    lock = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": lock})


def sign_in(page: Page, live: Live) -> None:
    page.goto(live.base_url + "/sign-in")
    page.locator("#name").fill(live.cast.amina.sign_in_name)
    page.locator("#pin").fill(PIN)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(live.base_url + "/")


@pytest.mark.parametrize("age", ["this year's browser", "an older browser"])
def test_a_phones_lock_is_kept_and_opens_the_door(live: Live, phone: BrowserContext, age: str) -> None:
    if age == "an older browser":
        phone.add_init_script(
            "delete PublicKeyCredential.parseCreationOptionsFromJSON;"
            "delete PublicKeyCredential.parseRequestOptionsFromJSON"
        )
    page = phone.new_page()
    give_lock(page)
    sign_in(page, live)

    page.goto(live.base_url + "/settings/locks")
    page.get_by_role("button", name="Use this phone’s lock").click()
    expect(page.get_by_role("button", name="Remove it")).to_be_visible()
    phone.clear_cookies()
    page.goto(live.base_url + "/sign-in?next=/settings/phones")
    page.get_by_label("Other people use this phone").check()
    page.get_by_role("button", name="Use this phone’s lock").click()
    page.wait_for_url(live.base_url + "/settings/phones")

    with live.database.step() as session:
        assert session.scalars(select(Passkey)).one().used_at is not None
        assert session.scalars(select(Visit).where(Visit.shared)).one().person_id == live.cast.amina.id


def test_a_lock_we_do_not_know_is_told_in_words(live: Live, phone: BrowserContext) -> None:
    page = phone.new_page()
    give_lock(page)
    sign_in(page, live)
    page.goto(live.base_url + "/settings/locks")
    page.get_by_role("button", name="Use this phone’s lock").click()
    page.get_by_role("button", name="Remove it").click()
    phone.clear_cookies()
    page.goto(live.base_url + "/sign-in")

    page.get_by_role("button", name="Use this phone’s lock").click()

    expect(page.locator("[data-passkey] [role=alert]")).to_have_text(re.compile("That did not work. .* use your PIN."))
    assert page.url == live.base_url + "/sign-in"


def test_a_phone_without_a_lock_is_not_offered_one(live: Live, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(live.base_url.replace("localhost", "127.0.0.1") + "/sign-in")
    page.wait_for_load_state("networkidle")

    expect(page.get_by_role("button", name="Use this phone’s lock")).to_be_hidden()


def test_the_code_of_a_picture_is_filled_in_and_leaves_the_address(live: Live, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(live.base_url + "/welcome#KQ7MX2XWD9")

    expect(page.locator("#code")).to_have_value("KQ7MX2XWD9")
    assert page.url == live.base_url + "/welcome"


def test_a_pin_can_be_looked_at_while_it_is_typed(live: Live, phone: BrowserContext) -> None:
    page = phone.new_page()
    page.goto(live.base_url + "/sign-in")
    page.locator("#pin").fill("246")

    page.get_by_role("button", name="Show what I type").click()
    expect(page.locator("#pin")).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide what I type").click()
    expect(page.locator("#pin")).to_have_attribute("type", "password")
    expect(page.locator("#pin")).to_have_value("246")


def test_all_of_it_works_without_javascript(live: Live, browser: Browser) -> None:
    with live.database.step() as session:
        code = give_code(session, session.get_one(Tenant, live.cast.amina.id), None)
    with browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740}) as context:
        page = context.new_page()
        page.goto(live.base_url + "/goals")
        expect(page.get_by_role("button", name="Use this phone’s lock")).to_be_hidden()
        page.get_by_role("link", name="I have a code").click()
        page.get_by_label("Your code").fill(code)
        page.get_by_role("button", name="Go on").click()
        page.get_by_role("button", name="English").click()
        page.get_by_label("Choose 6 numbers").fill("482913")
        page.get_by_label("The same 6 numbers once more").fill("482913")
        page.get_by_role("button", name="Keep these 6 numbers").click()
        page.wait_for_url(live.base_url + "/")
        page.goto(live.base_url + "/settings")
        page.get_by_role("button", name="Dark").click()
        page.get_by_role("button", name="Sign out").click()
        page.get_by_label("Your sign-in name").fill(live.cast.amina.sign_in_name)
        page.get_by_label("Your PIN").fill("482913")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(live.base_url + "/")


def test_signed_out_in_the_middle_of_a_page_one_signs_in_again_on_a_whole_one(
    live: Live, phone: BrowserContext
) -> None:
    with live.database.step() as session:
        amina = session.get_one(Tenant, live.cast.amina.id)
        goal = write_goal(session, amina, "Cook twice a week", first_step="Choose two meals")
    page = phone.new_page()
    sign_in(page, live)
    page.goto(f"{live.base_url}/goals/{goal.id}")
    with live.database.step() as session:
        for visit in session.scalars(select(Visit)):
            visit.end()

    page.get_by_role("button", name="Choose two meals").click()

    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert page.locator("main").count() == page.locator("header.top").count() == 1
    page.locator("#name").fill(live.cast.amina.sign_in_name)
    page.locator("#pin").fill(PIN)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("button", name="Send it now").click()
    page.wait_for_url(f"{live.base_url}/goals/{goal.id}**")
    with live.database.step() as session:
        assert session.get_one(type(goal), goal.id).progress.done == 1
