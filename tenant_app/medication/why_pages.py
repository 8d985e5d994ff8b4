"""Why a dose was not taken, for whoever wants to remember it. Nobody is asked twice, and nobody else reads it."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tenant_app.accounts.gate import tenant
from tenant_app.medication.forms import WhyForm
from tenant_app.medication.models import SkipReason
from tenant_app.medication.pages import BACK, came_from, find_slot
from tenant_app.medication.rules import may_record, say_why
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import house, session

room = Blueprint("dose_reason", __name__, template_folder="templates")


@room.route("/medicines/slots/<day>/<hhmm>/why", methods=["GET", "POST"])
@open_to(TENANT)
def why(day: str, hhmm: str) -> str | tuple[str, int] | Response:
    """A list in plain words, own words, or neither."""
    zone, slot = house().settings.zone, find_slot(day, hhmm)
    if not slot.skipped or not may_record(slot.day, zone):
        abort(404)
    form = WhyForm.asked(reason=slot.reason.value if slot.reason else None, words=slot.reason_words)
    if request.method == "POST" and form.valid():
        reason = SkipReason(form.reason.data) if form.reason.data else None
        say_why(session(), tenant(), slot.day, slot.wall_time, reason, form.words.data or "", zone)
        return redirect(url_for(BACK[came_from()]), 303)
    page = render_template(
        "medication/why.html", slot=slot, form=form, came_from=came_from(), reasons=list(SkipReason)
    )
    return (page, 422) if form.problems else page
