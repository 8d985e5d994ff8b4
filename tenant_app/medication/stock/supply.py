"""How much of a medicine is left and how long it lasts, by what was written down. Part of the room's rules.

Nothing here advises. Where the record does not reach, the answer is None and never a guess.
"""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.medication.models import Answer, AsNeededDose, Dose, DoseTime, Medicine
from tenant_app.medication.pausing.models import MedicinePause
from tenant_app.medication.slots import WINDOW
from tenant_app.medication.stock.models import MedicineOrder, Pharmacy, StockEntry, StockKind
from tenant_app.medication.stock.pace import LATELY, Pace

LOOKS_AHEAD = 400
"""Days. What lasts longer is simply enough."""


class Errand(enum.StrEnum):
    """What somebody may go and do about their stock today."""

    ORDER = "order"
    COLLECT = "collect"


@dataclass(frozen=True)
class Supply:
    """One medicine's stock at this moment, and what follows from it."""

    medicine: Medicine
    left: Decimal | None
    """Units; None if it was never counted. Below nought where more was recorded as taken than was there."""
    runs_out_on: date | None = None
    """The first day that is not wholly covered; None where that is not known, or further off than anyone looks."""
    collect_by: date | None = None
    order_by: date | None = None
    order: MedicineOrder | None = None
    """The one that is open."""
    quantities_known: bool = False
    """Whether each coming dose says how many it takes. Without that nobody can say how long it lasts."""
    enough: bool = False
    """Whether it covers all that is planned, as far ahead as anyone looks."""
    pace: Pace | None = None
    """Of an as-needed medicine whose stock and dose are known: by what `runs_out_on` and `order_by` were reckoned."""

    @property
    def lasts_to(self) -> date | None:
        """The last day that is wholly covered."""
        return self.runs_out_on - timedelta(days=1) if self.runs_out_on else None

    def days_left(self, today: date) -> int | None:
        """Whole days that are covered, today among them."""
        return max((self.runs_out_on - today).days, 0) if self.runs_out_on else None

    def to_order(self, today: date) -> bool:
        """Whether the day to order has come, and nothing is ordered."""
        return self.order is None and self.order_by is not None and self.order_by <= today

    def to_collect(self, today: date) -> bool:
        """Whether what was ordered should be there."""
        return self.order is not None and self.order.ready_on <= today


@dataclass
class _Record:
    """What was written down of one medicine."""

    entries: list[StockEntry] = field(default_factory=list)
    used: list[tuple[datetime, UUID, Decimal]] = field(default_factory=list)
    """When, by which record, how many units."""
    answered: set[tuple[date, time]] = field(default_factory=set)
    taken: list[datetime] = field(default_factory=list)
    """When it was taken as needed, these last weeks at least."""

    def left(self, at: datetime) -> Decimal | None:
        """Units that should be there at `at`."""
        count = _last_count(self.entries, at)
        if count is None:
            return None
        # Of two things said at the same moment, the one that was written first came first: ids are in that order.
        begins = count.at, count.id
        moved = [entry.change for entry in self.entries if begins < (entry.at, entry.id) and entry.at <= at]
        used = [units for moment, record, units in self.used if begins < (moment, record) and moment <= at]
        return count.quantity + sum(moved) - sum(used)


def expected(session: Session, medicine: Medicine, at: datetime) -> Decimal | None:
    """Units of a medicine that should be there at a moment (UTC): the last count up to it, what was collected and given
    back since, less each dose recorded as taken since. None if it was never counted before.

    A dose that does not say how many it takes is not counted. One without a time of taking is placed where it was
    planned, by the clock that the count was made by.
    """
    entries = list(session.scalars(StockEntry.of(medicine).where(StockEntry.at <= at)))
    count = _last_count(entries, at)
    if count is None:
        return None
    record = _records(session, [medicine], {medicine.id: entries}, ZoneInfo(count.zone))[medicine.id]
    return record.left(at)


def supplies(session: Session, tenant: Tenant, zone: ZoneInfo) -> list[Supply]:
    """The stock of every medicine that goes on, by name. As many queries for one medicine as for many."""
    today = clock.today(zone)
    going_on = [medicine for medicine in session.scalars(Medicine.of(tenant)) if medicine.goes_on(today)]
    return _supplies(session, tenant, going_on, zone)


def errands(session: Session, tenant: Tenant, zone: ZoneInfo) -> list[Errand]:
    """What is to be done today, whatever number of medicines it is about. One query for those who never counted any."""
    if session.get(Pharmacy, tenant.id) is None:
        return []
    today, found = clock.today(zone), supplies(session, tenant, zone)
    to_order, to_collect = any(each.to_order(today) for each in found), any(each.to_collect(today) for each in found)
    return [*([Errand.ORDER] if to_order else []), *([Errand.COLLECT] if to_collect else [])]


def supply_of(session: Session, medicine: Medicine, zone: ZoneInfo) -> Supply:
    """The stock of one medicine."""
    return _supplies(session, medicine.tenant, [medicine], zone)[0]


def pharmacy_of(session: Session, tenant: Tenant) -> Pharmacy:
    """When this tenant's pharmacy is open. What is usual is not in the database until something is kept."""
    return session.get(Pharmacy, tenant.id) or Pharmacy.usual(tenant)


def _supplies(session: Session, tenant: Tenant, medicines: Sequence[Medicine], zone: ZoneInfo) -> list[Supply]:
    ids = [medicine.id for medicine in medicines]
    entries: defaultdict[UUID, list[StockEntry]] = defaultdict(list)
    for entry in session.scalars(select(StockEntry).where(StockEntry.medicine_id.in_(ids))):
        entries[entry.medicine_id].append(entry)
    records = _records(session, medicines, entries, zone)
    pauses = session.scalars(MedicinePause.of(tenant)).all()
    orders = {
        order.medicine_id: order
        for order in session.scalars(
            select(MedicineOrder).where(MedicineOrder.medicine_id.in_(ids), MedicineOrder.settled_at.is_(None))
        )
    }
    pharmacy = pharmacy_of(session, tenant)
    return [
        _supply(medicine, records[medicine.id], pauses, orders.get(medicine.id), pharmacy, zone)
        for medicine in medicines
    ]


def _supply(
    medicine: Medicine, record: _Record, pauses: Sequence[MedicinePause], order: MedicineOrder | None,
    pharmacy: Pharmacy, zone: ZoneInfo,
) -> Supply:  # fmt: skip
    left, today = record.left(clock.now()), clock.today(zone)
    if medicine.as_needed:
        return _needed_supply(medicine, record, left, pauses, order, pharmacy, zone)
    coming = [] if medicine.stopped_at else [
        due for due in medicine.times if due.last_day is None or due.last_day >= today - timedelta(days=1)
    ]  # fmt: skip
    known = bool(coming) and all(due.quantity is not None for due in coming)
    if left is None or not known:
        return Supply(medicine, left, order=order, quantities_known=known)
    runs_out_on, enough = _runs_out(coming, left, record.answered, pauses, zone)
    if runs_out_on is None:
        return Supply(medicine, left, order=order, quantities_known=True, enough=enough)
    collect_by = pharmacy.last_open_day(runs_out_on - timedelta(days=1))
    return Supply(medicine, left, runs_out_on, collect_by, pharmacy.order_by(collect_by), order, quantities_known=True)


def _needed_supply(
    medicine: Medicine, record: _Record, left: Decimal | None, pauses: Sequence[MedicinePause],
    order: MedicineOrder | None, pharmacy: Pharmacy, zone: ZoneInfo,
) -> Supply:  # fmt: skip
    """Of an as-needed medicine. It is ordered in time by its pace, and today where it is low."""
    if left is None or medicine.quantity is None or medicine.stopped_at is not None:
        return Supply(medicine, left, order=order, quantities_known=medicine.quantity is not None)
    pace = Pace.of(medicine, left, record.taken, pauses, zone)
    runs_out_on = pace.runs_out_on(pauses, LOOKS_AHEAD, zone)
    collect_by = pharmacy.last_open_day(runs_out_on - timedelta(days=1)) if runs_out_on else None
    days = [pharmacy.order_by(collect_by)] if collect_by else []
    if pace.low:
        days.append(clock.today(zone))
    return Supply(
        medicine, left, runs_out_on, collect_by, min(days, default=None), order, quantities_known=True, pace=pace
    )


def _runs_out(
    coming: Sequence[DoseTime], left: Decimal, answered: set[tuple[date, time]], pauses: Sequence[MedicinePause],
    zone: ZoneInfo,
) -> tuple[date | None, bool]:  # fmt: skip
    """The first day that what is left does not wholly cover; if there is none, whether anything was planned at all."""
    now, today, met = clock.now(), clock.today(zone), False
    coming = sorted(coming, key=lambda due: due.wall_time)
    for day in (today + timedelta(days=number) for number in range(-1, LOOKS_AHEAD)):
        for due in (due for due in coming if due.holds_on(day)):
            moment = clock.at(day, due.wall_time, zone)
            over = moment <= now - WINDOW or (day, due.wall_time) in answered
            if over or any(pause.covers(moment) for pause in pauses):
                continue
            left, met = left - (due.quantity or 0), True
            if left < 0:
                return max(day, today), True
    return None, met


def _records(
    session: Session, medicines: Sequence[Medicine], entries: dict[UUID, list[StockEntry]], zone: ZoneInfo
) -> dict[UUID, _Record]:
    """What was written down of each medicine, back to its last count."""
    found = {medicine.id: _Record(entries.get(medicine.id, [])) for medicine in medicines}
    counts = [count for record in found.values() if (count := _last_count(record.entries, clock.now()))]
    if not counts:
        return found
    since = min(count.at for count in counts)
    ids = [count.medicine_id for count in counts]
    times = {medicine.id: medicine.times for medicine in medicines}
    # A dose can be taken on the day after its own, and days begin at other moments elsewhere.
    first = since.date() - timedelta(days=2)
    for dose in session.scalars(select(Dose).where(Dose.medicine_id.in_(ids), Dose.day >= first)):
        record = found[dose.medicine_id]
        record.answered.add((dose.day, dose.wall_time))
        units = _units(dose, times[dose.medicine_id])
        if dose.answer is Answer.TAKEN and units is not None:
            record.used.append((dose.taken_at or clock.at(dose.day, dose.wall_time, zone), dose.id, units))
    lately = clock.now() - timedelta(days=LATELY)
    for taken in session.scalars(
        select(AsNeededDose).where(AsNeededDose.medicine_id.in_(ids), AsNeededDose.taken_at >= min(since, lately))
    ):
        found[taken.medicine_id].taken.append(taken.taken_at)
        if taken.quantity is not None:
            found[taken.medicine_id].used.append((taken.taken_at, taken.id, taken.quantity))
    return found


def _units(dose: Dose, times: Sequence[DoseTime]) -> Decimal | None:
    due = (time for time in times if time.wall_time == dose.wall_time and time.holds_on(dose.day))
    return next((time.quantity for time in due), None)


def _last_count(entries: Sequence[StockEntry], at: datetime) -> StockEntry | None:
    counts = [entry for entry in entries if entry.kind is StockKind.COUNTED and entry.at <= at]
    return max(counts, key=lambda entry: (entry.at, entry.id), default=None)
