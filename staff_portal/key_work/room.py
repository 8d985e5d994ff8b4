"""The room of key work, and how its pages find a tenant or a note."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint

from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Tenant
from tenant_app.accounts.rules import look_at
from tenant_app.key_work.models import KeyWorkNote
from tenant_app.key_work.words import how_words, paper_words, size_words
from tenant_app.web.house import find, keep_now, session

room = Blueprint("record", __name__, template_folder="templates")


@room.context_processor
def words() -> dict[str, object]:
    """What things are called."""
    return {"how_words": how_words, "paper_words": paper_words, "size_words": size_words}


def tenant_of(tenant_id: UUID, what: str) -> Tenant:
    """A tenant whom the worker supports now, looked at; 404 for anybody else's."""
    tenant = find(worker().caseload, tenant_id)
    look_at(session(), worker(), tenant, what)
    return tenant


def note_of(note_id: UUID) -> KeyWorkNote:
    """A note about a tenant whom the worker supports now, looked at; 404 for any other."""
    note = find(KeyWorkNote.whole(KeyWorkNote.read_by(worker())), note_id)
    look_at(session(), worker(), note.tenant, "notes")
    return note


def refused(page: str, status: int) -> tuple[str, int]:
    """A page that refuses. They read the record all the same, and a refusal would undo the note of it."""
    keep_now()
    return page, status


def supports(tenant_id: UUID) -> bool:
    """Whether the worker supports this tenant now."""
    return session().scalar(worker().caseload.with_only_columns(Tenant.id).where(Tenant.id == tenant_id)) is not None
