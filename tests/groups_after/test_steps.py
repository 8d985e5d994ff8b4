"""A session that counts as a step: the register does it, puts it right, and never goes before the tenant's own word."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.goals.models import Goal, Step
from tenant_app.goals.rules import write_goal
from tenant_app.groups.models import Attendance, GroupSession
from tenant_app.groups.register import listening
from tenant_app.groups.register.attendance import add_walk_in, check_in
from tenant_app.groups.rules import call_off
from tenant_app.support.stepping.models import SteppingStone
from tenant_app.support.stepping.rules import NoPlaceThere, link, unlink
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups_after.after import booked, booking_of, marked


@pytest.fixture
def goal(session: Session, amina: Tenant) -> Goal:
    written = write_goal(session, amina, "Cook for my friends", first_step="Go to the cooking group")
    written.add_step("Buy a pan")
    session.commit()
    return written


@pytest.fixture
def step(goal: Goal) -> Step:
    return goal.steps[0]


@pytest.fixture
def cooking(session: Session, cast: Cast, amina: Tenant) -> GroupSession:
    """At eleven this morning; Amina has a place."""
    planned = booked(session, cast, amina, starts_at=THURSDAY + timedelta(hours=2))
    session.commit()
    return planned


def later(session: Session, cast: Cast, tenant: Tenant, weeks: int) -> GroupSession:
    return booked(session, cast, tenant, starts_at=THURSDAY + timedelta(hours=2, weeks=weeks))


def done_at(session: Session, step: Step) -> datetime | None:
    return session.scalars(select(Step).where(Step.id == step.id).execution_options(populate_existing=True)).one().done_at


def test_coming_does_the_step_on_the_day_of_the_session(
    session: Session, cast: Cast, amina: Tenant, step: Step, cooking: GroupSession
) -> None:
    link(session, amina, step, cooking)
    assert done_at(session, step) is None

    with clock.stopped_at(THURSDAY + timedelta(days=3)):
        marked(session, cast, amina, cooking, Attendance.LATE)

    assert done_at(session, step) == cooking.starts_at
    assert not step.goal.reached


def test_a_mark_put_right_undoes_it_and_a_mark_again_does_it_again(
    session: Session, cast: Cast, amina: Tenant, step: Step, cooking: GroupSession
) -> None:
    link(session, amina, step, cooking)
    for mark in (Attendance.HERE, Attendance.NOT_HERE, Attendance.HERE, None, Attendance.SENT_WORD):
        marked(session, cast, amina, cooking, mark)
        assert (done_at(session, step) is not None) is (mark is Attendance.HERE), mark


def test_a_session_that_is_called_off_does_no_step_though_somebody_was_there_early(
    session: Session, cast: Cast, amina: Tenant, step: Step, cooking: GroupSession
) -> None:
    stone = link(session, amina, step, cooking, every=True)
    next_week = later(session, cast, amina, 1)
    with clock.stopped_at(cooking.starts_at - timedelta(minutes=20)):
        marked(session, cast, amina, cooking)
        assert done_at(session, step) is not None
        call_off(session, cooking)
    assert done_at(session, step) is None

    with clock.stopped_at(next_week.starts_at):
        marked(session, cast, amina, next_week)
    assert stone.came_to_id == next_week.id


def test_the_last_step_reaches_the_goal_and_undone_it_is_on_its_way(
    session: Session, cast: Cast, amina: Tenant, goal: Goal, step: Step, cooking: GroupSession
) -> None:
    goal.steps[1].mark(done=True)
    link(session, amina, step, cooking)
    marked(session, cast, amina, cooking)
    assert goal.reached
    marked(session, cast, amina, cooking, Attendance.NOT_HERE)
    assert not goal.reached


def test_what_the_tenant_says_of_the_step_goes_before_the_register(
    session: Session, cast: Cast, amina: Tenant, step: Step, cooking: GroupSession
) -> None:
    link(session, amina, step, cooking)
    marked(session, cast, amina, cooking)
    step.mark(done=False)
    session.flush()
    marked(session, cast, amina, cooking, Attendance.LATE)
    assert done_at(session, step) is None

    with clock.stopped_at(THURSDAY + timedelta(days=1)):
        step.mark(done=True)
        session.flush()
        marked(session, cast, amina, cooking, Attendance.NOT_HERE)
    assert done_at(session, step) == THURSDAY + timedelta(days=1)


def test_a_step_that_was_done_before_stays_as_it_is(
    session: Session, cast: Cast, amina: Tenant, step: Step, cooking: GroupSession
) -> None:
    link(session, amina, step, cooking)
    step.mark(done=True)
    session.flush()
    marked(session, cast, amina, cooking)
    marked(session, cast, amina, cooking, Attendance.NOT_HERE)

    assert done_at(session, step) == THURSDAY


def test_of_a_kind_the_first_they_come_to_does_it_and_earlier_ones_do_not(
    session: Session, cast: Cast, amina: Tenant, step: Step, cooking: GroupSession
) -> None:
    before, second, third = (later(session, cast, amina, weeks) for weeks in (-1, 1, 2))
    other = booked(session, cast, amina, starts_at=THURSDAY + timedelta(days=1), kind="mindfulness")
    link(session, amina, step, cooking, every=True)

    for it in (before, other):
        marked(session, cast, amina, it)
        assert done_at(session, step) is None
    marked(session, cast, amina, cooking, Attendance.NOT_HERE)
    marked(session, cast, amina, third)
    assert done_at(session, step) == third.starts_at
    with clock.stopped_at(third.ends_at):
        marked(session, cast, amina, second)  # a register that came in late
    assert done_at(session, step) == second.starts_at
    with clock.stopped_at(third.ends_at):
        marked(session, cast, amina, second, Attendance.NOT_HERE)
    assert done_at(session, step) == third.starts_at
    with clock.stopped_at(third.ends_at):
        marked(session, cast, amina, third, None)
    assert done_at(session, step) is None


def test_checking_in_by_oneself_or_walking_in_counts(
    session: Session, cast: Cast, amina: Tenant, goal: Goal, cooking: GroupSession
) -> None:
    link(session, amina, goal.steps[0], cooking)
    with clock.stopped_at(cooking.starts_at - timedelta(minutes=20)):
        check_in(session, amina, cooking)
        assert done_at(session, goal.steps[0]) == clock.now()

    link(session, amina, goal.steps[1], cooking, every=True)
    goal.steps[1].mark(done=False)
    session.flush()
    walk = later(session, cast, session.get_one(Tenant, cast.tomasz.id), 1)
    with clock.stopped_at(walk.starts_at):
        add_walk_in(session, session.get_one(Worker, cast.joana.id), walk, amina)
    assert done_at(session, goal.steps[1]) is None  # touched by her


def test_linked_after_they_came_it_is_done_at_once(
    session: Session, cast: Cast, amina: Tenant, step: Step, cooking: GroupSession
) -> None:
    marked(session, cast, amina, cooking)
    with clock.stopped_at(cooking.ends_at):
        link(session, amina, step, cooking)
    assert done_at(session, step) == cooking.starts_at


def test_linked_twice_is_linked_once_and_linked_elsewhere_the_last_counts(
    session: Session, cast: Cast, amina: Tenant, step: Step, cooking: GroupSession
) -> None:
    other = later(session, cast, amina, 1)
    assert link(session, amina, step, cooking).id == link(session, amina, step, cooking).id
    link(session, amina, step, other)

    marked(session, cast, amina, cooking)
    assert done_at(session, step) is None
    [stone] = session.scalars(select(SteppingStone)).all()
    unlink(session, stone)
    marked(session, cast, amina, other)
    assert done_at(session, step) is None


def test_only_a_place_of_ones_own_can_be_linked(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, step: Step
) -> None:
    theirs = later(session, cast, tomasz, 1)

    with pytest.raises(NoPlaceThere):
        link(session, amina, step, theirs)


def test_other_peoples_marks_do_nothing(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, step: Step
) -> None:
    both = booked(session, cast, amina, tomasz, starts_at=THURSDAY + timedelta(hours=2))
    link(session, amina, step, both)
    marked(session, cast, tomasz, both)

    assert done_at(session, step) is None


def test_a_listener_that_fails_costs_nobody_their_mark(
    session: Session, cast: Cast, amina: Tenant, cooking: GroupSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_session: Session, _booking: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(listening, "_listeners", [fails])
    assert marked(session, cast, amina, cooking).attendance is Attendance.HERE
    session.commit()
    assert booking_of(session, amina, cooking).attendance is Attendance.HERE


def test_it_goes_with_its_session_its_step_and_its_tenant(
    session: Session, cast: Cast, amina: Tenant, goal: Goal, cooking: GroupSession
) -> None:
    link(session, amina, goal.steps[0], cooking)
    link(session, amina, goal.steps[1], cooking, every=True)
    session.commit()
    session.delete(session.get_one(GroupSession, cooking.id))
    session.commit()
    assert len(session.scalars(select(SteppingStone)).all()) == 1

    session.expire_all()
    session.delete(session.get_one(Goal, goal.id))
    session.commit()
    assert session.scalars(select(SteppingStone)).all() == []


# ---- At the door
