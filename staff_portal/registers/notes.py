"""Notes about a session: what went well, what to bring next time. Never about anyone's health."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response

from staff_portal.registers.tapping import made_at
from staff_portal.roles import REGISTER_KEEPERS
from tenant_app.accounts.gate import worker
from tenant_app.groups.models import GroupSession
from tenant_app.groups.register.attendance import MOST_NOTES, RegisterClosed, TooMany, write_note
from tenant_app.groups.register.records import SessionNote
from tenant_app.web.audience import open_to
from tenant_app.web.forms import Form, own_words, stated
from tenant_app.web.house import find, session


class NoteForm(Form):
    """A note about a session."""

    words = own_words(
        _("What is good to know of this session?"),
        _("What you did, what went well, what to bring next time. Leave out anything about anyone’s health."),
        needed=_("Write your note"), longest=1000, long=True,
    )  # fmt: skip


def add_notes(room: Blueprint) -> None:
    """Add their pages to the registers' room."""
    room.get("/registers/<uuid:session_id>/notes")(notes)
    room.post("/registers/<uuid:session_id>/notes")(add_note)
    room.post("/registers/<uuid:session_id>/notes/<uuid:note_id>")(take_note_off)


@open_to(*REGISTER_KEEPERS)
def notes(session_id: UUID) -> str:
    """The notes of one session, and a place to write another."""
    return _page(find(GroupSession.run_by(worker()), session_id), NoteForm())


@open_to(*REGISTER_KEEPERS)
def add_note(session_id: UUID) -> str | tuple[str, int] | Response:
    """Keep a note. Two facilitators' notes both stand."""
    group_session = find(GroupSession.run_by(worker()), session_id)
    form = NoteForm.asked()
    if not form.valid():
        return _page(group_session, form), 422
    try:
        write_note(session(), worker(), group_session, form.words.data, made_at=made_at())
    except RegisterClosed:
        abort(409)
    except TooMany:
        form.blame("words", gettext("There are %(number)s notes here already. Take one of yours off first",
                                    number=MOST_NOTES))  # fmt: skip
        return _page(group_session, form), 422
    return redirect(url_for("registers.show", session_id=session_id, _anchor="notes"), 303)


@open_to(*REGISTER_KEEPERS)
def take_note_off(session_id: UUID, note_id: UUID) -> Response:
    """Take a note off again: its writer alone."""
    group_session = find(GroupSession.run_by(worker()), session_id)
    note = find(SessionNote.of(group_session).where(SessionNote.worker_id == worker().id), note_id)
    if not stated("kept"):
        session().delete(note)
    return redirect(url_for("registers.show", session_id=session_id, _anchor="notes"), 303)


def _page(group_session: GroupSession, form: NoteForm) -> str:
    written = session().scalars(SessionNote.of(group_session)).all()
    return render_template("registers/notes.html", it=group_session, form=form, notes=written, me=worker())
