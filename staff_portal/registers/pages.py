"""The registers of the groups a worker runs: names, who came, and nothing else about anyone."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from staff_portal.finding import matches
from staff_portal.registers.overview import register_of, registers_of
from staff_portal.roles import GROUP_PLANNERS, REGISTER_KEEPERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Look, Tenant
from tenant_app.accounts.rules import look_at
from tenant_app.groups.models import REGISTER_OPENS, Attendance, Booking, GroupSession
from tenant_app.groups.rules import RegisterClosed, add_walk_in, mark_attendance, may_walk_in
from tenant_app.groups.titles import programme, spoken_at, title
from tenant_app.web.audience import open_to
from tenant_app.web.forms import tidy
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import say_number

room = Blueprint("registers", __name__, template_folder="templates")

MARK = "mark-"
"""Radios of the register are named `mark-<tenant's id>`."""
FEWEST_LETTERS = 2
MOST_FOUND = 12


@room.context_processor
def words() -> dict[str, object]:
    """What sessions are called, and in which languages they are held."""
    return {"programme": programme, "spoken_at": spoken_at, "Attendance": Attendance}


@room.get("/registers")
@open_to(*REGISTER_KEEPERS)
def index() -> str:
    """Sessions of today, those to come, and registers that wait to be finished."""
    registers = registers_of(session(), worker(), clock.today(house().settings.zone))
    return render_template(
        "registers/index.html", registers=registers, me=worker(), may_plan=worker().role in GROUP_PLANNERS
    )


@room.get("/registers/<uuid:session_id>")
@open_to(*REGISTER_KEEPERS)
def show(session_id: UUID) -> str:
    """One register: who is expected, by name, and who came."""
    group_session = find(GroupSession.run_by(worker()), session_id)
    bookings = session().scalars(Booking.expected_at(group_session)).all()
    # At once and not one by one: a register of thirty people is still one page.
    session().add_all(
        Look(worker_id=worker().id, tenant_id=booking.tenant_id, what="register") for booking in bookings
    )
    session().flush()
    return render_template(
        "registers/show.html", it=group_session, bookings=bookings, register=register_of(session(), group_session),
        opens_at=group_session.starts_at - REGISTER_OPENS,
    )  # fmt: skip


@room.post("/registers/<uuid:session_id>")
@open_to(*REGISTER_KEEPERS)
def mark(session_id: UUID) -> str | AnyResponse:
    """Keep the marks that were made: one at a time with htmx, all that are chosen with the button."""
    group_session = find(GroupSession.run_by(worker()), session_id)
    gone = [tenant_id for tenant_id, mark in _marks() if not _mark_one(group_session, tenant_id, mark)]
    register = register_of(session(), group_session)
    if request.htmx:  # type: ignore[attr-defined]
        if gone:
            return Response(headers={"HX-Refresh": "true"})
        return render_template("registers/_count.html", register=register)
    if not register.finished:
        flash(say_number("Saved. %(num)s person is not marked yet.", "Saved. %(num)s people are not marked yet.",
                         register.expected - register.marked))  # fmt: skip
        return redirect(url_for("registers.show", session_id=session_id), 303)
    flash(say_number("%(title)s is finished. %(num)s person came.", "%(title)s is finished. %(num)s people came.",
                     register.here, title=title(group_session.kind)))  # fmt: skip
    return redirect(url_for("registers.index"), 303)


@room.get("/registers/<uuid:session_id>/walk-in")
@open_to(*REGISTER_KEEPERS)
def walk_in(session_id: UUID) -> str:
    """Look for someone who came without a place, by name; only names are shown, and only those looked for."""
    group_session = find(GroupSession.run_by(worker()), session_id)
    search = tidy(request.args.get("q")) or ""
    found = _named(group_session, search) if len(search) >= FEWEST_LETTERS else []
    return render_template("registers/walk_in.html", it=group_session, search=search, found=found)


@room.post("/registers/<uuid:session_id>/walk-in")
@open_to(*REGISTER_KEEPERS)
def let_in(session_id: UUID) -> AnyResponse:
    """Put someone who came into the register."""
    group_session = find(GroupSession.run_by(worker()), session_id)
    try:
        tenant_id = UUID(request.form.get("tenant", ""))
    except ValueError:
        abort(400)
    came = find(may_walk_in(group_session), tenant_id)
    try:
        add_walk_in(session(), worker(), group_session, came)
    except RegisterClosed:
        abort(409)
    look_at(session(), worker(), came, "register")
    flash(gettext("%(name)s is in the register.", name=came.name))
    return redirect(url_for("registers.show", session_id=session_id, _anchor=f"person-{came.id}"), 303)


def _marks() -> list[tuple[UUID, Attendance]]:
    """(tenant, mark) of each radio that is chosen; 400 for what no register sends."""
    try:
        return [
            (UUID(name.removeprefix(MARK)), Attendance(chosen))
            for name, chosen in request.form.items()
            if name.startswith(MARK)
        ]
    except ValueError:
        abort(400)


def _mark_one(group_session: GroupSession, tenant_id: UUID, mark: Attendance) -> bool:
    """Whether the mark could be made; not where someone gave their place back while the register lay open."""
    try:
        mark_attendance(session(), worker(), group_session, tenant_id, mark)
    except LookupError:
        return False
    except RegisterClosed:
        abort(409)
    return True


def _named(group_session: GroupSession, search: str) -> list[tuple[UUID, str]]:
    """(id, name) of those who may be added and whose name matches."""
    people = session().execute(may_walk_in(group_session).with_only_columns(Tenant.id, Tenant.name))
    return [(tenant_id, name) for tenant_id, name in people if matches(search, name)][:MOST_FOUND]
