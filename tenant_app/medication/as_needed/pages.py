"""Recording a medicine that is taken when it is needed. What was written down is said; what to do is not."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.database import new_id
from tenant_app.medication.forms import EarlierForm
from tenant_app.medication.models import AsNeededDose, Medicine
from tenant_app.medication.rules import (
    DayClosed,
    StillToCome,
    TooSoon,
    correct_as_needed,
    may_record,
    record_as_needed,
    standing_of,
    undo_as_needed,
)
from tenant_app.medication.words import left_words
from tenant_app.web import content
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import say, tell_near_day, tell_time

room = Blueprint("as_needed", __name__)

Answer = str | tuple[str, int] | Response


@room.app_context_processor
def words() -> dict[str, object]:
    """What is said of moments and numbers, here and where these medicines are listed."""
    return {"tell_moment": tell_moment, "left_words": left_words}


def tell_moment(moment: datetime) -> Markup:
    """`9:10 am` for today, `Tomorrow, 9:10 am` for another day."""
    zone = house().settings.zone
    if moment.astimezone(zone).date() == clock.today(zone):
        return tell_time(moment)
    return say("%(day)s, %(time)s", day=tell_near_day(moment), time=tell_time(moment))


@room.route("/medicines/<uuid:medicine_id>/take", methods=["GET", "POST"])
@open_to(TENANT)
def take(medicine_id: UUID) -> Answer:
    """Take one now: when the last one was, what was written down, and the button. Or one was taken earlier."""
    medicine = _as_needed(medicine_id)
    zone = house().settings.zone
    earlier = EarlierForm.asked(day=clock.today(zone))
    if request.method == "GET":
        return _page(medicine, earlier)
    key, then = _key(), request.form.get("when") == "earlier"
    if then and not earlier.valid():
        return _page(medicine, earlier), 422
    at = clock.at(earlier.day.data, earlier.at.data, zone) if then else None
    try:
        dose = record_as_needed(session(), medicine, key, zone, at=at, sure=request.form.get("sure") == "1")
    except TooSoon as asked:
        return render_template(
            "medication/too_soon.html", medicine=medicine, standing=asked.standing, key=key, form=earlier, then=then,
            contacts=content.page("contacts", "medicines")["contacts"],
        ), 422  # fmt: skip
    except StillToCome:
        earlier.blame("at", gettext("Choose a time that has passed"))
    except DayClosed:
        earlier.blame("day", gettext("Choose a day of the last seven"))
    else:
        return redirect(url_for("as_needed.take", medicine_id=medicine.id, recorded=dose.id), 303)
    return _page(medicine, earlier), 422


@room.route("/medicines/doses/<uuid:dose_id>", methods=["GET", "POST"])
@open_to(TENANT)
def dose(dose_id: UUID) -> Answer:
    """One that was recorded, to put its time right or to take it back."""
    zone, found = house().settings.zone, find(AsNeededDose.of(tenant()), dose_id)
    local = found.taken_at.astimezone(zone)
    if not may_record(local.date(), zone):
        abort(404)
    form = EarlierForm.asked(day=local.date(), at=local.time())
    if request.method == "POST" and form.valid():
        try:
            correct_as_needed(session(), found, clock.at(form.day.data, form.at.data, zone), zone)
        except StillToCome:
            form.blame("at", gettext("Choose a time that has passed"))
        except DayClosed:
            form.blame("day", gettext("Choose a day of the last seven"))
        else:
            flash(gettext("Kept."))
            return redirect(url_for("as_needed.take", medicine_id=found.medicine_id), 303)
    page = render_template("medication/dose.html", dose=found, form=form, medicine=found.medicine)
    return (page, 422) if form.problems else page


@room.post("/medicines/doses/<uuid:dose_id>/undo")
@open_to(TENANT)
def undo(dose_id: UUID) -> Response:
    """It was not taken after all."""
    found = find(AsNeededDose.of(tenant()), dose_id)
    try:
        undo_as_needed(session(), found, house().settings.zone)
    except DayClosed:
        abort(400)
    flash(gettext("It is no longer in your record."))
    return redirect(url_for("as_needed.take", medicine_id=found.medicine_id), 303)


def _as_needed(medicine_id: UUID) -> Medicine:
    medicine = find(Medicine.of(tenant()).where(Medicine.as_needed), medicine_id)
    if medicine.stopped_at is not None:
        abort(404)
    return medicine


def _page(medicine: Medicine, earlier: Any) -> str:
    zone, standing = house().settings.zone, standing_of(session(), medicine)
    try:
        told = UUID(request.args.get("recorded", ""))
    except ValueError:
        told = None
    return render_template(
        "medication/take.html", medicine=medicine, standing=standing, form=earlier, key=new_id(),
        told=next((each for each in standing.doses if each.id == told), None),
        recent=[each for each in standing.doses if may_record(each.taken_at.astimezone(zone).date(), zone)],
    )  # fmt: skip


def _key() -> UUID:
    """What the form that was sent carries. A form of ours always does; without it two taps would be two doses."""
    try:
        return UUID(request.form.get("key", ""))
    except ValueError:
        abort(400)
