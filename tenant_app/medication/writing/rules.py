"""Writing a medicine down, changing how it is taken, and giving it up. Part of the room's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.medication.models import Dose, DoseTime, Food, Medicine, MedicineForm, MedicinePhase
from tenant_app.medication.patterns import EVERY_DAY, Pattern
from tenant_app.medication.regimen import BadRegimen, Phase, Regimen, alike, check_near, first_due
from tenant_app.medication.reminding import keep_in_step, take_back
from tenant_app.medication.slots import slots_of_day


def add_medicine(
    session: Session, tenant: Tenant, name: str, amount: str, times: Sequence[time], zone: ZoneInfo, starts_on: date,
    ends_on: date | None = None, *, purpose: str = "", form: MedicineForm = MedicineForm.OTHER,
    food: Food = Food.NO_MATTER, pattern: Pattern = EVERY_DAY, quantity: Decimal | None = None,
    phases: Sequence[Phase] = (), most: int | None = None,
) -> Medicine:  # fmt: skip
    """Write down a medicine and plan its reminders. A time that has passed today begins with the next day it is due.

    `quantity` is in units of its form (tablets, ml); a course whose amount changes has `phases` instead; `most` are
    doses in 24 hours, as the label says. Writing
    exactly the same one twice is one medicine: a double tap. Raises `BadRegimen` as `Regimen.check` does, for days
    too far away, and for a course that is over before its first time.
    """
    today = clock.today(zone)
    regimen = Regimen(tuple(times), pattern, None if phases else quantity, tuple(phases), most)
    check_near(today, starts_on, ends_on, *(phase.first_day for phase in phases))
    regimen.check(starts_on, ends_on)
    hold(session, tenant)
    for known in session.scalars(Medicine.of(tenant).where(Medicine.name == name, Medicine.stopped_at.is_(None))):
        if (known.amount, known.starts_on, known.ends_on) == (amount, starts_on, ends_on) and (
            Regimen.of(known) == replace(regimen, times=tuple(sorted(times)))
        ):
            return known
    medicine = Medicine(
        tenant=tenant, name=name, amount=amount, purpose=purpose, starts_on=starts_on, ends_on=ends_on, form=form,
        food=food, quantity=regimen.quantity, as_needed=False, most_in_24h=most, written_at=clock.now(),
        phases=[MedicinePhase(first_day=each.first_day, amount=each.amount, quantity=each.quantity) for each in phases],
        times=regimen.rows(starts_on, ends_on, {at: max(starts_on, _next_day_at(at, zone)) for at in times}),
    )  # fmt: skip
    if not medicine.times:
        raise BadRegimen("over-before-its-first-time")
    session.add(medicine)
    session.flush()
    keep_in_step(session, tenant, zone)
    return medicine


def change_times(session: Session, medicine: Medicine, times: Sequence[time], zone: ZoneInfo) -> date:
    """Take a medicine at other times of the same days. Returns and raises as `change_regimen` does."""
    return change_regimen(session, medicine, replace(Regimen.of(medicine), times=tuple(times)), medicine.ends_on, zone)


def change_regimen(
    session: Session, medicine: Medicine, regimen: Regimen, ends_on: date | None, zone: ZoneInfo
) -> date:
    """Take a medicine at other times, on other days, until another day, or another amount of it.

    Returns the first day of what is new. That is today only if nothing of today that changes has come yet or was
    answered; else tomorrow, because a dose at the old time and another at the new one would be two. Raises
    `BadRegimen` as `add_medicine` does, and for a medicine that is no longer taken or has no times.
    """
    tenant = medicine.tenant
    hold(session, tenant)
    session.refresh(medicine, ["times", "phases", "stopped_at", "ends_on", "quantity", "most_in_24h"])
    today = clock.today(zone)
    if medicine.as_needed or not medicine.goes_on(today):
        raise BadRegimen("no-longer-taken")
    check_near(today, ends_on, *(phase.first_day for phase in regimen.phases))
    regimen.check(medicine.starts_on, ends_on)
    if ends_on is not None and ends_on < today:
        raise BadRegimen("already-over")
    first_days = {wall_time: max(today, _begun(medicine, wall_time, today)) for wall_time in regimen.times}
    begins = _begins(session, medicine, regimen.rows(medicine.starts_on, ends_on, first_days), zone)
    if ends_on is not None and begins > ends_on:
        raise BadRegimen("over-before-it-begins")
    first_days = {wall_time: max(begins, first) for wall_time, first in first_days.items()}
    if first_due(regimen.pattern, max(begins, medicine.starts_on), ends_on) is None:
        raise BadRegimen("never-fires")
    _rewrite(medicine, regimen.rows(medicine.starts_on, ends_on, first_days), first_days, begins)
    _rephrase(medicine, regimen.phases)
    medicine.ends_on, medicine.quantity, medicine.most_in_24h = ends_on, regimen.quantity, regimen.most
    session.flush()
    keep_in_step(session, tenant, zone)
    return begins


def stop_medicine(session: Session, medicine: Medicine, zone: ZoneInfo) -> None:
    """It is no longer taken: reminders end now, what was recorded stays. Stopping twice keeps the first moment."""
    tenant = medicine.tenant
    hold(session, tenant)
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



def hold(session: Session, tenant: Tenant) -> None:
    """Queue behind whoever changes this tenant's medicines: two at the same moment would plan the same times twice,
    and the second would be refused by the database."""
    table = Tenant.__table__
    session.execute(select(table.c.id).where(table.c.id == tenant.id).with_for_update(key_share=True))


def _next_day_at(wall_time: time, zone: ZoneInfo) -> date:
    today = clock.today(zone)
    return today if clock.at(today, wall_time, zone) >= clock.now() else today + timedelta(days=1)


def _begun(medicine: Medicine, wall_time: time, today: date) -> date:
    """Since when it is taken at this time: the course's first day, unless a time that had passed began a day later."""
    rows = [row for row in medicine.times if row.wall_time == wall_time and not _ended(row, today)]
    return min((row.first_day for row in rows), default=medicine.starts_on)


def _begins(session: Session, medicine: Medicine, wanted: Sequence[DoseTime], zone: ZoneInfo) -> date:
    now, today = clock.now(), clock.today(zone)
    before = {row.wall_time: row for row in medicine.times if row.holds_on(today)}
    after = {row.wall_time: row for row in wanted if row.holds_on(today)}
    touched = {
        wall_time
        for wall_time in before.keys() | after.keys()
        if wall_time not in before or wall_time not in after or not alike(before[wall_time], after[wall_time])
    }
    still_ahead = all(clock.at(today, wall_time, zone) > now for wall_time in touched)
    return today if still_ahead and not _answered(session, medicine, today) & touched else today + timedelta(days=1)


def _rewrite(medicine: Medicine, wanted: Sequence[DoseTime], first_days: dict[time, date], begins: date) -> None:
    """Keep the rows that go on saying what they said, end the others the day before, and begin what is new."""
    kept, new = set(), []
    for row in wanted:
        goes_on = row.first_day == first_days[row.wall_time]
        for known in medicine.times:
            same_start = known.first_day == row.first_day or (goes_on and known.first_day < row.first_day)
            # One that was given up a moment ago and is taken up again has ended the day before.
            if alike(known, row) and same_start and not _ended(known, row.first_day - timedelta(days=1)):
                known.last_day = row.last_day
                kept.add(known)
                break
        else:
            new.append(row)
    for known in list(medicine.times):
        if known not in kept and not _ended(known, begins):
            _end(medicine, known, begins - timedelta(days=1))
    medicine.times.extend(new)


def _rephrase(medicine: Medicine, phases: Sequence[Phase]) -> None:
    known = {each.first_day: each for each in medicine.phases}
    for phase in phases:
        each = known.pop(phase.first_day, None)
        if each is None:
            each = MedicinePhase(first_day=phase.first_day)
            medicine.phases.append(each)
        each.amount, each.quantity = phase.amount, phase.quantity
    for each in known.values():
        medicine.phases.remove(each)


def _answered(session: Session, medicine: Medicine, day: date) -> set[time]:
    return set(session.scalars(select(Dose.wall_time).where(Dose.medicine_id == medicine.id, Dose.day == day)))


def _ended(row: DoseTime, day: date) -> bool:
    return row.last_day is not None and row.last_day < day


def _end(medicine: Medicine, dose: DoseTime, last: date) -> None:
    if last < dose.first_day:
        medicine.times.remove(dose)
    else:
        dose.last_day = last
