"""Supervision notes as the coordinator writes and reads them."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from staff_portal.supervision.forms import NoteForm, agreed
from staff_portal.supervision.room import room
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Role
from tenant_app.accounts.teams import team_of
from tenant_app.supervision.models import MOST_ACTIONS, AgreedAction, SupervisionNote
from tenant_app.supervision.rules import write_note
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import language


@room.route("/supervision/team/<uuid:worker_id>/notes", methods=["GET", "POST"])
@open_to(Role.COORDINATOR)
def new_note(worker_id: UUID) -> str | tuple[str, int] | Response:
    """Write down a meeting. The worker reads it and can answer."""
    colleague = find(team_of(worker()), worker_id)
    today = clock.today(house().settings.zone)
    form = NoteForm.asked(met_on=today)
    numbers = range(1, MOST_ACTIONS + 1)
    if request.method == "GET":
        return render_template("supervision/new_note.html", form=form, colleague=colleague, numbers=numbers)
    fits = form.valid()
    if form.met_on.data and form.met_on.data > today:
        form.blame("met_on", gettext("Choose today or a day before"))
        fits = False
    actions = agreed(form)
    if not fits or actions is None:
        return render_template("supervision/new_note.html", form=form, colleague=colleague, numbers=numbers), 422
    note = write_note(
        session(), worker(), colleague, form.met_on.data, form.words.data, today=today, actions=actions,
        language=language().code,
    )  # fmt: skip
    flash(gettext("Written down. %(name)s can read it now.", name=colleague.known_as))
    return redirect(url_for("supervision.note", note_id=note.id), 303)


@room.get("/supervision/notes/<uuid:note_id>")
@open_to(Role.COORDINATOR)
def note(note_id: UUID) -> str:
    """One note, with what the worker said to it."""
    return render_template("supervision/note.html", note=find(SupervisionNote.kept_by(worker()), note_id), mine=False)


@room.post("/supervision/actions/<uuid:action_id>")
@open_to(Role.COORDINATOR)
def mark_action(action_id: UUID) -> Response:
    """An agreed action is done (`done=1`), or not after all."""
    kept = SupervisionNote.kept_by(worker()).with_only_columns(SupervisionNote.id).order_by(None)
    action = find(select(AgreedAction).where(AgreedAction.note_id.in_(kept)), action_id)
    action.mark(done=stated("done"))
    return redirect(url_for("supervision.note", note_id=action.note_id), 303)
