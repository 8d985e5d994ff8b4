"""What features say to the engine: schedule, announce, withdraw. Nothing here knows how phones are reached."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from dateutil.rrule import rrulestr
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import put_if_absent
from tenant_app.reminders.models import Heartbeat, Notice, Schedule, State, notice_values

log = structlog.get_logger()

HORIZON = timedelta(days=2)
"""How far ahead notices are written. A worker that is down for a day still finds the next day planned."""

SILENCE = timedelta(seconds=90)
"""How long no worker may be heard of before staff are told that reminders do not go out."""

DAILY = "FREQ=DAILY"

_SIMPLE_RULE = re.compile(r"FREQ=(?P<freq>DAILY|WEEKLY)(?:;INTERVAL=(?P<interval>[1-9][0-9]{0,3}))?(?:;BYDAY=[A-Z,]+)?")
"""Rules that repeat themselves after each interval, and so can be begun anew at any of them."""


def schedule(
    session: Session, tenant: Tenant, kind: str, *, source: str, wall_time: time, zone: ZoneInfo,
    starts_on: date, lasts: timedelta, recurrence: str = DAILY, ends_on: date | None = None,
    facts: dict[str, Any] | None = None,
) -> Schedule:  # fmt: skip
    """Say something to a tenant at a wall time, again and again. The same `source` changes what was there.

    `recurrence` is an RFC 5545 rule counted in days from `starts_on`; `lasts` is how long after the wall time
    the reminder still makes sense. Raises `ValueError` for a rule that never fires or ends before it begins.
    """
    if ends_on is not None and ends_on < starts_on:
        raise ValueError("a schedule ends after it begins")
    plan = session.scalar(select(Schedule).where(Schedule.source == source))
    if plan is None:
        plan = Schedule(tenant=tenant, source=source, kind=kind)
        session.add(plan)
    plan.wall_time, plan.zone, plan.recurrence = wall_time, zone.key, recurrence
    plan.starts_on, plan.ends_on = starts_on, ends_on
    plan.lasts_minutes, plan.facts = int(lasts.total_seconds() // 60), facts or {}
    plan.planned_to = None
    if not occurrences(plan, starts_on, starts_on + timedelta(days=366 * 2)):
        raise ValueError(f"never fires: {recurrence}")
    _drop_ahead(session, source)
    session.flush()
    plan_one(session, plan, clock.now())
    return plan


def unschedule(session: Session, source: str) -> None:
    """Stop a schedule and take back what it had planned. Unknown sources are nothing to stop."""
    plan = session.scalar(select(Schedule).where(Schedule.source == source))
    if plan is not None:
        session.delete(plan)
    withdraw(session, source)


def announce(
    session: Session, tenant: Tenant, kind: str, *, source: str, lasts: timedelta, occurrence: str = "once",
    due_at: datetime | None = None, facts: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    """Say one thing once: now, or at `due_at` (UTC). The same (source, occurrence) again says no more."""
    due_at = due_at or clock.now()
    put_if_absent(session, Notice, [notice_values(tenant.id, kind, source, occurrence, due_at, lasts, facts or {})])


def withdraw(
    session: Session, source: str, occurrence: str | None = None, *, kinds: Collection[str] = ()
) -> int:
    """Take back what waits to be said about `source`, along with what settled it; of some kinds only, if named.
    Returns how many."""
    what = [Notice.source == source, Notice.state == State.WAITING]
    if occurrence is not None:
        what.append(Notice.occurrence == occurrence)
    if kinds:
        what.append(Notice.kind.in_(kinds))
    taken = session.execute(
        update(Notice).where(*what).values(state=State.WITHDRAWN, settled_at=clock.now(), leased_until=None)
        .execution_options(synchronize_session="fetch")
    )  # fmt: skip
    return int(getattr(taken, "rowcount", 0))


def plan_ahead(session: Session, most: int = 500) -> bool:
    """Write the notices of the next days for schedules that need it. Returns whether more schedules wait."""
    now = clock.now()
    # Where clocks are up to twelve hours behind UTC, the last day planned lags behind UTC's: such schedules
    # would otherwise seem to need planning all day long.
    horizon = (now + HORIZON - timedelta(hours=12)).date()
    done_to, ends_on = Schedule.planned_to, Schedule.ends_on
    plans = session.scalars(
        select(Schedule)
        .where(
            or_(done_to.is_(None), done_to < horizon),
            or_(ends_on.is_(None), done_to.is_(None), done_to < ends_on),
        )
        .order_by(Schedule.planned_to)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    ahead: list[dict[str, Any]] = []
    for plan in plans:
        try:
            ahead += _notices_ahead(plan, now)
        except (ValueError, KeyError) as error:
            # A rule or zone that nobody can read any more must not keep everybody else's from being planned.
            log.error("schedule_unreadable", schedule=str(plan.id), error=type(error).__name__)
            plan.planned_to = horizon
    put_if_absent(session, Notice, ahead)
    return len(plans) == most


def plan_one(session: Session, plan: Schedule, now: datetime) -> None:
    """Write this schedule's notices up to the horizon."""
    put_if_absent(session, Notice, _notices_ahead(plan, now))


def _notices_ahead(plan: Schedule, now: datetime) -> list[dict[str, Any]]:
    """Notices up to the horizon that are not planned yet. Windows that have closed already are left out."""
    zone, lasts = ZoneInfo(plan.zone), timedelta(minutes=plan.lasts_minutes)
    first = max(plan.starts_on, now.astimezone(zone).date() - timedelta(days=1))
    if plan.planned_to is not None:
        first = max(first, plan.planned_to + timedelta(days=1))
    last = (now + HORIZON).astimezone(zone).date()
    days = [(day, clock.at(day, plan.wall_time, zone)) for day in occurrences(plan, first, last)]
    plan.planned_to = last
    return [
        notice_values(plan.tenant_id, plan.kind, plan.source, day.isoformat(), due_at, lasts, plan.facts)
        for day, due_at in days
        if due_at + lasts > now
    ]


def workers_silent(session: Session) -> bool:
    """Whether no worker has been heard of for `SILENCE`: nothing is being sent, and staff should know."""
    heard = session.scalar(select(func.max(Heartbeat.beat_at)))
    return heard is None or heard < clock.now() - SILENCE


def occurrences(plan: Schedule, first: date, last: date) -> list[date]:
    """Days from `first` to `last`, both included, on which it fires. Raises `ValueError` for a bad rule."""
    if plan.ends_on is not None:
        last = min(last, plan.ends_on)
    # Days, not moments: the rule runs on bare dates, and the wall time joins them afterwards, so that clock
    # changes can neither skip a day nor repeat one.
    begins, until = datetime.combine(first, time()), datetime.combine(last, time())
    found: set[date] = set()
    for rule in plan.recurrence.split("\n\n"):
        goes_on = datetime.combine(_whole_rounds_later(rule, plan.starts_on, first), time())
        found.update(moment.date() for moment in rrulestr(rule, dtstart=goes_on).between(begins, until, inc=True))
    return sorted(found)


def _whole_rounds_later(rule: str, starts_on: date, first: date) -> date:
    """A day near `first` from which the rule goes on as it does from `starts_on`: dateutil walks every occurrence from
    the start, and a dose of three years is a thousand steps for each tenant each day."""
    simple = _SIMPLE_RULE.fullmatch(rule)
    if simple is None or first <= starts_on:
        return starts_on
    step = int(simple["interval"] or 1) * (7 if simple["freq"] == "WEEKLY" else 1)
    return starts_on + timedelta(days=max((first - starts_on).days // step - 1, 0) * step)


def _drop_ahead(session: Session, source: str) -> None:
    """Forget what a schedule had planned and not yet said, so that new times can be planned for those days.

    What was withdrawn goes too, or a schedule that rested would stay silent on the days it had planned.
    """
    ahead = State.WAITING, State.WITHDRAWN
    for notice in session.scalars(
        select(Notice).where(Notice.source == source, Notice.state.in_(ahead), Notice.due_at > clock.now())
    ):
        session.delete(notice)
    session.flush()
