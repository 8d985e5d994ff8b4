"""On which days something is taken: all, some days of the week, or every so many days. Dates only, no clocks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

ALL_WEEK = 0b1111111
_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

LONGEST_INTERVAL = 366
"""Days. What comes less than once a year is an appointment."""


@dataclass(frozen=True)
class Pattern:
    """Days of the week, or every so many days from an anchor. One of the two is always "all"."""

    weekdays: int = ALL_WEEK
    """Bits, Monday the lowest."""
    every_days: int = 1
    anchor: date | None = None
    """A day on which it is due; only looked at where `every_days` is above 1."""

    def meets(self, day: date) -> bool:
        """Whether it is due on `day`."""
        if not self.weekdays >> day.weekday() & 1:
            return False
        return self.every_days == 1 or self.anchor is None or (day - self.anchor).days % self.every_days == 0

    def first_from(self, day: date) -> date | None:
        """The first day from `day` on which it is due; None if that day never comes."""
        if self.every_days > 1 and self.anchor and self.weekdays == ALL_WEEK:
            return day + timedelta(days=(self.anchor - day).days % self.every_days)
        return next((later for later in _days(day, self.every_days * 7) if self.meets(later)), None)

    @property
    def chosen(self) -> list[int]:
        """Days of the week that are in it, Monday 0."""
        return [weekday for weekday in range(7) if self.weekdays >> weekday & 1]


EVERY_DAY = Pattern()


def on_weekdays(weekdays: Iterable[int]) -> Pattern:
    """These days of the week, Monday 0."""
    return Pattern(sum(1 << weekday for weekday in set(weekdays)))


@dataclass(frozen=True)
class Recurring:
    """The same days in the terms of the reminder engine."""

    starts_on: date
    """The first day on which it fires."""
    rule: str
    """RFC 5545, as `reminders.rules.schedule` takes it."""
    count: int | None
    """How many of the patterns are due on each of its days; None where that changes from day to day."""


def recurrences(patterns: Sequence[Pattern], first: date) -> list[Recurring]:
    """Rules that fire on each day from `first` on which any of `patterns` is due, and never two on one day.

    Patterns by weekday are told apart by how many are due, so that each can be said with its number. With an interval
    among them it is one rule for all: numbers would repeat only after months.
    """
    known = [pattern for pattern in patterns if pattern.first_from(first)]
    if all(pattern.every_days == 1 for pattern in known):
        return _by_weekday(known, first)
    if any(_rule(pattern) == "FREQ=DAILY" for pattern in known):
        return [Recurring(first, "FREQ=DAILY", None)]
    starts = sorted((pattern.first_from(first) or first, _rule(pattern)) for pattern in known)
    if len(set(starts)) == 1:
        return [Recurring(*starts[0], len(starts))]
    rules = dict.fromkeys(f"DTSTART:{start:%Y%m%d}\nRRULE:{rule}" for start, rule in starts)
    return [Recurring(starts[0][0], "\n\n".join(rules), None)]


def _by_weekday(patterns: Sequence[Pattern], first: date) -> list[Recurring]:
    due = [sum(pattern.weekdays >> weekday & 1 for pattern in patterns) for weekday in range(7)]
    found = []
    for count in sorted(set(due) - {0}, key=lambda count: (-due.count(count), due.index(count))):
        days = on_weekdays(weekday for weekday in range(7) if due[weekday] == count)
        found.append(Recurring(days.first_from(first) or first, _rule(days), count))
    return found


def _rule(pattern: Pattern) -> str:
    if pattern.every_days > 1:
        return f"FREQ=DAILY;INTERVAL={pattern.every_days}"
    if pattern.weekdays == ALL_WEEK:
        return "FREQ=DAILY"
    return "FREQ=WEEKLY;BYDAY=" + ",".join(_NAMES[weekday] for weekday in pattern.chosen)


def _days(first: date, count: int) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range(count))
