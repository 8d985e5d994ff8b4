"""Training: what each worker needs and has done, the team's table, and the records that coordinators write."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.finding import matches
from staff_portal.roles import TRAINING_KEEPERS
from staff_portal.training.forms import CorrectionForm, DatesForm, RecordForm
from staff_portal.training.room import room
from staff_portal.training.standing import lines_of, team_of
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Footing, Role, Worker
from tenant_app.training.courses import courses, pages_of_courses
from tenant_app.training.models import TrainingRecord, overseen_by
from tenant_app.training.rules import Stale, correct_record, write_record
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated, tidy
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import say, tell_date

__all__ = ["room"]

PAGE = 50


@room.get("/training")
@open_to(*Role)
def index() -> str:
    """One's own: what is needed, until when it holds, and all that was done before."""
    return _person(worker(), "training/index.html")


@room.post("/training/told")
@open_to(*Role)
def tell() -> Response:
    """Let tenants read that one is a peer or a volunteer (`told=1`), or no longer. One's own to say."""
    if worker().footing is Footing.EMPLOYEE:
        abort(409)
    worker().tell_footing(told=stated("told"))
    flash(gettext("Saved. You can change this at any time."))
    return redirect(url_for("training.index"), 303)


@room.get("/training/team")
@open_to(*TRAINING_KEEPERS)
def team() -> str:
    """Everyone who works here, and how each course stands for them; with `show=todo`, where something is to be done."""
    search, todo = tidy(request.args.get("q")) or "", request.args.get("show") == "todo"
    everyone = team_of(session(), worker(), courses(), _today())
    found = [one for one in everyone if (one.to_do or not todo) and matches(search, one.name)]
    pages = max(-(-len(found) // PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    return render_template(
        "training/team.html", members=found[(page - 1) * PAGE : page * PAGE], search=search, todo=todo, page=page,
        pages=pages, count=len(everyone), waiting=sum(one.to_do for one in everyone), courses=pages_of_courses(),
    )  # fmt: skip


@room.get("/training/team/<uuid:worker_id>")
@open_to(*TRAINING_KEEPERS)
def person(worker_id: UUID) -> str:
    """One colleague's."""
    return _person(find(overseen_by(worker()), worker_id), "training/person.html")


@room.route("/training/team/<uuid:worker_id>/new", methods=["GET", "POST"])
@open_to(*TRAINING_KEEPERS)
def new(worker_id: UUID) -> str | tuple[str, int] | Response:
    """Write down a course that a colleague has done. A renewal is written in the same way, and the old record stays."""
    colleague = find(overseen_by(worker()).where(Worker.id != worker().id), worker_id)
    pages = pages_of_courses()
    form = RecordForm.asked().offer(pages)
    if request.method == "GET":
        asked = request.args.get("course", "")
        form.course.data = asked if asked in pages else ""
        return render_template("training/record.html", form=form, colleague=colleague, record=None, stale=False)
    if form.valid():
        course = next(one for one in courses() if one.slug == form.course.data)
        try:
            kept = write_record(
                session(), colleague, course, done_on=form.done_on.data, valid_until=form.until(course),
                checked_by=worker(), today=_today(),
            )  # fmt: skip
        except ValueError as refused:
            form.blame_days(refused)
        else:
            flash(_kept(kept))
            return redirect(url_for("training.person", worker_id=colleague.id), 303)
    return render_template("training/record.html", form=form, colleague=colleague, record=None, stale=False), 422


@room.route("/training/records/<uuid:record_id>", methods=["GET", "POST"])
@open_to(*TRAINING_KEEPERS)
def correct(record_id: UUID) -> str | tuple[str, int] | Response:
    """Put the days of a record right."""
    record = find(TrainingRecord.overseen_by(worker()), record_id)
    form = CorrectionForm.asked(done_on=record.done_on, valid_until=record.valid_until, seen=record.version)
    if request.method == "GET":
        return _correction(record, form)
    if not form.valid():
        return _correction(record, form), 422
    course = next((one for one in courses() if one.slug == record.course), None)
    try:
        correct_record(
            session(), record, done_on=form.done_on.data, valid_until=form.until(course), by=worker(),
            seen=form.seen.data, today=_today(),
        )  # fmt: skip
    except Stale:
        form.seen.data = record.version
        return _correction(record, form, stale=True), 409
    except ValueError as refused:
        form.blame_days(refused)
        return _correction(record, form), 422
    flash(_kept(record))
    return redirect(url_for("training.person", worker_id=record.worker_id), 303)


@room.post("/training/records/<uuid:record_id>/aside")
@open_to(*TRAINING_KEEPERS)
def set_aside(record_id: UUID) -> Response:
    """It was written by mistake: it counts no more, and stays to be seen. Said twice, nothing more happens."""
    everyone = TrainingRecord.overseen_by(worker(), set_aside=True)
    record = find(everyone, record_id)
    if not stated("counts"):
        record.set_aside(worker())
        flash(gettext("It counts no more. It stays below, so that nothing is lost."))
    return redirect(url_for("training.person", worker_id=record.worker_id), 303)


def _person(colleague: Worker, template: str) -> str:
    lines = lines_of(session(), colleague, courses(), _today())
    records = session().scalars(TrainingRecord.of(colleague)).all()
    return render_template(
        template, colleague=colleague, me=worker(), lines=lines, records=records, pages=pages_of_courses(),
        keeps=worker().role in TRAINING_KEEPERS,
    )  # fmt: skip


def _correction(record: TrainingRecord, form: DatesForm, *, stale: bool = False) -> str:
    return render_template(
        "training/record.html", form=form, colleague=record.worker, record=record, stale=stale,
        page=pages_of_courses().get(record.course),
    )  # fmt: skip


def _kept(record: TrainingRecord) -> str:
    if record.valid_until is None:
        return gettext("Written down. It does not run out.")
    return say("Written down. It is valid until %(day)s.", day=tell_date(record.valid_until))


def _today() -> date:
    return clock.today(house().settings.zone)
