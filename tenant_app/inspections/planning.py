"""The rota: which inspection is due where, and when. One that is still to do of each kind and place, and no more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, exists, func, or_, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant
from tenant_app.database import new_id, put_if_absent
from tenant_app.inspections.models import Inspection, ItemAnswer
from tenant_app.reminders.rules import announce, withdraw

COMING = "inspections.coming"
"""Kind of notice: somebody looks at your room tomorrow."""

TOLD_AT = time(10)
"""Wall time on the day before."""

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Plan:
    """A template as the rota needs it."""

    kind: str
    of_room: bool
    every: timedelta
    """Whole days."""
    items: tuple[dict[str, Any], ...]
    """As an inspection keeps them."""


def plan_due(session: Session, today: date, zone: ZoneInfo, plans: Sequence[Plan]) -> bool:
    """Write the next inspection of each kind wherever none is still to do; tell tenants of theirs. Returns whether
    more remain. Twice writes once."""
    _follow_moves(session)
    more = False
    for plan in plans:
        places = (_rooms_without if plan.of_room else _buildings_without)(session, plan)
        more |= len(places) == MOST_AT_ONCE
        _write(session, plan, places, today, zone)
    return more


def next_due(last_due: date, done_on: date, every: timedelta) -> date:
    """The planned day after `last_due`: in its rhythm, whenever that one was done, and after that day."""
    day = last_due + every
    while day <= done_on:
        day += every
    return day


def first_due(start: date, today: date, every: timedelta) -> date:
    """Of a room that nobody has inspected: in the rhythm since they moved in, and so that they can be told before."""
    day = start + every
    while day <= today + timedelta(days=1):
        day += every
    return day


def tell_visit(session: Session, inspection: Inspection, zone: ZoneInfo) -> None:
    """Tell the tenant of the day that is planned, on the day before. A day that holds no longer is not told."""
    if inspection.tenant is None or inspection.visit_on is None:
        return
    withdraw(session, source_of(inspection), kinds=(COMING,))
    eve = clock.at(inspection.visit_on - timedelta(days=1), TOLD_AT, zone)
    due_at = max(eve, clock.now())
    over = clock.at(inspection.visit_on + timedelta(days=1), time(), zone)
    announce(
        session, inspection.tenant, COMING, source=source_of(inspection), due_at=due_at, lasts=over - due_at,
        occurrence=f"{inspection.visit_on.isoformat()}:{inspection.version}",
        facts={"inspection": str(inspection.id), "kind": inspection.kind, "day": inspection.visit_on.isoformat()},
    )  # fmt: skip


def source_of(inspection: Inspection) -> str:
    """What notices about it hang on."""
    return f"inspection:{inspection.id}"


def _write(
    session: Session, plan: Plan, places: Sequence[tuple[Property, Tenant | None]], today: date, zone: ZoneInfo
) -> None:
    if not places:
        return
    last = _last_of(session, plan)
    rows = []
    for building, tenant in places:
        before = last.get(tenant.id if tenant else building.id)
        if before:
            due = next_due(*before, plan.every)
        else:
            due = first_due(tenant.moved_in_on, today, plan.every) if tenant else today
        rows.append({
            "id": new_id(), "kind": plan.kind, "property_id": building.id, "tenant_id": tenant.id if tenant else None,
            "flat": tenant.flat if tenant else "", "items": list(plan.items), "due_on": due,
            "visit_on": max(due, today + timedelta(days=1)) if tenant else None, "planned_at": clock.now(),
            "words": "", "language": "", "version": 1,
        })  # fmt: skip
    put_if_absent(session, Inspection, rows)
    if plan.of_room:
        # Of two that planned at once, one wrote: it is that one's rows of which tenants are told.
        written = select(Inspection).where(Inspection.id.in_([row["id"] for row in rows]))
        for inspection in session.scalars(written):
            tell_visit(session, inspection, zone)


def _last_of(session: Session, plan: Plan) -> dict[Any, tuple[date, date]]:
    """By tenant or building: the planned day and the day of the last one done."""
    key = Inspection.tenant_id if plan.of_room else Inspection.property_id
    rows = session.execute(
        select(key, func.max(Inspection.due_on), func.max(Inspection.done_on))
        .where(Inspection.kind == plan.kind, Inspection.done_on.is_not(None)).group_by(key)
    )  # fmt: skip
    return {place: (due, done) for place, due, done in rows if done is not None}


def _buildings_without(session: Session, plan: Plan) -> list[tuple[Property, Tenant | None]]:
    waits = exists().where(
        Inspection.property_id == Property.id, Inspection.kind == plan.kind, Inspection.done_on.is_(None),
        Inspection.tenant_id.is_(None),
    )  # fmt: skip
    return [(each, None) for each in session.scalars(select(Property).where(~waits).limit(MOST_AT_ONCE))]


def _rooms_without(session: Session, plan: Plan) -> list[tuple[Property, Tenant | None]]:
    waits = exists().where(
        Inspection.tenant_id == Tenant.id, Inspection.kind == plan.kind, Inspection.done_on.is_(None)
    )  # fmt: skip
    living = select(Tenant).where(Tenant.left_at.is_(None), ~waits).limit(MOST_AT_ONCE)
    return [(each.building, each) for each in session.scalars(living)]


def _follow_moves(session: Session) -> None:
    """What nobody has begun goes along with a tenant who moves, and goes when they leave."""
    moved = or_(
        Tenant.left_at.is_not(None), Tenant.property_id != Inspection.property_id, Tenant.flat != Inspection.flat
    )  # fmt: skip
    begun = exists().where(ItemAnswer.inspection_id == Inspection.id)
    waiting: Select[Inspection] = select(Inspection).join(Inspection.tenant).where(
        Inspection.done_on.is_(None), moved, ~begun
    )  # fmt: skip
    for each in session.scalars(waiting.limit(MOST_AT_ONCE)).all():
        if each.tenant is None or each.tenant.left_at is not None:
            withdraw(session, source_of(each))
            session.delete(each)
        else:
            each.property_id, each.flat = each.tenant.property_id, each.tenant.flat
    session.flush()


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The calendar day of a moment."""
    return moment.astimezone(zone).date()
