"""How repairs went, in numbers: clocks kept, what came back, and what tenants said. Homes are counted, nobody is named.

Every figure is counted by the database, in a fixed number of statements however many repairs there are, and over those
repairs that a worker may see.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, exists, func, literal, or_, select
from sqlalchemy.orm import Session, aliased

from tenant_app import clock
from tenant_app.accounts.models import Property, Worker
from tenant_app.repairs.clocks.counting import Limit, Unit
from tenant_app.repairs.clocks.models import RepairClock
from tenant_app.repairs.clocks.policy import Kind, Priority
from tenant_app.repairs.models import Event, Repair, RepairUpdate, State
from tenant_app.repairs.visits.models import RepairRating

FEWEST = 5
"""Of fewer answers it could be guessed who gave them: they are counted, and not broken down."""
BEST = 5
"""Stars of a repair that went very well."""
WELL = 4
"""Stars from which a repair went well."""

Figure = TypeVar("Figure")


class Outcome(enum.StrEnum):
    """What became of a clock until now."""

    MET = "met"
    LATE = "late"
    """Done too late, or its last moment is over."""
    RUNNING = "running"
    PAUSED = "paused"
    """Stands still, and is not over."""
    NEEDLESS = "needless"
    """Ended in time because there was nothing to do."""


@dataclass(frozen=True)
class Kept:
    """How some clocks went."""

    met: int = 0
    late: int = 0
    running: int = 0
    paused: int = 0
    needless: int = 0

    def __add__(self, other: Kept) -> Kept:
        return Kept(self.met + other.met, self.late + other.late, self.running + other.running,
                    self.paused + other.paused, self.needless + other.needless)  # fmt: skip

    @property
    def ended(self) -> int:
        """Of how many it is known whether they were kept."""
        return self.met + self.late

    @property
    def percent(self) -> int | None:
        """Kept of those, in whole percent; None where nothing is known yet."""
        return share(self.met, self.ended)


@dataclass(frozen=True)
class Measure:
    """What a clock measures: two clocks of one measure can be counted together."""

    kind: Kind
    rule: str
    """A folder of `content/hazards`, or a priority."""
    limit: Limit

    @property
    def legal(self) -> bool:
        return self.kind is not Kind.MEND

    @property
    def place(self) -> tuple[bool, str, int, str, int]:
        """The law's before our own, then by rule, in the order in which things are done, the shorter limit first."""
        order = list(Kind).index(self.kind) if self.legal else list(Priority).index(Priority(self.rule))
        return not self.legal, self.rule if self.legal else "", order, self.limit.unit.value, self.limit.amount


@dataclass(frozen=True)
class OnTime:
    """Clocks that began in a span of time. Buildings go by name."""

    by_measure: Mapping[Measure, Kept]
    by_property: Mapping[str, Kept]
    by_hazard: Mapping[str, Kept]
    """By the law's rule, a folder of `content/hazards`; empty for what is no hazard."""

    @property
    def total(self) -> Kept:
        return sum(self.by_measure.values(), start=Kept())


@dataclass(frozen=True)
class Reopened:
    """Of repairs that we said were done, those of which the tenant said since that they are not."""

    finished: int = 0
    reopened: int = 0

    def __add__(self, other: Reopened) -> Reopened:
        return Reopened(self.finished + other.finished, self.reopened + other.reopened)

    @property
    def percent(self) -> int | None:
        return share(self.reopened, self.finished)


@dataclass(frozen=True)
class Said:
    """What tenants said of how it went."""

    answers: int
    stars: tuple[int, ...] | None
    """How many gave one star, two, up to five; None where so few answered that they could be told apart."""

    @property
    def well(self) -> int | None:
        """How many said that it went well, or very well."""
        return sum(self.stars[WELL - 1 :]) if self.stars else None


def share(part: int, whole: int) -> int | None:
    """In whole percent; all and nothing are said only of all and of nothing. None of nothing."""
    if not whole:
        return None
    return part * 100 // whole if part in (0, whole) else min(max(round(100 * part / whole), 1), 99)


def on_time(session: Session, worker: Worker, since: datetime, until: datetime) -> OnTime:
    """Clocks that began from `since` to before `until` (UTC). One statement."""
    columns = (
        RepairClock.kind, RepairClock.rule, RepairClock.amount, RepairClock.unit, Repair.property_id,
        _outcome().label("outcome"),
    )  # fmt: skip
    clocks = _clocks_of(worker, since, until).with_only_columns(*columns).subquery().c
    sums = select(*clocks).add_columns(func.count().label("number")).group_by(*clocks).subquery()
    # Names come last: a name for each clock takes longer than to count them.
    counted = session.execute(select(sums, Property.name).join(Property, Property.id == sums.c.property_id))
    measures: dict[Measure, Kept] = {}
    buildings: dict[tuple[str, UUID], Kept] = {}
    hazards: dict[str, Kept] = {}
    for kind, rule, amount, unit, building, ended, number, name in counted:
        some = Kept(**{str(ended): int(number)})
        measure = Measure(Kind(kind), rule, Limit(amount, Unit(unit)))
        measures[measure] = measures.get(measure, Kept()) + some
        buildings[name, building] = buildings.get((name, building), Kept()) + some
        hazard = rule if measure.legal else ""
        hazards[hazard] = hazards.get(hazard, Kept()) + some
    return OnTime(
        {each: measures[each] for each in sorted(measures, key=lambda each: each.place)}, _by_name(buildings),
        {each: hazards[each] for each in sorted(hazards, key=lambda each: (not each, each))},
    )  # fmt: skip


def by_month(session: Session, worker: Worker, months: Sequence[datetime]) -> list[Kept]:
    """The same month by month: `months` are the moments (UTC) with which each begins, and the last of them ends. One
    statement."""
    since, until = months[0], months[-1]
    month = case(*((RepairClock.started_at < end, number) for number, end in enumerate(months[1:])), else_=-1)
    numbered = _clocks_of(worker, since, until).with_only_columns(
        month.label("month"), _outcome().label("outcome")
    ).subquery()  # fmt: skip
    found = [Kept() for _ in months[1:]]
    keys = (numbered.c.month, numbered.c.outcome)
    for number, ended, many in session.execute(select(*keys, func.count()).group_by(*keys)):
        found[number] += Kept(**{str(ended): int(many)})
    return found


def reopened(session: Session, worker: Worker, since: datetime, until: datetime) -> dict[str, Reopened]:
    """Repairs of which we said between these moments that they are done, each counted once, and how many of them were
    opened again since: by building. One statement."""
    seen = Repair.desk_of(worker).order_by(None).with_only_columns(Repair.id)
    done = (
        select(RepairUpdate.repair_id, func.min(RepairUpdate.at).label("at"))
        .where(RepairUpdate.state.in_((State.FIXED, State.CLOSED)), RepairUpdate.event == Event.CHANGE)
        .where(RepairUpdate.at >= since, RepairUpdate.at < until, RepairUpdate.repair_id.in_(seen))
        .group_by(RepairUpdate.repair_id).subquery()
    )  # fmt: skip
    back = exists().where(
        RepairUpdate.repair_id == done.c.repair_id, RepairUpdate.at > done.c.at,
        RepairUpdate.state == State.REPORTED, RepairUpdate.event == Event.CHANGE,
    )  # fmt: skip
    counted = session.execute(
        select(Property.name, Property.id, func.count(), func.sum(case((back, 1), else_=0)))
        .select_from(done).join(Repair, Repair.id == done.c.repair_id).join(Property, Property.id == Repair.property_id)
        .group_by(Property.id, Property.name)
    )  # fmt: skip
    return _by_name({(name, building): Reopened(int(all_), int(again)) for name, building, all_, again in counted})


def satisfaction(
    session: Session, worker: Worker, since: datetime, until: datetime
) -> tuple[Said, dict[str, Said]]:
    """What tenants said between these moments: all together, and by building. One statement.

    A building is broken down where `FEWEST` answered, and only as far as what is left out cannot be found by taking
    the others from the whole.
    """
    seen = Repair.desk_of(worker).order_by(None)
    rated = seen.join(RepairRating, RepairRating.repair_id == Repair.id).join(
        Property, Property.id == Repair.property_id
    ).where(RepairRating.said_at >= since, RepairRating.said_at < until)  # fmt: skip
    keys = (Property.name, Property.id, RepairRating.stars)
    stars: dict[tuple[str, UUID], list[int]] = {}
    for name, building, given, number in session.execute(
        rated.with_only_columns(*keys, func.count()).group_by(*keys)
    ):
        stars.setdefault((name, building), [0] * BEST)[given - 1] = int(number)
    total = [sum(each) for each in zip(*stars.values(), strict=True)] or [0] * BEST
    hidden = _too_few({each: sum(given) for each, given in stars.items()})
    found = {each: Said(sum(given), None if each in hidden else tuple(given)) for each, given in stars.items()}
    answers = sum(total)
    return Said(answers, tuple(total) if answers >= FEWEST else None), _by_name(found)


def _too_few(answers: Mapping[tuple[str, UUID], int]) -> set[tuple[str, UUID]]:
    """Those with fewer than `FEWEST` answers, and as many of the next larger as keep the former from being found."""
    hidden: set[tuple[str, UUID]] = set()
    together = 0
    for each in sorted(answers, key=lambda each: (answers[each], each)):
        if answers[each] >= FEWEST and (not hidden or together >= FEWEST):
            break
        hidden.add(each)
        together += answers[each]
    return hidden


def _clocks_of(worker: Worker, since: datetime, until: datetime) -> Select[Repair]:
    """Repairs that this worker sees, with each of their clocks that began in the span. The law's last day for works is
    none beside an earlier one that was kept, or may still be."""
    earlier = aliased(RepairClock)
    begun = exists().where(
        earlier.repair_id == RepairClock.repair_id, earlier.round == RepairClock.round,
        earlier.kind == Kind.BEGIN_WORKS, _stopped(earlier) <= earlier.due_at,
    )  # fmt: skip
    return (
        Repair.desk_of(worker).order_by(None).join(RepairClock, RepairClock.repair_id == Repair.id)
        .where(RepairClock.started_at >= since, RepairClock.started_at < until)
        .where(or_(RepairClock.kind != Kind.BACKSTOP, ~begun))
    )  # fmt: skip


def _stopped(row: type[RepairClock]) -> ColumnElement[datetime]:
    now = literal(clock.now(), RepairClock.due_at.type)
    return func.coalesce(row.met_at, row.ended_at, row.paused_at, now)


def _outcome() -> ColumnElement[str]:
    """What `RepairClock.met`, `breached` and `running` say of one, said by the database of all."""
    row = RepairClock
    return case(
        (_stopped(row) > row.due_at, Outcome.LATE.value), (row.met_at.is_not(None), Outcome.MET.value),
        (row.ended_at.is_not(None), Outcome.NEEDLESS.value),
        (row.paused_at.is_not(None), Outcome.PAUSED.value), else_=Outcome.RUNNING.value,
    )  # fmt: skip


def _by_name(found: Mapping[tuple[str, UUID], Figure]) -> dict[str, Figure]:
    """In the order of their names. Two buildings of one name are told apart by a number."""
    named: dict[str, Figure] = {}
    for name, building in sorted(found, key=lambda each: (each[0].casefold(), each)):
        again, called = 1, name
        while called in named:
            again += 1
            called = f"{name} ({again})"
        named[called] = found[name, building]
    return named
