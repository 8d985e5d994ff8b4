"""What a facilitator does at the door: let in who came without a place, hang up the code, print a sheet."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

import segno
from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.finding import matches
from staff_portal.registers.sheets import sheet_of
from staff_portal.registers.tapping import made_at
from staff_portal.roles import REGISTER_KEEPERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Role, Tenant
from tenant_app.accounts.once import by_script
from tenant_app.accounts.rules import look_at
from tenant_app.groups.models import GroupSession
from tenant_app.groups.register.attendance import (
    MOST_NAMES,
    RegisterClosed,
    TooMany,
    add_walk_in,
    may_walk_in,
    name_at_door,
)
from tenant_app.groups.register.check_in import token_of
from tenant_app.groups.register.records import NamedAtDoor
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated, tidy
from tenant_app.web.house import find, house, session

FEWEST_LETTERS = 2
MOST_FOUND = 12
LONGEST_NAME = 80


def add_door_pages(room: Blueprint) -> None:
    """Add them to the registers' room."""
    room.get("/registers/<uuid:session_id>/walk-in")(walk_in)
    room.post("/registers/<uuid:session_id>/walk-in")(let_in)
    room.post("/registers/<uuid:session_id>/names/<uuid:named_id>")(no_tenant)
    room.get("/registers/<uuid:session_id>/code")(code)
    room.get("/registers/<uuid:session_id>/sheet")(sheet)


@open_to(*REGISTER_KEEPERS)
def walk_in(session_id: UUID) -> str:
    """Look for someone who came without a place, by name; only names are shown, and only those looked for. Before the
    register opens nobody can have come, and nobody is looked for; after its day a coordinator looks."""
    group_session = find(GroupSession.run_by(worker()), session_id)
    if not _may_look(group_session):
        return _walk_in_page(group_session, named=_meant(group_session))
    named = _meant(group_session)
    # A name that was written at the door is looked up here: in an address it would be kept by more than this house.
    search = tidy(request.args.get("q")) or (named.name if named else "")
    too_short = 0 < len(search) < FEWEST_LETTERS
    looks = group_session.register_open and search and not too_short
    found = _named(group_session, search) if looks else []
    return _walk_in_page(group_session, search=search, found=found, named=named, too_short=too_short)


@open_to(*REGISTER_KEEPERS)
def let_in(session_id: UUID) -> Response | tuple[str, int]:
    """Put someone who came into the register: one who was found (`tenant`), or the one that a name can only mean.

    A name that several people have, or nobody, is kept: what was written without signal is never lost. So is every
    name that arrives after the day of the session from somebody who may not look for people then.
    """
    group_session = find(GroupSession.run_by(worker()), session_id)
    if "name" in request.form:
        return _by_name(group_session)
    if not _may_look(group_session):
        return _walk_in_page(group_session), 403
    try:
        tenant_id = UUID(request.form.get("tenant", ""))
        meant = UUID(request.form["named"]) if request.form.get("named") else None
    except ValueError:
        abort(400)
    named = find(NamedAtDoor.open_at(group_session), meant) if meant else None
    _let_in(group_session, find(may_walk_in(group_session), tenant_id), named)
    return redirect(url_for("registers.show", session_id=session_id, _anchor=f"person-{tenant_id}"), 303)


@open_to(*REGISTER_KEEPERS)
def no_tenant(session_id: UUID, named_id: UUID) -> Response:
    """A name that was written down at the door is none of our tenants': a visitor, a friend."""
    named = find(NamedAtDoor.open_at(find(GroupSession.run_by(worker()), session_id)), named_id)
    if stated("settled"):
        named.find()
    return redirect(url_for("registers.show", session_id=session_id), 303)


@open_to(*REGISTER_KEEPERS)
def code(session_id: UUID) -> str:
    """The code to hang on the wall: whoever reads it with their phone checks in themselves. For this session only."""
    group_session = find(GroupSession.run_by(worker()), session_id)
    address = f"{house().settings.tenant_url.rstrip('/')}/check-in/{token_of(house().keys, group_session)}"
    picture: str = segno.make(address, error="m").svg_data_uri(border=4, dark="#1c2b2e", light="#fff", omitsize=True)
    return render_template("registers/code.html", it=group_session, picture=picture)


@open_to(*REGISTER_KEEPERS)
def sheet(session_id: UUID) -> str:
    """The register on paper: for a house without phones, or a day without power."""
    group_session = find(GroupSession.run_by(worker()), session_id)
    return render_template(
        "registers/sheet.html", it=group_session, sheet=sheet_of(session(), worker(), group_session)
    )


def _by_name(group_session: GroupSession) -> Response | tuple[str, int]:
    name = (tidy(request.form["name"]) or "")[:LONGEST_NAME]
    if len(name) < FEWEST_LETTERS:
        return redirect(url_for("registers.walk_in", session_id=group_session.id), 303)
    found = _named(group_session, name) if _may_look(group_session) else []
    if len(found) == 1:
        came = find(may_walk_in(group_session), found[0][0])
        _let_in(group_session, came, None)
        return redirect(url_for("registers.show", session_id=group_session.id, _anchor=f"person-{came.id}"), 303)
    try:
        named = name_at_door(session(), worker(), group_session, name, made_at=made_at())
    except RegisterClosed:
        abort(409)
    except TooMany:
        return _walk_in_page(group_session, search=name, full=MOST_NAMES), 422
    return redirect(url_for("registers.walk_in", session_id=group_session.id, named=named.id), 303)


def _may_look(group_session: GroupSession) -> bool:
    """Whether people may be looked for by name. While a session is on, somebody stands at the door; afterwards it would
    be a list of who lives where, open for as long as the register is."""
    zone = ZoneInfo(group_session.zone)
    last_day = group_session.ends_at.astimezone(zone).date()
    return worker().role is Role.COORDINATOR or clock.today(zone) <= last_day


def _walk_in_page(
    group_session: GroupSession, *, search: str = "", found: Sequence[tuple[UUID, str]] = (),
    named: NamedAtDoor | None = None, full: int = 0, too_short: bool = False,
) -> str:  # fmt: skip
    return render_template(
        "registers/walk_in.html", it=group_session, search=search, found=found, named=named, full=full,
        too_short=too_short, asks=not _may_look(group_session),
    )  # fmt: skip


def _let_in(group_session: GroupSession, came: Tenant, named: NamedAtDoor | None) -> None:
    try:
        add_walk_in(session(), worker(), group_session, came, made_at=named.came_at if named else made_at())
    except RegisterClosed:
        abort(409)
    if named is not None:
        named.find()
    look_at(session(), worker(), came, "register")
    if not by_script():
        flash(gettext("%(name)s is in the register.", name=came.name))


def _meant(group_session: GroupSession) -> NamedAtDoor | None:
    """The name at the door that somebody is looked for, if any that still belongs to nobody."""
    try:
        asked = UUID(request.args.get("named", ""))
    except ValueError:
        return None
    return session().scalar(NamedAtDoor.open_at(group_session).where(NamedAtDoor.id == asked))


def _named(group_session: GroupSession, search: str) -> list[tuple[UUID, str]]:
    """(id, name) of those who may be added and whose name matches."""
    people = session().execute(may_walk_in(group_session).with_only_columns(Tenant.id, Tenant.name))
    return [(tenant_id, name) for tenant_id, name in people if matches(search, name)][:MOST_FOUND]
