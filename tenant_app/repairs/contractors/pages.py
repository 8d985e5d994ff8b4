"""The open door that a contractor's link leads to: one repair, and nothing else. Nobody signs in here.

The secret is a part of each address. So no page says to another where one came from, none is kept, and nothing here
writes an address down.
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from tenant_app import clock
from tenant_app.repairs.contractors import booking
from tenant_app.repairs.contractors.forms import CallOffForm, FinishForm, WorkPhotosForm
from tenant_app.repairs.contractors.models import RepairJob
from tenant_app.repairs.contractors.opening import (
    COOKIE,
    COOKIE_LASTS,
    gone,
    job_here,
    job_to_do,
    repair_under_way,
    room,
)
from tenant_app.repairs.contractors.work import call_off, finish, no_access, propose, take_back_time
from tenant_app.repairs.models import RepairPhoto
from tenant_app.repairs.taking_photos import take_in
from tenant_app.repairs.visits.desk import METHODS, MOST_SLOTS, Chosen
from tenant_app.repairs.visits.models import VisitSlot
from tenant_app.repairs.visits.rules import TooLate
from tenant_app.repairs.visits.slots import begun
from tenant_app.repairs.visits.time_forms import NoAccessForm, OfferForm
from tenant_app.web import photos
from tenant_app.web.audience import ANYONE, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, keep_now, session
from tenant_app.web.locale import language, offered

__all__ = ["booking", "room"]

Answer = str | tuple[str, int] | AnyResponse


@room.get("")
@open_to(ANYONE)
def show(token: str) -> str:
    """The job: what is wrong, where, how to get in, by when, and what comes next. Once finished, only that it is."""
    job = job_here(token)
    return _done(token, job) if job.just_finished else _show(token, job)


@room.post("/language")
@open_to(ANYONE)
def speak_to_me(token: str) -> AnyResponse:
    """Choose a language."""
    job_here(token)
    code = request.form.get("language")
    if code not in [known.code for known in offered()]:
        abort(400)
    answer = _back(token)
    answer.set_cookie(
        COOKIE, code, max_age=int(COOKIE_LASTS.total_seconds()), httponly=True, secure=house().settings.secure,
        samesite="Lax", path=f"{request.script_root}/job",
    )  # fmt: skip
    return answer


@room.get("/photos/<uuid:photo_id>")
@open_to(ANYONE)
def photo(token: str, photo_id: UUID) -> Response:
    """One picture of this repair."""
    job = job_here(token)
    if job.just_finished:
        gone()
    picture = find(RepairPhoto.of(job.repair), photo_id)
    return photos.photo_answer(picture.file, picture.digest)


@room.route("/times", methods=["GET", "POST"])
@open_to(ANYONE)
def times(token: str) -> Answer:
    """Propose days and hours, from which the tenant chooses."""
    job = job_to_do(token)
    if job.repair.tenant is None:
        return redirect(url_for("contractor_job.visit", token=token), 303)
    form = OfferForm.asked(version=str(job.repair.version))
    if request.method == "GET":
        return _times(token, job, form)
    if _stale(form, job):
        return _times(token, job, form, stale=True), 409
    if not form.valid():
        return _times(token, job, form), 422
    try:
        propose(session(), job, form.times, form.words.data or "", zone=house().settings.zone,
                language=language().code)  # fmt: skip
    except ValueError:
        form.blame("day1", gettext("At most %(number)s times are on offer at once. Take one back first",
                                   number=MOST_SLOTS))  # fmt: skip
        return _times(token, job, form), 422
    flash(_kept(job))
    return _back(token)


@room.post("/times/<uuid:slot_id>")
@open_to(ANYONE)
def one_time(token: str, slot_id: UUID) -> Answer:
    """Take a time back that nobody has chosen (`offered=0`)."""
    job = job_to_do(token)
    slot = find(VisitSlot.of(job.repair).where(VisitSlot.contractor_id == job.contractor_id), slot_id)
    if stated("offered"):
        abort(400)
    try:
        take_back_time(session(), job, slot)
    except Chosen:
        return _times(token, job, OfferForm(version=str(job.repair.version)), chosen=True), 409
    flash(gettext("Taken back."))
    return redirect(url_for("contractor_job.times", token=token), 303)


@room.route("/call-off", methods=["GET", "POST"])
@open_to(ANYONE)
def off(token: str) -> Answer:
    """Call off the visit, with a reason."""
    job = job_to_do(token)
    form = CallOffForm.asked(version=str(job.repair.version), visit_on=job.repair.visit_on,
                             visit_window=job.repair.visit_window).offer(job.repair)  # fmt: skip
    if request.method == "GET":
        return _off(token, job, form)
    visit = form.visit
    if visit is None:
        abort(400)
    if not form.valid():
        return _off(token, job, form), 422
    try:
        call_off(session(), job, visit, form.why.data, house().settings.zone, language=language().code)
    except TooLate:
        return _off(token, job, form, stale=True), 409
    flash(_kept(job))
    return _back(token)


@room.route("/no-access", methods=["GET", "POST"])
@open_to(ANYONE)
def attempt(token: str) -> Answer:
    """Write down that nobody could get in: when, and what was tried."""
    job = job_to_do(token)
    now = clock.now().astimezone(house().settings.zone)
    form = NoAccessForm.asked(day=now.date(), hour=now.time().replace(second=0, microsecond=0)).offer(job.repair)
    if request.method == "GET":
        return _attempt(token, job, form)
    if form.valid() and job.repair.reported_at and form.happened_at() < job.repair.reported_at:
        form.blame("day", gettext("That was before it was reported"))
    if form.problems:
        return _attempt(token, job, form), 422
    no_access(session(), job, form.happened_at(), form.methods.data, form.words.data or "",
              zone=house().settings.zone, language=language().code)  # fmt: skip
    flash(_kept(job))
    return _back(token)


@room.route("/photos", methods=["GET", "POST"])
@open_to(ANYONE)
def pictures(token: str) -> Answer:
    """Add photos of the work. Those that are none cost none of the others."""
    job = job_to_do(token)
    form = WorkPhotosForm.asked()
    if request.method == "GET":
        return _pictures(token, job, form)
    taken = take_in(lambda: repair_under_way(token), job.contractor_id)
    keep_now()
    session().expire(taken.repair, ["work_photos"])
    if not taken.problems and not any(upload.filename for upload in request.files.getlist("photos")):
        form.blame("photos", gettext("Choose at least one photo"))
    for problem in taken.problems:
        form.blame("photos", problem)
    if form.problems:
        return _pictures(token, job, form), 503 if taken.later else 422
    flash(gettext("Your photos are kept."))
    return _back(token)


@room.route("/finish", methods=["GET", "POST"])
@open_to(ANYONE)
def done(token: str) -> Answer:
    """It is done: what was done, and what it cost. The tenant is asked whether it is fixed."""
    job = job_to_do(token)
    form = FinishForm.asked(version=str(job.repair.version)).offer(job.repair)
    if request.method == "GET":
        return _finish(token, job, form)
    if _stale(form, job):
        return _finish(token, job, form, stale=True), 409
    if not form.valid():
        return _finish(token, job, form), 422
    finish(session(), job, form.words.data, form.cost.data, zone=house().settings.zone, language=language().code)
    return _back(token)


def _kept(job: RepairJob) -> str:
    return gettext("The tenant is told.") if job.repair.tenant is not None else gettext("Kept.")


def _stale(form: OfferForm | FinishForm, job: RepairJob) -> bool:
    """Whether the page that was sent is an old one; what it says next is up to date."""
    now = str(job.repair.version)
    old: bool = form.version.data != now
    form.version.data = now
    return old


def _back(token: str) -> AnyResponse:
    return redirect(url_for("contractor_job.show", token=token), 303)


def _page(template: str, token: str, job: RepairJob, **given: object) -> str:
    return render_template(template, token=token, job=job, repair=job.repair, **given)


def _slots(job: RepairJob) -> Iterable[VisitSlot]:
    return session().scalars(VisitSlot.open_of(job.repair).where(VisitSlot.contractor_id == job.contractor_id)).all()


def _show(token: str, job: RepairJob) -> str:
    return _page("contractors/job.html", token, job, slots=_slots(job), begun=begun(job.repair, house().settings.zone))


def _done(token: str, job: RepairJob) -> str:
    return render_template("contractors/finished.html", token=token)


def _times(token: str, job: RepairJob, form: OfferForm, *, stale: bool = False, chosen: bool = False) -> str:
    return _page("contractors/times.html", token, job, form=form, slots=_slots(job), stale=stale, chosen=chosen)


def _off(token: str, job: RepairJob, form: CallOffForm, *, stale: bool = False) -> str:
    begun_ = begun(job.repair, house().settings.zone)
    return _page("contractors/call_off.html", token, job, form=form, stale=stale, begun=begun_)


def _attempt(token: str, job: RepairJob, form: NoAccessForm) -> str:
    return _page("contractors/no_access.html", token, job, form=form, methods=METHODS)


def _pictures(token: str, job: RepairJob, form: WorkPhotosForm) -> str:
    return _page("contractors/photos.html", token, job, form=form)


def _finish(token: str, job: RepairJob, form: FinishForm, *, stale: bool = False) -> str:
    return _page("contractors/finish.html", token, job, form=form, stale=stale)
