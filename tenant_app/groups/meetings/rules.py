"""Decisions about the agenda: which meeting talks about what, and until when an item is its writer's to change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.database import put_if_absent
from tenant_app.groups.meetings.minutes import Minute, Outcome
from tenant_app.groups.meetings.models import HOUSE_MEETING, AgendaItem, AgendaSupport, MeetingRecord, at_home
from tenant_app.groups.models import GroupSession


class Spoken(Exception):
    """A meeting has begun that talks about it, or has talked about it: its words stand."""


class TooMany(ValueError):
    """This tenant has as many items waiting as one may have. Nothing was put on."""


class Stale(Exception):
    """Somebody changed it since the page was made. Nothing was changed."""


MOST_ITEMS = 5
"""Of one tenant, that wait for a meeting: an agenda is everybody's, and a meeting is an evening."""


@dataclass(frozen=True)
class Listed:
    """One item of an agenda as one tenant sees it. Nobody is named who did not agree to it."""

    item: AgendaItem
    wants: int
    """How many want it too, beside its writer."""
    wanted: bool
    """Whether this tenant does."""
    mine: bool
    changeable: bool
    """Whether it is still theirs to change."""
    in_minutes: bool
    """Whether a meeting has begun to talk about it and its minutes are still to come."""


def next_meeting(session: Session, home: UUID | None) -> GroupSession | None:
    """The meeting that talks about what is put on the agenda of a home now."""
    return session.scalars(
        select(GroupSession)
        .outerjoin(MeetingRecord, MeetingRecord.session_id == GroupSession.id)
        .where(
            GroupSession.kind == HOUSE_MEETING, at_home(GroupSession.building_id, home),
            GroupSession.cancelled_at.is_(None), GroupSession.starts_at > clock.now(),
            MeetingRecord.session_id.is_(None),
        )
        .options(selectinload(GroupSession.facilitator))
        .order_by(GroupSession.starts_at, GroupSession.id).limit(1)
    ).first()  # fmt: skip


def agenda_of(session: Session, meeting: GroupSession) -> list[AgendaItem]:
    """What a meeting talks about: what was put on before it began, and what staff added to it. Once its minutes are
    published, what stands in them."""
    written = select(Minute.item_id).where(Minute.session_id == meeting.id)
    record = session.get(MeetingRecord, meeting.id)
    on_it: ColumnElement[bool] = AgendaItem.id.in_(written)
    if record is None or not record.published:
        elsewhere = exists().where(
            Minute.item_id == AgendaItem.id, Minute.session_id != meeting.id, Minute.outcome == Outcome.DEALT
        )
        put_on = or_(AgendaItem.put_on_at < meeting.starts_at, AgendaItem.added_at_id == meeting.id)
        on_it = or_(on_it, and_(
            AgendaItem.settled_at.is_(None), AgendaItem.withdrawn_at.is_(None), put_on, ~elsewhere,
        ))  # fmt: skip
    wants = select(func.count()).where(AgendaSupport.item_id == AgendaItem.id).correlate(AgendaItem).scalar_subquery()
    return list(
        session.scalars(
            select(AgendaItem)
            .where(at_home(AgendaItem.building_id, meeting.building_id), on_it)
            .options(selectinload(AgendaItem.tenant), selectinload(AgendaItem.worker))
            .order_by(wants.desc(), func.lower(AgendaItem.title), AgendaItem.id)
        )
    )


def waiting_items(session: Session, home: UUID | None) -> list[AgendaItem]:
    """All that a home's coming meetings have to talk about."""
    whole = selectinload(AgendaItem.tenant), selectinload(AgendaItem.worker)
    return list(session.scalars(AgendaItem.waiting(home).options(*whole)))


def wants_of(session: Session, items: Sequence[AgendaItem]) -> dict[UUID, int]:
    """How many want each item too, by item."""
    counted = session.execute(
        select(AgendaSupport.item_id, func.count())
        .where(AgendaSupport.item_id.in_([item.id for item in items]))
        .group_by(AgendaSupport.item_id)
    )
    return {item_id: count for item_id, count in counted}  # noqa: C416 - rows are not plain pairs to mypy


def listed(session: Session, tenant: Tenant, items: Sequence[AgendaItem]) -> list[Listed]:
    """Items of an agenda as this tenant sees them, in four questions however many there are."""
    ids = [item.id for item in items]
    wants = wants_of(session, items)
    mine = select(AgendaSupport.item_id).where(AgendaSupport.tenant_id == tenant.id, AgendaSupport.item_id.in_(ids))
    wanted = set(session.scalars(mine))
    spoken = set(session.scalars(select(Minute.item_id).where(Minute.item_id.in_(ids)).distinct()))
    begun = {home: _begun_at(session, home) for home in {item.building_id for item in items}}

    def one(item: AgendaItem) -> Listed:
        start = begun[item.building_id]
        held = start is not None and item.put_on_at < start
        own = item.tenant_id == tenant.id
        free = item.open and not held and item.id not in spoken
        return Listed(item, wants.get(item.id, 0), item.id in wanted, own, own and free, held and item.open)

    return [one(item) for item in items]


def put_on(
    session: Session, tenant: Tenant, home: UUID | None, title: str, detail: str = "", *, named: bool = False,
    language: str = "",
) -> AgendaItem:  # fmt: skip
    """A tenant puts an item on the agenda of their home (or with None on everybody's), without their name unless
    `named`. Raises `LookupError` for a home that is not theirs, `TooMany` beyond `MOST_ITEMS`."""
    if home not in (None, tenant.property_id):
        raise LookupError(home)
    # Two phones that put on the last one at the same moment queue here.
    people = Tenant.__table__
    session.execute(select(people.c.id).where(people.c.id == tenant.id).with_for_update(key_share=True))
    waiting = AgendaItem.settled_at.is_(None), AgendaItem.withdrawn_at.is_(None)
    if len(session.scalars(AgendaItem.by(tenant).where(*waiting)).all()) >= MOST_ITEMS:
        raise TooMany
    item = AgendaItem(
        building_id=home, tenant=tenant, named=named, title=title, detail=detail,
        language=language or tenant.language, put_on_at=clock.now(),
    )  # fmt: skip
    session.add(item)
    session.flush()
    return item


def add_item(
    session: Session, worker: Worker, meeting: GroupSession, title: str, detail: str = "", *, language: str = ""
) -> AgendaItem:
    """Staff put an item of their own on a meeting's agenda, under their name, even while it is on. `meeting` was found
    among `meetings_run_by(worker)`. Raises `Spoken` once its minutes are published."""
    record = session.get(MeetingRecord, meeting.id)
    if record is not None and record.published:
        raise Spoken
    item = AgendaItem(
        building_id=meeting.building_id, worker=worker, named=True, title=title, detail=detail,
        language=language or worker.language, added_at_id=meeting.id, put_on_at=clock.now(),
    )  # fmt: skip
    session.add(item)
    session.flush()
    return item


def change_item(
    session: Session, tenant: Tenant, item: AgendaItem, title: str, detail: str, *, named: bool, language: str,
    seen: int,
) -> None:  # fmt: skip
    """Its writer says it differently. `seen` is the version their page showed.

    Raises `Spoken` once a meeting has begun that talks about it, `Stale` if another phone of theirs was quicker.
    """
    item = _own(session, tenant, item)
    if not _free(session, item):
        raise Spoken
    if item.version != seen:
        raise Stale
    item.reword(title, detail, language, named=named)
    session.flush()


def take_off(session: Session, tenant: Tenant, item: AgendaItem) -> None:
    """Its writer takes it off. What minutes say of it stays with them; else nothing is left of it.

    Raises `Spoken` while a meeting that talks about it goes on, or its minutes are being written.
    """
    item = _own(session, tenant, item)
    if not item.open:
        return
    if _held(session, item):
        raise Spoken
    if _in_minutes(session, item):
        item.withdrawn_at = clock.now()
    else:
        session.delete(item)
    session.flush()


def want(session: Session, tenant: Tenant, item: AgendaItem, *, wanted: bool) -> None:
    """A tenant wants an item too, or no longer: counted once, and never their own. What is settled is counted."""
    if not item.open or item.tenant_id == tenant.id:
        return
    if wanted:
        put_if_absent(session, AgendaSupport, [{"item_id": item.id, "tenant_id": tenant.id}])
        return
    known = session.get(AgendaSupport, (item.id, tenant.id))
    if known is not None:
        session.delete(known)
        session.flush()


def _own(session: Session, tenant: Tenant, item: AgendaItem) -> AgendaItem:
    # Held until the transaction ends: minutes are begun for the item either before this is decided or after it.
    return session.scalars(
        AgendaItem.by(tenant)
        .where(AgendaItem.id == item.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()


def _free(session: Session, item: AgendaItem) -> bool:
    return item.open and not _held(session, item) and not _in_minutes(session, item)


def _held(session: Session, item: AgendaItem) -> bool:
    begun = _begun_at(session, item.building_id)
    return begun is not None and item.put_on_at < begun


def _in_minutes(session: Session, item: AgendaItem) -> bool:
    return session.scalar(select(Minute.id).where(Minute.item_id == item.id).limit(1)) is not None


def _begun_at(session: Session, home: UUID | None) -> datetime | None:
    """When the last of a home's meetings starts that has begun or was opened, and whose minutes are to come. One that
    nobody ever opened holds nothing once it is over: what was on it goes on by itself."""
    now = clock.now()
    opened = MeetingRecord.session_id.is_not(None)
    return session.scalar(
        select(func.max(GroupSession.starts_at))
        .outerjoin(MeetingRecord, MeetingRecord.session_id == GroupSession.id)
        .where(
            GroupSession.kind == HOUSE_MEETING, at_home(GroupSession.building_id, home),
            GroupSession.cancelled_at.is_(None), MeetingRecord.published_at.is_(None),
            or_(opened, and_(GroupSession.starts_at <= now, GroupSession.ends_at > now)),
        )
    )  # fmt: skip
