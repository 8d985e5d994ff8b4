"""House meetings for tests: planned, opened and written up through the rules."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.groups.meetings.minutes import MeetingAction, Outcome
from tenant_app.groups.meetings.minuting import add_action, minute_of, open_meeting, publish, write_minutes
from tenant_app.groups.meetings.models import HOUSE_MEETING, AgendaItem
from tenant_app.groups.meetings.rules import put_on
from tenant_app.groups.models import GroupSession
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import plan

NEXT = THURSDAY + timedelta(days=1, hours=8)
"""Friday at five, when Alma Road meets."""
AFTER = NEXT + timedelta(days=28)
DURING = NEXT + timedelta(minutes=10)
DUE = date(2026, 12, 11)


def meeting(session: Session, cast: Cast, starts_at: datetime = NEXT, **changes: Any) -> GroupSession:
    """Alma Road's meeting, which Joana runs, unless `changes` say otherwise."""
    given = {"building": session.get_one(Property, cast.alma_road.id), "place": "Lounge", "starts_at": starts_at}
    return plan(session, cast, HOUSE_MEETING, **{**given, **changes})


def bins(session: Session, tenant: Tenant, **more: Any) -> AgendaItem:
    """An item without a name, on the agenda of the tenant's home."""
    return put_on(session, tenant, tenant.property_id, "The bins", "They are full by Friday.", **more)


def spoken_of(
    session: Session, worker: Worker, it: GroupSession, item: AgendaItem, outcome: Outcome | None = Outcome.DEALT
) -> None:
    """The meeting is opened if need be, and says something of the item."""
    with clock.stopped_at(max(it.starts_at + timedelta(minutes=10), clock.now())):
        open_meeting(session, worker, it)
        known = minute_of(session, it, item)
        write_minutes(
            session, worker, it, item, "We order a second bin.", outcome, seen=known.version if known else 0
        )


def agreed(
    session: Session, worker: Worker, it: GroupSession, item: AgendaItem, *, owner: Worker | None = None,
    due_on: date = DUE, what: str = "Order a second bin",
) -> MeetingAction:  # fmt: skip
    """Dealt with, one action agreed, and the minutes published."""
    spoken_of(session, worker, it, item)
    with clock.stopped_at(it.ends_at):
        action = add_action(session, worker, it, item, what, due_on, owner=owner)
        publish(session, worker, it)
    return action


def items(session: Session) -> list[AgendaItem]:
    """All there are, as the database has them now."""
    session.rollback()  # on SQLite a transaction left open would keep the door waiting
    return list(session.scalars(select(AgendaItem).execution_options(populate_existing=True)))
