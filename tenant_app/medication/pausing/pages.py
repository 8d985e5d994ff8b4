"""Letting all medicines rest: in hospital, ill, or in someone else's hands."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.medication.forms import PauseForm
from tenant_app.medication.pausing.models import PauseReason
from tenant_app.medication.rules import BadPause, current_pause, ended_pause, pause_medicines, resume_medicines
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import house, session

room = Blueprint("medicine_pause", __name__)

BACK = {"today": "today.show", "medicines": "medication.index"}


@room.app_context_processor
def words() -> dict[str, object]:
    """`medicine_pause()` and `medicine_pause_ended()` are what Today and the Medicines page tell of, or None."""
    return {
        "medicine_pause": lambda: current_pause(session(), tenant()),
        "medicine_pause_ended": lambda: ended_pause(session(), tenant()),
    }


@room.route("/medicines/pause", methods=["GET", "POST"])
@open_to(TENANT)
def ask() -> str | tuple[str, int] | Response:
    """Why, from when and until when; of a pause that goes on, the same to change."""
    zone, pause = house().settings.zone, current_pause(session(), tenant())
    today = clock.today(zone)
    form = PauseForm.asked(
        reason=pause.reason.value if pause else None, words=pause.words if pause else "",
        first=pause.starts_at.astimezone(zone).date() if pause else today, last=pause.last_day if pause else None,
    )  # fmt: skip
    if pause and not pause.to_come:
        del form.first  # it has begun; only its end is still to be chosen
    if request.method == "POST" and form.valid():
        first = form.first.data if "first" in form and form.first.data != today else None
        try:
            pause_medicines(
                session(), tenant(), PauseReason(form.reason.data), zone, first=first, last=form.last.data,
                words=form.words.data or "",
            )  # fmt: skip
        except BadPause as problem:
            form.blame(*{
                "ends-before-it-begins": ("last", gettext("Choose a last day that is not before the first")),
                "too-long-ago": ("first", gettext("Choose a day of the last seven, or one to come")),
                "too-far": ("last", gettext("Choose a day within a year. You can leave the last day out.")),
            }[problem.what])  # fmt: skip
        else:
            return redirect(url_for("medication.index"), 303)
    page = render_template("medication/pause.html", form=form, pause=pause, reasons=list(PauseReason))
    return (page, 422) if form.problems else page


@room.post("/medicines/pause/end")
@open_to(TENANT)
def end() -> Response:
    """Reminders are on again."""
    resume_medicines(session(), tenant(), house().settings.zone)
    flash(gettext("Reminders of your medicines are on again."))
    return redirect(url_for(BACK.get(request.form.get("from", ""), "medication.index")), 303)
