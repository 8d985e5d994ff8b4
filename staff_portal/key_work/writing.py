"""Writing a note, changing it within a day, and putting an older one right."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import select
from werkzeug.wrappers import Response

from staff_portal.key_work.forms import NewNoteForm, NoteForm
from staff_portal.key_work.room import note_of, refused, room, tenant_of
from staff_portal.roles import SUPPORTERS
from tenant_app.accounts.gate import worker
from tenant_app.key_work.awareness import HazardMention
from tenant_app.key_work.hazard_words import terms
from tenant_app.key_work.models import KeyWorkNote
from tenant_app.key_work.rules import NotTheirs, Stale, TooLate, rewrite, write_note
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import language

Answer = str | tuple[str, int] | Response


@room.route("/caseload/<uuid:tenant_id>/notes/new", methods=["GET", "POST"])
@open_to(*SUPPORTERS)
def write(tenant_id: UUID) -> Answer:
    """Write a note; with `corrects`, one that puts an earlier one right. Where it names damp or mould, a repair is
    offered next."""
    tenant = tenant_of(tenant_id, "notes")
    corrects = _corrected(tenant_id)
    form = NewNoteForm.now()
    page = {"tenant": tenant, "form": form, "corrects": corrects}
    if request.method == "GET":
        return render_template("record/write.html", **page)
    if not form.valid():
        return refused(render_template("record/write.html", **page), 422)
    try:
        note = write_note(
            session(), worker(), tenant, form.contact, terms=terms(), zone=house().settings.zone,
            language=language().code, corrects=corrects, hold=form.hold_asked,
        )  # fmt: skip
    except NotTheirs:
        abort(404)
    if note.hold:
        flash(gettext("The note is kept, and held back for now."))
    else:
        flash(gettext("The note is kept. %(name)s can read it.", name=tenant.known_as))
    return _onward(note)


@room.route("/notes/<uuid:note_id>/edit", methods=["GET", "POST"])
@open_to(*SUPPORTERS)
def edit(note_id: UUID) -> Answer:
    """Change one's own note within a day. Of two who change it at once, both texts are shown."""
    note = note_of(note_id)
    if note.worker_id != worker().id:
        abort(404)
    form = NoteForm.of(note)
    if not note.can_be_changed:
        # Nothing that was typed is lost: it stands in the form of a new note that puts this one right.
        fresh = NewNoteForm.asked(**_typed(note))
        page = render_template("record/write.html", tenant=note.tenant, form=fresh, corrects=note, late=True)
        return page if request.method == "GET" else refused(page, 409)
    if request.method == "GET":
        return _ask(note, form)
    if not form.valid():
        return refused(_ask(note, form), 422)
    try:
        rewrite(
            session(), worker(), note, form.contact, seen=form.edition, terms=terms(), language=language().code
        )
    except Stale:
        form.seen.data = str(note.edition)  # who sends it once more has read what stands now
        form.seen.raw_data = None
        return refused(_ask(note, form, stale=True), 409)
    except (TooLate, NotTheirs):
        abort(409)
    flash(gettext("Changed. How it read before is kept beside it."))
    return _onward(note)


def _onward(note: KeyWorkNote) -> Response:
    """To the offer of a repair, where the note names damp or mould and nobody has said what it was."""
    waiting = select(HazardMention).where(HazardMention.note_id == note.id, HazardMention.outcome.is_(None))
    mention = session().scalar(waiting)
    if mention is not None:
        return redirect(url_for("record.awareness", mention_id=mention.id), 303)
    return redirect(url_for("record.note", note_id=note.id), 303)


def _corrected(tenant_id: UUID) -> KeyWorkNote | None:
    given = request.values.get("corrects")
    if not given:
        return None
    try:
        return find(KeyWorkNote.read_by(worker()).where(KeyWorkNote.tenant_id == tenant_id), UUID(given))
    except ValueError:
        abort(404)


def _typed(note: KeyWorkNote) -> dict[str, object]:
    met = note.met_at.astimezone(house().settings.zone)
    return {"met_on": met.date(), "met_at": met.time(), "how": note.how.value}


def _ask(note: KeyWorkNote, form: NoteForm, *, stale: bool = False) -> str:
    return render_template("record/edit.html", note=note, tenant=note.tenant, form=form, stale=stale)
