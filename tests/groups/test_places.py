"""Who gets a place."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.groups.models import Booking, GroupSession
from tenant_app.groups.rules import (
    Cancelled,
    Full,
    Started,
    book_place,
    booked_between,
    call_off,
    cancel_place,
    plan_weekly,
)
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import LONDON, TOMORROW, fill, plan


def test_a_booked_place_is_counted(session: Session, cast: Cast, amina: Tenant) -> None:
    cooking = plan(session, cast, capacity=3)

    booking = book_place(session, amina, cooking)

    assert booking.has_place
    assert (cooking.places_taken, cooking.places_left, cooking.full) == (1, 2, False)


def test_booking_twice_takes_one_place(session: Session, cast: Cast, amina: Tenant) -> None:
    cooking = plan(session, cast)

    assert book_place(session, amina, cooking) is book_place(session, amina, cooking)

    assert cooking.places_taken == 1
    assert session.scalar(select(func.count()).select_from(Booking)) == 1


def test_a_full_session_refuses_and_changes_nothing(session: Session, cast: Cast, amina: Tenant) -> None:
    cooking = plan(session, cast, capacity=2)
    fill(session, cast, cooking)

    with pytest.raises(Full):
        book_place(session, amina, cooking)

    assert cooking.places_taken == 2
    assert session.scalars(Booking.of(amina)).all() == []


def test_whoever_has_a_place_keeps_it_in_a_full_session(session: Session, cast: Cast, amina: Tenant) -> None:
    cooking = plan(session, cast, capacity=1)
    book_place(session, amina, cooking)

    assert book_place(session, amina, cooking).has_place


def test_a_session_that_has_begun_cannot_be_booked(session: Session, cast: Cast, amina: Tenant) -> None:
    cooking = plan(session, cast)

    with clock.stopped_at(TOMORROW), pytest.raises(Started):
        book_place(session, amina, cooking)


def test_a_place_in_a_session_that_has_begun_is_not_given_back(session: Session, cast: Cast, amina: Tenant) -> None:
    cooking = plan(session, cast)
    book_place(session, amina, cooking)

    with clock.stopped_at(TOMORROW), pytest.raises(Started):
        cancel_place(session, amina, cooking)


def test_a_session_that_is_called_off_cannot_be_booked(session: Session, cast: Cast, amina: Tenant) -> None:
    cooking = plan(session, cast)
    call_off(session, cooking)

    with pytest.raises(Cancelled):
        book_place(session, amina, cooking)


def test_a_place_given_back_can_be_booked_again(session: Session, cast: Cast, amina: Tenant) -> None:
    cooking = plan(session, cast, capacity=1)
    book_place(session, amina, cooking)
    cancel_place(session, amina, cooking)
    assert cooking.places_taken == 0

    assert book_place(session, amina, cooking).has_place
    assert cooking.places_taken == 1


def test_giving_back_twice_frees_one_place(session: Session, cast: Cast) -> None:
    cooking = plan(session, cast, capacity=3)
    someone = fill(session, cast, cooking)[0]

    for _ in range(2):
        cancel_place(session, someone, cooking)

    assert cooking.places_taken == 2


def test_the_database_itself_refuses_one_place_too_many(session: Session, cast: Cast) -> None:
    cooking = plan(session, cast, capacity=1)
    cooking.take_places(2)

    with pytest.raises(IntegrityError):
        session.flush()


def test_the_database_itself_refuses_fewer_than_no_places(session: Session, cast: Cast) -> None:
    cooking = plan(session, cast, capacity=1)
    cooking.take_places(-1)

    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize(
    "changes", [{"capacity": 0}, {"ends_at": TOMORROW}, {"ends_at": TOMORROW - timedelta(hours=1)}]
)
def test_a_session_that_makes_no_sense_is_not_planned(session: Session, cast: Cast, changes: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        plan(session, cast, **changes)


def test_a_weekly_group_keeps_its_wall_time_when_clocks_change(session: Session, joana: Worker) -> None:
    walks = plan_weekly(
        session, "walk-and-talk", first=date(2027, 3, 23), starts=time(10), ends=time(11), weeks=2, zone=LONDON,
        place="Front door", facilitator=joana, capacity=6,
    )  # fmt: skip

    assert [walk.starts_at.hour for walk in walks] == [10, 9]
    assert [walk.day for walk in walks] == [date(2027, 3, 23), date(2027, 3, 30)]


def test_a_group_of_one_home_is_seen_by_those_who_live_there(
    session: Session, cast: Cast, amina: Tenant, salma: Tenant
) -> None:
    alma_road = session.get_one(Property, cast.alma_road.id)
    ours, everybodys = plan(session, cast, building=alma_road), plan(session, cast, "walk-and-talk")

    assert set(session.scalars(GroupSession.of(amina))) == {ours, everybodys}
    assert session.scalars(GroupSession.of(salma)).all() == [everybodys]


def test_what_is_ahead_leaves_out_what_is_over_or_called_off(session: Session, cast: Cast) -> None:
    off, cooking = plan(session, cast), plan(session, cast)
    call_off(session, off)

    assert session.scalars(GroupSession.ahead()).all() == [cooking]
    with clock.stopped_at(cooking.ends_at):
        assert session.scalars(GroupSession.ahead()).all() == []


def test_a_worker_keeps_the_registers_of_sessions_they_run(session: Session, cast: Cast, joana: Worker) -> None:
    cooking = plan(session, cast)
    marek, nasrin = session.get_one(Worker, cast.marek.id), session.get_one(Worker, cast.nasrin.id)
    walk = plan(session, cast, "walk-and-talk", facilitator=marek)

    assert session.scalars(GroupSession.run_by(joana)).all() == [cooking]
    assert session.scalars(GroupSession.run_by(marek)).all() == [walk]
    assert set(session.scalars(GroupSession.run_by(nasrin))) == {cooking, walk}


def test_today_is_told_of_places_between_two_moments(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant
) -> None:
    today, tomorrow = plan(session, cast, starts_at=THURSDAY + timedelta(hours=2)), plan(session, cast)
    given_back = plan(session, cast, starts_at=THURSDAY + timedelta(hours=4))
    for group_session in (today, tomorrow, given_back):
        book_place(session, amina, group_session)
    book_place(session, tomasz, today)
    cancel_place(session, amina, given_back)

    found = booked_between(session, amina, THURSDAY, THURSDAY + timedelta(hours=15))

    assert [booking.group_session for booking in found] == [today]
