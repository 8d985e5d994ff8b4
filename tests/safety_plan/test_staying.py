"""The plan on a phone whose owner is signed in no longer: only where they asked for it, and until they take it off."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import delete

from tenant_app.accounts.entry import Visit
from tenant_app.accounts.models import Tenant
from tenant_app.safety_plan.models import Part
from tenant_app.safety_plan.rules import write_line
from tenant_app.safety_plan.staying import STAYS
from tests.cast import Cast
from tests.live import Live
from tests.pwa.conftest import HOLDS, until

HELPS = "Ten slow breaths at the window"
STAYING = "async () => caches.has('homeward-stays')"
NOT_STAYING = "async () => !(await caches.has('homeward-stays'))"


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


def test_every_page_says_that_nothing_stays_until_it_was_asked_for(phone: FlaskClient) -> None:
    assert phone.get("/hard-days").headers[STAYS] == "none"
    phone.post("/hard-days/phone", data={"stays": "1"})
    assert phone.get("/hard-days").headers[STAYS] == "page"
    assert STAYS not in phone.get("/goals").headers
    phone.post("/hard-days/phone", data={"stays": "0"})
    assert phone.get("/goals").headers[STAYS] == "none"


def test_the_next_person_on_this_phone_did_not_ask_for_it(
    tenant_door: Flask, cast: Cast, phone: FlaskClient
) -> None:
    phone.post("/hard-days/phone", data={"stays": "1"})
    asked = phone.get_cookie("homeward_plan")
    assert asked is not None
    tomasz = cast.at(tenant_door, cast.tomasz)
    tomasz.set_cookie("homeward_plan", asked.value)
    assert tomasz.get("/hard-days").headers[STAYS] == "none"


def test_a_phone_that_others_use_cannot_be_asked_to(tenant_door: Flask, cast: Cast) -> None:
    library = cast.at(tenant_door, cast.amina, shared=True)
    assert "Keep it open on this phone" not in library.get("/hard-days").text
    assert library.post("/hard-days/phone", data={"stays": "1"}).status_code == 409
    assert library.get("/hard-days").headers[STAYS] == "none"


def test_signing_out_takes_it_off_for_the_next_visit_too(
    tenant_door: Flask, cast: Cast, phone: FlaskClient
) -> None:
    phone.post("/hard-days/phone", data={"stays": "1"})
    phone.post("/sign-out")
    assert phone.get_cookie("homeward_plan") is None


def test_who_is_not_signed_in_changes_nothing(tenant_door: Flask) -> None:
    answer = tenant_door.test_client().get("/help")
    assert STAYS not in answer.headers


@pytest.fixture
def plan(live: Live, context: BrowserContext) -> Page:
    """Amina's plan, open on her phone and kept there as any page is."""
    with live.database.step() as session:
        write_line(session, session.get_one(Tenant, live.cast.amina.id), Part.HELPS, HELPS)
    live.sign_in(context, live.cast.amina)
    page = context.new_page()
    page.goto(f"{live.base_url}/hard-days")
    until(page, HOLDS, "/hard-days")
    return page


def end_the_visit(live: Live) -> None:
    with live.database.step() as session:
        session.execute(delete(Visit))


@pytest.mark.browser
def test_it_opens_without_signal_and_after_the_visit_has_ended(live: Live, plan: Page) -> None:
    plan.get_by_role("button", name="Keep it open on this phone").click()
    until(plan, STAYING)
    end_the_visit(live)
    plan.goto(f"{live.base_url}/goals")
    expect(plan.get_by_role("heading", name="Sign in")).to_be_visible()
    plan.get_by_role("link", name="My plan for hard days").click()
    expect(plan.get_by_text(HELPS)).to_be_visible()

    live.go_away()
    plan.goto(f"{live.base_url}/hard-days")
    expect(plan.get_by_text(HELPS)).to_be_visible()


@pytest.mark.browser
def test_unasked_it_is_gone_with_the_visit(live: Live, plan: Page) -> None:
    end_the_visit(live)
    plan.goto(f"{live.base_url}/hard-days")
    expect(plan.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(plan.get_by_role("link", name="My plan for hard days")).to_be_hidden()
    until(plan, NOT_STAYING)


@pytest.mark.browser
def test_signing_out_takes_it_off(live: Live, plan: Page) -> None:
    plan.get_by_role("button", name="Keep it open on this phone").click()
    until(plan, STAYING)
    plan.goto(f"{live.base_url}/more")
    plan.get_by_role("button", name="Sign out").click()
    expect(plan.get_by_role("heading", name="Sign in")).to_be_visible()
    until(plan, NOT_STAYING)


@pytest.mark.browser
def test_whoever_signs_in_next_does_not_find_it(live: Live, plan: Page) -> None:
    plan.get_by_role("button", name="Keep it open on this phone").click()
    until(plan, STAYING)
    end_the_visit(live)
    live.sign_in(plan.context, live.cast.tomasz)
    plan.goto(f"{live.base_url}/goals")
    until(plan, NOT_STAYING)
    live.go_away()
    plan.goto(f"{live.base_url}/hard-days")
    expect(plan.locator("main")).not_to_contain_text(HELPS)
