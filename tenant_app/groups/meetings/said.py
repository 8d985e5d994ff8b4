"""You said, we did: what people put on the agenda of a home, what was decided, and what was done about it and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, contains_eager, selectinload

from tenant_app.groups.meetings.minutes import MeetingAction, Minute, Outcome
from tenant_app.groups.meetings.models import AgendaItem, MeetingRecord, at_home
from tenant_app.groups.models import GroupSession

Rows = TypeVar("Rows", Minute, MeetingAction)

PAGE = 20
"""Items a page."""


@dataclass(frozen=True)
class Said:
    """One item and what came of it."""

    item: AgendaItem
    minutes: list[Minute] = field(default_factory=list)
    """Published ones, newest meeting first."""
    actions: list[MeetingAction] = field(default_factory=list)
    """Of published minutes, soonest first."""

    def overdue(self, today: date) -> bool:
        """Whether something of it is still open after its day."""
        return any(action.overdue(today) for action in self.actions)


@dataclass(frozen=True)
class Answers:
    """One page of them."""

    said: list[Said]
    page: int
    pages: int


def answers(session: Session, home: UUID | None, *, page: int = 1, still_open: bool = False) -> Answers:
    """What came of a home's items, those that were talked about last first; `still_open`: where something is to do."""
    when = (
        select(Minute.item_id, func.max(GroupSession.starts_at).label("at"))
        .join(GroupSession, GroupSession.id == Minute.session_id)
        .join(MeetingRecord, MeetingRecord.session_id == Minute.session_id)
        .where(at_home(GroupSession.building_id, home), MeetingRecord.published_at.is_not(None))
        .group_by(Minute.item_id)
        .subquery()
    )
    todo = [MeetingAction.state == "open"] if still_open else []
    something: ColumnElement[bool] = exists().where(MeetingAction.item_id == AgendaItem.id, *todo)
    if not still_open:
        dealt = exists().where(Minute.item_id == AgendaItem.id, Minute.outcome == Outcome.DEALT)
        something = or_(something, and_(dealt, AgendaItem.settled_at.is_not(None)))
    came = select(AgendaItem).join(when, when.c.item_id == AgendaItem.id).where(something)
    count = session.scalar(came.with_only_columns(func.count())) or 0
    pages = max(-(-count // PAGE), 1)
    page = min(max(page, 1), pages)
    items = session.scalars(
        came.options(selectinload(AgendaItem.tenant), selectinload(AgendaItem.worker))
        .order_by(when.c.at.desc(), func.lower(AgendaItem.title), AgendaItem.id)
        .limit(PAGE).offset((page - 1) * PAGE)
    ).all()  # fmt: skip
    return Answers(said_of(session, items), page, pages)


def said_of(session: Session, items: Sequence[AgendaItem], *, meeting: GroupSession | None = None) -> list[Said]:
    """What published minutes say of these items, and what was agreed; of one meeting only, if one is given."""
    said = {item.id: Said(item) for item in items}
    for minute in session.scalars(
        _published(select(Minute), Minute.session_id, Minute.item_id.in_(said), meeting)
        .options(
            contains_eager(Minute.group_session), selectinload(Minute.corrections), selectinload(Minute.worker)
        )
        .order_by(GroupSession.starts_at.desc(), Minute.id)
    ):
        said[minute.item_id].minutes.append(minute)
    for action in session.scalars(
        _published(select(MeetingAction), MeetingAction.session_id, MeetingAction.item_id.in_(said), meeting)
        .options(selectinload(MeetingAction.worker), selectinload(MeetingAction.tenant))
        .order_by(MeetingAction.due_on, MeetingAction.what, MeetingAction.id)
    ):
        said[action.item_id].actions.append(action)
    return list(said.values())


def _published(
    rows: Select[Rows], session_id: InstrumentedAttribute[UUID], of_items: ColumnElement[bool],
    meeting: GroupSession | None,
) -> Select[Rows]:  # fmt: skip
    of_them = (
        rows.join(GroupSession, GroupSession.id == session_id)
        .join(MeetingRecord, MeetingRecord.session_id == GroupSession.id)
        .where(of_items, MeetingRecord.published_at.is_not(None))
    )
    return of_them if meeting is None else of_them.where(GroupSession.id == meeting.id)
