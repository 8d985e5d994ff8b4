"""What is due where: every inspection of the worker's, by property, in a fixed number of questions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tenant_app.accounts.models import Property, Role, Worker
from tenant_app.inspections.models import Inspection
from tenant_app.inspections.rules import to_do

SOON = timedelta(days=14)
"""Rooms that are due later than this are only counted: a house of forty has forty of them."""


@dataclass(frozen=True)
class Row:
    """One place and kind: what is next, and when it was last done."""

    next: Inspection
    last_on: date | None
    overdue: bool


@dataclass
class House:
    """One property's."""

    building: Property
    rows: list[Row] = field(default_factory=list)
    """Due first comes first."""
    later: int = 0
    """Rooms that are due after `SOON`."""

    @property
    def overdue(self) -> int:
        return sum(row.overdue for row in self.rows)


def houses_of(session: Session, worker: Worker, today: date) -> list[House]:
    """By property: the one with most overdue first, then by name. Nobody's record is read here: of a room it says
    whose it is and when, and nothing that was found."""
    waiting = session.scalars(
        to_do(worker).options(joinedload(Inspection.assigned_to), joinedload(Inspection.tenant))
    ).all()
    last = _last_done(session, worker)
    houses: dict[Any, House] = {}
    for each in waiting:
        home = houses.setdefault(each.property_id, House(each.building))
        if each.tenant_id is not None and each.due_on > today + SOON and each.visit_on and each.visit_on > today + SOON:
            home.later += 1
        else:
            done = last.get((each.kind, each.tenant_id or each.property_id))
            home.rows.append(Row(each, done, each.overdue(today)))
    return sorted(houses.values(), key=lambda home: (-home.overdue, home.building.name.casefold(), home.building.id))


def buildings_of(worker: Worker) -> Any:
    """Properties whose history this worker may open."""
    every = select(Property).order_by(Property.name, Property.id)
    limited = worker.role is not Role.HOUSING_OFFICER and worker.property_id
    return every.where(Property.id == worker.property_id) if limited else every


def history_of(session: Session, worker: Worker, building: Property, most: int) -> Sequence[Inspection]:
    """What was signed off there and this worker may see, the newest first."""
    return session.scalars(
        Inspection.seen_by(worker).order_by(None).where(
            Inspection.property_id == building.id, Inspection.done_on.is_not(None)
        ).options(joinedload(Inspection.finished_by), joinedload(Inspection.tenant))
        .order_by(Inspection.finished_at.desc(), Inspection.id).limit(most)
    ).all()  # fmt: skip


@dataclass(frozen=True)
class Month:
    """How many were done of those planned for one month."""

    first: date
    on_time: int
    late: int

    @property
    def all(self) -> int:
        return self.on_time + self.late


def months_of(session: Session, worker: Worker, building: Property, today: date, many: int = 6) -> list[Month]:
    """On time against late, by the month of the planned day, the oldest first. What is overdue counts as late."""
    firsts = [today.replace(day=1)]
    while len(firsts) < many:
        firsts.append((firsts[-1] - timedelta(days=1)).replace(day=1))
    days = session.execute(
        Inspection.seen_by(worker).order_by(None).with_only_columns(Inspection.due_on, Inspection.done_on).where(
            Inspection.property_id == building.id, Inspection.due_on >= firsts[-1], Inspection.due_on <= today
        )
    ).all()  # fmt: skip
    settled = [(due.replace(day=1), done is not None and done <= due) for due, done in days if done or due < today]
    return [
        Month(first, settled.count((first, True)), settled.count((first, False))) for first in reversed(firsts)
    ]  # fmt: skip


def _last_done(session: Session, worker: Worker) -> dict[Any, date]:
    rows = session.execute(
        select(Inspection.kind, Inspection.tenant_id, Inspection.property_id, func.max(Inspection.done_on))
        .where(Inspection.open_to(worker), Inspection.done_on.is_not(None))
        .group_by(Inspection.kind, Inspection.tenant_id, Inspection.property_id)
    )  # fmt: skip
    found: dict[Any, date] = {}
    for kind, tenant_id, property_id, done in rows:
        key = (kind, tenant_id or property_id)
        if done is not None:  # never, but a maximum may be of nothing
            found[key] = max(done, found.get(key, done))
    return found
