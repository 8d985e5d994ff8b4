"""The clock that the law sets for a hazard (Awaab's Law in England: SI 2025/1042).

Pure counting: what the limits are stands in `content/hazards`, because later phases of the law bring more of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tenant_app import clock
from tenant_app.repairs.models import Repair


@dataclass(frozen=True)
class HazardLimits:
    """How many England working days each part of the work may take."""

    investigate: int
    """From awareness."""
    summary: int
    """Written to the tenant, from the end of the investigation."""
    make_safe: int
    """From the end of the investigation."""

    @classmethod
    def read(cls, facts: Mapping[str, Any]) -> HazardLimits:
        """From the front matter of a page of `content/hazards`. Raises `KeyError` where a limit is missing."""
        limits = facts["clocks"]
        return cls(*(int(limits[name]["limit"]) for name in ("investigate", "summary", "make_safe")))


@dataclass(frozen=True)
class HazardClock:
    """One limit as it stands on one day. Days are calendar days of the landlord's zone."""

    aware_on: date
    """Day 0."""
    due_on: date
    """The last day that is in time."""
    limit: int
    """Working days in all."""
    day: int
    """Working days gone since day 0, up to today or to the day it was done."""
    done_on: date | None
    breached: bool
    """Done too late, or not done and the last day is over."""

    @property
    def left(self) -> int:
        """Working days still in hand; 0 on the last day and after it."""
        return max(self.limit - self.day, 0)

    @property
    def late(self) -> int:
        """Working days over the limit."""
        return max(self.day - self.limit, 0)

    @property
    def met(self) -> bool:
        """Done, and in time."""
        return self.done_on is not None and self.done_on <= self.due_on

    @property
    def running(self) -> bool:
        return self.done_on is None


def clocks(repair: Repair, limits: HazardLimits, zone: ZoneInfo, today: date) -> HazardClock | None:
    """How long there is to look into a hazard; None for what is no hazard or was not reported.

    Day 0 is the landlord's awareness, whatever day that is; the limit is the tenth working day after it.
    """
    if not repair.hazard or repair.aware_at is None:
        return None
    return count(repair.aware_at.astimezone(zone).date(), limits.investigate, today, repair.investigated_on)


def count(aware_on: date, limit: int, today: date, done_on: date | None = None) -> HazardClock:
    """A clock of `limit` working days from `aware_on`, as it stands on `today`."""
    due_on, until = clock.add_working_days(aware_on, limit), done_on or today
    return HazardClock(
        aware_on=aware_on, due_on=due_on, limit=limit, day=working_days_after(aware_on, until), done_on=done_on,
        breached=until > due_on,
    )  # fmt: skip


def working_days_after(day: date, until: date) -> int:
    """How many working days follow `day`, up to and including `until`; 0 where `until` is not later."""
    return sum(clock.is_working_day(day + timedelta(days=ahead)) for ahead in range(1, (until - day).days + 1))
