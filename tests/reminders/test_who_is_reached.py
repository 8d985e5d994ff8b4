"""Who is reached no more: phones that failed or were lost, and addresses that stand in for them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.reminders.addresses import (
    Carrier,
    put_address,
)
from tenant_app.reminders.models import LostChannel, Subscription
from tenant_app.reminders.preferences import EVERYTHING, ReminderPreference
from tenant_app.reminders.reach import FAILING_COUNTS, LOSS_COUNTS, dead_channels
from tests.conftest import THURSDAY
from tests.reminders.conftest import VALUE


def phone(session: Session, person: Tenant, failing_since: Any = None, name: str = "x") -> Subscription:
    made = Subscription(
        person=person, endpoint=f"https://fcm.googleapis.com/{person.id}/{name}", p256dh="", auth="", failing_since=failing_since
    )
    session.add(made)
    session.flush()
    return made


YESTERDAY = THURSDAY - FAILING_COUNTS


def test_who_never_let_reminders_on_is_nobodys_concern(session: Session, amina: Tenant) -> None:
    assert dead_channels(session, [amina.id]) == {}
    assert dead_channels(session, []) == {}


def test_phones_that_failed_for_a_day_are_dead_and_one_that_works_is_enough(session: Session, amina: Tenant) -> None:
    first = phone(session, amina, YESTERDAY - timedelta(days=3), "first")
    second = phone(session, amina, YESTERDAY + timedelta(minutes=1), "second")
    assert dead_channels(session, [amina.id]) == {}
    second.failing_since = YESTERDAY
    session.flush()
    assert dead_channels(session, [amina.id]) == {amina.id: YESTERDAY}, "since the last one fell silent"
    first.failing_since = None
    session.flush()
    assert dead_channels(session, [amina.id]) == {}


def test_a_lost_phone_is_known_at_once_until_another_takes_over(session: Session, amina: Tenant) -> None:
    session.add(LostChannel(person_id=amina.id, device="Chrome, Android"))
    session.flush()
    assert dead_channels(session, [amina.id]) == {amina.id: THURSDAY}
    phone(session, amina)
    assert dead_channels(session, [amina.id]) == {}


def test_a_loss_that_its_owner_knows_of_is_forgotten_after_a_week(session: Session, amina: Tenant) -> None:
    lost = LostChannel(person_id=amina.id)
    session.add(lost)
    session.flush()
    lost.see()
    session.flush()
    with clock.stopped_at(THURSDAY + LOSS_COUNTS - timedelta(minutes=1)):
        assert amina.id in dead_channels(session, [amina.id])
    with clock.stopped_at(THURSDAY + LOSS_COUNTS):
        assert dead_channels(session, [amina.id]) == {}


def test_an_address_that_works_stands_in_for_phones(session: Session, amina: Tenant) -> None:
    phone(session, amina, YESTERDAY)
    address = put_address(session, amina, Carrier.EMAIL, VALUE)
    session.flush()
    assert amina.id in dead_channels(session, [amina.id]), "not before it is proven"
    address.confirmed_at = THURSDAY
    session.flush()
    assert dead_channels(session, [amina.id]) == {}
    address.refused_at = THURSDAY
    session.flush()
    assert amina.id in dead_channels(session, [amina.id])


def test_who_wants_no_reminders_on_phones_is_left_in_peace(session: Session, amina: Tenant) -> None:
    phone(session, amina, YESTERDAY)
    chosen = ReminderPreference.of(session, amina)
    for group in EVERYTHING:
        chosen.mute(group, True)
    session.flush()
    assert dead_channels(session, [amina.id]) == {}


def test_a_whole_caseload_is_one_question(session: Session, amina: Tenant, tomasz: Tenant, salma: Tenant) -> None:
    phone(session, amina, YESTERDAY)
    phone(session, tomasz)
    session.commit()
    asked: list[object] = []
    event.listen(session, "do_orm_execute", asked.append)
    assert set(dead_channels(session, [amina.id, tomasz.id, salma.id])) == {amina.id}
    assert len(asked) == 1
