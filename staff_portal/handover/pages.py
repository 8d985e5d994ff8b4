"""Handovers: what waits to be read, what this shift leaves to the next, and those of earlier days."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import exists, func, select
from werkzeug.wrappers import Response

from staff_portal.handover.forms import LineForm, WordsForm
from staff_portal.roles import SUPPORTERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Look
from tenant_app.handover.models import About, Handover, HandoverLine
from tenant_app.handover.rules import (
    WRITTEN_WITHIN,
    NotToBeNamed,
    Read,
    TooLate,
    acknowledge,
    buildings_of,
    correct,
    handovers_unread,
    may_be_named,
    open_handover,
    reword,
    write_line,
)
from tenant_app.handover.shifts import shift_name, shifts_at
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, keep_now, session
from tenant_app.web.locale import language

room = Blueprint("handover", __name__, template_folder="templates")

PAGE = 21
"""A week of a house with three shifts."""


@room.get("/handover")
@open_to(*SUPPORTERS)
def index() -> str:
    """Unread ones first, then those that can be written now, then earlier days. No words: the list is no reading."""
    written = Handover.seen_by(worker()).where(exists().where(HandoverLine.handover_id == Handover.id))
    count = session().scalar(select(func.count()).select_from(written.order_by(None).subquery())) or 0
    pages = max(-(-count // PAGE), 1)
    page = min(max(request.args.get("page", 1, type=int), 1), pages)
    found = session().scalars(written.limit(PAGE).offset((page - 1) * PAGE)).all()
    return render_template(
        "shift_handover/index.html", unread=handovers_unread(session(), worker()), earlier=found, page=page,
        pages=pages, buildings=session().scalars(buildings_of(worker())).all(), now=shifts_at(clock.now()),
        shift_name=shift_name,
    )  # fmt: skip


@room.post("/handover")
@open_to(*SUPPORTERS)
def begin() -> Response:
    """To the handover of one shift that runs now or has just ended; it begins with its first line."""
    asked = request.form.get("building", ""), request.form.get("shift", ""), request.form.get("day", "")
    building = next((one for one in session().scalars(buildings_of(worker())) if str(one.id) == asked[0]), None)
    hours = next((hours for _, hours in shifts_at(clock.now()) if (hours.id, str(hours.day)) == asked[1:]), None)
    if building is None:
        abort(404)
    if hours is None:
        flash(gettext("That shift is over. Choose the one that runs now."))
        return redirect(url_for("handover.index"), 303)
    begun = open_handover(session(), building, hours)
    return redirect(url_for("handover.show", handover_id=begun.id), 303)


@room.get("/handover/<uuid:handover_id>")
@open_to(*SUPPORTERS)
def show(handover_id: UUID) -> str:
    """One shift's. Reading a line that names a tenant is reading their record."""
    return _show(_found(handover_id))


@room.post("/handover/<uuid:handover_id>/lines")
@open_to(*SUPPORTERS)
def add(handover_id: UUID) -> Response | tuple[str, int]:
    """Add a line."""
    handover = _found(handover_id)
    form = LineForm.asked().offer(session().scalars(may_be_named(worker(), handover)).all())
    if not form.valid():
        return _refused(handover, form), 422
    try:
        line = write_line(
            session(), worker(), handover, About(form.about.data), form.words.data, language=language().code,
            tenant_id=UUID(form.tenant.data) if form.tenant.data else None,
        )  # fmt: skip
    except NotToBeNamed:
        form.blame("tenant", gettext("Choose somebody of this list, or nobody"))
        return _refused(handover, form), 422
    except TooLate:
        form.blame("words", gettext("This shift is long over. Write it in the handover of your own"))
        return _refused(handover, form), 422
    flash(gettext("Written down."))
    return redirect(url_for("handover.show", handover_id=handover.id, _anchor=f"line-{line.id}"), 303)


@room.post("/handover/<uuid:handover_id>/read")
@open_to(*SUPPORTERS)
def read(handover_id: UUID) -> Response:
    """I have read it (`read=1`), as it stood when my page was made (`seen`)."""
    handover = _found(handover_id)
    try:
        seen = datetime.fromisoformat(request.form.get("seen", ""))
    except ValueError:
        abort(400)
    if seen.tzinfo is None or not stated("read"):
        abort(400)
    acknowledge(session(), worker(), handover, seen)
    flash(gettext("Thank you. The others see that you have read it."))
    return redirect(url_for("handover.index"), 303)


@room.post("/handover/lines/<uuid:line_id>")
@open_to(*SUPPORTERS)
def mark(line_id: UUID) -> Response:
    """What was needed is done (`done=1`), or not after all."""
    line = find(HandoverLine.seen_by(worker()).where(HandoverLine.about == About.NEEDS), line_id)
    line.mark(worker(), done=stated("done"))
    return redirect(url_for("handover.show", handover_id=line.handover_id, _anchor=f"line-{line.id}"), 303)


@room.route("/handover/lines/<uuid:line_id>/correct", methods=["GET", "POST"])
@open_to(*SUPPORTERS)
def put_right(line_id: UUID) -> str | tuple[str, int] | Response:
    """Say it better. One's own line changes while nobody has acknowledged it; any other is put right by a later one."""
    line = find(HandoverLine.seen_by(worker()), line_id)
    handover = _found(line.handover_id)
    own = line.written_by_id == worker().id and not handover.acknowledged
    form = WordsForm.asked(words=line.words)
    if request.method == "GET" or not form.valid():
        _look_at([line])
        page = render_template("shift_handover/correct.html", line=line, own=own, form=form, shift_name=shift_name)
        if request.method == "GET":
            return page
        keep_now()  # they read the line all the same, and a refusal would undo the note of it
        return page, 422
    try:
        if own:
            reword(session(), worker(), line, form.words.data, language().code)
        else:
            line = correct(session(), worker(), line, form.words.data, language().code)
    except Read:
        line = correct(session(), worker(), line, form.words.data, language().code)
    return redirect(url_for("handover.show", handover_id=handover.id, _anchor=f"line-{line.id}"), 303)


def _found(handover_id: UUID) -> Handover:
    return find(Handover.whole(Handover.seen_by(worker())), handover_id)


def _show(handover: Handover, form: LineForm | None = None) -> str:
    lines = handover.lines
    _look_at(lines)
    if form is None:
        form = LineForm(None).offer(session().scalars(may_be_named(worker(), handover)).all())
    return render_template(
        "shift_handover/show.html", handover=handover, form=form, me=worker(), shift_name=shift_name,
        waits=handover.waits_for(worker()), seen=max((line.written_at for line in lines), default=None),
        later={line.corrects_id: line for line in lines if line.corrects_id},
        writes=clock.now() < handover.ends_at + WRITTEN_WITHIN,
        parts=[(about, [line for line in lines if line.about is about]) for about in (About.NEEDS, About.HAPPENED)],
    )  # fmt: skip


def _refused(handover: Handover, form: LineForm) -> str:
    page = _show(handover, form)
    keep_now()  # they read the handover all the same, and a refusal would undo the note of it
    return page


def _look_at(lines: list[HandoverLine]) -> None:
    """Each tenant named, once for this page."""
    named = {line.tenant_id for line in lines if line.tenant_id}
    session().add_all(Look(worker_id=worker().id, tenant_id=one, what="handover") for one in named)
    session().flush()
