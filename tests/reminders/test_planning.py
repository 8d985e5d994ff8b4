"""Notices are written ahead, once each, and taken back when there is nothing left to say."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import Database
from tenant_app.reminders.models import Notice, Schedule, State
from tenant_app.reminders.rules import announce, occurrences, plan_ahead, schedule, unschedule, withdraw
from tests.cast import Cast

LONDON = ZoneInfo("Europe/London")


def _schedule(session: Session, tenant: Tenant, source: str = "dose", **changes: Any) -> Schedule:
    usual: dict[str, Any] = {
        "wall_time": time(21), "zone": LONDON, "starts_on": date(2026, 11, 26), "lasts": timedelta(hours=2),
    }  # fmt: skip
    return schedule(session, tenant, "test.dose", source=source, **{**usual, **changes})


def _due(session: Session, source: str = "dose") -> list[datetime]:
    found = select(Notice.due_at).where(Notice.source == source, Notice.state == State.WAITING)
    return list(session.scalars(found.order_by(Notice.due_at)))


@pytest.fixture
def amina(session: Session, cast: Cast) -> Tenant:
    return session.get_one(Tenant, cast.amina.id)


def test_the_next_days_are_planned_at_once(session: Session, amina: Tenant) -> None:
    _schedule(session, amina)
    assert _due(session) == [datetime(2026, 11, day, 21, tzinfo=UTC) for day in (26, 27, 28)]


def test_planning_twice_writes_once(session: Session, amina: Tenant) -> None:
    _schedule(session, amina)
    before = _due(session)
    for again in range(3):
        session.scalars(select(Schedule)).one().planned_to = None if again else date(2026, 11, 25)
        session.flush()
        plan_ahead(session)
    assert _due(session) == before


def test_two_planners_at_once_write_once(database: Database, cast: Cast) -> None:
    with database.step() as session:
        for number in range(30):
            plan = _schedule(session, session.get_one(Tenant, cast.amina.id), f"dose {number}")
            plan.planned_to = None
        for notice in session.scalars(select(Notice)):
            session.delete(notice)
    start, failed = threading.Barrier(2), []

    def plan_all() -> None:
        start.wait(30)
        try:
            with database.step() as session:
                plan_ahead(session)
        except Exception as error:
            failed.append(error)

    planners = [threading.Thread(target=plan_all) for _ in range(2)]
    for planner in planners:
        planner.start()
    for planner in planners:
        planner.join(60)
    with database.session() as session:
        assert session.scalar(select(func.count()).select_from(Notice)) == 90
    assert failed == []


def test_planning_goes_on_as_the_days_go_by(session: Session, amina: Tenant) -> None:
    _schedule(session, amina, ends_on=date(2026, 12, 1))
    for days in range(1, 9):
        with clock.stopped_at(clock.now() + timedelta(days=days)):
            assert plan_ahead(session) is False
    assert len(_due(session)) == 6


def test_a_window_that_closed_while_nobody_planned_is_not_opened_again(session: Session, amina: Tenant) -> None:
    _schedule(session, amina)
    with clock.stopped_at(clock.now() + timedelta(days=9, hours=13)):  # half past the evening of 5 December
        plan_ahead(session)
    assert _due(session)[3:] == [datetime(2026, 12, day, 21, tzinfo=UTC) for day in (5, 6, 7)]


@pytest.mark.parametrize("zone", ["Pacific/Pago_Pago", "America/New_York", "Pacific/Kiritimati"])
def test_a_planned_schedule_is_left_in_peace_wherever_its_clock_hangs(
    session: Session, amina: Tenant, zone: str
) -> None:
    _schedule(session, amina, zone=ZoneInfo(zone))
    for hours in range(72):
        with clock.stopped_at(clock.now() + timedelta(hours=hours)):
            plan_ahead(session)
            session.flush()
            assert plan_ahead(session, most=1) is False
            ahead = [due for due in _due(session) if due > clock.now()]
            assert len(ahead) in (1, 2, 3)


def test_one_unreadable_schedule_keeps_nobody_else_from_being_planned(session: Session, amina: Tenant) -> None:
    for source in ("broken rule", "broken zone", "whole"):
        _schedule(session, amina, source).planned_to = None
    broken = {plan.source: plan for plan in session.scalars(select(Schedule))}
    broken["broken rule"].recurrence = "FREQ=SOMETIMES"
    broken["broken zone"].zone = "Atlantis/Capital"
    for notice in session.scalars(select(Notice)):
        session.delete(notice)
    session.flush()
    assert plan_ahead(session) is False
    assert [len(_due(session, source)) for source in ("broken rule", "broken zone", "whole")] == [0, 0, 3]


def test_a_new_time_replaces_the_old_one(session: Session, amina: Tenant) -> None:
    _schedule(session, amina)
    _schedule(session, amina, wall_time=time(20, 30))
    assert _due(session) == [datetime(2026, 11, day, 20, 30, tzinfo=UTC) for day in (26, 27, 28)]
    assert session.scalar(select(func.count()).select_from(Schedule)) == 1


def test_stopping_takes_back_what_was_planned(session: Session, amina: Tenant) -> None:
    _schedule(session, amina)
    unschedule(session, "dose")
    unschedule(session, "never scheduled")
    plan_ahead(session)
    assert _due(session) == []


def test_recording_one_dose_withdraws_that_one_only(session: Session, amina: Tenant) -> None:
    _schedule(session, amina)
    assert withdraw(session, "dose", "2026-11-26") == 1
    assert withdraw(session, "dose", "2026-11-26") == 0
    plan_ahead(session)
    assert _due(session) == [datetime(2026, 11, day, 21, tzinfo=UTC) for day in (27, 28)]


def test_news_is_told_once(session: Session, amina: Tenant) -> None:
    for _ in range(2):
        announce(session, amina, "test.dose", source="news", lasts=timedelta(days=1))
    assert _due(session, "news") == [clock.now()]


@pytest.mark.parametrize(
    "changes", [{"recurrence": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, {"ends_on": date(2026, 11, 25)}]
)
def test_a_schedule_that_never_fires_is_refused(session: Session, amina: Tenant, changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError):
        _schedule(session, amina, **changes)


@settings(deadline=None)
@given(
    frequency=st.sampled_from(["DAILY", "WEEKLY"]), interval=st.integers(1, 9),
    days=st.sets(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"])), later=st.integers(0, 900),
)  # fmt: skip
def test_a_rule_that_began_long_ago_fires_on_the_days_it_would_have_been_walked_to(
    frequency: str, interval: int, days: set[str], later: int
) -> None:
    plan = Schedule(
        wall_time=time(9), starts_on=date(2024, 1, 4),
        recurrence=f"FREQ={frequency};INTERVAL={interval}" + (f";BYDAY={','.join(sorted(days))}" if days else ""),
    )  # fmt: skip
    first = plan.starts_on + timedelta(days=later)
    last = first + timedelta(days=20)
    walked = rrulestr(plan.recurrence, dtstart=datetime.combine(plan.starts_on, time())).between(
        datetime.combine(first, time()), datetime.combine(last, time()), inc=True
    )
    assert occurrences(plan, first, last) == [moment.date() for moment in walked]
