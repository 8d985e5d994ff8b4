"""Reminders of medicines, kept in step with what is taken when. The engine knows nothing of medicines; this does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.medication.models import DoseTime, Medicine
from tenant_app.medication.patterns import recurrences
from tenant_app.medication.pausing.models import MedicinePause
from tenant_app.medication.slots import AGAIN, DOSE, WINDOW, Slot, asked_again, current_slots, source_of
from tenant_app.medication.stock.rules import keep_stock_in_step
from tenant_app.reminders.models import Notice, Schedule
from tenant_app.reminders.rules import announce, occurrences, schedule, unschedule, withdraw

Days = tuple[date, date | None]
"""First and last; None goes on."""


@dataclass(frozen=True)
class Stretch:
    """Days between which the same medicines are due at one wall time, so that they are reminded of in the same way."""

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


@dataclass(frozen=True)
class Wanted:
    """One schedule that the reminder engine should have."""

    source: str
    wall_time: time
    starts_on: date
    ends_on: date | None
    recurrence: str
    count: int | None
    """How many medicines are due each time; None where that changes from day to day."""

    @property
    def facts(self) -> dict[str, object]:
        """What its words are made of."""
        return _facts(self.wall_time, self.count)


def wanted_schedules(
    tenant: Tenant, times: Iterable[DoseTime], pauses: Iterable[MedicinePause], zone: ZoneInfo
) -> list[Wanted]:
    """Schedules that fire exactly when something is due and not paused, and never two for one slot."""
    by_time: defaultdict[time, list[DoseTime]] = defaultdict(list)
    for dose in times:
        by_time[dose.wall_time].append(dose)
    rests = list(pauses)
    found: list[Wanted] = []
    for wall_time, doses in sorted(by_time.items()):
        resting = [days for pause in rests if (days := pause.days_at(wall_time, zone))]
        spans = [(*span, dose) for dose in doses for span in without((dose.first_day, dose.last_day), resting)]
        for number, stretch in enumerate(stretches((first, last) for first, last, _ in spans)):
            patterns = [dose.pattern for first, last, dose in spans
                        if first <= stretch.first and (last is None or stretch.first <= last)]  # fmt: skip
            base = source_of(tenant, wall_time) + (f":{stretch.first.isoformat()}" if number else "")
            for part, recurring in enumerate(recurrences(patterns, stretch.first)):
                if stretch.last is None or recurring.starts_on <= stretch.last:
                    found.append(Wanted(f"{base}/{part}" if part else base, wall_time, recurring.starts_on,
                                        stretch.last, recurring.rule, recurring.count))  # fmt: skip
    return found


def without(span: Days, rests: Iterable[Days]) -> list[Days]:
    """What is left of a span of days (first, last; last None goes on) when those of `rests` are taken out."""
    left = [span]
    for begin, end in rests:
        parts: list[Days] = []
        for first, last in left:
            if begin > first:
                parts.append((first, begin - timedelta(days=1) if last is None or last >= begin else last))
            if end is not None and (last is None or last > end):
                parts.append((max(first, end + timedelta(days=1)), last))
        left = list(dict.fromkeys(parts))
    return left


def keep_in_step(session: Session, tenant: Tenant, zone: ZoneInfo) -> None:
    """Make the schedules say what the medicines say; called whenever a medicine, its times or a pause changed.

    What it newly plans for a moment that has passed is taken back: whoever changes their medicines at half past nine
    is not reminded of nine o'clock. What was put off stays put off.
    """
    today = clock.today(zone)
    times = session.scalars(
        select(DoseTime).join(Medicine, Medicine.id == DoseTime.medicine_id).where(Medicine.tenant_id == tenant.id)
    ).all()
    plans = {
        plan.source: plan
        for plan in session.scalars(select(Schedule).where(Schedule.tenant_id == tenant.id, Schedule.kind == DOSE))
    }
    before, put_off = _come(session, tenant), asked_again(session, tenant)
    going_on = sorted({dose.wall_time for dose in times if dose.last_day is None or dose.last_day >= today})
    wanted = wanted_schedules(tenant, times, session.scalars(MedicinePause.of(tenant)).all(), zone)
    for each in wanted:
        if each.source in plans or each.ends_on is None or each.ends_on >= today:
            _plan(session, tenant, each, zone, _window(each.wall_time, going_on), plans.get(each.source))
    for source in plans.keys() - {each.source for each in wanted}:
        unschedule(session, source)
    for (source, occurrence), due_at in _come(session, tenant).items():
        if (source, occurrence) not in before and (due_at < clock.now() or due_at in before.values()):
            withdraw(session, source, occurrence)
    for slot in current_slots(session, tenant, zone):
        if slot.answered or slot.paused:
            take_back(session, tenant, slot.day, slot.wall_time)
        elif slot.due and slot.asks_again_at is None and (slot.day, slot.wall_time) in put_off:
            ask_again(session, tenant, slot, put_off[slot.day, slot.wall_time])
    keep_stock_in_step(session, tenant, zone)


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
            ends_on=plan.ends_on, recurrence=plan.recurrence, lasts=timedelta(minutes=plan.lasts_minutes),
            facts=plan.facts,
        )  # fmt: skip


def ask_again(session: Session, tenant: Tenant, slot: Slot, due_at: datetime) -> None:
    """Put the reminder of a slot off until `due_at` (UTC, within its window). Of several only the last one counts."""
    plan = plan_of(session, tenant, slot)
    source = plan.source if plan else source_of(tenant, slot.wall_time)
    take_back(session, tenant, slot.day, slot.wall_time)
    prefix = slot.day.isoformat() + AGAIN
    known = session.scalars(
        select(Notice.occurrence).where(Notice.source == source, Notice.occurrence.startswith(prefix))
    )
    # Not how many there are: the engine forgets what a changed schedule had planned, and a number that comes again
    # would be taken for one that was said.
    number = max((int(occurrence.removeprefix(prefix)) for occurrence in known), default=-1) + 1
    announce(
        session, tenant, DOSE, source=source, occurrence=f"{prefix}{number}", due_at=due_at, lasts=slot.until - due_at,
        facts=_facts(slot.wall_time, len(slot.planned)),
    )  # fmt: skip


def plan_of(session: Session, tenant: Tenant, slot: Slot) -> Schedule | None:
    """The schedule that reminds of this slot; None while it is paused."""
    around = session.scalars(
        select(Schedule).where(
            Schedule.tenant_id == tenant.id, Schedule.kind == DOSE, Schedule.wall_time == slot.wall_time,
            Schedule.starts_on <= slot.day, or_(Schedule.ends_on.is_(None), Schedule.ends_on >= slot.day),
        )
    )  # fmt: skip
    return next((plan for plan in around if occurrences(plan, slot.day, slot.day)), None)


def _plan(
    session: Session, tenant: Tenant, wanted: Wanted, zone: ZoneInfo, lasts: timedelta, plan: Schedule | None
) -> None:
    if plan is not None and wanted.ends_on is not None and wanted.ends_on < clock.today(zone):
        lasts = timedelta(minutes=plan.lasts_minutes)  # over: what was said then is not said otherwise now
    if plan is not None and (
        (plan.starts_on, plan.ends_on, plan.zone, plan.recurrence, plan.lasts_minutes, plan.facts)
        == (wanted.starts_on, wanted.ends_on, zone.key, wanted.recurrence, lasts // timedelta(minutes=1), wanted.facts)
    ):  # fmt: skip
        return  # planning anew would drop what is planned and lose what was put off
    schedule(
        session, tenant, DOSE, source=wanted.source, wall_time=wanted.wall_time, zone=zone, starts_on=wanted.starts_on,
        ends_on=wanted.ends_on, recurrence=wanted.recurrence, lasts=lasts, facts=wanted.facts,
    )  # fmt: skip


def _window(wall_time: time, others: Sequence[time]) -> timedelta:
    """How long a reminder makes sense: until the next slot by the clock on the wall, at most `WINDOW`."""
    minutes = wall_time.hour * 60 + wall_time.minute
    gaps = [(other.hour * 60 + other.minute - minutes) % (24 * 60) for other in others]
    return min([WINDOW, *(timedelta(minutes=gap) for gap in gaps if gap)])


def _facts(wall_time: time, count: int | None) -> dict[str, object]:
    return {"time": f"{wall_time:%H:%M}"} | ({} if count is None else {"count": count})


def _come(session: Session, tenant: Tenant) -> dict[tuple[str, str], datetime]:
    """Reminders whose moment has come and whose window may still be open, whatever became of them, with the moment."""
    now = clock.now()
    found = session.execute(
        select(Notice.source, Notice.occurrence, Notice.due_at).where(
            Notice.tenant_id == tenant.id, Notice.kind == DOSE, Notice.due_at <= now, Notice.due_at > now - WINDOW
        )
    )
    return {(source, occurrence): due_at for source, occurrence, due_at in found}
