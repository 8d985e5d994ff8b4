"""The room of house meetings, and what all its pages need."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from flask import Blueprint
from sqlalchemy import func, or_, select
from sqlalchemy.orm import selectinload

from staff_portal.roles import ACTION_OWNERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Worker
from tenant_app.groups.meetings.minutes import MeetingAction
from tenant_app.groups.meetings.models import AgendaItem, meetings_run_by
from tenant_app.groups.meetings.rules import agenda_of
from tenant_app.groups.meetings.showing import direction_of
from tenant_app.groups.models import GroupSession
from tenant_app.web.house import find, house, session

room = Blueprint("house_meetings", __name__, template_folder="templates")


@room.context_processor
def words() -> dict[str, object]:
    """How what people wrote runs, and which day it is."""
    return {"direction_of": direction_of, "today": clock.today(house().settings.zone)}


def meeting_of(session_id: UUID) -> GroupSession:
    """A house meeting whose minutes this worker keeps, or 404."""
    return find(meetings_run_by(worker()).options(selectinload(GroupSession.building)), session_id)


def item_of(meeting: GroupSession, item_id: UUID) -> AgendaItem:
    """An item of its agenda, or 404."""
    known = [item.id for item in agenda_of(session(), meeting)]
    return find(select(AgendaItem).where(AgendaItem.id.in_(known)), item_id)


def action_of(action_id: UUID) -> MeetingAction:
    """An action that this worker may change, or 404."""
    return find(MeetingAction.seen_by(worker()), action_id)


def owners(action: MeetingAction | None = None) -> Mapping[str, Worker]:
    """Who of staff can be asked to do something, by id; and whoever does it now."""
    found = session().scalars(
        select(Worker)
        .where(
            or_(
                Worker.id == (action.worker_id if action else None),
                Worker.role.in_(ACTION_OWNERS) & Worker.left_at.is_(None),
            )
        )
        .order_by(func.lower(Worker.name), Worker.id)
    )
    return {str(each.id): each for each in found}
