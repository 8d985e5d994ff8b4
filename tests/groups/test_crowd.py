"""Many people at the same moment, and few places."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import Database
from tenant_app.groups import booking
from tenant_app.groups.booking import book_place, cancel_place
from tenant_app.groups.feeds import CalendarFeed
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.groups.places import NoPlace
from tenant_app.groups.waiting import join_waiting_list, leave_waiting_list, pass_on_all
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import neighbours, plan

Act = Callable[[Session, Tenant, GroupSession], object]


def _all_at_once(database: Database, act: Act, people: list[UUID], session_id: UUID) -> list[str]:
    """Everyone does it in a transaction of their own; how each fared."""

    def one(tenant_id: UUID) -> str:
        with database.session() as session:
            try:
                act(session, session.get_one(Tenant, tenant_id), session.get_one(GroupSession, session_id))
                session.commit()
            except (NoPlace, IntegrityError) as refused:
                return type(refused).__name__
            return "done"

    with ThreadPoolExecutor(len(people)) as crowd:
        return list(crowd.map(one, people))


def _places(database: Database, session_id: UUID) -> tuple[int, int]:
    """Places counted, and bookings that hold one."""
    with database.session() as session:
        holding = session.scalar(
            select(func.count()).where(Booking.session_id == session_id, Booking.standing == Standing.PLACE)
        )
        return session.get_one(GroupSession, session_id).places_taken, holding or 0


def _offered(database: Database) -> set[UUID]:
    """To whom a place is offered."""
    with database.session() as session:
        return set(session.scalars(select(Booking.tenant_id).where(Booking.standing == Standing.OFFERED)))


@pytest.fixture
def crowd(session: Session, cast: Cast) -> list[UUID]:
    people = [tenant.id for tenant in neighbours(session, cast, 20)]
    session.commit()
    return people


def _planned(session: Session, cast: Cast, capacity: int) -> UUID:
    planned = plan(session, cast, capacity=capacity).id
    session.commit()
    return planned


def test_twenty_people_on_three_places_fill_three(
    session: Session, database: Database, cast: Cast, crowd: list[UUID]
) -> None:
    cooking = _planned(session, cast, 3)

    fared = _all_at_once(database, book_place, crowd, cooking)

    assert (fared.count("done"), fared.count("Full")) == (3, 17)
    assert _places(database, cooking) == (3, 3)


def test_one_person_tapping_ten_times_takes_one_place(
    session: Session, database: Database, cast: Cast, crowd: list[UUID]
) -> None:
    cooking = _planned(session, cast, 3)

    assert _all_at_once(database, book_place, crowd[:1] * 10, cooking) == ["done"] * 10
    assert _places(database, cooking) == (1, 1)


def test_places_given_back_at_the_same_moment_are_offered_to_those_who_wait(
    session: Session, database: Database, cast: Cast, crowd: list[UUID]
) -> None:
    cooking = _planned(session, cast, 4)
    _all_at_once(database, book_place, crowd[:4], cooking)
    for tenant_id in crowd[4:7]:
        _all_at_once(database, join_waiting_list, [tenant_id], cooking)

    _all_at_once(database, cancel_place, crowd[:4], cooking)

    assert _places(database, cooking) == (3, 0)
    assert _offered(database) == set(crowd[4:7])


def test_answers_and_two_workers_at_the_moment_an_offer_ends_give_each_place_once(
    session: Session, database: Database, cast: Cast, crowd: list[UUID]
) -> None:
    """Those who were asked tap yes or no, late; others try to book; and both workers pass places on."""
    cooking = _planned(session, cast, 3)
    _all_at_once(database, book_place, crowd[:3], cooking)
    for tenant_id in crowd[3:9]:
        _all_at_once(database, join_waiting_list, [tenant_id], cooking)
    _all_at_once(database, cancel_place, crowd[:3], cooking)

    def anything(session: Session, tenant: Tenant, group_session: GroupSession) -> object:
        turn = crowd.index(tenant.id)
        if turn >= 18:
            return pass_on_all(session)
        return (book_place if turn % 2 else leave_waiting_list)(session, tenant, group_session)

    with clock.stopped_at(THURSDAY + timedelta(hours=24)):
        _all_at_once(database, anything, crowd, cooking)
        with database.session() as after:
            waiting = after.scalar(select(func.count()).where(Booking.standing == Standing.WAITING))

    taken, holding = _places(database, cooking)
    assert taken == holding + len(_offered(database)) <= 3
    assert taken == 3 or not waiting


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@pytest.mark.parametrize("constrained", [True, False])
def test_without_the_lock_only_the_constraint_keeps_people_from_standing_at_a_closed_door(
    session: Session, database: Database, cast: Cast, crowd: list[UUID], monkeypatch: pytest.MonkeyPatch,
    constrained: bool,
) -> None:  # fmt: skip
    """The control: with neither lock nor constraint the session is oversold, so the tests above can fail.

    Not on SQLite, where transactions that may write never run side by side.
    """
    cooking, rush = _planned(session, cast, 1), Barrier(4)
    if not constrained:
        session.execute(text("ALTER TABLE group_session DROP CONSTRAINT ck_group_session_places"))
        session.commit()

    def unlocked(session: Session, group_session: GroupSession) -> GroupSession:
        session.refresh(group_session)
        rush.wait(10)
        return group_session

    monkeypatch.setattr(booking, "held", unlocked)
    fared = _all_at_once(database, book_place, crowd[:4], cooking)

    assert fared.count("done") == (1 if constrained else 4)
    assert _places(database, cooking) == ((1, 1) if constrained else (4, 4))


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_two_first_taps_for_a_calendar_address_make_one_feed(
    session: Session, database: Database, crowd: list[UUID]
) -> None:
    """Not on SQLite, where transactions that may write never run side by side."""
    rush = Barrier(4)

    def tap(_: int) -> str:
        with database.session() as own:
            tenant = own.get_one(Tenant, crowd[0])
            rush.wait(10)
            token = CalendarFeed.make(own, tenant, named=False)
            own.commit()
            return token

    with ThreadPoolExecutor(4) as taps:
        tokens = list(taps.map(tap, range(4)))

    assert session.scalar(select(func.count()).select_from(CalendarFeed)) == 1
    assert sum(CalendarFeed.behind(session, token) is not None for token in tokens) == 1
