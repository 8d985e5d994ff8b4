"""Whose mark counts: for each person the later one, in whatever order they arrive; and the other is told."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.models import Attendance, Booking, GroupSession
from tenant_app.groups.register.attendance import (
    RegisterClosed,
    add_walk_in,
    check_in,
    mark_attendance,
    name_at_door,
    put_away,
    write_note,
)
from tenant_app.groups.register.records import OvertakenMark
from tenant_app.groups.rules import book_place, call_off
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import plan

HERE, LATE, SENT_WORD, NOT_HERE = Attendance


def minute(number: int) -> datetime:
    return THURSDAY + timedelta(minutes=number)


@pytest.fixture
def nasrin(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.nasrin.id)


@pytest.fixture
def cooking(session: Session, cast: Cast, amina: Tenant) -> GroupSession:
    """Began ten minutes ago; Amina has a place."""
    with clock.stopped_at(THURSDAY - timedelta(days=1)):
        planned = plan(session, cast, starts_at=minute(-10))
        book_place(session, amina, planned)
    return planned


def told(session: Session, worker: Worker, group_session: GroupSession) -> list[Attendance]:
    return [each.attendance for each in session.scalars(OvertakenMark.told_to(worker, group_session))]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_the_later_mark_counts_in_whatever_order_they_arrive(
    session: Session, cast: Cast, joana: Worker, nasrin: Worker, cooking: GroupSession, order: tuple[int, ...]
) -> None:
    taps = [(joana, HERE, 1), (nasrin, NOT_HERE, 2), (joana, LATE, 3)]
    with clock.stopped_at(minute(20)):
        for worker, mark, at in (taps[number] for number in order):
            booking = mark_attendance(session, worker, cooking, cast.amina.id, mark, made_at=minute(at))

    assert (booking.attendance, booking.marked_at, booking.marked_by_id) == (LATE, minute(3), joana.id)


def test_whose_mark_lost_is_told_whether_it_came_before_or_after(
    session: Session, cast: Cast, joana: Worker, nasrin: Worker, cooking: GroupSession
) -> None:
    with clock.stopped_at(minute(20)):
        mark_attendance(session, joana, cooking, cast.amina.id, HERE, made_at=minute(1))
        mark_attendance(session, nasrin, cooking, cast.amina.id, LATE, made_at=minute(3))
        assert told(session, joana, cooking) == [HERE]
        assert told(session, nasrin, cooking) == []

        mark_attendance(session, joana, cooking, cast.amina.id, NOT_HERE, made_at=minute(2))
        assert told(session, joana, cooking) == [NOT_HERE]
        put_away(session, joana, cooking)
        assert told(session, joana, cooking) == []


def test_nobody_is_told_of_a_mark_that_says_the_same(
    session: Session, cast: Cast, joana: Worker, nasrin: Worker, cooking: GroupSession
) -> None:
    with clock.stopped_at(minute(20)):
        mark_attendance(session, joana, cooking, cast.amina.id, HERE, made_at=minute(2))
        mark_attendance(session, nasrin, cooking, cast.amina.id, HERE, made_at=minute(5))
        mark_attendance(session, nasrin, cooking, cast.amina.id, HERE, made_at=minute(1))

    assert told(session, joana, cooking) == told(session, nasrin, cooking) == []


def test_who_marks_again_has_seen_what_was_changed(
    session: Session, cast: Cast, joana: Worker, nasrin: Worker, cooking: GroupSession
) -> None:
    for number, (worker, mark) in enumerate([(joana, HERE), (nasrin, LATE), (joana, HERE)]):
        with clock.stopped_at(minute(number)):
            mark_attendance(session, worker, cooking, cast.amina.id, mark)

    assert told(session, joana, cooking) == []
    assert told(session, nasrin, cooking) == [LATE]


def test_a_phone_whose_clock_is_wrong_marks_neither_in_the_future_nor_before_the_register_opened(
    session: Session, cast: Cast, joana: Worker, cooking: GroupSession
) -> None:
    early = mark_attendance(session, joana, cooking, cast.amina.id, HERE, made_at=minute(-4000))
    assert early.marked_at == cooking.register_opens_at
    late = mark_attendance(session, joana, cooking, cast.amina.id, LATE, made_at=minute(4000))
    assert late.marked_at == THURSDAY


def test_a_mark_is_taken_back_and_an_older_one_that_arrives_late_does_not_bring_it_again(
    session: Session, cast: Cast, joana: Worker, cooking: GroupSession
) -> None:
    with clock.stopped_at(minute(20)):
        mark_attendance(session, joana, cooking, cast.amina.id, HERE, made_at=minute(1))
        mark_attendance(session, joana, cooking, cast.amina.id, None, made_at=minute(3))
        booking = mark_attendance(session, joana, cooking, cast.amina.id, NOT_HERE, made_at=minute(2))

    assert booking.attendance is None


def test_someone_let_in_by_mistake_is_in_the_register_no_longer(
    session: Session, joana: Worker, salma: Tenant, cooking: GroupSession
) -> None:
    add_walk_in(session, joana, cooking, salma)
    mark_attendance(session, joana, cooking, salma.id, None)

    assert "Salma" not in [each.tenant.known_as for each in session.scalars(Booking.expected_at(cooking))]


def test_two_who_let_in_the_same_person_let_in_one(
    session: Session, joana: Worker, nasrin: Worker, salma: Tenant, cooking: GroupSession
) -> None:
    for worker in (joana, nasrin):
        add_walk_in(session, worker, cooking, salma)

    here = session.scalars(select(Booking).where(Booking.tenant_id == salma.id)).all()
    assert [booking.attendance for booking in here] == [HERE]


def test_who_checks_in_themselves_is_here_and_a_later_mark_of_a_facilitators_counts(
    session: Session, joana: Worker, amina: Tenant, cooking: GroupSession
) -> None:
    assert check_in(session, amina, cooking).checked_in
    with clock.stopped_at(minute(1)):
        booking = mark_attendance(session, joana, cooking, amina.id, LATE)
    with clock.stopped_at(minute(2)):
        again = check_in(session, amina, cooking)

    assert again is booking
    assert (again.attendance, again.marked_by_id) == (LATE, joana.id)


def test_who_was_marked_as_not_here_and_then_checks_in_is_here_and_the_facilitator_is_told(
    session: Session, joana: Worker, amina: Tenant, cooking: GroupSession
) -> None:
    mark_attendance(session, joana, cooking, amina.id, NOT_HERE)
    with clock.stopped_at(minute(5)):
        assert check_in(session, amina, cooking).attendance is HERE

    assert told(session, joana, cooking) == [NOT_HERE]


def test_nothing_is_marked_named_or_noted_where_the_session_is_called_off(
    session: Session, joana: Worker, amina: Tenant, cooking: GroupSession
) -> None:
    call_off(session, cooking)
    for say in (
        lambda: mark_attendance(session, joana, cooking, amina.id, HERE),
        lambda: add_walk_in(session, joana, cooking, amina),
        lambda: name_at_door(session, joana, cooking, "Sal"),
        lambda: write_note(session, joana, cooking, "We cooked dal."),
        lambda: check_in(session, amina, cooking),
    ):
        with pytest.raises(RegisterClosed):
            say()
