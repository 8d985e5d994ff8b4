"""Decisions across medicines, doses and reminders. Nothing here says how much to take, or what to do about a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.medication.models import Dose, DoseTime, Medicine
from tenant_app.medication.recording import (
    MAY_FILL_IN,
    PUT_OFF,
    DayClosed,
    StillToCome,
    answer_slot,
    may_put_off,
    may_record,
    snooze,
    undo,
)
from tenant_app.medication.reminding import keep_in_step, take_back
from tenant_app.medication.slots import (
    Slot,
    SlotState,
    Week,
    current_slots,
    slot_at,
    slots_between,
    slots_of_day,
    week_days,
    week_of,
)

__all__ = [
    "FURTHEST", "MAY_FILL_IN", "MOST_TIMES", "PUT_OFF", "DayClosed", "Overview", "Slot", "SlotState", "StillToCome",
    "Week", "add_medicine", "answer_slot", "change_times", "current_slots", "may_put_off", "may_record", "overview",
    "slot_at", "slots_of_day", "snooze", "stop_medicine", "undo", "week_of",
]  # fmt: skip

MOST_TIMES = 8
"""Times a day."""

FURTHEST = timedelta(days=3660)
"""How far from today a course may begin or end. Beyond ten years it is a slip of the finger."""

@dataclass(frozen=True)
class Overview:
    """A tenant's medicines at one moment."""

    today: list[Slot]
    """Today's slots; before them one of late last evening, while it is still due after midnight."""
    week: Week
    gaps: list[Slot]
    """Of which nothing is recorded and something still may be, newest first."""


def add_medicine(
    session: Session, tenant: Tenant, name: str, amount: str, times: Sequence[time], zone: ZoneInfo, starts_on: date,
    ends_on: date | None = None, *, purpose: str = "",
) -> Medicine:  # fmt: skip
    """Write down a medicine and plan its reminders. A time that has passed today begins tomorrow.

    Writing exactly the same one twice is one medicine: a double tap. Raises `ValueError` for no times, more than
    `MOST_TIMES`, the same time twice, an end before the start, or a course that is over before its first time.
    """
    _check_times(times)
    if ends_on is not None and ends_on < starts_on:
        raise ValueError("a course ends after it starts")
    if any(day and abs(day - clock.today(zone)) > FURTHEST for day in (starts_on, ends_on)):
        raise ValueError("that day is too far away")
    _hold(session, tenant)
    same = session.scalars(
        Medicine.of(tenant).where(
            Medicine.name == name, Medicine.amount == amount, Medicine.starts_on == starts_on,
            Medicine.stopped_at.is_(None),
        )
    ).all()  # fmt: skip
    for known in same:
        if known.ends_on == ends_on and known.wall_times == sorted(times):
            return known
    medicine = Medicine(
        tenant=tenant, name=name, amount=amount, purpose=purpose, starts_on=starts_on, ends_on=ends_on,
        written_at=clock.now(),
    )  # fmt: skip
    for wall_time in sorted(times):
        first = max(starts_on, _next_day_at(wall_time, zone))
        if ends_on is None or first <= ends_on:
            medicine.times.append(DoseTime(wall_time=wall_time, first_day=first, last_day=ends_on))
    if not medicine.times:
        raise ValueError("a course is not over before its first time")
    session.add(medicine)
    session.flush()
    keep_in_step(session, tenant, zone)
    return medicine


def change_times(session: Session, medicine: Medicine, times: Sequence[time], zone: ZoneInfo) -> date:
    """Take a medicine at other times. Returns the first day of the new times.

    That is today only if nothing of what changes has come yet or was answered; else tomorrow, because a dose at the
    old time and another at the new one would be two. Raises `ValueError` as `add_medicine` does, and for a medicine
    that is no longer taken.
    """
    _check_times(times)
    tenant = medicine.tenant
    _hold(session, tenant)
    session.refresh(medicine, ["times", "stopped_at", "ends_on"])
    now, today = clock.now(), clock.today(zone)
    if not medicine.goes_on(today):
        raise ValueError("this medicine is no longer taken")
    going_on = {dose.wall_time: dose for dose in medicine.times if dose.last_day == medicine.ends_on}
    added = set(times) - going_on.keys()
    removed = [dose for wall_time, dose in going_on.items() if wall_time not in times]
    if not added and not removed:
        return today
    touched = added | {dose.wall_time for dose in removed if dose.holds_on(today)}
    still_ahead = all(clock.at(today, wall_time, zone) > now for wall_time in touched)
    begins = today if still_ahead and not _answered(session, medicine, today) & touched else today + timedelta(days=1)
    if medicine.ends_on is not None and begins > medicine.ends_on:
        raise ValueError("the course is over before the new times begin")
    for dose in removed:
        _end(medicine, dose, begins - timedelta(days=1))
    for wall_time in sorted(added):
        _begin(medicine, wall_time, max(begins, medicine.starts_on))
    session.flush()
    keep_in_step(session, tenant, zone)
    return begins


def stop_medicine(session: Session, medicine: Medicine, zone: ZoneInfo) -> None:
    """It is no longer taken: reminders end now, what was recorded stays. Stopping twice keeps the first moment."""
    tenant = medicine.tenant
    _hold(session, tenant)
    session.refresh(medicine, ["times", "stopped_at"])
    if medicine.stopped_at is not None:
        return
    now, today = clock.now(), clock.today(zone)
    over = {slot.wall_time for slot in slots_of_day(session, tenant, today, zone) if slot.until <= now}
    kept_today = over | _answered(session, medicine, today)
    for dose in list(medicine.times):
        if dose.last_day is None or dose.last_day >= today:
            _end(medicine, dose, today if dose.wall_time in kept_today else today - timedelta(days=1))
    medicine.stopped_at = now
    session.flush()
    keep_in_step(session, tenant, zone)
    left = {slot.wall_time for slot in slots_of_day(session, tenant, today, zone)}
    for wall_time in {dose.wall_time for dose in medicine.times} - left:
        take_back(session, tenant, today, wall_time)


def overview(session: Session, tenant: Tenant, zone: ZoneInfo) -> Overview:
    """What the Medicines page tells of today, this week and what may be filled in."""
    today = clock.today(zone)
    days, oldest = week_days(today), today - timedelta(days=MAY_FILL_IN - 1)
    slots = slots_between(session, tenant, min(days[0], oldest), days[6], zone)
    return Overview(
        today=[slot for slot in slots if slot.day == today or slot.due],
        week=Week.around(today, slots),
        gaps=[slot for slot in reversed(slots) if slot.not_recorded and slot.day >= oldest],
    )


def _check_times(times: Sequence[time]) -> None:
    if not 1 <= len(times) <= MOST_TIMES:
        raise ValueError(f"1 to {MOST_TIMES} times a day")
    if len(set(times)) < len(times):
        raise ValueError("each time once")


def _hold(session: Session, tenant: Tenant) -> None:
    # Two changes at the same moment would plan the same times twice, and the second would be refused by the database.
    table = Tenant.__table__
    session.execute(select(table.c.id).where(table.c.id == tenant.id).with_for_update(key_share=True))


def _next_day_at(wall_time: time, zone: ZoneInfo) -> date:
    today = clock.today(zone)
    return today if clock.at(today, wall_time, zone) >= clock.now() else today + timedelta(days=1)


def _answered(session: Session, medicine: Medicine, day: date) -> set[time]:
    return set(session.scalars(select(Dose.wall_time).where(Dose.medicine_id == medicine.id, Dose.day == day)))


def _end(medicine: Medicine, dose: DoseTime, last: date) -> None:
    if last < dose.first_day:
        medicine.times.remove(dose)
    else:
        dose.last_day = last


def _begin(medicine: Medicine, wall_time: time, first: date) -> None:
    for dose in medicine.times:
        if dose.wall_time == wall_time and dose.last_day is not None and dose.last_day >= first - timedelta(days=1):
            dose.last_day = medicine.ends_on  # given up a moment ago and taken up again
            return
    medicine.times.append(DoseTime(wall_time=wall_time, first_day=first, last_day=medicine.ends_on))
