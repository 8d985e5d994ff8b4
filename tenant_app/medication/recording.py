"""What a tenant says of a slot: taken, skipped, later, or nothing after all. Part of the room's rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import new_id, put_if_absent
from tenant_app.medication.models import Answer, Dose, SkipReason
from tenant_app.medication.reminding import ask_after_all, ask_again, never_ask, take_back
from tenant_app.medication.slots import WINDOW, Slot, slot_at
from tenant_app.medication.stock.rules import keep_stock_in_step
from tenant_app.medication.writing.rules import hold

MAY_FILL_IN = 7
"""Days, today among them, whose slots may be filled in or corrected. Further back memory is not a record."""

PUT_OFF = (10, 30, 60)
"""Minutes after which one may ask to be asked again."""

CLOCKS_DIFFER = timedelta(minutes=5)
"""How far a phone's clock may be from ours for what it says of a moment to be believed."""


class DayClosed(ValueError):
    """A day that is to come, or further back than `MAY_FILL_IN`."""


class StillToCome(ValueError):
    """A time at which nothing can have been taken yet."""


def answer_slot(
    session: Session, tenant: Tenant, day: date, wall_time: time, answer: Answer | str, zone: ZoneInfo, *,
    at: time | datetime | None = None,
) -> Slot:  # fmt: skip
    """Record every medicine of a slot as taken or skipped, and withdraw its reminder. The same answer again changes
    nothing; another one corrects it.

    `at` is the wall time at which it was taken, where the tenant says so; or the moment (UTC) at which they tapped on a
    phone that could not send it yet: believed as `_moment_tapped` has it, else unknown, and then what was said after
    that tap stays. Otherwise it is now while the slot's window is open, and unknown afterwards. Raises `LookupError`
    if nothing is planned then, `DayClosed` or `StillToCome`.
    """
    answer, now = Answer(answer), clock.now()
    if not may_record(day, zone):
        raise DayClosed(day)
    slot = slot_at(session, tenant, day, wall_time, zone)
    said = _moment_near(slot, at, zone, now) if isinstance(at, time) and answer is Answer.TAKEN else None
    if said is not None and said > now:
        raise StillToCome(at)
    taken_at = said or (now if answer is Answer.TAKEN and now < slot.until else None)
    tapped = _moment_tapped(slot, at, now) if isinstance(at, datetime) else None
    if isinstance(at, datetime) and answer is Answer.TAKEN:
        taken_at = tapped
    put_if_absent(session, Dose, [
        {"id": new_id(), "medicine_id": each.medicine_id, "tenant_id": tenant.id, "day": day, "wall_time": wall_time,
         "answer": answer, "taken_at": taken_at, "answered_at": now, "reason": None, "reason_words": ""}
        for each in slot.planned
    ])  # fmt: skip
    for dose in _doses(session, slot):
        if tapped is not None and tapped < dose.answered_at:
            continue
        if dose.answer is not answer or (said is not None and dose.taken_at != said):
            dose.correct(answer, taken_at)
    session.flush()
    never_ask(session, tenant, slot)
    keep_stock_in_step(session, tenant, zone)
    return slot_at(session, tenant, day, wall_time, zone)


def may_record(day: date, zone: ZoneInfo) -> bool:
    """Whether something may be said about this day: not before it comes, and not when it is long past."""
    today = clock.today(zone)
    return today - timedelta(days=MAY_FILL_IN) < day <= today


def undo(session: Session, tenant: Tenant, day: date, wall_time: time, zone: ZoneInfo) -> Slot:
    """Nothing is recorded for this slot after all, and nothing is put off. Raises as `answer_slot` does."""
    if not may_record(day, zone):
        raise DayClosed(day)
    slot = slot_at(session, tenant, day, wall_time, zone)
    for dose in _doses(session, slot):
        session.delete(dose)
    session.flush()
    if slot.at > clock.now():
        ask_after_all(session, tenant, slot, zone)
    else:
        take_back(session, tenant, day, wall_time)
    keep_stock_in_step(session, tenant, zone)
    return slot_at(session, tenant, day, wall_time, zone)


def say_why(
    session: Session, tenant: Tenant, day: date, wall_time: time, reason: SkipReason | None, words: str, zone: ZoneInfo
) -> Slot:
    """Keep why a slot was not taken, or, with None and no words, that its owner would rather not say.

    Raises as `answer_slot` does, and `LookupError` where it is not recorded as skipped.
    """
    if not may_record(day, zone):
        raise DayClosed(day)
    slot = slot_at(session, tenant, day, wall_time, zone)
    if not slot.skipped:
        raise LookupError("it is not recorded as skipped")
    for dose in _doses(session, slot):
        dose.explain(reason, words)
    session.flush()
    return slot_at(session, tenant, day, wall_time, zone)


def snooze(
    session: Session, tenant: Tenant, day: date, wall_time: time, minutes: int, zone: ZoneInfo, *,
    tapped: datetime | None = None,
) -> datetime | None:  # fmt: skip
    """Ask about a slot again in so many minutes (of `PUT_OFF`), reckoned from when it was `tapped` (UTC) if that had to
    wait. Returns when (UTC), or None if its window closes before, or it is not to be answered now: then nothing is
    planned.

    Raises `LookupError` if nothing is planned then, `ValueError` for other minutes.
    """
    if minutes not in PUT_OFF:
        raise ValueError(f"asked again in {minutes} minutes")
    hold(session, tenant)
    slot = slot_at(session, tenant, day, wall_time, zone)
    now = clock.now()
    since = (tapped and _moment_tapped(slot, tapped, now)) or now
    if minutes not in may_put_off(slot, since):
        return None
    due_at = max(now, since + timedelta(minutes=minutes))
    ask_again(session, tenant, slot, due_at)
    return due_at


def may_put_off(slot: Slot, since: datetime | None = None) -> list[int]:
    """By how many minutes this slot may still be put off, counted from `since` (UTC; now): not past its window."""
    since = since or clock.now()
    return [minutes for minutes in PUT_OFF if slot.due and since + timedelta(minutes=minutes) < slot.until]


def _doses(session: Session, slot: Slot) -> Sequence[Dose]:
    return session.scalars(
        select(Dose).where(
            Dose.medicine_id.in_([each.medicine_id for each in slot.planned]), Dose.day == slot.day,
            Dose.wall_time == slot.wall_time,
        )
    ).all()  # fmt: skip


def _moment_tapped(slot: Slot, tapped: datetime, now: datetime) -> datetime | None:
    """When a phone says that it was tapped, if that can be: within the slot's window, and not still to come. A clock a
    little fast or slow is put right; from one that is further out nothing is known."""
    if not slot.at - CLOCKS_DIFFER <= tapped < slot.until or tapped > now + CLOCKS_DIFFER:
        return None
    return min(max(tapped, slot.at), now)


def _moment_near(slot: Slot, at: time, zone: ZoneInfo, now: datetime) -> datetime:
    """The moment at which clocks show `at` nearest to a slot: half past midnight is the night after a late slot, and
    ten to twelve the evening before one just after midnight. No more than `WINDOW` before it, or what was taken very
    late would be told as taken on the day before.
    """
    around = [moment for days in (-1, 0, 1) for moment in _moments(slot.day + timedelta(days=days), at, zone)]
    meant = [moment for moment in around if moment >= clock.at(slot.day, time(), zone) or slot.at - WINDOW <= moment]
    nearest = min(meant, key=lambda moment: abs(moment - slot.at))
    first = clock.at(nearest.astimezone(zone).date(), at, zone)
    return first if first <= now < nearest else nearest


def _moments(day: date, at: time, zone: ZoneInfo) -> list[datetime]:
    """When clocks show `at` on `day` (UTC): twice in an hour that autumn repeats."""
    first, again = (datetime.combine(day, at.replace(fold=fold), zone).astimezone(UTC) for fold in (0, 1))
    return [first, again] if first < again else [first]
