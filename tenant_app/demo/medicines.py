"""Medicines in the demo: daily ones, one once a week, one taken when needed, and a course whose amount changes."""

from __future__ import annotations

from datetime import time, timedelta
from decimal import Decimal

from tenant_app.accounts.models import Tenant
from tenant_app.database import new_id
from tenant_app.demo.people import AMINA, Resident
from tenant_app.demo.town import Town
from tenant_app.medication.models import Food, MedicineForm
from tenant_app.medication.patterns import on_weekdays
from tenant_app.medication.rules import (
    Phase,
    add_as_needed,
    add_medicine,
    answer_slot,
    record_as_needed,
    slots_of_day,
)

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
                town.today - timedelta(days=begins), form=_form(amount),
            )  # fmt: skip
    if resident is AMINA:
        _once_a_week(town, tenant)
        _when_needed(town, tenant)
    if resident.name == SALMA:
        _less_and_less(town, tenant)
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
