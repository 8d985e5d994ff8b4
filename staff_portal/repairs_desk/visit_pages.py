"""What the desk does about visits: offer times, write to the tenant, and write down that nobody could get in."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.repairs_desk.forms import ReplyForm
from staff_portal.repairs_desk.showing import in_templates, kept_words, opened_repair, opened_report, refused, show
from staff_portal.roles import MENDERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.repairs.models import Repair
from tenant_app.repairs.visits.desk import (
    METHODS,
    MOST_SLOTS,
    Chosen,
    answer,
    needs_no_answer,
    no_access,
    offer,
    take_back,
)
from tenant_app.repairs.visits.models import VisitSlot
from tenant_app.repairs.visits.time_forms import NoAccessForm, OfferForm
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import language

room = Blueprint("visits_desk", __name__, template_folder="templates")
room.context_processor(in_templates)

Answer = str | tuple[str, int] | Response


@room.route("/repairs/<uuid:repair_id>/times", methods=["GET", "POST"])
@open_to(*MENDERS)
def times(repair_id: UUID) -> Answer:
    """Offer days and hours from which the tenant chooses."""
    repair = opened_report(repair_id)
    if not repair.open:
        return _back(repair)
    form = OfferForm.asked(version=str(repair.version))
    if request.method == "GET":
        return _offer(repair, form)
    if form.version.data != str(repair.version):
        form.version.data = str(repair.version)
        return refused(_offer(repair, form, stale=True)), 409
    if not form.valid():
        return refused(_offer(repair, form)), 422
    try:
        offer(session(), worker(), repair, form.times, form.words.data or "", zone=house().settings.zone,
              language=language().code)  # fmt: skip
    except ValueError:
        form.blame("day1", gettext("At most %(number)s times are on offer at once. Take one back first",
                                   number=MOST_SLOTS))  # fmt: skip
        return refused(_offer(repair, form)), 422
    flash(kept_words(repair))
    return _back(repair)


@room.post("/repairs/<uuid:repair_id>/times/<uuid:slot_id>")
@open_to(*MENDERS)
def one_time(repair_id: UUID, slot_id: UUID) -> Answer:
    """Take a time back that nobody has chosen (`offered=0`)."""
    repair = opened_report(repair_id)
    slot = find(VisitSlot.of(repair), slot_id)
    if stated("offered"):
        abort(400)
    try:
        take_back(session(), slot)
    except Chosen:
        return refused(_offer(repair, OfferForm(version=str(repair.version)), chosen=True)), 409
    flash(gettext("Taken back."))
    return redirect(url_for("visits_desk.times", repair_id=repair_id), 303)


@room.post("/repairs/<uuid:repair_id>/words")
@open_to(*MENDERS)
def say(repair_id: UUID) -> Answer:
    """A line to the tenant, which answers what they wrote."""
    repair = opened_report(repair_id)
    form = ReplyForm.asked(prefix="reply")
    if not form.valid():
        return refused(show(repair, reply=form)), 422
    answer(session(), worker(), repair, form.words.data, language=language().code)
    flash(kept_words(repair))
    return _back(repair)


@room.post("/repairs/<uuid:repair_id>/read")
@open_to(*MENDERS)
def read(repair_id: UUID) -> Response:
    """What the tenant wrote needs no answer."""
    repair = opened_report(repair_id)
    needs_no_answer(session(), repair)
    return _back(repair)


@room.route("/repairs/<uuid:repair_id>/no-access", methods=["GET", "POST"])
@open_to(*MENDERS)
def attempt(repair_id: UUID) -> Answer:
    """Write down that somebody came and could not get in. The tenant is told."""
    repair = opened_repair(repair_id)
    if not repair.open:
        return _back(repair)
    now = clock.now().astimezone(house().settings.zone)
    form = NoAccessForm.asked(day=now.date(), hour=now.time().replace(second=0, microsecond=0)).offer(repair)
    if request.method == "GET":
        return _attempt(repair, form)
    if form.valid() and repair.reported_at and form.happened_at() < repair.reported_at:
        form.blame("day", gettext("That was before it was reported"))
    if form.problems:
        return refused(_attempt(repair, form)), 422
    no_access(
        session(), worker(), repair, form.happened_at(), form.methods.data, form.words.data or "",
        zone=house().settings.zone, language=language().code,
    )  # fmt: skip
    flash(kept_words(repair))
    return _back(repair)


def _back(repair: Repair) -> Response:
    return redirect(url_for("repairs_desk.repair", repair_id=repair.id), 303)


def _offer(repair: Repair, form: OfferForm, *, stale: bool = False, chosen: bool = False) -> str:
    return render_template(
        "repairs_desk/times.html", repair=repair, form=form, stale=stale, chosen=chosen,
        slots=session().scalars(VisitSlot.open_of(repair)).all(),
    )  # fmt: skip


def _attempt(repair: Repair, form: NoAccessForm) -> str:
    return render_template("repairs_desk/no_access.html", repair=repair, form=form, methods=METHODS)
