"""The waiting list: first come, first served, and never a place that stays empty while someone waits."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.groups.offers import offers
from tenant_app.groups.reminding import PLACE
from tenant_app.groups.rules import (
    Full,
    book_place,
    cancel_place,
    join_waiting_list,
    leave_waiting_list,
)
from tenant_app.reminders.models import Notice
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import fill, neighbours, plan


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


def _who(session: Session, group_session: GroupSession, standing: Standing) -> set[UUID]:
    return set(
        session.scalars(
            select(Booking.tenant_id).where(Booking.session_id == group_session.id, Booking.standing == standing)
        )
    )


def test_a_freed_place_goes_to_the_first_who_waits_and_they_are_told(
    session: Session, full: GroupSession, holder: Tenant, amina: Tenant, tomasz: Tenant
) -> None:
    with _after(1):
        join_waiting_list(session, tomasz, full)
    with _after(2):
        join_waiting_list(session, amina, full)

    given = cancel_place(session, holder, full)

    assert given is not None
    assert (given.tenant, given.has_place, full.places_taken) == (tomasz, True, 2)
    told = session.scalars(select(Notice).where(Notice.kind == PLACE)).one()
    assert told.tenant_id == tomasz.id


def test_a_freed_place_is_given_to_nobody_who_stopped_waiting_or_left(
    session: Session, full: GroupSession, holder: Tenant, amina: Tenant, tomasz: Tenant, salma: Tenant
) -> None:
    for minutes, tenant in enumerate((amina, tomasz, salma)):
        with _after(minutes):
            join_waiting_list(session, tenant, full)
    leave_waiting_list(session, amina, full)
    tomasz.leave()

    given = cancel_place(session, holder, full)

    assert given is not None
    assert given.tenant is salma


def test_a_freed_place_that_nobody_waits_for_is_free(session: Session, full: GroupSession, holder: Tenant) -> None:
    assert cancel_place(session, holder, full) is None
    assert full.places_left == 1


def test_joining_twice_keeps_ones_turn(
    session: Session, full: GroupSession, holder: Tenant, amina: Tenant, tomasz: Tenant
) -> None:
    with _after(1):
        join_waiting_list(session, amina, full)
    with _after(2):
        join_waiting_list(session, tomasz, full)
    with _after(3):
        join_waiting_list(session, amina, full)

    given = cancel_place(session, holder, full)
    assert given is not None
    assert given.tenant is amina


def test_joining_a_list_whose_place_came_free_meanwhile_gives_the_place(
    session: Session, full: GroupSession, holder: Tenant, amina: Tenant
) -> None:
    cancel_place(session, holder, full)

    assert join_waiting_list(session, amina, full).has_place


def test_a_tenant_sees_how_many_wait_and_no_more(
    session: Session, full: GroupSession, amina: Tenant, tomasz: Tenant
) -> None:
    join_waiting_list(session, tomasz, full)

    offer = offers(session, amina, [full])[0]
    assert (offer.waiting, offer.booking) == (1, None)


@pytest.mark.parametrize("seed", range(12))
def test_whatever_people_do_the_list_behaves_as_on_paper(session: Session, cast: Cast, seed: int) -> None:
    """Random histories against the same rules written down as two lists."""
    chance, capacity = random.Random(seed), 2
    cooking, people = plan(session, cast, capacity=capacity), neighbours(session, cast, 5)
    holding: list[Tenant] = []
    waiting: list[Tenant] = []
    for minute in range(40):
        someone = chance.choice(people)
        act = chance.choice((book_place, cancel_place, join_waiting_list, leave_waiting_list))
        with clock.stopped_at(THURSDAY + timedelta(minutes=minute)):
            try:
                act(session, someone, cooking)  # type: ignore[operator]
            except Full:
                assert act is book_place
                assert len(holding) == capacity
                continue
        if act in (book_place, join_waiting_list) and someone not in holding:
            if len(holding) < capacity:
                holding.append(someone)
            elif someone not in waiting:
                waiting.append(someone)
        elif act is cancel_place and someone in holding:
            holding.remove(someone)
            if waiting:
                holding.append(waiting.pop(0))
        elif act is leave_waiting_list and someone in waiting:
            waiting.remove(someone)
        assert _who(session, cooking, Standing.PLACE) == {each.id for each in holding}
        assert _who(session, cooking, Standing.WAITING) == {each.id for each in waiting}
        assert cooking.places_taken == len(holding)
