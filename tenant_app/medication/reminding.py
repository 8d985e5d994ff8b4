"""Reminders of medicines, kept in step with what is taken when. The engine knows nothing of medicines; this does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.medication.models import DoseTime, Medicine
from tenant_app.medication.slots import AGAIN, DOSE, WINDOW, Slot, slots_of_day, source_of
from tenant_app.reminders.models import Notice, Schedule
from tenant_app.reminders.rules import announce, schedule, unschedule, withdraw


@dataclass(frozen=True)
class Stretch:
    """Days on which the same number of medicines is due at one wall time: they are reminded of in the same words."""

    first: date
    last: date | None
    count: int


def stretches(times: Iterable[tuple[date, date | None]]) -> list[Stretch]:
    """The days that (first, last) spans cover, cut where their number changes. Days that none covers are in none."""
    spans = list(times)
    edges = sorted({first for first, _ in spans} | {last + timedelta(days=1) for _, last in spans if last})
    found: list[Stretch] = []
    for edge, following in zip_longest(edges, edges[1:]):
        count = sum(first <= edge and (last is None or edge <= last) for first, last in spans)
        if count:
            found.append(Stretch(edge, following - timedelta(days=1) if following else None, count))
    return found


def keep_in_step(session: Session, tenant: Tenant, zone: ZoneInfo) -> None:
    """Make the schedules say what the medicines say; called whenever a medicine or its times changed.

    What it newly plans for a moment that has passed is taken back: whoever changes their medicines at half past nine
    is not reminded of nine o'clock.
    """
    today = clock.today(zone)
    times = session.scalars(
        select(DoseTime).join(Medicine, Medicine.id == DoseTime.medicine_id).where(Medicine.tenant_id == tenant.id)
    ).all()
    plans = {
        plan.source: plan
        for plan in session.scalars(select(Schedule).where(Schedule.tenant_id == tenant.id, Schedule.kind == DOSE))
    }
    before = _come(session, tenant)
    wall_times = sorted({dose.wall_time for dose in times})
    going_on = sorted({dose.wall_time for dose in times if dose.last_day is None or dose.last_day >= today})
    wanted = set()
    for wall_time in wall_times:
        spans = [(dose.first_day, dose.last_day) for dose in times if dose.wall_time == wall_time]
        for number, stretch in enumerate(stretches(spans)):
            source = source_of(tenant, wall_time) + (f":{stretch.first.isoformat()}" if number else "")
            wanted.add(source)
            if source in plans or stretch.last is None or stretch.last >= today:
                lasts = _window(wall_time, going_on)
                _plan(session, tenant, source, wall_time, zone, stretch, lasts, plans.get(source))
    for source in plans.keys() - wanted:
        unschedule(session, source)
    for (source, occurrence), due_at in _come(session, tenant).items():
        if (source, occurrence) not in before and (due_at < clock.now() or due_at in before.values()):
            withdraw(session, source, occurrence)
    for slot in slots_of_day(session, tenant, today, zone):
        if slot.answered:
            take_back(session, tenant, slot.day, slot.wall_time)


def take_back(session: Session, tenant: Tenant, day: date, wall_time: time) -> None:
    """Whatever waits to be said about one slot is not said: its reminder, and one that was put off."""
    waiting = session.execute(
        select(Notice.source, Notice.occurrence).where(
            Notice.waits(), Notice.tenant_id == tenant.id, Notice.kind == DOSE,
            Notice.source.startswith(source_of(tenant, wall_time)), Notice.occurrence.startswith(day.isoformat()),
        )
    )  # fmt: skip
    for source, occurrence in waiting.all():
        withdraw(session, source, occurrence)


def never_ask(session: Session, tenant: Tenant, slot: Slot) -> None:
    """Nothing more is said about an answered slot, not even by a planner that has not come round to this day yet."""
    plan = plan_of(session, tenant, slot)
    if plan is not None and slot.until > clock.now():
        announce(
            session, tenant, DOSE, source=plan.source, occurrence=slot.day.isoformat(), due_at=slot.at,
            lasts=timedelta(minutes=plan.lasts_minutes), facts=plan.facts,
        )  # fmt: skip
    take_back(session, tenant, slot.day, slot.wall_time)


def ask_after_all(session: Session, tenant: Tenant, slot: Slot, zone: ZoneInfo) -> None:
    """An answer was undone before its time had come: the reminder that it withdrew is planned again."""
    plan = plan_of(session, tenant, slot)
    if plan is not None and slot.at > clock.now():
        schedule(
            session, tenant, DOSE, source=plan.source, wall_time=plan.wall_time, zone=zone, starts_on=plan.starts_on,
            ends_on=plan.ends_on, lasts=timedelta(minutes=plan.lasts_minutes), facts=plan.facts,
        )  # fmt: skip


def ask_again(session: Session, tenant: Tenant, slot: Slot, due_at: datetime) -> None:
    """Put the reminder of a slot off until `due_at` (UTC, within its window). Of several only the last one counts."""
    plan = plan_of(session, tenant, slot)
    source = plan.source if plan else source_of(tenant, slot.wall_time)
    take_back(session, tenant, slot.day, slot.wall_time)
    prefix = slot.day.isoformat() + AGAIN
    number = session.scalar(
        select(func.count()).where(Notice.source == source, Notice.occurrence.startswith(prefix))
    )
    announce(
        session, tenant, DOSE, source=source, occurrence=f"{prefix}{number}", due_at=due_at, lasts=slot.until - due_at,
        facts=_facts(slot.wall_time, len(slot.medicines)),
    )  # fmt: skip


def plan_of(session: Session, tenant: Tenant, slot: Slot) -> Schedule | None:
    """The schedule that reminds of this slot."""
    return session.scalar(
        select(Schedule).where(
            Schedule.tenant_id == tenant.id, Schedule.kind == DOSE, Schedule.wall_time == slot.wall_time,
            Schedule.starts_on <= slot.day, or_(Schedule.ends_on.is_(None), Schedule.ends_on >= slot.day),
        )
    )  # fmt: skip


def _plan(
    session: Session, tenant: Tenant, source: str, wall_time: time, zone: ZoneInfo, stretch: Stretch, lasts: timedelta,
    plan: Schedule | None,
) -> None:  # fmt: skip
    over = stretch.last is not None and stretch.last < clock.today(zone)
    asked = (stretch.first, stretch.last, zone.key, timedelta(minutes=plan.lasts_minutes) if plan and over else lasts,
             _facts(wall_time, stretch.count))  # fmt: skip
    if plan is not None and asked == (
        plan.starts_on, plan.ends_on, plan.zone, timedelta(minutes=plan.lasts_minutes), plan.facts
    ):  # fmt: skip
        return  # planning anew would drop what is planned and lose what was put off
    put_off = session.scalars(
        select(Notice).where(Notice.source == source, Notice.waits(), Notice.occurrence.contains(AGAIN))
    ).all()
    kept = [(again.occurrence, again.due_at, again.expires_at - again.due_at, again.facts) for again in put_off]
    schedule(
        session, tenant, DOSE, source=source, wall_time=wall_time, zone=zone, starts_on=stretch.first,
        ends_on=stretch.last, lasts=asked[3], facts=asked[4],
    )  # fmt: skip
    for occurrence, due_at, left, facts in kept:
        announce(session, tenant, DOSE, source=source, occurrence=occurrence, due_at=due_at, lasts=left, facts=facts)


def _window(wall_time: time, others: Sequence[time]) -> timedelta:
    """How long a reminder makes sense: until the next slot by the clock on the wall, at most `WINDOW`."""
    minutes = wall_time.hour * 60 + wall_time.minute
    gaps = [(other.hour * 60 + other.minute - minutes) % (24 * 60) for other in others]
    return min([WINDOW, *(timedelta(minutes=gap) for gap in gaps if gap)])


def _facts(wall_time: time, count: int) -> dict[str, object]:
    return {"time": f"{wall_time:%H:%M}", "count": count}


def _come(session: Session, tenant: Tenant) -> dict[tuple[str, str], datetime]:
    """Reminders whose moment has come and whose window may still be open, whatever became of them, with the moment."""
    now = clock.now()
    found = session.execute(
        select(Notice.source, Notice.occurrence, Notice.due_at).where(
            Notice.tenant_id == tenant.id, Notice.kind == DOSE, Notice.due_at <= now, Notice.due_at > now - WINDOW
        )
    )
    return {(source, occurrence): due_at for source, occurrence, due_at in found}
