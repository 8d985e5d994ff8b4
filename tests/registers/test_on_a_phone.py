"""A register in a facilitator's hand: one tap a person, with signal and without, and two facilitators at once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, expect
from sqlalchemy import func, select

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.accounts.rules import welcome_tenant
from tenant_app.groups.models import Attendance, Booking, GroupSession
from tenant_app.groups.register.records import NamedAtDoor
from tenant_app.groups.rules import book_place
from tests.groups.programme import plan
from tests.live import Live
from tests.pwa.conftest import answered, until

pytestmark = pytest.mark.browser

PEOPLE = 12

KEPT = """async (address) => {
  for (const name of await caches.keys())
    if (name.startsWith("homeward-staff-seen-") && (await (await caches.open(name)).match(address))) return true;
  return false;
}"""

ALL_KEPT = """async () => {
  const kept = [];
  for (const name of await caches.keys())
    if (name.startsWith("homeward-staff-seen-"))
      for (const request of await (await caches.open(name)).keys()) kept.push(new URL(request.url).pathname);
  return kept.sort();
}"""


@pytest.fixture
def register(live: Live) -> str:
    """The address of a register of twelve, which opened ten minutes ago and may be run by Joana."""
    with live.database.step() as session:
        home = session.get_one(Property, live.cast.alma_road.id)
        with clock.stopped_at(clock.now() - timedelta(days=1)):
            # Never over midnight: a register of today must stay one while the test runs.
            it = plan(session, live.cast, starts_at=clock.now() + timedelta(days=1, minutes=10), capacity=PEOPLE)
            for number in range(PEOPLE):
                tenant = welcome_tenant(session, f"Person {number:02}", building=home, moved_in_on=date(2026, 9, 1))
                book_place(session, tenant, it)
        return f"/staff/registers/{it.id}"


Hand = Callable[..., Page]


@pytest.fixture
def in_hand(live: Live, browser: Browser, browser_context_args: dict[str, Any], register: str) -> Any:
    """Open the register on the phone of a worker, in their language, and wait until the phone keeps it."""
    contexts: list[BrowserContext] = []

    def open_register(worker: Worker, language: str = "en") -> Page:
        with live.database.step() as session:
            session.get_one(Worker, worker.id).language = language
        context = browser.new_context(**{**browser_context_args, "viewport": {"width": 360, "height": 740}})
        contexts.append(context)
        live.sign_in(context, worker)
        page = context.new_page()
        page.goto(live.base_url + register)
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        until(page, "async () => navigator.serviceWorker.controller !== null")
        page.goto(live.base_url + register)
        until(page, KEPT, register)
        return page

    yield open_register
    for context in contexts:
        context.close()


def line(page: Page, name: str) -> Locator:
    return page.locator("#attend li", has_text=name)


def tap(page: Page, name: str, mark: str = "here") -> None:
    line(page, name).locator(f"[type=radio][value={mark}]").click()


def marks(live: Live) -> dict[str, Attendance | None]:
    with live.database.session(reads_only=True) as session:
        rows = session.execute(select(Tenant.name, Booking.attendance).join(Tenant, Booking.tenant_id == Tenant.id))
        return {name: mark for name, mark in rows}  # noqa: C416 - rows are not plain pairs to mypy


def settled(live: Live, page: Page) -> None:
    """Wait until nothing is under way."""
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-outbox-line]")).to_be_hidden()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_twelve_people_are_twelve_taps_on_one_page(live: Live, in_hand: Hand, register: str, language: str) -> None:
    page = in_hand(live.cast.joana, language)
    opened: list[str] = []
    page.on("framenavigated", lambda frame: opened.append(frame.url))
    for number in range(PEOPLE):
        tap(page, f"Person {number:02}", "late" if number == 5 else "here")
    expect(page.locator("#count")).to_contain_text("12")
    expect(page.locator("#attend li input:checked")).to_have_count(PEOPLE)
    answered(page)

    assert opened == []
    said = marks(live)
    assert [said[f"Person {number:02}"] for number in range(PEOPLE)].count(Attendance.HERE) == PEOPLE - 1
    assert said["Person 05"] is Attendance.LATE
    page.locator(".foot button").click()
    expect(page).to_have_url(f"{live.base_url}/staff/registers")


def test_a_slip_of_the_finger_is_undone(live: Live, in_hand: Hand) -> None:
    page = in_hand(live.cast.joana)
    tap(page, "Person 03", "not_here")
    third = line(page, "Person 03")
    third.get_by_role("button", name="Undo").click()
    expect(third.locator("input:checked")).to_have_count(0)
    expect(third.get_by_role("button", name="Undo")).to_be_hidden()
    answered(page)

    assert marks(live)["Person 03"] is None


@pytest.mark.parametrize("language", ["en", "ar"])
def test_without_signal_marks_and_a_walk_in_wait_and_arrive(
    live: Live, in_hand: Hand, register: str, language: str
) -> None:
    page = in_hand(live.cast.joana, language)
    live.go_away()
    for number in range(4):
        tap(page, f"Person {number:02}")
    tap(page, "Person 01", "late")
    expect(page.locator("[data-waits]:visible")).to_have_count(4)
    page.locator("#name").fill("Salma Haddad")
    page.locator("#came ~ form button").click()
    expect(page.locator("#kept-names")).to_contain_text("Salma Haddad")
    # The page was loaded anew, from the phone: it shows what was tapped, and not what the server last knew.
    expect(page.locator("#attend input:checked")).to_have_count(4)
    expect(page.locator("[data-offline-stamp]")).to_be_visible()
    expect(page.locator("[data-outbox-line]")).to_contain_text("6")
    assert set(marks(live).values()) == {None}

    live.come_back()
    settled(live, page)
    expect(page.locator("#attend li")).to_have_count(PEOPLE + 1)
    expect(page.locator("#kept-names")).to_be_hidden()
    said = marks(live)
    assert said["Salma Haddad"] is said["Person 00"] is Attendance.HERE
    assert said["Person 01"] is Attendance.LATE
    assert sum(mark is not None for mark in said.values()) == 5


def test_a_name_without_signal_that_nobody_has_is_not_lost(live: Live, in_hand: Hand) -> None:
    page = in_hand(live.cast.joana)
    live.go_away()
    page.locator("#name").fill("Sally")
    page.get_by_role("button", name="Add someone who came").click()
    expect(page.locator("#kept-names")).to_contain_text("Sally")

    live.come_back()
    settled(live, page)
    expect(page.locator("#register")).to_contain_text("Sally")
    with live.database.session(reads_only=True) as session:
        assert session.scalar(select(func.count()).select_from(NamedAtDoor)) == 1


@pytest.mark.parametrize("language", ["en", "ar"])
def test_two_facilitators_merge_and_the_one_whose_mark_lost_is_told(
    live: Live, in_hand: Hand, language: str
) -> None:
    joana, nasrin = in_hand(live.cast.joana, language), in_hand(live.cast.nasrin, language)
    live.go_away()
    tap(joana, "Person 00", "not_here")
    tap(joana, "Person 01", "here")
    expect(joana.locator("[data-waits]:visible")).to_have_count(2)
    live.come_back()
    tap(nasrin, "Person 00", "here")
    tap(nasrin, "Person 02", "late")
    answered(nasrin)

    settled(live, joana)
    expect(joana.locator("#changes li")).to_have_count(1)
    expect(joana.locator("#changes")).to_contain_text("Person 00")
    expect(joana.locator("#changes")).to_contain_text("Nasrin")
    said = marks(live)
    assert (said["Person 00"], said["Person 01"], said["Person 02"]) == (
        Attendance.HERE, Attendance.HERE, Attendance.LATE,
    )  # fmt: skip
    expect(joana.locator("#attend input:checked")).to_have_count(3)
    # The other's page learns of it with their next tap.
    tap(nasrin, "Person 05")
    expect(line(nasrin, "Person 01").locator("[type=radio][value=here]")).to_be_checked()


def test_only_registers_of_today_are_kept_and_nothing_once_signed_out(
    live: Live, in_hand: Hand, register: str
) -> None:
    with live.database.step() as session:
        other: GroupSession = plan(session, live.cast, starts_at=clock.now() + timedelta(days=2))
        later = f"/staff/registers/{other.id}"
    page = in_hand(live.cast.joana)
    page.goto(live.base_url + later)
    page.goto(f"{live.base_url}{register}/walk-in?q=person")
    page.goto(f"{live.base_url}/staff/registers")
    until(page, KEPT, "/staff/registers")
    assert page.evaluate(ALL_KEPT) == ["/staff/registers", register]

    page.get_by_role("button", name="Sign out").click()
    expect(page.locator("h1")).to_contain_text("Sign in")
    until(page, "async () => !(await caches.keys()).some((name) => name.startsWith('homeward-staff-seen-'))")
    live.go_away()
    with contextlib.suppress(Error):  # there may be nothing at all
        page.goto(live.base_url + register)
    expect(page.locator("body")).not_to_contain_text("Person 00")


def test_todays_registers_are_kept_when_only_their_list_was_opened(
    live: Live, context: BrowserContext, register: str
) -> None:
    live.sign_in(context, live.cast.joana)
    page = context.new_page()
    page.goto(f"{live.base_url}/staff/registers")
    until(page, KEPT, register)
    live.go_away()
    page.goto(live.base_url + register)
    expect(page.locator("#attend li")).to_have_count(PEOPLE)
    page.goto(f"{live.base_url}/staff/programme/new")
    expect(page.locator("h1")).to_have_text("No signal")


def test_nothing_is_sent_as_the_next_facilitator(live: Live, in_hand: Hand, register: str) -> None:
    page = in_hand(live.cast.joana)
    live.go_away()
    tap(page, "Person 00")
    expect(page.locator("[data-waits]:visible")).to_have_count(1)
    live.come_back()
    page.context.clear_cookies()
    live.sign_in(page.context, live.cast.nasrin)
    page.goto(live.base_url + register)
    expect(page.locator("[data-outbox-line]")).to_be_hidden()
    expect(page.locator("#attend input:checked")).to_have_count(0)
    assert marks(live)["Person 00"] is None


def test_without_a_worker_a_mark_that_did_not_arrive_is_not_shown(
    live: Live, context: BrowserContext, register: str
) -> None:
    object.__setattr__(live.settings, "service_worker", False)
    live.sign_in(context, live.cast.joana)
    page = context.new_page()
    page.goto(live.base_url + register)
    live.go_away()
    tap(page, "Person 00")
    expect(page.locator("[data-unsent]")).to_contain_text("Nothing was sent")
    expect(page.locator("#attend input:checked")).to_have_count(0)


GONE = f"async (address) => !(await ({KEPT})(address))"


@pytest.mark.parametrize("opened", ["register", "list"])
def test_who_is_taken_off_a_session_keeps_no_copy_of_its_register(
    live: Live, in_hand: Hand, register: str, opened: str
) -> None:
    page = in_hand(live.cast.joana)
    with live.database.step() as session:
        session.get_one(GroupSession, UUID(register.rsplit("/", 1)[1])).facilitator_id = live.cast.marek.id
    page.goto(live.base_url + (register if opened == "register" else "/staff/registers"))
    expect(page.locator("#attend")).to_have_count(0)
    until(page, GONE, register)
    live.go_away()
    page.goto(live.base_url + register)
    expect(page.locator("h1")).to_have_text("No signal")
    expect(page.locator("body")).not_to_contain_text("Person 00")
