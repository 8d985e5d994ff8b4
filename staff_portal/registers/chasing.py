"""What the staff door says the morning after: registers still to be finished, and tenants who were missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from uuid import UUID

from flask import Blueprint, redirect, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from staff_portal.roles import REGISTER_KEEPERS, SUPPORTERS
from tenant_app import clock
from tenant_app.accounts.gate import visitor, worker
from tenant_app.accounts.models import Look, Worker
from tenant_app.groups.models import GroupSession
from tenant_app.groups.register.care import chased, told_to
from tenant_app.groups.register.records import Missed
from tenant_app.groups.titles import programme
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session

WHAT = "missed"
"""What a reading of these notes is called among the looks at a tenant's record."""


def add_chasing(room: Blueprint) -> None:
    """Add the page to the registers' room, and the words to every page of the door."""
    room.post("/missed/<uuid:missed_id>")(put_note_away)
    room.app_context_processor(lambda: {
        "chased_registers": chased_registers, "missed_people": missed_people, "programme_of": programme,
    })  # fmt: skip


@open_to(*SUPPORTERS)
def put_note_away(missed_id: UUID) -> Response:
    """The keyworker has read that somebody was missed."""
    missed = find(told_to(worker()), missed_id)
    if stated("read"):
        missed.put_away()
    return redirect(url_for("caseload.index"), 303)


def chased_registers() -> Sequence[GroupSession]:
    """Registers that whoever is here keeps, and that were asked for this morning or before."""
    here = visitor()
    return chased(session(), here) if isinstance(here, Worker) and here.role in REGISTER_KEEPERS else ()


def missed_people() -> Sequence[Missed]:
    """Whom whoever is here should know to have been missed. That they read it is written down."""
    here = visitor()
    if not isinstance(here, Worker):
        return ()
    missed = session().scalars(told_to(here)).all()
    _look_at(here, {each.tenant_id for each in missed})
    return missed


def _look_at(reader: Worker, tenant_ids: set[UUID]) -> None:
    """Once a day of each: the note stands on the page that they start from, and that one is opened all day long."""
    if not tenant_ids:
        return
    zone = house().settings.zone
    midnight = clock.at(clock.today(zone), time(), zone)
    known = session().scalars(select(Look.tenant_id).where(
        Look.worker_id == reader.id, Look.what == WHAT, Look.looked_at >= midnight, Look.tenant_id.in_(tenant_ids),
    ))  # fmt: skip
    new = tenant_ids.difference(known)
    session().add_all(Look(worker_id=reader.id, tenant_id=tenant_id, what=WHAT) for tenant_id in new)
    session().flush()
