"""What becomes of actions: done, dropped with a reason, open again; who of the house offers; and who is told."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.groups.meetings.minutes import ActionState, MeetingAction
from tenant_app.groups.meetings.models import AgendaItem, MeetingRecord
from tenant_app.groups.models import GroupSession
from tenant_app.reminders.rules import announce, withdraw

ANSWERED = "meetings.answered"
"""Kind of notice: a meeting has dealt with your item."""
DONE = "meetings.done"
"""Kind of notice: something that came of your item is done."""

NEWS_LASTS = timedelta(days=3)
UNDO = timedelta(minutes=5)
"""How long after the tap "done" is told: a slip of the finger is taken back before anybody hears of it."""


class Taken(Exception):
    """Somebody else does it already."""


def settle_action(
    session: Session, action: MeetingAction, state: ActionState, *, reason: str = "", language: str = ""
) -> None:
    """Done, dropped (with a reason), or open after all. Said twice, nothing more happens.

    Whoever's item it came from is told when it is done. Raises `ValueError` for one dropped without a reason.
    """
    if state is ActionState.DROPPED and not reason:
        raise ValueError("an action is dropped for a reason")
    session.refresh(action, with_for_update=True)
    if not action.turn(state, reason=reason, language=language):
        return
    session.flush()
    withdraw(session, action.source)
    if action.done:
        _tell_done(session, action)


def offer(session: Session, tenant: Tenant, action: MeetingAction, *, offered: bool) -> None:
    """A tenant does what was left to the house, or would sooner not after all: by their own tap only.

    `action` was found among `MeetingAction.of(tenant)`. Raises `Taken` where somebody else has offered, or staff do it.
    """
    session.refresh(action, with_for_update=True)
    if not offered:
        if action.tenant_id == tenant.id and action.open:
            action.offered_by(None)
    elif action.tenant_id != tenant.id:
        if not action.open or action.worker_id is not None or action.tenant_id is not None:
            raise Taken
        action.offered_by(tenant)
    session.flush()


def tell_answered(session: Session, item: AgendaItem, meeting: GroupSession) -> None:
    """Its writer hears that the meeting dealt with it."""
    if item.tenant is not None:
        announce(
            session, item.tenant, ANSWERED, source=f"agenda-item:{item.id}", occurrence=str(meeting.id),
            lasts=NEWS_LASTS, facts={"session": str(meeting.id), "item": str(item.id)},
        )  # fmt: skip


def _tell_done(session: Session, action: MeetingAction) -> None:
    record, writer = session.get(MeetingRecord, action.session_id), action.item.tenant
    if record is None or not record.published or writer is None or writer.id == action.tenant_id:
        return
    announce(
        session, writer, DONE, source=action.source, occurrence=f"done:{action.version}",
        due_at=clock.now() + UNDO, lasts=NEWS_LASTS,
        facts={"session": str(action.session_id), "item": str(action.item_id)},
    )  # fmt: skip
