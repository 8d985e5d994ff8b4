"""Decisions across medicines, doses and reminders. Nothing here says how much to take, or what to do about a gap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import new_id, put_if_absent
from tenant_app.medication.models import Answer, Dose, DoseTime, Medicine
from tenant_app.medication.reminding import ask_after_all, ask_again, keep_in_step, never_ask, take_back
from tenant_app.medication.slots import (
    Slot,
    SlotState,
    Week,
    current_slots,
    slot_at,
    slots_between,
    slots_of_day,
    week_of,
)

__all__ = [
    "MAY_FILL_IN", "MOST_TIMES", "PUT_OFF", "Slot", "SlotState", "Week", "add_medicine", "answer_slot", "change_times",
    "current_slots", "gaps", "may_put_off", "slot_at", "slots_of_day", "snooze", "stop_medicine", "undo", "week_of",
]  # fmt: skip

MOST_TIMES = 8
"""Times a day."""

MAY_FILL_IN = 7
"""Days, today among them, whose slots may be filled in or corrected. Further back memory is not a record."""

PUT_OFF = (15, 60)
"""Minutes after which one may ask to be asked again."""


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


def answer_slot(
    session: Session, tenant: Tenant, day: date, wall_time: time, answer: Answer | str, zone: ZoneInfo, *,
    at: time | None = None,
) -> Slot:  # fmt: skip
    """Record every medicine of a slot as taken or skipped, and withdraw its reminder. The same answer again changes
    nothing; another one corrects it.

    `at` is the wall time at which it was taken, where the tenant says so; otherwise it is now while the slot's window
    is open, and unknown afterwards. Raises `LookupError` if nothing is planned then, `ValueError` for a day that is
    to come or further back than `MAY_FILL_IN`, or a time `at` that is still to come.
    """
    answer, now, today = Answer(answer), clock.now(), clock.today(zone)
    if not today - timedelta(days=MAY_FILL_IN) < day <= today:
        raise ValueError("that day cannot be recorded")
    slot = slot_at(session, tenant, day, wall_time, zone)
    said = _moment_near(slot, at, zone) if at is not None and answer is Answer.TAKEN else None
    if said is not None and said > now:
        raise ValueError("that time is still to come")
    taken_at = said or (now if answer is Answer.TAKEN and now < slot.until else None)
    put_if_absent(session, Dose, [
        {"id": new_id(), "medicine_id": medicine.id, "tenant_id": tenant.id, "day": day, "wall_time": wall_time,
         "answer": answer, "taken_at": taken_at, "answered_at": now}
        for medicine in slot.medicines
    ])  # fmt: skip
    for dose in _doses(session, slot):
        if dose.answer is not answer or (said is not None and dose.taken_at != said):
            dose.correct(answer, taken_at)
    session.flush()
    never_ask(session, tenant, slot)
    return slot_at(session, tenant, day, wall_time, zone)


def undo(session: Session, tenant: Tenant, day: date, wall_time: time, zone: ZoneInfo) -> Slot:
    """Nothing is recorded for this slot after all, and nothing is put off. Raises as `answer_slot` does."""
    today = clock.today(zone)
    if not today - timedelta(days=MAY_FILL_IN) < day <= today:
        raise ValueError("that day cannot be changed")
    slot = slot_at(session, tenant, day, wall_time, zone)
    for dose in _doses(session, slot):
        session.delete(dose)
    session.flush()
    if slot.at > clock.now():
        ask_after_all(session, tenant, slot, zone)
    else:
        take_back(session, tenant, day, wall_time)
    return slot_at(session, tenant, day, wall_time, zone)


def snooze(
    session: Session, tenant: Tenant, day: date, wall_time: time, minutes: int, zone: ZoneInfo
) -> datetime | None:
    """Ask about a slot again in so many minutes (of `PUT_OFF`). Returns when (UTC), or None if its window closes
    before, or it is not to be answered now: then nothing is planned.

    Raises `LookupError` if nothing is planned then, `ValueError` for other minutes.
    """
    if minutes not in PUT_OFF:
        raise ValueError(f"asked again in {minutes} minutes")
    slot = slot_at(session, tenant, day, wall_time, zone)
    if minutes not in may_put_off(slot):
        return None
    due_at = clock.now() + timedelta(minutes=minutes)
    ask_again(session, tenant, slot, due_at)
    return due_at


def may_put_off(slot: Slot) -> list[int]:
    """By how many minutes this slot may still be put off: not past its window."""
    return [minutes for minutes in PUT_OFF if slot.due and clock.now() + timedelta(minutes=minutes) < slot.until]


def gaps(session: Session, tenant: Tenant, zone: ZoneInfo) -> list[Slot]:
    """Slots of the last `MAY_FILL_IN` days of which nothing is recorded, newest first."""
    today = clock.today(zone)
    days = [today - timedelta(days=number) for number in range(MAY_FILL_IN)]
    found = slots_between(session, tenant, days[-1], days[0], zone)
    return [slot for slot in reversed(found) if slot.not_recorded]


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


def _doses(session: Session, slot: Slot) -> Sequence[Dose]:
    return session.scalars(
        select(Dose).where(
            Dose.medicine_id.in_([medicine.id for medicine in slot.medicines]), Dose.day == slot.day,
            Dose.wall_time == slot.wall_time,
        )
    ).all()  # fmt: skip


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


def _moment_near(slot: Slot, at: time, zone: ZoneInfo) -> datetime:
    """The moment at which clocks show `at` nearest to a slot: half past midnight is the night after a late slot."""
    around = (clock.at(slot.day + timedelta(days=days), at, zone) for days in (0, 1))
    return min(around, key=lambda moment: abs(moment - slot.at))
