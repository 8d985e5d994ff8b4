"""What stands on the lists of whoever runs house meetings: what is to be done, and which meetings need something."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Property, Worker
from tenant_app.groups.meetings.minutes import ActionState, MeetingAction, homes_kept_by
from tenant_app.groups.meetings.models import MeetingRecord, at_home, meetings_run_by
from tenant_app.groups.models import GroupSession
from tenant_app.groups.sessions import REGISTER_OPENS

PAGE = 50
"""Actions a page."""
MINE, EVERYBODYS = "mine", "everybody"
LOOKS_BACK = timedelta(days=30)
"""For so long a meeting that nobody opened is still said to want minutes."""


@dataclass(frozen=True)
class Todo:
    """One page of what is to be done, the soonest first, and whose meeting's page the reader may open."""

    actions: list[MeetingAction]
    kept: set[UUID]
    count: int
    overdue: int
    page: int
    pages: int


@dataclass(frozen=True)
class Kept:
    """Homes whose minutes a worker keeps."""

    homes: list[Property]
    everybodys: bool

    def home(self, key: str) -> UUID | None:
        """The home that an address names. Raises `LookupError` for one that is not among them."""
        if key == EVERYBODYS and self.everybodys:
            return None
        for home in self.homes:
            if str(home.id) == key:
                return home.id
        raise LookupError(key)

    @property
    def any(self) -> bool:
        return bool(self.homes) or self.everybodys


@dataclass(frozen=True)
class Meetings:
    """Meetings that want minutes, those to come, and those whose minutes were published last."""

    to_write: list[GroupSession]
    coming: list[GroupSession]
    published: list[GroupSession]


def kept_by(session: Session, worker: Worker) -> Kept:
    """Homes with meetings that this worker runs."""
    everybodys = meetings_run_by(worker).where(GroupSession.building_id.is_(None)).with_only_columns(GroupSession.id)
    found = session.scalar(everybodys.order_by(None).limit(1)) is not None
    return Kept(list(session.scalars(homes_kept_by(worker))), found)


def todo(session: Session, worker: Worker, key: str, kept: Kept, page: int, today: date) -> Todo:
    """What is open: `mine`, or of a home. Raises `LookupError` for a home whose minutes they do not keep."""
    wanted = MeetingAction.kept_by(worker)
    if key == MINE:
        wanted = select(MeetingAction).where(MeetingAction.worker_id == worker.id)
    else:
        there = select(GroupSession.id).where(at_home(GroupSession.building_id, kept.home(key)))
        wanted = wanted.where(MeetingAction.session_id.in_(there))
    wanted = wanted.where(MeetingAction.state == ActionState.OPEN)
    count = _count(session, wanted)
    pages = max(-(-count // PAGE), 1)
    page = min(max(page, 1), pages)
    actions = session.scalars(
        wanted.options(
            selectinload(MeetingAction.item), selectinload(MeetingAction.worker), selectinload(MeetingAction.tenant),
            selectinload(MeetingAction.group_session).selectinload(GroupSession.building),
        )
        .order_by(MeetingAction.due_on, MeetingAction.id)
        .limit(PAGE).offset((page - 1) * PAGE)
    ).all()  # fmt: skip
    overdue = _count(session, wanted.where(MeetingAction.due_on < today))
    return Todo(list(actions), sessions_kept(session, worker, actions), count, overdue, page, pages)


def sessions_kept(session: Session, worker: Worker, actions: Iterable[MeetingAction]) -> set[UUID]:
    """Ids of those of these actions' meetings whose page this worker may open."""
    ids = {action.session_id for action in actions}
    kept = meetings_run_by(worker).where(GroupSession.id.in_(ids)).with_only_columns(GroupSession.id)
    return set(session.scalars(kept.order_by(None)))


def meetings_of(session: Session, worker: Worker) -> Meetings:
    """The meetings this worker runs, as far as they need something or are near."""
    now = clock.now()
    run = (
        meetings_run_by(worker)
        .outerjoin(MeetingRecord, MeetingRecord.session_id == GroupSession.id)
        .where(GroupSession.cancelled_at.is_(None))
        .options(selectinload(GroupSession.building))
    )
    unpublished = run.where(MeetingRecord.published_at.is_(None))
    begun = GroupSession.starts_at <= now + REGISTER_OPENS
    lately = or_(MeetingRecord.session_id.is_not(None), GroupSession.starts_at > now - LOOKS_BACK)
    newest_first = GroupSession.starts_at.desc(), GroupSession.id
    return Meetings(
        list(session.scalars(unpublished.where(begun, lately).order_by(None).order_by(*newest_first).limit(20))),
        list(session.scalars(unpublished.where(~begun).limit(8))),
        list(
            session.scalars(
                run.where(MeetingRecord.published_at.is_not(None)).order_by(None).order_by(*newest_first).limit(8)
            )
        ),
    )


def _count(session: Session, wanted: Select[MeetingAction]) -> int:
    return session.scalar(wanted.with_only_columns(func.count()).order_by(None)) or 0
