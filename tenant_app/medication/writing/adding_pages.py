"""Writing a medicine down: what it is, when it is taken, and the times. Each answer is kept at once."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.medication.forms import LabelForm
from tenant_app.medication.models import Food, Medicine, MedicineForm
from tenant_app.medication.patterns import EVERY_DAY
from tenant_app.medication.rules import BadRegimen, Phase, add_as_needed, add_medicine
from tenant_app.medication.writing.drafts import draft_of, keep_draft, leave_draft
from tenant_app.medication.writing.forms import FORMS, Kind, KindForm, NeededForm, TaperForm, TimedForm, blame
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import house, session

room = Blueprint("adding_medicine", __name__)

QUESTIONS = 3
"""What it is, when it is taken, and what belongs to that."""

Answer = str | tuple[str, int] | Response


@room.route("/medicines/new", methods=["GET", "POST"])
@open_to(TENANT)
def what() -> Answer:
    """What the label says."""
    draft = draft_of(session(), tenant())
    known = draft.answers if draft else {"comes_as": MedicineForm.TABLET.value, "food": Food.NO_MATTER.value}
    form = LabelForm.asked(**{name: known.get(name, "") for name in LABEL})
    if request.method == "POST" and form.valid():
        keep_draft(session(), tenant(), **{name: form[name].data or "" for name in LABEL})
        return redirect(url_for("adding_medicine.when"), 303)
    page = render_template("medication/add_what.html", form=form, draft=draft, step=(1, QUESTIONS))
    return (page, 422) if form.problems else page


LABEL = ("name", "comes_as", "amount", "food", "purpose")


@room.route("/medicines/new/when", methods=["GET", "POST"])
@open_to(TENANT)
def when() -> Answer:
    """Every day, on some days, every few days, a changing amount, or as needed."""
    draft = draft_of(session(), tenant())
    if draft is None:
        return redirect(url_for("adding_medicine.what"), 303)
    form = KindForm.asked(kind=draft.answers.get("kind"))
    if request.method == "POST" and form.valid():
        keep_draft(session(), tenant(), kind=form.kind.data)
        return redirect(url_for("adding_medicine.plan"), 303)
    page = render_template(
        "medication/kind.html", form=form, kinds=list(Kind), back_to=url_for("adding_medicine.what"),
        step=(2, QUESTIONS), name=draft.name,
    )  # fmt: skip
    return (page, 422) if form.problems else page


@room.route("/medicines/new/times", methods=["GET", "POST"])
@open_to(TENANT)
def plan() -> Answer:
    """The times, or what the label says of one that is taken as needed; then it is written down."""
    draft = draft_of(session(), tenant())
    if draft is None:  # the second of two taps, or a bookmark
        return redirect(url_for("medication.index" if request.method == "POST" else "adding_medicine.what"), 303)
    if not draft.name or draft.answers.get("kind") not in list(Kind):
        return redirect(url_for("adding_medicine.when"), 303)
    kind = Kind(draft.answers["kind"])
    form = _form(kind, draft.answers.get("amount", ""))
    if request.method == "POST" and form.valid():
        try:
            medicine = _write_down(kind, form, draft.answers)
        except BadRegimen as problem:
            blame(form, problem)
        else:
            leave_draft(session(), tenant())
            return redirect(url_for("medication.show", medicine_id=medicine.id), 303)
    page = render_template(
        "medication/plan.html", form=form, kind=kind, back_to=url_for("adding_medicine.when"), step=(3, QUESTIONS),
        name=draft.name, verb=gettext("Keep this medicine"),
    )  # fmt: skip
    return (page, 422) if form.problems else page


@room.post("/medicines/new/leave")
@open_to(TENANT)
def leave() -> Response:
    """What was begun is not wanted."""
    leave_draft(session(), tenant())
    return redirect(url_for("medication.index"), 303)


def _form(kind: Kind, amount: str) -> Any:
    today = clock.today(house().settings.zone)
    if kind is Kind.NEEDED:
        return NeededForm.asked()
    if kind is Kind.TAPER:
        return TaperForm.asked(phases=[Phase(today, amount)])
    form = FORMS[kind].asked(starts_on=today)
    if "counted_from" in form:
        del form.counted_from
    return form


def _write_down(kind: Kind, form: Any, answers: dict[str, Any]) -> Medicine:
    zone, label = house().settings.zone, (answers["name"], answers.get("amount", ""))
    said: dict[str, Any] = {
        "purpose": answers.get("purpose", ""), "form": MedicineForm(answers.get("comes_as") or MedicineForm.OTHER),
        "food": Food(answers.get("food") or Food.NO_MATTER),
    }  # fmt: skip
    if isinstance(form, NeededForm):
        return add_as_needed(
            session(), tenant(), *label, zone, gap_minutes=form.gap_minutes, most_in_24h=form.most.data,
            quantity=form.quantity.data, **said,
        )  # fmt: skip
    assert isinstance(form, TimedForm)
    starts_on: date = form.begins or clock.today(zone)
    regimen = form.regimen(starts_on, EVERY_DAY)
    return add_medicine(
        session(), tenant(), *label, regimen.times, zone, starts_on, form.ends_on.data, pattern=regimen.pattern,
        quantity=regimen.quantity, phases=regimen.phases, most=regimen.most, **said,
    )  # fmt: skip
