"""What is due next, over all repairs that a worker may see: for the desk's board and list, and for counting."""

from __future__ import annotations

import enum
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload

from tenant_app import clock
from tenant_app.accounts.models import Property, Worker
from tenant_app.repairs.clocks.models import RepairClock
from tenant_app.repairs.clocks.policy import EMERGENCY, Kind
from tenant_app.repairs.models import OPEN, Repair, State


class Bucket(enum.StrEnum):
    """When the next clock of a repair is over."""

    OVER = "over"
    TODAY = "today"
    WEEK = "week"
    """Within seven days."""
    LATER = "later"
    """After that; or nothing runs, or it stands still."""


@dataclass(frozen=True)
class Sifted:
    """Which repairs of a worker's are asked for. Empty: all."""

    building: UUID | None = None
    kind: str = ""
    """An id of `content/repairs/kinds`."""
    law: str = ""
    """`hazard`: the law's clock runs; `emergency`: its 24 hours."""
    bucket: Bucket | None = None
    state: State | None = None
    """Repairs in this state, instead of those with something to do."""


_runs = and_(RepairClock.met_at.is_(None), RepairClock.ended_at.is_(None))
next_due = (
    select(func.min(RepairClock.due_at))
    .where(RepairClock.repair_id == Repair.id, _runs, RepairClock.paused_at.is_(None))
    .correlate(Repair).scalar_subquery()
)  # fmt: skip
"""The moment (UTC) at which the next clock of a repair is over; nothing where none runs."""


def due_first(worker: Worker, asked: Sifted, zone: ZoneInfo) -> Select[Repair]:
    """The worker's repairs of this kind, what is over first before what is due next, those without a clock last."""
    query = _sift(Repair.desk_of(worker), asked)
    if asked.bucket is not None:
        query = query.where(_within(asked.bucket, zone))
    return query.order_by(next_due.is_(None), next_due, Repair.reported_at.desc(), Repair.id)


def counted(session: Session, worker: Worker, asked: Sifted, zone: ZoneInfo) -> dict[Bucket, int]:
    """How many of them are in each bucket: one statement, however many there are."""
    bucket = _bucket(zone).label("bucket")
    found = _sift(Repair.desk_of(worker), asked).order_by(None).with_only_columns(bucket).subquery()
    rows = session.execute(select(found.c.bucket, func.count()).group_by(found.c.bucket))
    return dict.fromkeys(Bucket, 0) | {Bucket(name): number for name, number in rows}


def board(session: Session, worker: Worker, asked: Sifted, zone: ZoneInfo, most: int) -> dict[Bucket, list[Repair]]:
    """The first so many of each bucket, in one statement and what comes along with repairs."""
    bucket = _bucket(zone)
    place = func.row_number().over(
        partition_by=bucket, order_by=(next_due.is_(None), next_due, Repair.reported_at.desc(), Repair.id)
    )
    ranked = (
        _sift(Repair.desk_of(worker), asked).order_by(None)
        .with_only_columns(Repair.id, bucket.label("bucket"), place.label("place")).subquery()
    )  # fmt: skip
    rows = session.execute(
        select(Repair, ranked.c.bucket).join(ranked, ranked.c.id == Repair.id).where(ranked.c.place <= most)
        .order_by(ranked.c.bucket, ranked.c.place)
    )  # fmt: skip
    found: dict[Bucket, list[Repair]] = {each: [] for each in Bucket}
    for repair, name in rows:
        found[Bucket(name)].append(repair)
    return found


def buildings_of(session: Session, worker: Worker) -> list[Property]:
    """Buildings in which this worker has repairs to see to, by name."""
    seen = Repair.desk_of(worker).where(_to_do()).order_by(None).with_only_columns(Repair.property_id)
    return list(session.scalars(select(Property).where(Property.id.in_(seen)).order_by(Property.name)))


def due_before(session: Session, worker: Worker, moment: datetime) -> int:
    """How many repairs of this worker's have a clock that is over by that moment (UTC)."""
    seen = Repair.desk_of(worker).where(next_due <= moment).order_by(None).with_only_columns(Repair.id).subquery()
    return session.scalar(select(func.count()).select_from(seen)) or 0


def in_states(worker: Worker, states: Collection[State]) -> Select[Repair]:
    """The worker's repairs in these states, in the order in which they need somebody."""
    return (
        Repair.desk_of(worker).where(Repair.state.in_(list(states)))
        .order_by(next_due.is_(None), next_due, Repair.reported_at.desc(), Repair.id)
    )  # fmt: skip


def _to_do() -> ColumnElement[bool]:
    """Open, or mended and still to be written about."""
    return or_(Repair.state.in_(OPEN), Repair.clocks.any(_runs))


def _sift(query: Select[Repair], asked: Sifted) -> Select[Repair]:
    query = query.where(Repair.state == asked.state if asked.state else _to_do())
    if asked.building is not None:
        query = query.where(Repair.property_id == asked.building)
    if asked.kind:
        query = query.where(Repair.kind == asked.kind)
    if asked.law:
        legal = and_(_runs, RepairClock.kind != Kind.MEND)
        query = query.where(Repair.clocks.any(and_(legal, RepairClock.rule == EMERGENCY) if asked.law == EMERGENCY
                                              else legal))  # fmt: skip
    return query


def _bucket(zone: ZoneInfo) -> ColumnElement[str]:
    soon = [(_within(each, zone), each.value) for each in Bucket if each is not Bucket.LATER]
    return case(*soon, else_=Bucket.LATER.value)


def _within(bucket: Bucket, zone: ZoneInfo) -> ColumnElement[bool]:
    now, today = clock.now(), clock.today(zone)
    tonight, week = (clock.at(today + timedelta(days=days), time(), zone) for days in (1, 8))
    return {
        Bucket.OVER: next_due < now,
        Bucket.TODAY: and_(next_due >= now, next_due <= tonight),
        Bucket.WEEK: and_(next_due > tonight, next_due <= week),
        Bucket.LATER: or_(next_due > week, next_due.is_(None)),
    }[bucket]


def legal_between(worker: Worker, since: datetime, until: datetime) -> Select[RepairClock]:
    """Clocks of the law that began between two moments (UTC, the second excluded), of repairs that this worker may
    see, in the order in which they began."""
    seen = Repair.desk_of(worker).order_by(None).with_only_columns(Repair.id)
    return (
        select(RepairClock).options(joinedload(RepairClock.repair, innerjoin=True))
        .where(RepairClock.kind != Kind.MEND, RepairClock.started_at >= since, RepairClock.started_at < until)
        .where(RepairClock.repair_id.in_(seen))
        .order_by(RepairClock.started_at, RepairClock.repair_id, RepairClock.due_at, RepairClock.id)
    )  # fmt: skip
