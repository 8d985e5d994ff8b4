"""What the staff door says the morning after of registers still to be finished; and that a note was read."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from staff_portal.roles import REGISTER_KEEPERS, SUPPORTERS
from tenant_app.accounts.gate import visitor, worker
from tenant_app.accounts.models import Worker
from tenant_app.groups.models import GroupSession
from tenant_app.groups.register.care import chased, told_to
from tenant_app.groups.titles import programme
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, session


def add_chasing(room: Blueprint) -> None:
    """Add the page to the registers' room, and the words to every page of the door."""
    room.post("/missed/<uuid:missed_id>")(put_note_away)
    room.app_context_processor(lambda: {
        "chased_registers": chased_registers, "programme_of": programme,
    })  # fmt: skip


@open_to(*SUPPORTERS)
def put_note_away(missed_id: UUID) -> Response:
    """The keyworker has read that somebody was missed."""
    missed = find(told_to(worker()), missed_id)
    if stated("read"):
        missed.put_away()
    return redirect(url_for("today.index"), 303)


def chased_registers() -> Sequence[GroupSession]:
    """Registers that whoever is here keeps, and that were asked for this morning or before."""
    here = visitor()
    return chased(session(), here) if isinstance(here, Worker) and here.role in REGISTER_KEEPERS else ()
