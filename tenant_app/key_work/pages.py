"""What one's keyworker wrote: the tenant reads it, and says what they think of it."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from tenant_app.accounts.gate import tenant
from tenant_app.key_work import document_pages
from tenant_app.key_work.forms import AnswerForm
from tenant_app.key_work.models import KeyWorkNote
from tenant_app.key_work.rules import Enough, answer, page_of
from tenant_app.key_work.tasks import Task
from tenant_app.key_work.words import how_words
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import find, session
from tenant_app.web.locale import language

room = Blueprint("key_work", __name__, template_folder="templates")
rooms = (room, document_pages.room)

MOST_DONE = 10
"""Promises kept that are shown, the last first."""


@room.context_processor
def words() -> dict[str, object]:
    """What things are called, and which of a note's neighbours the tenant may read."""
    return {"how_words": how_words}


@room.get("/key-work")
@open_to(TENANT)
def index() -> str:
    """Notes that the tenant may read, the latest contact first; with `after`, what follows that note."""
    try:
        after = UUID(request.args["after"]) if "after" in request.args else None
        stretch = page_of(session(), KeyWorkNote.told_to(tenant()), after)
    except (ValueError, LookupError):
        abort(404)
    promised = Task.told_to(tenant())
    done = promised.where(Task.done_at.is_not(None)).order_by(None).order_by(Task.done_at.desc(), Task.id)
    return render_template(
        "key_work/index.html", stretch=stretch, further=after is not None,
        promised=[] if after else session().scalars(promised.where(Task.done_at.is_(None))).all(),
        kept=[] if after else session().scalars(done.limit(MOST_DONE)).all(),
    )  # fmt: skip


@room.get("/key-work/<uuid:note_id>")
@open_to(TENANT)
def note(note_id: UUID) -> str:
    """One note, and a place to answer."""
    return _page(_note(note_id), AnswerForm.asked())


@room.post("/key-work/<uuid:note_id>/answers")
@open_to(TENANT)
def say(note_id: UUID) -> Response | tuple[str, int]:
    """Say something beside a note."""
    found, form = _note(note_id), AnswerForm.asked()
    if not form.valid():
        return _page(found, form), 422
    try:
        answer(session(), found, form.words.data, language().code)
    except Enough:
        form.blame("words", gettext("There are 20 answers here already. You could write a message instead"))
        return _page(found, form), 409
    flash(gettext("Your words stand beside the note."))
    return redirect(url_for("key_work.note", note_id=found.id, _anchor="answers"), 303)


def _note(note_id: UUID) -> KeyWorkNote:
    return find(KeyWorkNote.whole(KeyWorkNote.told_to(tenant())), note_id)


def _page(found: KeyWorkNote, form: AnswerForm) -> str:
    # A neighbour that is held back is not named: that there is one would say too much.
    corrects = found.corrects if found.corrects and not found.corrects.hold else None
    corrections = [later for later in found.corrections if not later.hold]
    return render_template(
        "key_work/note.html", note=found, form=form, corrects=corrects, corrections=corrections
    )
