"""When a contractor comes to a shared part of a house: they say so themselves, because nobody has to be in."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app.repairs.contractors.models import RepairJob
from tenant_app.repairs.contractors.opening import job_to_do, room
from tenant_app.repairs.contractors.work import book
from tenant_app.repairs.visits.slots import begun
from tenant_app.repairs.visits.time_forms import BookForm
from tenant_app.web.audience import ANYONE, open_to
from tenant_app.web.house import house, session
from tenant_app.web.locale import language


@room.route("/visit", methods=["GET", "POST"])
@open_to(ANYONE)
def visit(token: str) -> str | tuple[str, int] | Response:
    """Say on which day, and between which hours. In a tenant's home, times are proposed instead."""
    job = job_to_do(token)
    if job.repair.tenant is not None:
        return redirect(url_for("contractor_job.times", token=token), 303)
    form = BookForm.asked(version=str(job.repair.version))
    if request.method == "GET":
        return _page(token, job, form)
    now = str(job.repair.version)
    stale, form.version.data = form.version.data != now, now
    if stale:
        return _page(token, job, form, stale=True), 409
    if not form.valid():
        return _page(token, job, form), 422
    [when] = form.times
    book(session(), job, when, form.words.data or "", zone=house().settings.zone, language=language().code)
    flash(gettext("Kept."))
    return redirect(url_for("contractor_job.show", token=token), 303)


def _page(token: str, job: RepairJob, form: BookForm, *, stale: bool = False) -> str:
    return render_template(
        "contractors/visit.html", token=token, job=job, repair=job.repair, form=form, stale=stale,
        begun=begun(job.repair, house().settings.zone),
    )  # fmt: skip
