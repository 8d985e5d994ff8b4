"""How a medicine is taken, as a whole: times, days, and how much; checked before anything is written down.

Nothing here says whether a dose is a good idea. It says whether what was typed can be kept and reminded of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal
from itertools import pairwise

from tenant_app.medication.models import DoseTime, Medicine
from tenant_app.medication.patterns import ALL_WEEK, EVERY_DAY, LONGEST_INTERVAL, Pattern

MOST_TIMES = 8
"""Times a day."""

MOST_IN_24H = 24
"""Doses. More is a slip of the finger."""

MOST_PHASES = 8
"""Amounts in one course."""

MOST_UNITS = Decimal(1000)
"""Units of one dose. More is a slip of the finger."""

FURTHEST = timedelta(days=3660)
"""How far from today a course may begin or end. Beyond ten years it is a slip of the finger."""


class BadRegimen(ValueError):
    """Something that cannot be kept as it is. `what` names it: `never-fires`, `ends-before-it-begins` and so on."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


@dataclass(frozen=True)
class Phase:
    """From this day on, this much at a time."""

    first_day: date
    amount: str
    quantity: Decimal | None = None


@dataclass(frozen=True)
class Regimen:
    """When a medicine is taken, and how much of it."""

    times: tuple[time, ...]
    pattern: Pattern = EVERY_DAY
    quantity: Decimal | None = None
    """Units of one dose where the amount never changes."""
    phases: tuple[Phase, ...] = ()
    """Where it does: each amount with its first day, the first of them the first day of the course."""
    most: int | None = None
    """Most doses in any 24 hours, as the label says; None where it does not."""

    @classmethod
    def of(cls, medicine: Medicine) -> Regimen:
        """How a medicine is taken from now on."""
        phases = tuple(Phase(each.first_day, each.amount, each.quantity) for each in medicine.phases)
        return cls(tuple(medicine.wall_times), medicine.pattern, None if phases else medicine.quantity, phases,
                   medicine.most_in_24h)  # fmt: skip

    def check(self, starts_on: date, ends_on: date | None) -> None:
        """Raise `BadRegimen` for what can never be kept, whatever the time of day."""
        if not 1 <= len(self.times) <= MOST_TIMES:
            raise BadRegimen("times")
        if len(set(self.times)) < len(self.times):
            raise BadRegimen("same-time-twice")
        check_most(self.most)
        if self.most is not None and len(self.times) > self.most:
            raise BadRegimen("above-most")  # however the days are chosen, every time of a day lies in one 24 hours
        if ends_on is not None and ends_on < starts_on:
            raise BadRegimen("ends-before-it-begins")
        check_quantity(self.quantity)
        self._check_pattern()
        self._check_phases(starts_on, ends_on)
        if first_due(self.pattern, starts_on, ends_on) is None:
            raise BadRegimen("never-fires")

    def _check_pattern(self) -> None:
        if not 0 <= self.pattern.weekdays <= ALL_WEEK:
            raise BadRegimen("weekdays")
        if not 1 <= self.pattern.every_days <= LONGEST_INTERVAL:
            raise BadRegimen("every-days")
        if self.pattern.every_days > 1 and (self.pattern.weekdays != ALL_WEEK or self.pattern.anchor is None):
            raise BadRegimen("weekdays-or-interval")

    def _check_phases(self, starts_on: date, ends_on: date | None) -> None:
        if not self.phases:
            return
        days = [phase.first_day for phase in self.phases]
        if len(days) > MOST_PHASES:
            raise BadRegimen("too-many-phases")
        if days[0] != starts_on:
            raise BadRegimen("phases-begin-elsewhere")
        if ends_on is not None and days[-1] > ends_on:
            raise BadRegimen("phase-outside-the-course")
        if any(later <= earlier for earlier, later in pairwise(days)):
            raise BadRegimen("phases-out-of-order")
        if not all(phase.amount.strip() for phase in self.phases):
            raise BadRegimen("phase-without-amount")
        for phase, first, last in self.spans(starts_on, ends_on):
            check_quantity(phase.quantity)
            if first_due(self.pattern, first, last) is None:
                raise BadRegimen("phase-never-fires")

    def spans(self, starts_on: date, ends_on: date | None) -> Iterator[tuple[Phase, date, date | None]]:
        """Each amount with its first and last day; one for the whole course where it never changes."""
        phases = self.phases or (Phase(starts_on, "", self.quantity),)
        for number, phase in enumerate(phases):
            following = phases[number + 1].first_day - timedelta(days=1) if number + 1 < len(phases) else ends_on
            yield phase, phase.first_day, following

    def rows(self, starts_on: date, ends_on: date | None, first_days: Mapping[time, date]) -> list[DoseTime]:
        """The `DoseTime`s that say this, none before the first day that is given for its time. No session has them
        yet."""
        return [
            DoseTime(
                wall_time=wall_time, first_day=max(first, first_days[wall_time]), last_day=last,
                weekdays=self.pattern.weekdays, every_days=self.pattern.every_days,
                anchor_day=self.pattern.anchor if self.pattern.every_days > 1 else None,
                amount=phase.amount, quantity=phase.quantity,
            )
            for wall_time in sorted(self.times)
            for phase, first, last in self.spans(starts_on, ends_on)
            if first_due(self.pattern, max(first, first_days[wall_time]), last) is not None
        ]  # fmt: skip


def check_near(today: date, *days: date | None) -> None:
    """Days are near enough to be meant. Raises `BadRegimen`."""
    if any(day and abs(day - today) > FURTHEST for day in days):
        raise BadRegimen("too-far")


def check_most(most: int | None) -> None:
    """A number of doses in 24 hours can be meant. Raises `BadRegimen`."""
    if most is not None and not 1 <= most <= MOST_IN_24H:
        raise BadRegimen("most")


def check_quantity(quantity: Decimal | None) -> None:
    """More than nothing, at most `MOST_UNITS`, in hundredths at the finest. Raises `BadRegimen`."""
    if quantity is None:
        return
    if not quantity.is_finite() or not 0 < quantity <= MOST_UNITS or quantity != round(quantity, 2):
        raise BadRegimen("quantity")


def alike(one: DoseTime, other: DoseTime) -> bool:
    """Whether two rows say the same, whatever their days."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("wall_time", "weekdays", "every_days", "anchor_day", "amount", "quantity")
    )


def first_due(pattern: Pattern, first: date, last: date | None) -> date | None:
    """The first day between `first` and `last` on which it is due; None if there is none."""
    found = pattern.first_from(first)
    return found if found is not None and (last is None or found <= last) else None
