"""How much of each medicine is left, by what its owner wrote down; and ordering and collecting more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from uuid import UUID

from babel.numbers import format_decimal
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.database import new_id
from tenant_app.medication.auditing.models import AuditEntry, MedicineCount
from tenant_app.medication.auditing.words import tell_month
from tenant_app.medication.models import Medicine
from tenant_app.medication.slots import week_days
from tenant_app.medication.stock.forms import PharmacyForm, StockForm
from tenant_app.medication.stock.models import StockEntry, StockKind
from tenant_app.medication.stock.rules import NotThatMany, change_pharmacy, say_ordered, write_stock
from tenant_app.medication.stock.supply import Supply, pharmacy_of, supplies, supply_of
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import isolate, language, tell_day

room = Blueprint("medicine_stock", __name__)

LATELY = 12
"""Entries that a medicine's page tells of."""


@room.app_context_processor
def words() -> dict[str, object]:
    """What the card of a medicine's stock needs wherever it is shown."""
    return {
        "tell_units": tell_units, "week_days": week_days,
        "stock_of": lambda medicine: supply_of(session(), medicine, house().settings.zone),
    }  # fmt: skip


def tell_units(units: Decimal) -> Markup:
    """`10.5`, or `10,5` where one writes it so; digits are Western, as on the box."""
    return isolate(format_decimal(units, "#,##0.##", locale=language().locale, numbering_system="latn"))


@room.get("/medicines/stock")
@open_to(TENANT)
def index() -> str:
    """What is left of everything that is taken; what is to be done first stands first."""
    zone = house().settings.zone
    today = clock.today(zone)
    shown = sorted(supplies(session(), tenant(), zone), key=_urgency)
    lit = next((supply for supply in shown if supply.to_order(today) or supply.to_collect(today)), None)
    return render_template("medication/stock_index.html", supplies=shown, lit=lit, today=today)


@room.get("/medicines/<uuid:medicine_id>/stock")
@open_to(TENANT)
def show(medicine_id: UUID) -> str:
    """One medicine: what is left, how long it lasts, and what was said of it."""
    medicine, zone = find(Medicine.of(tenant()), medicine_id), house().settings.zone
    entries: Sequence[StockEntry] = session().scalars(StockEntry.of(medicine).limit(LATELY)).all()
    return render_template(
        "medication/stock.html", supply=supply_of(session(), medicine, zone), medicine=medicine, entries=entries,
        today=clock.today(zone), entry_words=entry_words, reader=tenant(), signed=_signed(entries),
        tell_month=tell_month,
    )  # fmt: skip


@room.route("/medicines/<uuid:medicine_id>/stock/<kind>", methods=["GET", "POST"])
@open_to(TENANT)
def write(medicine_id: UUID, kind: str) -> str | tuple[str, int] | Response:
    """Ask how many there are, came, or went back, and write it down."""
    medicine, zone = find(Medicine.of(tenant()), medicine_id), house().settings.zone
    if kind not in set(StockKind):
        abort(404)
    said = StockKind(kind)
    form = StockForm.asked(key=str(new_id()))
    form.ask(said)
    if request.method == "GET":
        return render_template("medication/stock_write.html", form=form, medicine=medicine)
    if form.valid():
        try:
            write_stock(session(), medicine, said, form.quantity.units, tenant(), zone, form.form_key)
        except NotThatMany as problem:
            form.blame("quantity", gettext("By what you wrote down there are %(units)s. Count them first.",
                                           units=tell_units(problem.left).striptags()))  # fmt: skip
        except ValueError:
            form.blame("quantity", gettext("Write a number above 0"))
        else:
            flash(gettext("Kept."))
            return redirect(url_for("medicine_stock.show", medicine_id=medicine.id), 303)
    return render_template("medication/stock_write.html", form=form, medicine=medicine), 422


@room.post("/medicines/<uuid:medicine_id>/ordered")
@open_to(TENANT)
def ordered(medicine_id: UUID) -> Response:
    """More was ordered, or was not after all."""
    medicine = find(Medicine.of(tenant()), medicine_id)
    order = say_ordered(session(), medicine, house().settings.zone, ordered=stated("ordered"))
    if order is not None:
        flash(gettext("Kept. We will remind you on %(day)s to collect it.", day=tell_day(order.ready_on)))
    else:
        flash(gettext("Kept. It is not ordered."))
    return redirect(url_for("medicine_stock.show", medicine_id=medicine.id), 303)


@room.route("/medicines/pharmacy", methods=["GET", "POST"])
@open_to(TENANT)
def pharmacy() -> str | tuple[str, int] | Response:
    """When the pharmacy is open, and how long an order takes: by that we reckon when to remind."""
    kept = pharmacy_of(session(), tenant())
    form = PharmacyForm.asked(
        closed=kept.closed_days, lead_days=str(kept.lead_days), open_on_bank_holidays=kept.open_on_bank_holidays
    )
    if request.method == "GET":
        return render_template("medication/pharmacy.html", form=form)
    if form.valid():
        change_pharmacy(
            session(), tenant(), {day for day in form.closed.data if day >= 0}, form.days, house().settings.zone,
            open_on_bank_holidays=form.open_on_bank_holidays.data,
        )  # fmt: skip
        flash(gettext("Kept."))
        return redirect(url_for("medicine_stock.index"), 303)
    return render_template("medication/pharmacy.html", form=form), 422


def entry_words(entry: StockEntry) -> str:
    """`You counted`: what an entry says, without its number."""
    own = entry.by_id == tenant().id
    return {
        StockKind.COUNTED: gettext("You counted") if own else gettext("Counted with you"),
        StockKind.COLLECTED: gettext("You collected") if own else gettext("Collected for you"),
        StockKind.RETURNED: gettext("Went back"),
    }[entry.kind]


def _signed(entries: Sequence[StockEntry]) -> dict[UUID, AuditEntry]:
    """For each entry that a month's count became, what was counted by whom, and who saw the same."""
    found = (
        select(MedicineCount)
        .where(MedicineCount.id.in_([entry.id for entry in entries]))
        .options(joinedload(MedicineCount.entry).joinedload(AuditEntry.audit))
    )
    return {count.id: count.entry for count in session().scalars(found)}


def _urgency(supply: Supply) -> tuple[date, date, str]:
    day = supply.order.ready_on if supply.order else supply.order_by
    return day or date.max, supply.runs_out_on or date.max, supply.medicine.name.lower()
