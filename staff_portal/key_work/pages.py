"""Notes of one tenant: all of them, one of them, and what becomes of one."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.key_work import awareness_pages, document_pages, task_pages, timeline, writing
from staff_portal.key_work.forms import HoldForm, TaskForm
from staff_portal.key_work.room import note_of, refused, room, supports, tenant_of
from staff_portal.roles import SUPPORTERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Role
from tenant_app.accounts.rules import look_at
from tenant_app.key_work.models import KeyWorkNote
from tenant_app.key_work.rules import TooLate, hold_longer, let_read, notes_held, page_of
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session

__all__ = ["awareness_pages", "document_pages", "room", "task_pages", "timeline", "writing"]


@room.get("/caseload/<uuid:tenant_id>/notes")
@open_to(*SUPPORTERS)
def notes(tenant_id: UUID) -> str:
    """Everything written about this tenant by whoever supported them, the latest contact first; with `after`, what
    follows that note."""
    tenant = tenant_of(tenant_id, "notes")
    try:
        after = UUID(request.args["after"]) if "after" in request.args else None
        stretch = page_of(session(), KeyWorkNote.of(tenant), after)
    except (ValueError, LookupError):
        abort(404)
    return render_template("record/notes.html", tenant=tenant, stretch=stretch, further=after is not None)


@room.get("/notes/<uuid:note_id>")
@open_to(*SUPPORTERS)
def note(note_id: UUID) -> str:
    """One note, with what was said beside it and how it read before."""
    return _page(note_of(note_id), HoldForm.asked())


@room.post("/notes/<uuid:note_id>/answers")
@open_to(*SUPPORTERS)
def answers_read(note_id: UUID) -> Response:
    """What the tenant answered has been read (`seen=1`). The first time is kept."""
    found = note_of(note_id)
    if not stated("seen"):
        abort(400)
    for answer in found.answers:
        answer.seen_at = answer.seen_at or clock.now()
    return redirect(url_for("record.note", note_id=found.id), 303)


@room.post("/notes/<uuid:note_id>/hold")
@open_to(*SUPPORTERS)
def hold(note_id: UUID) -> Response | tuple[str, int]:
    """Let the tenant read what is held back (`held=0`), or hold it back further, with a reason anew (`held=1`)."""
    found = _held_or_own(note_id)
    if not stated("held"):
        let_read(session(), worker(), found)
        flash(gettext("%(name)s can read it now.", name=found.tenant.known_as))
    else:
        form = HoldForm.asked()
        if not form.valid():
            return refused(_page(found, form), 422)
        try:
            hold_longer(session(), worker(), found, form.hold, house().settings.zone)
        except TooLate:
            abort(409)
        flash(gettext("It is held back further. A coordinator sees why."))
    if supports(found.tenant_id):
        return redirect(url_for("record.note", note_id=found.id), 303)
    return redirect(url_for("record.held_back"), 303)


@room.get("/held-back")
@open_to(Role.COORDINATOR)
def held_back() -> str:
    """What is kept from tenants just now, by whom, why and until when. Without what is in it."""
    held = notes_held(session(), worker())
    for tenant in {note.tenant for note in held}:
        look_at(session(), worker(), tenant, "notes")
    return render_template("record/held_back.html", held=held, form=HoldForm.asked())


def _held_or_own(note_id: UUID) -> KeyWorkNote:
    if worker().role is Role.COORDINATOR and not _reads(note_id):
        found = find(KeyWorkNote.whole(KeyWorkNote.held_back(worker())), note_id)
        look_at(session(), worker(), found.tenant, "notes")
        return found
    return note_of(note_id)


def _reads(note_id: UUID) -> bool:
    return session().scalar(KeyWorkNote.read_by(worker()).where(KeyWorkNote.id == note_id)) is not None


def _page(found: KeyWorkNote, form: HoldForm) -> str:
    if not supports(found.tenant_id):
        return render_template("record/held_back.html", held=notes_held(session(), worker()), form=form)
    task = TaskForm.of(found.tenant, words=task_pages.suggested(found.agreed))
    return render_template("record/note.html", note=found, tenant=found.tenant, form=form, task=task)
