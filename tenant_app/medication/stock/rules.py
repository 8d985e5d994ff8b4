"""What is said of stock and orders, and the reminders to order and to collect. Part of the room's rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Person, Tenant
from tenant_app.chores import apart
from tenant_app.database import new_id, put_if_absent
from tenant_app.medication.models import Medicine
from tenant_app.medication.stock.models import MedicineOrder, Pharmacy, StockEntry, StockKind
from tenant_app.medication.stock.supply import expected, pharmacy_of, supplies
from tenant_app.reminders.models import Notice, State
from tenant_app.reminders.rules import announce, withdraw

ORDER = "medication.order"
"""Kind of notice: a medicine should be ordered, if it is not to run out."""

COLLECT = "medication.collect"
"""Kind of notice: what was ordered should be there."""

MORNING, EVENING = time(10), time(20)
"""Between these nobody minds to be reminded of an errand."""

AHEAD = timedelta(days=14)
"""How far ahead reminders are planned; each day looks a day further."""

QUIET = timedelta(days=6)
"""How long nothing more is said of the same medicine: once a week is often enough."""

MOST_UNITS = Decimal("9999.99")
"""Of one medicine at once. More is a slip of the finger."""


class NotThatMany(ValueError):
    """More would go back than is there. `left` is what is there, by what was written down."""

    def __init__(self, left: Decimal) -> None:
        super().__init__(left)
        self.left = left


def write_stock(
    session: Session, medicine: Medicine, kind: StockKind | str, quantity: Decimal, by: Person, zone: ZoneInfo,
    key: UUID | None = None,
) -> None:  # fmt: skip
    """Say how many there are, came, or went back, and bring reminders in step.

    `key` was made with the form: the same one again says no more. Collecting settles an open order. Raises
    `ValueError` for a quantity that is absurd, `NotThatMany` where more would go back than is there.
    """
    kind, now, key = StockKind(kind), clock.now(), key or new_id()
    least = Decimal(0) if kind is StockKind.COUNTED else Decimal("0.01")
    if not quantity.is_finite() or not least <= quantity <= MOST_UNITS or quantity != round(quantity, 2):
        raise ValueError(f"{kind}: {quantity}")
    known = select(StockEntry.id).where(StockEntry.medicine_id == medicine.id, StockEntry.key == key)
    if session.scalar(known) is not None:
        return
    if kind is StockKind.RETURNED and (left := expected(session, medicine, now)) is not None and quantity > left:
        raise NotThatMany(left)
    _kept_pharmacy(session, medicine.tenant)
    put_if_absent(session, StockEntry, [
        {"id": new_id(), "medicine_id": medicine.id, "tenant_id": medicine.tenant_id, "kind": kind,
         "quantity": quantity, "at": now, "zone": zone.key, "by_id": by.id, "key": key}
    ])  # fmt: skip
    if kind is StockKind.COLLECTED and (order := _open_order(session, medicine)) is not None:
        order.settled_at = now
    session.flush()
    keep_stock_in_step(session, medicine.tenant, zone)


def take_over_counts(
    session: Session, tenant: Tenant, seen: Mapping[UUID, tuple[UUID, Decimal]], by: Person, at: datetime,
    zone: ZoneInfo,
) -> None:  # fmt: skip
    """Let counts that others vouch for be what was there at a moment (UTC) in the past, and bring reminders in step.

    `seen` has each count's own id with the medicine and its units. The entry takes that id, so that one count is one
    entry however often this is asked, and stands among doses of the same moment where the count was made. Medicines
    of which the tenant never wrote down any stock are let be: whether to keep count is theirs to begin.
    """
    kept = set(session.scalars(select(StockEntry.medicine_id).where(StockEntry.tenant_id == tenant.id).distinct()))
    put_if_absent(session, StockEntry, [
        {"id": count_id, "medicine_id": medicine_id, "tenant_id": tenant.id, "kind": StockKind.COUNTED,
         "quantity": units, "at": at, "zone": zone.key, "by_id": by.id, "key": count_id}
        for count_id, (medicine_id, units) in seen.items() if medicine_id in kept
    ])  # fmt: skip
    keep_stock_in_step(session, tenant, zone)


def say_ordered(session: Session, medicine: Medicine, zone: ZoneInfo, *, ordered: bool) -> MedicineOrder | None:
    """More was ordered, or was not after all; reminders follow. The same again changes nothing. Returns the order that
    is open."""
    order = _open_order(session, medicine)
    if ordered and order is None:
        ready_on = pharmacy_of(session, medicine.tenant).ready_on(clock.today(zone))
        _kept_pharmacy(session, medicine.tenant)
        put_if_absent(session, MedicineOrder, [
            {"id": new_id(), "medicine_id": medicine.id, "tenant_id": medicine.tenant_id, "ordered_at": clock.now(),
             "ready_on": ready_on}
        ])  # fmt: skip
        order = _open_order(session, medicine)
    elif not ordered and order is not None:
        session.delete(order)
        session.flush()
        order = None
    keep_stock_in_step(session, medicine.tenant, zone)
    return order


def change_pharmacy(
    session: Session, tenant: Tenant, closed_weekdays: Iterable[int], lead_days: int, zone: ZoneInfo, *,
    open_on_bank_holidays: bool,
) -> Pharmacy:  # fmt: skip
    """Keep when the pharmacy is open, and bring reminders in step. Days of the week count from Monday, 0.

    Orders that are under way keep their day. Raises `ValueError` if it never opens.
    """
    closed = sum(1 << weekday for weekday in set(closed_weekdays))
    if closed == (1 << 7) - 1:
        raise ValueError("a pharmacy opens some day")
    pharmacy = _kept_pharmacy(session, tenant)
    pharmacy.closed_weekdays, pharmacy.lead_days = closed, lead_days
    pharmacy.open_on_bank_holidays = open_on_bank_holidays
    session.flush()
    keep_stock_in_step(session, tenant, zone)
    return pharmacy


def keep_stock_in_step(session: Session, tenant: Tenant, zone: ZoneInfo) -> None:
    """Make the reminders to order and to collect say what the stock says; called whenever a dose, a count, a medicine
    or its times changed. Doing so again changes nothing."""
    if session.get(Pharmacy, tenant.id) is None:
        return  # nothing was ever counted or ordered
    until = clock.today(zone) + AHEAD
    orders, collections = {}, {}
    for supply in supplies(session, tenant, zone):
        if supply.order is not None:
            collections[supply.medicine.id] = supply.order.ready_on
        elif supply.order_by is not None and supply.order_by <= until:
            orders[supply.medicine.id] = supply.order_by
    _remind(session, tenant, ORDER, orders, zone)
    _remind(session, tenant, COLLECT, collections, zone)


def restock_due(session: Session, zone: ZoneInfo, most: int = 200) -> bool:
    """Look over the stock of tenants whose turn has not come today. Returns whether more of them wait."""
    today = clock.today(zone)
    waiting = session.scalars(
        select(Pharmacy)
        .where(or_(Pharmacy.reckoned_on.is_(None), Pharmacy.reckoned_on < today))
        .order_by(Pharmacy.tenant_id)
        .limit(most)
        .with_for_update(skip_locked=True)
    ).all()
    for pharmacy in waiting:
        with apart(session, "restock_due", pharmacy.tenant_id):
            keep_stock_in_step(session, session.get_one(Tenant, pharmacy.tenant_id), zone)
        pharmacy.reckoned_on = today
    session.flush()
    return len(waiting) == most


def _remind(session: Session, tenant: Tenant, kind: str, wanted: Mapping[UUID, date], zone: ZoneInfo) -> None:
    """Plan one notice for each day on which something is wanted, whatever number of medicines it is about.

    One errand is one notice, and it names none of them. What was said of a medicine within `QUIET` is not said again.
    """
    now, source = clock.now(), f"{kind}:{tenant.id}"
    known = session.scalars(select(Notice).where(Notice.source == source, Notice.due_at > now - 2 * QUIET)).all()
    asked = {str(medicine_id) for medicine_id in wanted}
    told, planned = dict[str, datetime](), dict[date, Notice]()
    for notice in sorted(known, key=lambda notice: notice.due_at):
        about = set(notice.facts["medicines"])
        if notice.state is State.WITHDRAWN:
            continue
        if notice.state is State.WAITING and notice.due_at > now:
            planned[notice.due_at.astimezone(zone).date()] = notice
        elif notice.state is State.WAITING and not about & asked:
            withdraw(session, source, notice.occurrence)
        else:
            told |= dict.fromkeys(about, notice.due_at)
    due: defaultdict[datetime, set[str]] = defaultdict(set)
    for medicine, day in ((str(medicine_id), day) for medicine_id, day in wanted.items()):
        moment = _moment(day, zone)
        if medicine not in told or moment >= told[medicine] + QUIET:
            due[moment].add(medicine)
    for moment, medicines in due.items():
        day = moment.astimezone(zone).date()
        before = planned.pop(day, None)
        if before is not None and (before.due_at, set(before.facts["medicines"])) == (moment, medicines):
            continue
        if before is not None:
            withdraw(session, source, before.occurrence)
        number = sum(notice.occurrence.startswith(day.isoformat()) for notice in known)
        occurrence = f"{day.isoformat()} {number}" if number else day.isoformat()
        announce(
            session, tenant, kind, source=source, occurrence=occurrence, due_at=moment,
            lasts=clock.at(day, EVENING, zone) - moment, facts={"medicines": sorted(medicines)},
        )  # fmt: skip
    for left_over in planned.values():
        withdraw(session, source, left_over.occurrence)


def _moment(day: date, zone: ZoneInfo) -> datetime:
    """When to say what is for `day`: that morning; if it has passed, now, unless it is late in the evening."""
    now, today = clock.now(), clock.today(zone)
    morning = clock.at(max(day, today), MORNING, zone)
    if morning > now:
        return morning
    return now if now < clock.at(today, EVENING, zone) else clock.at(today + timedelta(days=1), MORNING, zone)


def _open_order(session: Session, medicine: Medicine) -> MedicineOrder | None:
    return session.scalar(
        select(MedicineOrder).where(MedicineOrder.medicine_id == medicine.id, MedicineOrder.settled_at.is_(None))
    )


def _kept_pharmacy(session: Session, tenant: Tenant) -> Pharmacy:
    usual = Pharmacy.usual(tenant)
    put_if_absent(session, Pharmacy, [
        {"tenant_id": tenant.id, "closed_weekdays": usual.closed_weekdays, "lead_days": usual.lead_days,
         "open_on_bank_holidays": usual.open_on_bank_holidays}
    ])  # fmt: skip
    return session.get_one(Pharmacy, tenant.id)
