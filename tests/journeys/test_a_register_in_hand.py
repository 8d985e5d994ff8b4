"""A register on a facilitator's phone: twelve people in as many taps, and a room without signal, side by side with
a second facilitator who has one."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Locator, Response, expect
from sqlalchemy import select

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant
from tenant_app.accounts.rules import welcome_tenant
from tenant_app.groups.booking import book_place
from tenant_app.groups.models import Attendance, Booking, GroupSession
from tests.groups.programme import plan
from tests.journeys.one_house import House, Opens, house, opens
from tests.journeys.reader import Reader
from tests.pwa.conftest import answered, until
from tests.registers.test_on_a_phone import KEPT

pytestmark = pytest.mark.browser

__all__ = ["house", "opens"]

PEOPLE = 12
NAMES = (
    "Abdi Nur", "Beatriz Lima", "Chen Li", "Dawit Tesfaye", "Emre Kaya", "Fatima Zahra", "Gloria Mensah", "Hevin Aziz",
    "Ines Rocha", "Jamal Uddin", "Kateryna Bondar", "Liam Doyle",
)  # fmt: skip

COUNTS_TAPS = """() => {
  window.taps = 0;
  addEventListener("pointerup", (event) => { if (event.isTrusted) window.taps++; }, true);
}"""


def kept_register(house: House, surname: str) -> str:
    """The address of a register of twelve that opened ten minutes ago. `surname` tells its people from others."""
    with house.live.database.step() as session:
        home = session.get_one(Property, house.live.cast.alma_road.id)
        with clock.stopped_at(clock.now() - timedelta(days=1)):
            it = plan(
                session, house.live.cast, starts_at=clock.now() + timedelta(days=1, minutes=10), capacity=PEOPLE
            )
            for name in NAMES:
                known = welcome_tenant(session, f"{name} {surname}", building=home, moved_in_on=date(2026, 9, 1))
                known.language = house.language
                book_place(session, known, it)
        return f"/staff/registers/{it.id}"


def marks(house: House, register: str) -> dict[str, Attendance | None]:
    """What the database says of everyone in it, by first name."""
    with house.live.database.session(reads_only=True) as session:
        rows = session.execute(
            select(Tenant.name, Booking.attendance)
            .join(Tenant, Booking.tenant_id == Tenant.id)
            .join(GroupSession, GroupSession.id == Booking.session_id)
            .where(GroupSession.id == UUID(register.rsplit("/", 1)[1]))
        )
        return {name.split()[0]: mark for name, mark in rows}


def line(reader: Reader, name: str) -> Locator:
    return reader.page.locator("#attend li", has_text=name)


def marked(reader: Reader, name: str, mark: Attendance = Attendance.HERE) -> None:
    """One tap."""
    line(reader, name).locator("label", has=reader.page.locator(f"[value={mark.value}]")).tap()


def in_hand(reader: Reader, register: str) -> None:
    """From the list of registers, on a phone that keeps it from then on."""
    reader.open("/staff/registers")
    reader.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(reader.page, "async () => navigator.serviceWorker.controller !== null")
    reader.page.locator(f'a[href="{register}"]').first.click()
    reader.look()
    until(reader.page, KEPT, register)


def test_a_register_of_twelve_is_twelve_taps_and_one_to_finish(house: House, opens: Opens) -> None:
    register = kept_register(house, "Twelve")
    her = opens(house.live.cast.joana)
    in_hand(her, register)
    her.page.evaluate(COUNTS_TAPS)
    answers: list[int] = []

    def note(answer: Response) -> None:
        if answer.request.method == "POST" and answer.url.startswith(house.live.base_url + register):
            answers.append(answer.status)

    her.page.on("response", note)
    for name in NAMES:
        marked(her, name, Attendance.LATE if name.startswith("Emre") else Attendance.HERE)
    expect(her.page.locator("#count")).to_contain_text(str(PEOPLE))
    expect(her.page.locator("#attend input:checked")).to_have_count(PEOPLE)
    answered(her.page)
    her.look()
    assert her.page.evaluate("window.taps") == PEOPLE
    assert answers == [200] * PEOPLE
    said = marks(house, register)
    assert said.pop("Emre") is Attendance.LATE
    assert set(said.values()) == {Attendance.HERE}

    her.page.get_by_role("button", name=her.word("Finish register")).tap()
    expect(her.page).to_have_url(f"{house.live.base_url}/staff/registers")
    her.look()


def test_a_room_without_signal_loses_no_mark_and_no_name_and_both_facilitators_are_merged(
    house: House, opens: Opens
) -> None:
    cast = house.live.cast
    register = kept_register(house, "Quiet")
    joana, nasrin = opens(cast.joana), opens(cast.nasrin)
    in_hand(joana, register)
    in_hand(nasrin, register)

    joana.context.set_offline(True)
    for name in NAMES:
        marked(joana, name)
    line(joana, "Liam").get_by_role("button", name=joana.word("Undo")).tap()
    marked(joana, "Abdi", Attendance.NOT_HERE)
    expect(joana.page.locator("[data-waits]:visible")).to_have_count(PEOPLE)
    joana.page.locator("#name").fill("Salma Haddad")
    joana.page.get_by_role("button", name=joana.word("Add someone who came")).tap()
    expect(joana.page.locator("#kept-names")).to_contain_text("Salma Haddad")
    expect(joana.page.locator("#attend input:checked")).to_have_count(PEOPLE - 1)
    expect(joana.page.locator("[data-offline-stamp]")).to_be_visible()
    joana.look()
    assert set(marks(house, register).values()) == {None}

    marked(nasrin, "Abdi", Attendance.LATE)
    marked(nasrin, "Liam", Attendance.SENT_WORD)
    answered(nasrin.page)

    joana.context.set_offline(False)
    joana.page.evaluate("dispatchEvent(new Event('online'))")
    expect(joana.page.locator("[data-outbox-line]")).to_be_hidden()
    expect(joana.page.locator("#attend li")).to_have_count(PEOPLE + 1)
    expect(joana.page.locator("#changes")).to_contain_text("Abdi")
    expect(joana.page.locator("#changes")).to_contain_text("Nasrin")
    joana.look()
    said = marks(house, register)
    assert (said["Abdi"], said["Liam"]) == (Attendance.LATE, Attendance.SENT_WORD)
    assert said["Salma"] is said["Chen"] is Attendance.HERE
    assert len(said) == PEOPLE + 1
    assert None not in said.values()
    nasrin.open(register)
    expect(nasrin.page.locator("#attend input:checked")).to_have_count(PEOPLE + 1)
