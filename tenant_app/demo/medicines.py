"""Medicines in the demo: daily ones, one once a week, one taken when needed, and a course whose amount changes."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import new_id
from tenant_app.demo.people import AMINA, GRACE, NASRIN, TARIQ, Resident
from tenant_app.demo.town import WEEKS, Town
from tenant_app.medication.auditing.models import Level, expected_stock
from tenant_app.medication.auditing.rules import Counting, agree_level, count_month, countersign, medicines_to_count
from tenant_app.medication.models import Food, Medicine, MedicineForm
from tenant_app.medication.patterns import on_weekdays
from tenant_app.medication.rules import (
    Phase,
    add_as_needed,
    add_medicine,
    answer_slot,
    record_as_needed,
    slots_of_day,
)
from tenant_app.medication.sharing.rules import share_medicines
from tenant_app.medication.stock.rules import say_ordered, write_stock

SALMA = "Salma Haddad"
SUNDAY = 6
HEADACHES = ((-12, 16), (-5, 9), (-5, 14), (-1, 19))
"""When Amina took a paracetamol: days from today, and the hour."""


def take_medicines(town: Town, resident: Resident, tenant: Tenant, number: int) -> None:
    """Six weeks of them; the tables of the last fortnight are filled in."""
    if not resident.medicines:
        return
    zone, begins = town.settings.zone, min(6 * 7, 7 * resident.weeks_here - 2)
    with town.at(-begins, 6):
        for name, amount, times in resident.medicines:
            add_medicine(
                town.session, tenant, name, amount, [time.fromisoformat(at) for at in times], zone,
                town.today - timedelta(days=begins), form=_form(amount), quantity=Decimal(1),
            )  # fmt: skip
    if resident is AMINA:
        _once_a_week(town, tenant)
        _when_needed(town, tenant)
    if resident.name == SALMA:
        _less_and_less(town, tenant)
    _count_shelf(town, resident, tenant, days=min(14, begins))
    # The tables of the last fortnight are what anyone looks at; what lies before it would only make the demo slow.
    for ago in range(min(14, begins), -1, -1):
        day = town.today - timedelta(days=ago)
        for slot in slots_of_day(town.session, tenant, day, zone):
            forgotten = (day.toordinal() + number + slot.wall_time.hour) % 6 == 0
            answered = slot.at + timedelta(minutes=4 + (day.toordinal() * 7 + number) % 30)
            if forgotten or answered > town.now - timedelta(minutes=30) or (ago == 0 and slot.until > town.now):
                continue
            with town.at_moment(answered):
                answer_slot(town.session, tenant, day, slot.wall_time, "taken", zone)


def _once_a_week(town: Town, tenant: Tenant) -> None:
    with town.at(-30, 6):
        add_medicine(
            town.session, tenant, "Vitamin D 20,000 units", "1 capsule", [time(9)], town.settings.zone,
            town.today - timedelta(days=30), pattern=on_weekdays([SUNDAY]), form=MedicineForm.CAPSULE,
            quantity=Decimal(1), food=Food.WITH,
        )  # fmt: skip


def _when_needed(town: Town, tenant: Tenant) -> None:
    zone = town.settings.zone
    with town.at(-20, 10):
        medicine = add_as_needed(
            town.session, tenant, "Paracetamol 500 mg", "2 tablets", zone, gap_minutes=4 * 60, most_in_24h=4,
            purpose="Headaches", form=MedicineForm.TABLET, quantity=Decimal(2),
        )  # fmt: skip
    for days, hour in HEADACHES:
        with town.at(days, hour, 20):
            record_as_needed(town.session, medicine, new_id(), zone)


def _less_and_less(town: Town, tenant: Tenant) -> None:
    first = town.today - timedelta(days=6)
    amounts = ((0, 4), (5, 3), (10, 2), (15, 1))
    with town.at(-6, 6):
        add_medicine(
            town.session, tenant, "Prednisolone 5 mg", "", [time(7, 30)], town.settings.zone, first,
            first + timedelta(days=19), form=MedicineForm.TABLET, food=Food.AFTER,
            phases=[
                Phase(first + timedelta(days=days), "1 tablet" if count == 1 else f"{count} tablets", Decimal(count))
                for days, count in amounts
            ],
        )  # fmt: skip


def _form(amount: str) -> MedicineForm:
    return next((form for form in MedicineForm if form.value in amount), MedicineForm.OTHER)


SHELVES = {
    "Amina Warsame": (("Metformin 500 mg", 33), ("Sertraline 50 mg", 56), ("Paracetamol 500 mg", 24)),
    "Salma Haddad": (("Levothyroxine 50 micrograms", 22),),
}
"""How many of which medicine were counted a fortnight ago: one of them runs low these days, and one is ordered."""


def _count_shelf(town: Town, resident: Resident, tenant: Tenant, days: int) -> None:
    medicines = {medicine.name: medicine for medicine in town.session.scalars(Medicine.of(tenant))}
    for name, units in SHELVES.get(resident.name, ()):
        with town.at(-days, 6, 30):
            write_stock(town.session, medicines[name], "counted", Decimal(units), tenant, town.settings.zone)
        if resident.language == "ar":
            with town.at(-1, 11):
                say_ordered(town.session, medicines[name], town.settings.zone, ordered=True)


def share_with_staff(town: Town) -> None:
    """Amina and Tomasz share their medicines. Hers were counted last month, signed by two, and are due again; his wait
    for a second person."""
    session, zone = town.session, town.settings.zone
    amina, tomasz = town.tenants["Amina Warsame"], town.tenants["Tomasz Wójcik"]
    grace, nasrin, tariq = (town.staff[colleague.name] for colleague in (GRACE, NASRIN, TARIQ))
    with town.at(1 - 7 * WEEKS, 11):
        for worker in (grace, nasrin):
            share_medicines(session, amina, worker, zone)
            share_medicines(session, tomasz, worker, zone)
        share_medicines(session, amina, tariq, zone)
        agree_level(
            session, grace, amina, Level.WEEKLY_CHECK, town.today + timedelta(days=50), zone,
            tenant_words="I like the chart on the fridge.", language="en",
            worker_words="She sets her own alarm, and asks when she is not sure.",
        )  # fmt: skip
    last_month = (town.today.replace(day=1) - timedelta(days=2) - town.today).days
    with town.at(last_month, 10):
        audit = count_month(session, grace, amina, _counted(
            town, amina, "Everything is in the kitchen drawer.", "We filled in what was missing."
        ), zone)  # fmt: skip
    with town.at(last_month, 15):
        countersign(session, nasrin, audit, audit.latest.number, zone, agreed=True)
    with town.at(last_month + 1, 18):
        audit.add_words("I would like to do it on Sundays.", "en")
    with town.at(0, 8):
        count_month(session, grace, tomasz, _counted(town, tomasz, "", "Asked the pharmacy for a new box."), zone)


def _counted(town: Town, tenant: Tenant, found: str, action: str) -> Counting:
    medicines = medicines_to_count(town.session, tenant, town.settings.zone)
    counts = {}
    for number, medicine in enumerate(medicines):
        expected = expected_stock(town.session, medicine, clock.now())
        counts[medicine.id] = Decimal(26 - 2 * number) if expected is None else max(expected, Decimal(0))
    return Counting(counts, found=found, action=action, language="en")
