"""Where no phone takes a reminder, an address that the tenant agreed to stands in; and quiet hours are kept."""

from __future__ import annotations

import asyncio
from datetime import time, timedelta

import pytest

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.reminders.addresses import Address, Carrier
from tenant_app.reminders.answers import Kind, Outcome
from tenant_app.reminders.carriers import Carriers
from tenant_app.reminders.delivery import InHand
from tenant_app.reminders.messages import Message
from tenant_app.reminders.models import State
from tenant_app.reminders.preferences import Group, ReminderPreference
from tenant_app.reminders.push import Postman
from tests.reminders.conftest import Office


class Letters(Carriers):
    """Mail and SMS that end as they are told to, and are kept."""

    def __init__(self, office: Office, kind: Kind) -> None:
        super().__init__(office.house.settings, office.house.keys)
        self.offered, self.kind = frozenset(Carrier), kind
        self.sent: list[tuple[Carrier, str, Message]] = []

    async def send(self, carrier: Carrier, value: str, message: Message, language: str = "", **_: object) -> Outcome:
        self.sent.append((carrier, value, message))
        return Outcome(self.kind)


@pytest.fixture
def letters(office: Office) -> Letters:
    return Letters(office, Kind.ACCEPTED)


def _write_down(office: Office, *, confirmed: bool = True, carrier: Carrier = Carrier.EMAIL) -> None:
    now = clock.now()
    value = "amina@example.org" if carrier is Carrier.EMAIL else "+447700900123"
    with office.database.step() as session:
        session.add(
            Address(
                person_id=office.cast.amina.id, carrier=carrier, value=value, agreed_at=now,
                confirmed_at=now if confirmed else None,
            )
        )  # fmt: skip


def _deliver(office: Office, letters: Letters) -> None:
    async def go() -> None:
        async with Postman(office.house.settings, office.house.keys) as postman:
            with office.worker.app.app_context():
                in_hand = InHand(office.house, "first", postman, letters)
                await in_hand.take()
                await in_hand.finish()

    asyncio.run(go())


def test_without_a_phone_the_first_address_that_takes_it_is_enough(office: Office, letters: Letters) -> None:
    for carrier in Carrier:
        _write_down(office, carrier=carrier)
    notice = office.dose(office.cast.amina)
    _deliver(office, letters)

    assert [(carrier, value) for carrier, value, _ in letters.sent] == [(Carrier.EMAIL, "amina@example.org")]
    assert office.notice(notice).state is State.SENT
    assert "Sertraline" not in letters.sent[0][2].title + letters.sent[0][2].body


def test_an_address_that_was_not_confirmed_is_never_written_to(office: Office, letters: Letters) -> None:
    _write_down(office, confirmed=False)
    notice = office.dose(office.cast.amina)
    _deliver(office, letters)

    assert letters.sent == []
    assert office.notice(notice).state is State.UNDELIVERED


def test_a_phone_that_takes_it_keeps_addresses_out_of_it(office: Office, letters: Letters) -> None:
    _write_down(office)
    office.phone(office.cast.amina)
    office.dose(office.cast.amina)
    _deliver(office, letters)

    assert letters.sent == []


def test_a_phone_that_is_gone_is_stood_in_for_at_once(office: Office, letters: Letters) -> None:
    _write_down(office)
    office.phone(office.cast.amina).answers(410)
    notice = office.dose(office.cast.amina)
    _deliver(office, letters)

    assert len(letters.sent) == 1
    assert office.notice(notice).state is State.SENT


def test_a_phone_that_puts_us_off_is_waited_for_a_while_first(office: Office, letters: Letters) -> None:
    _write_down(office)
    phone = office.phone(office.cast.amina).answers(503)
    notice = office.dose(office.cast.amina)
    now, sent = clock.now(), []
    for minutes in (0, 1, 3, 8):
        with clock.stopped_at(now + timedelta(minutes=minutes)):
            _deliver(office, letters)
            sent.append(len(letters.sent))

    assert sent == [0, 0, 0, 1]
    assert phone.knocks == 4
    assert office.notice(notice).state is State.SENT


def test_an_address_that_is_refused_for_good_is_not_asked_again(office: Office, letters: Letters) -> None:
    letters.kind = Kind.REFUSED
    _write_down(office)
    first = office.dose(office.cast.amina, "first")
    _deliver(office, letters)
    second = office.dose(office.cast.amina, "second")
    _deliver(office, letters)

    assert len(letters.sent) == 1
    assert [office.notice(one).state for one in (first, second)] == [State.UNDELIVERED] * 2


def test_an_address_that_is_busy_is_asked_again_later(office: Office, letters: Letters) -> None:
    letters.kind = Kind.LATER
    _write_down(office)
    notice = office.dose(office.cast.amina)
    _deliver(office, letters)
    _deliver(office, letters)
    assert len(letters.sent) == 1
    assert office.notice(notice).state is State.WAITING
    letters.kind = Kind.ACCEPTED
    with clock.stopped_at(clock.now() + timedelta(minutes=1)):
        _deliver(office, letters)

    assert office.notice(notice).state is State.SENT


def _prefer(office: Office, begins: time | None = None, ends: time | None = None, muted: Group | None = None) -> None:
    with office.database.step() as session:
        chosen = ReminderPreference.of(session, session.get_one(Tenant, office.cast.amina.id))
        if begins and ends:
            chosen.keep_quiet(begins, ends)
        if muted:
            chosen.mute(muted, True)


def test_in_quiet_hours_a_dose_comes_without_a_sound(office: Office, letters: Letters) -> None:
    _prefer(office, time(8), time(10))
    phone = office.phone(office.cast.amina)
    office.dose(office.cast.amina)
    _deliver(office, letters)

    assert [push.shown.get("silent") for push in phone.pushes] == [True]


def test_in_quiet_hours_news_wait_until_they_are_over(office: Office, letters: Letters) -> None:
    _prefer(office, time(8), time(10))
    phone = office.phone(office.cast.amina)
    notice = office.dose(office.cast.amina, kind="reminders.outage", minutes=600)
    _deliver(office, letters)
    assert phone.pushes == []
    assert office.notice(notice).try_at == clock.now() + timedelta(hours=1)
    with clock.stopped_at(clock.now() + timedelta(hours=1)):
        _deliver(office, letters)

    assert ["silent" in push.shown for push in phone.pushes] == [False]


def test_what_a_tenant_turned_off_stands_in_the_app_alone(office: Office, letters: Letters) -> None:
    _prefer(office, muted=Group.GROUPS)
    _write_down(office)
    phone = office.phone(office.cast.amina)
    notice = office.dose(office.cast.amina, kind="groups.called_off")
    _deliver(office, letters)

    assert (phone.pushes, letters.sent) == ([], [])
    assert office.notice(notice).state is State.UNDELIVERED
