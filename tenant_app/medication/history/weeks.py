"""One week of what a tenant recorded, drawn on the server: days across, times of day down, a mark for each."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.medication.models import AsNeededDose, DoseTime, Medicine
from tenant_app.medication.slots import Slot, SlotState, Week, slots_between, week_days

LATER = timedelta(hours=1)
"""From when on after its time a dose was taken "later". A remark on the clock, not on anybody."""


class Kind(enum.StrEnum):
    """What a mark says. The first four are what a tenant can have said, or left open."""

    TAKEN = "taken"
    LATER = "later"
    SKIPPED = "skipped"
    NOT_RECORDED = "not-recorded"
    PAUSED = "paused"
    NOW = "now"
    TO_COME = "to-come"
    OTHER = "other"
    """A state that this page does not know."""


def kind_of(slot: Slot) -> Kind:
    """The mark of a slot."""
    if slot.taken and slot.taken_at is not None and slot.taken_at - slot.at >= LATER:
        return Kind.LATER
    return Kind(slot.state) if slot.state in set(Kind) else Kind.OTHER


@dataclass(frozen=True)
class PastWeek:
    """Monday to Sunday, and whether there is a week to look at on either side."""

    week: Week
    slots: list[Slot]
    needed: list[AsNeededDose]
    """What was taken as needed, in the order it was."""
    earlier: str | None
    """`2026-W46`, as an address names it."""
    later: str | None

    @property
    def name(self) -> str:
        """`2026-W47`."""
        return week_name(self.week.days[0])

    @property
    def kinds(self) -> list[Kind]:
        """Marks that are in this week, in the order of their legend."""
        found = {kind_of(slot) for slot in self.slots}
        return [kind for kind in Kind if kind in found]

    @property
    def taken(self) -> int:
        """How many times something was recorded as taken. What was not is not counted."""
        return sum(slot.state is SlotState.TAKEN for slot in self.slots)


def week_name(day: date) -> str:
    """`2026-W47`: the ISO week that `day` is in."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def monday_of(name: str) -> date:
    """First day of a week such as `2026-W47`. Raises `LookupError` for anything else."""
    found = re.fullmatch(r"([0-9]{4})-W([0-9]{2})", name)
    if found is None:
        raise LookupError(name)
    try:
        return date.fromisocalendar(int(found[1]), int(found[2]), 1)
    except ValueError as error:
        raise LookupError(name) from error


def past_week(session: Session, tenant: Tenant, monday: date, zone: ZoneInfo) -> PastWeek:
    """The week that begins on `monday`. Raises `LookupError` for one that has not begun, or in which no medicine had
    begun. As many queries for a full week as for an empty one."""
    days, this_week, first = week_days(monday), week_days(clock.today(zone))[0], _first_day(session, tenant, zone)
    first_week = week_days(first)[0] if first is not None else this_week
    if not min(first_week, this_week) <= monday <= this_week:
        raise LookupError(monday)
    slots = slots_between(session, tenant, days[0], days[6], zone)
    needed = session.scalars(
        AsNeededDose.of(tenant)
        .where(
            AsNeededDose.taken_at >= clock.at(days[0], time(), zone),
            AsNeededDose.taken_at < clock.at(monday + timedelta(days=7), time(), zone),
        )
        .options(joinedload(AsNeededDose.medicine))
    ).all()
    return PastWeek(
        Week.around(monday, slots), slots, list(reversed(needed)),
        earlier=week_name(monday - timedelta(days=7)) if first_week < monday else None,
        later=week_name(monday + timedelta(days=7)) if monday < this_week else None,
    )  # fmt: skip


def _first_day(session: Session, tenant: Tenant, zone: ZoneInfo) -> date | None:
    """The first day of which there is something: planned, or taken as needed."""
    planned = session.scalar(
        select(func.min(DoseTime.first_day))
        .join(Medicine, Medicine.id == DoseTime.medicine_id)
        .where(Medicine.tenant_id == tenant.id)
    )
    needed = session.scalar(select(func.min(AsNeededDose.taken_at)).where(AsNeededDose.tenant_id == tenant.id))
    days = [planned, needed and needed.astimezone(zone).date()]
    return min((day for day in days if day is not None), default=None)


SIDE, COLUMN, HEAD, ROW = 62, 37, 46, 40
"""Measures of the picture, in its own units; about pixels on a phone."""

_MARKS: Mapping[Kind, str] = {
    Kind.TAKEN: '<circle class="yes" r="12"/><path class="tk" d="M-5 .5l3.5 3.5 6.5-7.5"/>',
    Kind.LATER: '<circle class="ring" r="13.5"/><circle class="yes" r="10"/><path class="tk" d="M0-5v5.5l3.5 2.5"/>',
    Kind.SKIPPED: '<circle class="ring" r="12"/><path class="line" d="M-4-4l8 8m0-8l-8 8"/>',
    Kind.NOT_RECORDED: '<path class="line" d="M-6 0h12"/>',
    Kind.PAUSED: '<circle class="ring rest" r="12"/><path class="line" d="M-3-4v8m6-8v8"/>',
    Kind.NOW: '<circle class="soon" r="4"/>',
    Kind.TO_COME: '<circle class="soon" r="2.5"/>',
    Kind.OTHER: '<circle class="ring" r="12"/>',
}


def mark(kind: Kind) -> Markup:
    """One mark by itself, for the legend. Decorative: a word stands beside it."""
    return Markup('<svg class="weekly key" viewBox="-15 -15 30 30" aria-hidden="true">{}</svg>').format(_drawn(kind))


def picture(
    week: Week, heads: Sequence[tuple[str, str]], times: Sequence[str], label: str, today: date, *, rtl: bool = False
) -> Markup:
    """The week as one picture. `heads` are two lines for each day, `times` one for each row; `label` says it in words.

    Time runs with the direction of reading.
    """
    width, height = SIDE + 7 * COLUMN, HEAD + len(week.rows) * ROW

    def across(x: float) -> float:
        return width - x if rtl else x

    parts: list[Markup] = []
    middles = [across(SIDE + COLUMN * (number + 0.5)) for number in range(7)]
    for middle, day, (short, number) in zip(middles, week.days, heads, strict=True):
        if day == today:
            shade = Markup('<rect class="today" x="{}" width="{}" height="{}" rx="8"/>')
            parts.append(shade.format(middle - COLUMN / 2, COLUMN, height))
        parts.append(Markup('<text x="{}" y="17" text-anchor="middle">{}</text>').format(middle, short))
        parts.append(Markup('<text class="lead" x="{}" y="35" text-anchor="middle">{}</text>').format(middle, number))
    for row, (words, (_, cells)) in enumerate(zip(times, week.rows, strict=True)):
        y = HEAD + ROW * (row + 0.5)
        parts.append(Markup('<path class="rule" d="M0 {}H{}"/>').format(y - ROW / 2, width))
        parts.append(Markup('<text x="{}" y="{}">{}</text>').format(across(0), y + 5, words))
        for middle, slot in zip(middles, cells, strict=True):
            if slot is not None:
                drawn = Markup('<g transform="translate({} {})">{}</g>')
                parts.append(drawn.format(middle, y, _drawn(kind_of(slot))))
    return Markup('<svg class="weekly" viewBox="0 0 {} {}" role="img" aria-label="{}">{}</svg>').format(
        width, height, label, Markup("").join(parts)
    )


def _drawn(kind: Kind) -> Markup:
    return Markup(_MARKS[kind])  # noqa: S704 - fixed shapes of this module
