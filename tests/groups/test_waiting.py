"""The waiting list: first come, first served, and never a place that stays empty while someone waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.booking import book_place, cancel_place
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.groups.places import Full
from tenant_app.groups.register.attendance import add_walk_in
from tenant_app.groups.reminding import CALLED_OFF, FREE, OFFERED
from tenant_app.groups.rules import call_off
from tenant_app.groups.showing import shown
from tenant_app.groups.waiting import (
    LAST_HOUR,
    join_waiting_list,
    leave_waiting_list,
    pass_on_all,
)
from tenant_app.reminders.models import Notice, State
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import fill, plan


@pytest.fixture
def full(session: Session, cast: Cast) -> GroupSession:
    cooking = plan(session, cast, capacity=2)
    fill(session, cast, cooking)
    return cooking


@pytest.fixture
def holder(session: Session, full: GroupSession) -> Tenant:
    """Someone who has a place in the full session."""
    return session.scalars(Booking.expected_at(full)).first().tenant  # type: ignore[union-attr]


def _after(minutes: int) -> object:
    return clock.stopped_at(THURSDAY + timedelta(minutes=minutes))


def _wait_in_turn(session: Session, full: GroupSession, *tenants: Tenant) -> None:
    """They join the waiting list one after the other, some of them perhaps twice."""
    for turn, tenant in enumerate(tenants, start=1):
        with _after(turn):
            join_waiting_list(session, tenant, full)


def _offered(session: Session, group_session: GroupSession) -> list[Tenant]:
    found = select(Booking).where(Booking.session_id == group_session.id, Booking.standing == Standing.OFFERED)
    return [booking.tenant for booking in session.scalars(found.execution_options(populate_existing=True))]


def _said(session: Session, kind: str, tenant: Tenant) -> list[Notice]:
    """What waits to be said to someone."""
    waiting = select(Notice).where(Notice.kind == kind, Notice.tenant == tenant, Notice.state == State.WAITING)
    return list(session.scalars(waiting.execution_options(populate_existing=True)))


def test_a_freed_place_is_held_for_the_first_who_waits_and_they_are_told(
    session: Session, full: GroupSession, holder: Tenant, amina: Tenant, tomasz: Tenant
) -> None:
    _wait_in_turn(session, full, tomasz, amina)

    [asked] = cancel_place(session, holder, full)

    assert (asked.tenant, asked.offered, full.places_taken) == (tomasz, True, 2)
    assert asked.offered_until is not None
    [notice] = _said(session, OFFERED, tomasz)
    assert notice.expires_at == asked.offered_until
    assert _said(session, OFFERED, amina) == []


def test_a_held_place_cannot_be_booked_away(
    session: Session, full: GroupSession, holder: Tenant, amina: Tenant, tomasz: Tenant
) -> None:
    join_waiting_list(session, tomasz, full)
    cancel_place(session, holder, full)

    with pytest.raises(Full):
        book_place(session, amina, full)
    assert book_place(session, tomasz, full).has_place
    assert (full.places_taken, _said(session, OFFERED, tomasz)) == (2, [])


def test_a_place_that_is_declined_goes_to_the_next_and_one_may_wait_again(
    session: Session, full: GroupSession, holder: Tenant, amina: Tenant, tomasz: Tenant
) -> None:
    _wait_in_turn(session, full, tomasz, amina)
    cancel_place(session, holder, full)

    assert [asked.tenant for asked in leave_waiting_list(session, tomasz, full)] == [amina]

    assert _said(session, OFFERED, tomasz) == []
    assert join_waiting_list(session, tomasz, full).waiting


def test_a_place_nobody_answered_for_goes_to_the_next_within_the_workers_minute(
    session: Session, full: GroupSession, holder: Tenant, amina: Tenant, tomasz: Tenant
) -> None:
    _wait_in_turn(session, full, tomasz, amina)
    [asked] = cancel_place(session, holder, full)
    until = asked.offered_until
    assert until is not None

    with clock.stopped_at(until - timedelta(seconds=1)):
        pass_on_all(session)
        assert _offered(session, full) == [tomasz]
    with clock.stopped_at(until):
        assert not pass_on_all(session)

        assert _offered(session, full) == [amina]
        assert asked.let_pass
        assert full.places_taken == 2
        assert join_waiting_list(session, tomasz, full).waiting
        assert not asked.let_pass


def test_an_answer_that_comes_late_is_good_as_long_as_nobody_else_waits(
    session: Session, full: GroupSession, holder: Tenant, tomasz: Tenant
) -> None:
    join_waiting_list(session, tomasz, full)
    [asked] = cancel_place(session, holder, full)
    assert asked.offered_until is not None

    with clock.stopped_at(asked.offered_until + timedelta(minutes=5)):
        assert book_place(session, tomasz, full).has_place
    assert full.places_taken == 2


def test_an_answer_that_comes_late_takes_the_place_from_nobody(
    session: Session, full: GroupSession, holder: Tenant, amina: Tenant, tomasz: Tenant
) -> None:
    _wait_in_turn(session, full, tomasz, amina)
    [asked] = cancel_place(session, holder, full)
    assert asked.offered_until is not None

    with clock.stopped_at(asked.offered_until), pytest.raises(Full):
        book_place(session, tomasz, full)
    assert _offered(session, full) == [amina]


def test_who_is_offered_a_place_for_the_second_time_is_told_for_the_second_time(
    session: Session, full: GroupSession, holder: Tenant, amina: Tenant, tomasz: Tenant
) -> None:
    join_waiting_list(session, tomasz, full)
    cancel_place(session, holder, full)
    with _after(60):
        leave_waiting_list(session, tomasz, full)
        book_place(session, holder, full)
        join_waiting_list(session, tomasz, full)
        cancel_place(session, holder, full)

    assert len(_said(session, OFFERED, tomasz)) == 1


def test_in_the_last_hour_a_freed_place_is_for_whoever_takes_it_first_and_those_who_wait_are_told_once(
    session: Session, full: GroupSession, holder: Tenant, amina: Tenant, tomasz: Tenant, salma: Tenant
) -> None:
    join_waiting_list(session, tomasz, full)
    join_waiting_list(session, amina, full)
    with clock.stopped_at(full.starts_at - LAST_HOUR):
        assert cancel_place(session, holder, full) == []
        pass_on_all(session)

        assert (full.places_left, _offered(session, full)) == (1, [])
        assert len(_said(session, FREE, tomasz)) == len(_said(session, FREE, amina)) == 1
        assert book_place(session, salma, full).has_place
        with pytest.raises(Full):
            book_place(session, tomasz, full)


def test_a_session_that_grew_offers_its_new_places_in_turn_before_anyone_else_can_book(
    session: Session, full: GroupSession, amina: Tenant, tomasz: Tenant, salma: Tenant
) -> None:
    _wait_in_turn(session, full, tomasz, amina)
    full.capacity += 1
    session.flush()

    with pytest.raises(Full):
        book_place(session, salma, full)
    assert _offered(session, full) == [tomasz]
    full.capacity += 1
    session.flush()
    pass_on_all(session)
    assert set(_offered(session, full)) == {tomasz, amina}


def test_who_walks_in_while_a_place_is_held_for_them_has_it(
    session: Session, full: GroupSession, holder: Tenant, joana: Worker, amina: Tenant
) -> None:
    join_waiting_list(session, amina, full)
    with clock.stopped_at(full.starts_at - timedelta(minutes=62)):
        cancel_place(session, holder, full)
    with clock.stopped_at(full.starts_at - timedelta(minutes=59)):
        assert add_walk_in(session, joana, full, amina).has_place

    assert full.places_taken == 2


def test_a_session_that_is_called_off_is_told_to_whom_a_place_is_held_for(
    session: Session, full: GroupSession, holder: Tenant, amina: Tenant
) -> None:
    join_waiting_list(session, amina, full)
    cancel_place(session, holder, full)

    call_off(session, full)

    assert _said(session, OFFERED, amina) == []
    assert len(_said(session, CALLED_OFF, amina)) == 1
    with clock.stopped_at(full.starts_at):
        assert not pass_on_all(session)


def test_each_who_waits_sees_their_own_turn(
    session: Session, full: GroupSession, amina: Tenant, tomasz: Tenant, salma: Tenant
) -> None:
    for minutes, tenant in enumerate((salma, amina, tomasz)):
        with _after(minutes):
            join_waiting_list(session, tenant, full)

    def turn(tenant: Tenant) -> int:
        return shown(session, tenant, [full])[0].turn

    assert (turn(salma), turn(amina), turn(tomasz)) == (1, 2, 3)
    leave_waiting_list(session, salma, full)
    assert (turn(salma), turn(amina), turn(tomasz)) == (0, 1, 2)
    amina.leave()
    session.flush()
    assert turn(tomasz) == 1


def test_a_freed_place_is_given_to_nobody_who_stopped_waiting_or_left(
    session: Session, full: GroupSession, holder: Tenant, amina: Tenant, tomasz: Tenant, salma: Tenant
) -> None:
    for minutes, tenant in enumerate((amina, tomasz, salma)):
        with _after(minutes):
            join_waiting_list(session, tenant, full)
    leave_waiting_list(session, amina, full)
    tomasz.leave()

    assert [asked.tenant for asked in cancel_place(session, holder, full)] == [salma]


def test_a_freed_place_that_nobody_waits_for_is_free(session: Session, full: GroupSession, holder: Tenant) -> None:
    assert cancel_place(session, holder, full) == []
    assert full.places_left == 1


def test_joining_twice_keeps_ones_turn(
    session: Session, full: GroupSession, holder: Tenant, amina: Tenant, tomasz: Tenant
) -> None:
    _wait_in_turn(session, full, amina, tomasz, amina)

    assert [asked.tenant for asked in cancel_place(session, holder, full)] == [amina]


def test_joining_a_list_whose_place_came_free_meanwhile_gives_the_place(
    session: Session, full: GroupSession, holder: Tenant, amina: Tenant
) -> None:
    cancel_place(session, holder, full)

    assert join_waiting_list(session, amina, full).has_place


def test_a_tenant_sees_how_many_wait_and_no_more(
    session: Session, full: GroupSession, amina: Tenant, tomasz: Tenant
) -> None:
    join_waiting_list(session, tomasz, full)

    offer = shown(session, amina, [full])[0]
    assert (offer.waiting, offer.booking) == (1, None)
