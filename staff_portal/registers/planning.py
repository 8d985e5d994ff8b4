"""Putting a session on, looking at what was planned, and calling it off."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from staff_portal.registers.forms import SessionForm
from staff_portal.roles import GROUP_PLANNERS, REGISTER_KEEPERS
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Property, Role, Worker
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.groups.rules import call_off, plan_session
from tenant_app.groups.titles import title
from tenant_app.web.audience import open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import find, house, session


def add_planning(room: Blueprint) -> None:
    """Give the registers' room its pages of planning."""
    room.add_url_rule("/registers/new", "plan", plan, methods=["GET", "POST"])
    room.add_url_rule("/registers/<uuid:session_id>/session", "about", about)
    room.add_url_rule("/registers/<uuid:session_id>/call-off", "call_off", take_off, methods=["POST"])


@open_to(*GROUP_PLANNERS)
def plan() -> str | tuple[str, int] | Response:
    """Ask for a session, and put it on: tenants can book it from then on."""
    runners = {str(each.id): each for each in _facilitators()}
    buildings = {str(each.id): each for each in session().scalars(select(Property).order_by(Property.name))}
    form = SessionForm.asked(facilitator=str(worker().id))
    form.offer(_choices(runners), _choices(buildings))
    if request.method == "GET":
        return render_template("registers/plan.html", form=form)
    zone = house().settings.zone
    if not form.valid() or not form.in_time(zone):
        return render_template("registers/plan.html", form=form), 422
    starts_at, ends_at = form.moments(zone)
    planned = plan_session(
        session(), form.kind.data, starts_at=starts_at, ends_at=ends_at, zone=zone, place=form.place.data,
        facilitator=runners[form.facilitator.data], capacity=form.capacity.data,
        building=buildings.get(form.building.data), step_free=form.step_free.data, languages=form.languages.data or (),
    )  # fmt: skip
    flash(gettext("%(title)s is planned. Tenants can book it now.", title=title(planned.kind)))
    return redirect(url_for("registers.about", session_id=planned.id), 303)


@open_to(*REGISTER_KEEPERS)
def about(session_id: UUID) -> str:
    """When, where, for whom, and how many have booked."""
    group_session = find(GroupSession.run_by(worker()), session_id)
    waiting = session().scalar(
        select(func.count()).where(Booking.session_id == group_session.id, Booking.standing == Standing.WAITING)
    )
    building = session().get(Property, group_session.building_id) if group_session.building_id else None
    return render_template("registers/about.html", it=group_session, waiting=waiting, building=building)


@open_to(*REGISTER_KEEPERS)
def take_off(session_id: UUID) -> Response:
    """Call a session off; everyone with a place, and everyone who waits for one, is told."""
    group_session = find(GroupSession.run_by(worker()), session_id)
    if not stated("called_off"):
        abort(400)
    if group_session.started:
        abort(409)
    call_off(session(), group_session)
    flash(gettext("%(title)s is called off. We are telling everyone who had booked.", title=title(group_session.kind)))
    return redirect(url_for("registers.index"), 303)


def _choices(named: Mapping[str, Worker | Property]) -> list[tuple[str, str]]:
    return [(key, each.name) for key, each in named.items()]


def _facilitators() -> list[Worker]:
    """Who may be chosen to run a session: anyone who keeps registers; a facilitator plans their own."""
    if worker().role is Role.FACILITATOR:
        return [worker()]
    return list(
        session().scalars(
            select(Worker)
            .where(Worker.role.in_(REGISTER_KEEPERS), Worker.left_at.is_(None))
            .order_by(func.lower(Worker.name), Worker.id)
        )
    )
