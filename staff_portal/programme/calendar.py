"""The programme as a calendar: the days of a week or a month, and what is on each, in a fixed number of questions."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.groups.models import GroupSession


@dataclass(frozen=True)
class Day:
    """One day of the calendar."""

    day: date
    outside: bool = False
    """Whether it only fills up the first or the last week of a month."""
    sessions: list[GroupSession] = field(default_factory=list)

    @property
    def bank_holiday(self) -> bool:
        return clock.is_bank_holiday(self.day)


@dataclass(frozen=True)
class Span:
    """A week, Monday to Sunday, or the weeks of a month."""

    whole_month: bool
    first: date
    """The Monday, or the first of the month."""

    @classmethod
    def around(cls, day: date, *, whole_month: bool) -> Span:
        """The week or the month in which a day is."""
        return cls(whole_month, day.replace(day=1) if whole_month else day - timedelta(days=day.weekday()))

    @property
    def before(self) -> date:
        return (self.first - timedelta(days=1)).replace(day=1) if self.whole_month else self.first - timedelta(days=7)

    @property
    def after(self) -> date:
        later = self.first + timedelta(days=32 if self.whole_month else 7)
        return later.replace(day=1) if self.whole_month else later

    @property
    def last(self) -> date:
        return self.after - timedelta(days=1)

    @property
    def days(self) -> list[Day]:
        """Every day, whole weeks."""
        start, end = self.first - timedelta(days=self.first.weekday()), self.last
        end += timedelta(days=6 - end.weekday())
        every = (start + timedelta(days=number) for number in range((end - start).days + 1))
        return [Day(each, outside=not self.first <= each <= self.last) for each in every]


def calendar(session: Session, span: Span, zone: ZoneInfo) -> list[Day]:
    """Everything that is on in a span, called off or not, day by day."""
    days = span.days
    starts = clock.at(days[0].day, time(), zone), clock.at(days[-1].day + timedelta(days=1), time(), zone)
    found = session.scalars(
        select(GroupSession)
        .options(selectinload(GroupSession.facilitator))
        .where(GroupSession.starts_at >= starts[0], GroupSession.starts_at < starts[1])
        .order_by(GroupSession.starts_at, GroupSession.id)
    )
    on: dict[date, list[GroupSession]] = defaultdict(list)
    for each in found:
        on[each.starts_at.astimezone(zone).date()].append(each)
    return [Day(each.day, each.outside, on[each.day]) for each in days]


def run_by(session: Session, worker: Worker, days: list[Day]) -> set[UUID]:
    """Ids of those sessions of a calendar whose page this worker may open."""
    ids = [each.id for day in days for each in day.sessions]
    mine = GroupSession.ever_run_by(worker).where(GroupSession.id.in_(ids))
    return set(session.scalars(mine.with_only_columns(GroupSession.id).order_by(None)))
