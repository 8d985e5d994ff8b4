"""The calendar of the programme, and the page of one session: when, where, for whom, and how many have booked."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from flask import render_template, request
from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from staff_portal.programme import changing, figures, planning
from staff_portal.programme.calendar import Span, calendar, run_by
from staff_portal.programme.room import room
from staff_portal.roles import GROUP_PLANNERS, REGISTER_KEEPERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Role
from tenant_app.groups.after.feedback import FEWEST, feedback_on, shown_from
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.groups.programme.series import SessionFacilitator
from tenant_app.web.audience import open_to
from tenant_app.web.forms import EARLIEST, LATEST
from tenant_app.web.house import find, house, session

__all__ = ["changing", "figures", "planning", "room"]


@room.get("/programme")
@open_to(*REGISTER_KEEPERS)
def index() -> str:
    """What is on in a week or a month (`show`), the one in which the day `on` is."""
    zone = house().settings.zone
    span = Span.around(_asked_day() or clock.today(zone), whole_month=request.args.get("show") == "month")
    days = calendar(session(), span, zone)
    return render_template(
        "programme/index.html", span=span, days=days, mine=run_by(session(), worker(), days),
        today=clock.today(zone), may_plan=worker().role in GROUP_PLANNERS,
    )  # fmt: skip


@room.get("/programme/<uuid:session_id>")
@open_to(*REGISTER_KEEPERS)
def show(session_id: UUID) -> str:
    """One session, and its series. It counts people and names none; the register does that."""
    whole = GroupSession.ever_run_by(worker()).options(
        selectinload(GroupSession.beside).selectinload(SessionFacilitator.worker), selectinload(GroupSession.building),
        selectinload(GroupSession.series), selectinload(GroupSession.changed_by),
    )  # fmt: skip
    it = find(whole, session_id)
    waiting = session().scalar(
        select(func.count()).where(Booking.session_id == it.id, Booking.standing == Standing.WAITING)
    )
    series = []
    if it.series_id is not None:
        run = GroupSession.ever_run_by(worker())
        series = list(session().scalars(run.where(GroupSession.series_id == it.series_id)))
    coordinates, until = worker().role is Role.COORDINATOR, shown_from(it)
    return render_template(
        "programme/show.html", it=it, waiting=waiting, series=series, has_register=coordinates or it.register_kept,
        may_change=coordinates or it.facilitator_id == worker().id, feedback=feedback_on(session(), it), fewest=FEWEST,
        answers_until=until if until > clock.now() else None,
    )  # fmt: skip


def _asked_day() -> date | None:
    try:
        asked = date.fromisoformat(request.args.get("on", ""))
    except ValueError:
        return None
    return asked if EARLIEST < asked < LATEST else None
