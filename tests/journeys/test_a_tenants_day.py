"""What people come for, from beginning to end in a real browser: on a tenant's phone, a keyworker's desk, in a group."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.accounts.rules import give_code, welcome_tenant
from tenant_app.goals.models import Goal
from tenant_app.goals.rules import write_goal
from tenant_app.groups.models import Attendance, Booking
from tenant_app.groups.rules import book_place, plan_session
from tests.live import Live

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    yield from _context(browser, viewport=PHONE, has_touch=True)


@pytest.fixture
def desk(browser: Browser) -> Iterator[BrowserContext]:
    yield from _context(browser, viewport={"width": 1280, "height": 800})


def _context(browser: Browser, **options: Any) -> Iterator[BrowserContext]:
    context = browser.new_context(reduced_motion="reduce", **options)
    context.set_default_timeout(15_000)
    yield context
    context.close()


def cooking(live: Live) -> Goal:
    with live.database.step() as session:
        amina = session.get_one(Tenant, live.cast.amina.id)
        goal = write_goal(session, amina, "Cook twice a week", first_step="Choose two meals", shared=True)
        goal.add_step("Buy a knife")
        return goal


def speak(live: Live, language: str) -> None:
    with live.database.step() as session:
        session.get_one(Tenant, live.cast.amina.id).language = language


def test_a_new_tenant_comes_in_by_a_code_and_writes_a_goal(live: Live, phone: BrowserContext) -> None:
    with live.database.step() as session:
        grace = session.get_one(Worker, live.cast.grace.id)
        newcomer = welcome_tenant(
            session,
            "Kofi Mensah",
            building=session.merge(live.cast.alma_road),
            moved_in_on=clock.now().date(),
            keyworker=grace,
        )
        code = give_code(session, newcomer, grace)
    page = phone.new_page()

    page.goto(f"{live.base_url}/welcome#{code.replace('-', '')}")
    expect(page.locator("#code")).to_have_value(re.compile(code[:5]))
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="English").click()
    page.locator("input[name=pin]").fill("482915")
    page.get_by_role("button", name="Keep these 6 numbers").click()
    page.get_by_role("link", name="Goals").click()
    page.get_by_role("link", name="Write a goal").click()
    page.get_by_label("What would you like to be different?").fill("A bank account of my own")
    page.get_by_label("What could be a first step?").fill("Proof of address")
    page.get_by_role("button", name="Keep this goal").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("A bank account of my own")
    expect(page.get_by_role("img", name=re.compile("0 of 1 step done"))).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_tenant_marks_a_step_and_the_path_moves_on(live: Live, phone: BrowserContext, language: str) -> None:
    goal = cooking(live)
    speak(live, language)
    live.sign_in(phone, live.cast.amina)
    page = phone.new_page()
    page.goto(f"{live.base_url}/goals/{goal.id}")
    page.evaluate("window.sameDocument = true")

    page.locator(".tick.lamp").click()

    expect(page.locator(".stone.did")).to_have_count(1)
    expect(page.locator(".steps .did")).to_have_count(1)
    assert page.evaluate("window.sameDocument"), "only the pieces that changed are exchanged"
    expect(page.locator("html")).to_have_attribute("dir", "rtl" if language == "ar" else "ltr")
    with live.database.session() as session:
        assert session.get_one(Goal, goal.id).progress.done == 1


def test_a_step_is_marked_with_javascript_off(live: Live, browser: Browser) -> None:
    goal = cooking(live)
    plain = browser.new_context(viewport=PHONE, java_script_enabled=False)
    live.sign_in(plain, live.cast.amina)
    page = plain.new_page()
    page.goto(f"{live.base_url}/goals/{goal.id}")

    page.locator(".tick.lamp").click()

    expect(page.locator(".stone.did")).to_have_count(1)
    plain.close()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_keyworker_reviews_and_the_tenant_takes_the_step(
    live: Live, phone: BrowserContext, desk: BrowserContext, language: str
) -> None:
    goal = cooking(live)
    speak(live, language)
    live.sign_in(desk, live.cast.grace)
    live.sign_in(phone, live.cast.amina)
    office = desk.new_page()
    office.goto(f"{live.base_url}/staff/caseload")
    office.get_by_role("link", name=re.compile("Amina Warsame")).click()
    office.get_by_role("link", name="Cook twice a week").click()
    office.get_by_label("What would you like to say?").fill("That soup smelled wonderful")
    office.get_by_label("A step you suggest").fill("Write the recipe down")
    office.get_by_role("button", name=re.compile("Send to")).click()
    expect(office.get_by_text("Not read yet")).to_be_visible()

    page = phone.new_page()
    page.goto(live.base_url)
    page.locator(f'a[href="/goals/{goal.id}"]').first.click()
    expect(page.get_by_text("That soup smelled wonderful")).to_be_visible()
    page.locator('#story button[name="accepted"][value="1"]').click()

    expect(page.locator("#steps").get_by_text("Write the recipe down")).to_be_visible()
    office.reload()
    expect(office.get_by_text("Added to the steps")).to_be_visible()


def test_a_goal_taken_back_is_gone_for_the_keyworker_at_once(
    live: Live, phone: BrowserContext, desk: BrowserContext
) -> None:
    goal = cooking(live)
    live.sign_in(desk, live.cast.grace)
    live.sign_in(phone, live.cast.amina)
    office, page = desk.new_page(), phone.new_page()
    office.goto(f"{live.base_url}/staff/goals/{goal.id}")
    expect(office.get_by_role("heading", level=1)).to_have_text("Cook twice a week")

    page.goto(f"{live.base_url}/goals/{goal.id}")
    page.get_by_role("button", name="Keep this to myself").click()
    expect(page.get_by_text("Only you see this")).to_be_visible()

    assert (office.goto(f"{live.base_url}/staff/goals/{goal.id}")).status == 404  # type: ignore[union-attr]


def test_a_tenant_books_a_place(live: Live, phone: BrowserContext) -> None:
    with live.database.step() as session:
        plan_session(
            session, "mindfulness", starts_at=clock.now() + timedelta(days=1), ends_at=clock.now() + timedelta(days=1, hours=1),
            zone=live.settings.zone, place="Quiet room", facilitator=session.get_one(Worker, live.cast.joana.id), capacity=2,
        )  # fmt: skip
    live.sign_in(phone, live.cast.amina)
    page = phone.new_page()
    page.goto(f"{live.base_url}/groups")

    page.get_by_role("button", name=re.compile("Book a place")).click()

    expect(page.get_by_text("You have a place")).to_be_visible()


def _session_now(live: Live) -> str:
    with live.database.step() as session:
        now = clock.now()
        with clock.stopped_at(now - timedelta(hours=2)):
            planned = plan_session(
                session, "cooking-together", starts_at=now - timedelta(minutes=5), ends_at=now + timedelta(hours=1),
                zone=live.settings.zone, place="Kitchen", facilitator=session.get_one(Worker, live.cast.joana.id), capacity=8,
            )  # fmt: skip
            for tenant in (live.cast.amina, live.cast.tomasz, live.cast.salma):
                book_place(session, session.get_one(Tenant, tenant.id), planned)
        return str(planned.id)


def test_a_facilitator_takes_a_register_one_tap_a_person(live: Live, phone: BrowserContext) -> None:
    planned = _session_now(live)
    live.sign_in(phone, live.cast.joana)
    page: Page = phone.new_page()
    page.goto(f"{live.base_url}/staff/registers/{planned}")

    for name in ("Amina Warsame", "Tomasz Wójcik"):
        page.get_by_role("radio", name=re.compile(f"^Here.*{name}")).check(force=True)
    page.get_by_role("radio", name=re.compile("Sent word.*Salma")).check(force=True)
    expect(page.get_by_text("3 of 3 marked")).to_be_visible()
    page.get_by_role("radio", name=re.compile("^Here.*Salma")).check(force=True)
    page.get_by_role("button", name="Finish register").click()

    with live.database.session() as session:
        marks = {booking.attendance for booking in session.scalars(select(Booking))}
    assert marks == {Attendance.HERE}
