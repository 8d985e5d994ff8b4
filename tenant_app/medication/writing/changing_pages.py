"""Changing a medicine that is written down: what the label says, on which days, at what times, how much."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.medication.forms import LabelForm
from tenant_app.medication.models import Food, Medicine, MedicineForm
from tenant_app.medication.patterns import EVERY_DAY
from tenant_app.medication.rules import BadRegimen, Phase, change_limits, change_regimen
from tenant_app.medication.writing.forms import FORMS, Kind, KindForm, NeededForm, TaperForm, blame
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import tell_day

room = Blueprint("changing_medicine", __name__)

Answer = str | tuple[str, int] | Response


@room.route("/medicines/<uuid:medicine_id>/label", methods=["GET", "POST"])
@open_to(TENANT)
def label(medicine_id: UUID) -> Answer:
    """What the label says."""
    medicine = _taken(medicine_id)
    form = LabelForm.asked(
        name=medicine.name, comes_as=medicine.form.value, amount=medicine.amount, food=medicine.food.value,
        purpose=medicine.purpose,
    )  # fmt: skip
    if request.method == "POST" and form.valid():
        medicine.reword(
            form.name.data, form.amount.data or "", form.purpose.data or "", MedicineForm(form.comes_as.data),
            Food(form.food.data),
        )  # fmt: skip
        flash(gettext("Kept."))
        return _back(medicine)
    page = render_template("medication/label.html", form=form, medicine=medicine)
    return (page, 422) if form.problems else page


@room.route("/medicines/<uuid:medicine_id>/days", methods=["GET", "POST"])
@open_to(TENANT)
def days(medicine_id: UUID) -> Answer:
    """Another kind of days. The times are asked next; nothing changes before."""
    medicine = _taken(medicine_id)
    if medicine.as_needed:
        abort(404)
    kinds = [kind for kind in Kind if kind is not Kind.NEEDED]
    form = KindForm.asked(needed=False, kind=Kind.of(medicine).value)
    if request.method == "POST" and form.valid():
        return redirect(url_for("changing_medicine.times", medicine_id=medicine.id, kind=form.kind.data), 303)
    page = render_template(
        "medication/kind.html", form=form, kinds=kinds, name=medicine.name,
        back_to=url_for("medication.show", medicine_id=medicine.id),
    )  # fmt: skip
    return (page, 422) if form.problems else page


@room.route("/medicines/<uuid:medicine_id>/times", methods=["GET", "POST"])
@open_to(TENANT)
def times(medicine_id: UUID) -> Answer:
    """At what times, on which of these days, and how much; of an as-needed one, what the label says."""
    medicine = _taken(medicine_id)
    kind = _kind(medicine)
    form = _form(medicine, kind)
    if request.method == "POST" and form.valid():
        try:
            flash(_change(medicine, form))
        except BadRegimen as problem:
            blame(form, problem)
        else:
            return _back(medicine)
    page = render_template(
        "medication/plan.html", form=form, kind=kind, back_to=url_for("medication.show", medicine_id=medicine.id),
        name=medicine.name, verb=gettext("Keep these changes"),
    )  # fmt: skip
    return (page, 422) if form.problems else page


def _taken(medicine_id: UUID) -> Medicine:
    medicine = find(Medicine.of(tenant()), medicine_id)
    if not medicine.goes_on(clock.today(house().settings.zone)):
        abort(404)
    return medicine


def _kind(medicine: Medicine) -> Kind:
    """What is being changed to, from the address; without it, what it is."""
    asked = request.args.get("kind", Kind.of(medicine).value)
    if asked not in list(Kind) or (asked == Kind.NEEDED) is not medicine.as_needed:
        abort(404)
    return Kind(asked)


def _form(medicine: Medicine, kind: Kind) -> Any:
    if kind is Kind.NEEDED:
        hours, rest = divmod(medicine.gap_minutes or 0, 60)
        return NeededForm.asked(
            gap_hours=hours or None, gap_rest=rest or None, most=medicine.most_in_24h, quantity=medicine.quantity
        )
    pattern, today = medicine.pattern, clock.today(house().settings.zone)
    known: dict[str, Any] = {"times": medicine.wall_times, "ends_on": medicine.ends_on, "most": medicine.most_in_24h}
    if kind is Kind.TAPER:
        phases = [Phase(each.first_day, each.amount, each.quantity) for each in medicine.phases]
        known["phases"] = phases or [Phase(medicine.starts_on, medicine.amount, medicine.quantity)]
        return TaperForm.asked(**known)
    known["quantity"] = medicine.quantity
    if kind is Kind.WEEKDAYS:
        known["weekdays"] = pattern.chosen if Kind.of(medicine) is kind else []
    if kind is Kind.INTERVAL:
        known["every_days"] = pattern.every_days if pattern.every_days > 1 else None
        known["counted_from"] = pattern.anchor or max(today, medicine.starts_on)
    form = FORMS[kind].asked(**known)
    del form.starts_on
    return form


def _change(medicine: Medicine, form: Any) -> str:
    """Make it so. Returns what to say of it."""
    zone = house().settings.zone
    if isinstance(form, NeededForm):
        change_limits(session(), medicine, form.gap_minutes, form.most.data, form.quantity.data, zone)
        return gettext("Kept.")
    today = clock.today(zone)
    pattern = medicine.pattern if medicine.phases else EVERY_DAY
    regimen = form.regimen(max(today, medicine.starts_on), pattern)
    begins = change_regimen(session(), medicine, regimen, form.ends_on.data, zone)
    if begins > today:
        return gettext("Kept. The new times begin on %(day)s.", day=tell_day(begins))
    return gettext("Kept.")


def _back(medicine: Medicine) -> Response:
    return redirect(url_for("medication.show", medicine_id=medicine.id), 303)
