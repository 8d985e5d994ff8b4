"""What was written about one's own practice: read it, answer it, and mark what is done."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from staff_portal.supervision.forms import AnswerForm
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Role, Worker
from tenant_app.supervision.models import AgreedAction, SupervisionNote
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, session
from tenant_app.web.locale import language

room = Blueprint("own_supervision", __name__, template_folder="templates", url_prefix="/my-supervision")

MOST_SHOWN = 100


@room.get("")
@open_to(*Role)
def index() -> str:
    """All of it, the latest meeting first."""
    me = worker()
    return render_template(
        "supervision/own.html", notes=session().scalars(SupervisionNote.about(me).limit(MOST_SHOWN)).all(),
        coordinator=session().get(Worker, me.coordinator_id) if me.coordinator_id else None,
    )  # fmt: skip


@room.get("/<uuid:note_id>")
@open_to(*Role)
def show(note_id: UUID) -> str:
    """One note. Opening it is reading it, and the coordinator sees since when."""
    note = find(SupervisionNote.about(worker()), note_id)
    note.read()
    return render_template("supervision/note.html", note=note, mine=True, form=AnswerForm.asked())


@room.post("/<uuid:note_id>")
@open_to(*Role)
def answer(note_id: UUID) -> Response | tuple[str, int]:
    """Say something to it."""
    note = find(SupervisionNote.about(worker()), note_id)
    form = AnswerForm.asked()
    if not form.valid():
        return render_template("supervision/note.html", note=note, mine=True, form=form), 422
    note.answer(form.words.data, language().code)
    flash(gettext("%(name)s can read it now.", name=note.coordinator.known_as))
    return redirect(url_for("own_supervision.show", note_id=note.id), 303)


@room.post("/actions/<uuid:action_id>")
@open_to(*Role)
def mark_action(action_id: UUID) -> Response:
    """An agreed action is done (`done=1`), or not after all."""
    mine = select(SupervisionNote.id).where(SupervisionNote.worker_id == worker().id)
    action = find(select(AgreedAction).where(AgreedAction.note_id.in_(mine)), action_id)
    action.mark(done=stated("done"))
    return redirect(url_for("own_supervision.show", note_id=action.note_id), 303)
