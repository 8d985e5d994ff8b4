"""The coordinator's desk: who has nobody, the team with its caseloads, and the page of one of the team."""

from __future__ import annotations

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from sqlalchemy import Select, func, or_, select
from werkzeug.wrappers import Response

from staff_portal.supervision.overview import COLUMNS, Member, caseload_sizes, team
from staff_portal.supervision.room import room
from tenant_app.accounts.cover import covers_of, stands_in_for
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Role, Tenant, Worker, keyworker_is
from tenant_app.accounts.teams import in_team_of, team_of
from tenant_app.supervision.models import SupervisionNote
from tenant_app.supervision.reassigning import without_keyworker
from tenant_app.supervision.rules import last_met, notes_unread
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session

MOST_SHOWN = 20
"""Covers and notes on one page."""


@room.get("/supervision")
@open_to(Role.COORDINATOR)
def index() -> str:
    """Who needs a keyworker, and the team. Names and numbers: no record is read here."""
    return render_template(
        "supervision/index.html", without=without_keyworker(session(), worker()), columns=COLUMNS,
        team=team(session(), worker(), house().settings.caseload_size), me=worker(),
        unread=notes_unread(session(), worker()), usual=house().settings.caseload_size,
    )  # fmt: skip


@room.get("/supervision/team/<uuid:worker_id>")
@open_to(Role.COORDINATOR)
def person(worker_id: UUID) -> str:
    """One of the team, or oneself: their tenants by name, who stands in, and what was written of their practice."""
    colleague = find(team_or_self(), worker_id)
    tenants = session().scalars(
        select(Tenant).where(keyworker_is(colleague)).order_by(func.lower(Tenant.name), Tenant.id)
    ).all()
    notes = SupervisionNote.kept_by(worker()).where(SupervisionNote.worker_id == colleague.id)
    size = caseload_sizes(session(), [colleague.id]).get(colleague.id, 0)
    return render_template(
        "supervision/person.html", colleague=colleague, tenants=tenants, me=worker(),
        covers=session().scalars(covers_of(colleague).limit(MOST_SHOWN)).all(),
        stands_in=session().scalars(stands_in_for(colleague)).all(),
        notes=session().scalars(notes.limit(MOST_SHOWN)).all(),
        member=Member(colleague, size, house().settings.caseload_size, last_met(session(), worker()).get(colleague.id),
                      None),
        coordinator=session().get(Worker, colleague.coordinator_id) if colleague.coordinator_id else None,
    )  # fmt: skip


@room.post("/supervision/team/<uuid:worker_id>/mine")
@open_to(Role.COORDINATOR)
def take_on(worker_id: UUID) -> Response:
    """Somebody whom no coordinator supervises by name is mine from now on (`mine=1`), or no longer (`mine=0`)."""
    colleague = find(team_of(worker()), worker_id)
    if stated("mine"):
        named = session().get(Worker, colleague.coordinator_id) if colleague.coordinator_id else None
        if named is not None and named.id != worker().id and named.left_at is None and named.role is Role.COORDINATOR:
            abort(409)
        colleague.coordinator_id = worker().id
        flash(gettext("You supervise %(name)s from now on.", name=colleague.known_as))
    elif colleague.coordinator_id == worker().id:
        colleague.coordinator_id = None
        flash(gettext("%(name)s is in every coordinator’s team now.", name=colleague.known_as))
    session().flush()
    if session().scalar(team_of(worker()).where(Worker.id == colleague.id)) is None:
        return redirect(url_for("supervision.index"), 303)
    return redirect(url_for("supervision.person", worker_id=colleague.id), 303)


def team_or_self() -> Select[Worker]:
    """Whom the coordinator who is here may look after: the team and themselves."""
    return select(Worker).where(or_(in_team_of(worker()), Worker.id == worker().id))
