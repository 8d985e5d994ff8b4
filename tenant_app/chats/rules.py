"""Decisions about chats: whom one may ask, which time is whose, what is said to the tenant and when."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from tenant_app import clock
from tenant_app.accounts.models import Role, Tenant, Worker
from tenant_app.bulk import among
from tenant_app.chats.models import OPEN, Chat, Kind, OpenTime, State, Way
from tenant_app.chats.open_times import LONGEST, SHORTEST, Taken, taken_times
from tenant_app.chats.reminding import CALLED_OFF, PROPOSED, remind, tell
from tenant_app.reminders.rules import withdraw

SOONEST = timedelta(hours=2)
"""An open time nearer than this is not offered any more: the worker is to see it coming."""
MOST_OPEN = 3
"""Chats that one tenant may have ahead with one worker. More than that is a thing to talk about, not to book."""
FURTHEST = timedelta(days=180)


class NotToBeAsked(ValueError):
    """Nobody whom this tenant could ask: not their keyworker, not a housing officer, or gone."""


class Enough(Exception):
    """The tenant has `MOST_OPEN` chats ahead with this worker."""


class TooLate(Exception):
    """The chat is over or was called off, or its answer was given already."""


class Clash(ValueError):
    """The worker has another chat at that time."""


def may_be_asked(tenant: Tenant) -> Select[Worker]:
    """Their keyworker first, then the housing officers, by name."""
    keyworker = and_(Worker.id == tenant.keyworker_id, Worker.role.in_((Role.KEYWORKER, Role.COORDINATOR)))
    return (
        select(Worker)
        .where(Worker.left_at.is_(None), or_(keyworker, Worker.role == Role.HOUSING_OFFICER))
        .order_by(Worker.role == Role.HOUSING_OFFICER, func.lower(Worker.name), Worker.id)
    )


def ask(
    session: Session, tenant: Tenant, worker: Worker, way: Way, *, open_time: UUID | None, about: str = "",
    suits: str = "", interpreter: bool = False, language: str = "",
) -> Chat:  # fmt: skip
    """A chat with a worker of `may_be_asked(tenant)`: at one of their open times, agreed at once, or at a time that the
    worker is to find. Asked again while the worker has not answered, it is the same chat with the newest words.

    Raises `NotToBeAsked`, `Taken`, `Enough`.
    """
    _hold(session, tenant)
    if session.scalar(may_be_asked(tenant).where(Worker.id == worker.id)) is None:
        raise NotToBeAsked(worker.id)
    ahead = [chat for chat in session.scalars(Chat.of(tenant).where(Chat.worker_id == worker.id)) if chat.open]
    chat = next((each for each in ahead if each.state is State.ASKED), None)
    if open_time is not None:
        mine = next((each for each in ahead if each.open_time_id == open_time), None)
        if mine is not None:
            return mine  # a double tap
    if chat is None:
        if len(ahead) >= MOST_OPEN:
            raise Enough
        kind = Kind.HOUSING if worker.role is Role.HOUSING_OFFICER else Kind.KEY_WORK
        chat = Chat(tenant=tenant, worker=worker, kind=kind, state=State.ASKED, asked_at=clock.now())
        session.add(chat)
    chat.way, chat.about, chat.suits, chat.interpreter, chat.language = way, about, suits, interpreter, language
    if open_time is not None:
        _take(session, chat, _free(session, worker, open_time))
    session.flush()
    return chat


def move(session: Session, chat: Chat, open_time: UUID) -> None:
    """Take another open time of the same worker; the one before is free again. Raises `Taken`, `TooLate`."""
    _hold(session, chat.tenant)
    session.refresh(chat)
    if not chat.open:
        raise TooLate
    if chat.open_time_id == open_time:
        return
    _take(session, chat, _free(session, chat.worker, open_time))


def propose(session: Session, chat: Chat, starts_at: datetime, minutes: int, zone: ZoneInfo, *, place: str) -> None:
    """The worker names a time (aware), in place of one that was agreed if there was one; the tenant is asked.

    Raises `ValueError` for a time that is past, too far or too long, `Clash`, `TooLate`.
    """
    _hold(session, chat.tenant)
    session.refresh(chat)
    if not chat.open:
        raise TooLate
    now, ends_at = clock.now(), starts_at + timedelta(minutes=minutes)
    if not now < starts_at <= now + FURTHEST or not SHORTEST <= minutes <= LONGEST:
        raise ValueError("a time to come, of a length that people keep")
    if _busy(session, chat.worker, starts_at, ends_at, but=chat):
        raise Clash
    withdraw(session, chat.source)
    chat.open_time, chat.state, chat.place = None, State.PROPOSED, place
    chat.starts_at, chat.ends_at, chat.zone = starts_at, ends_at, zone.key
    chat.revision += 1
    session.flush()
    tell(session, chat, PROPOSED)


def answer(session: Session, chat: Chat, *, accepted: bool, suits: str = "") -> None:
    """The tenant takes the time that the worker named, or asks for another; the same answer again changes nothing.
    Raises `TooLate`."""
    _hold(session, chat.tenant)
    session.refresh(chat)
    if chat.state is (State.AGREED if accepted else State.ASKED):
        return
    if chat.state is not State.PROPOSED or chat.over:
        raise TooLate
    withdraw(session, chat.source)
    chat.revision += 1
    if accepted:
        chat.state = State.AGREED
        remind(session, chat)
    else:
        chat.state, chat.starts_at, chat.ends_at = State.ASKED, None, None
        chat.suits = suits or chat.suits
    session.flush()


def call_off(session: Session, chat: Chat, *, by_tenant: bool, why: str = "") -> None:
    """It will not be; its open time is free again, and a tenant who did not say so themselves is told. Twice is once.
    Raises `TooLate` for one that is over."""
    _hold(session, chat.tenant)
    session.refresh(chat)
    if chat.state is State.OFF:
        return
    if chat.over:
        raise TooLate
    withdraw(session, chat.source)
    chat.state, chat.open_time, chat.off_by_tenant, chat.why_off = State.OFF, None, by_tenant, why
    chat.revision += 1
    session.flush()
    if not by_tenant:
        tell(session, chat, CALLED_OFF)


def call_off_with_earlier(session: Session, tenants: Collection[Tenant]) -> int:
    """Call off the key work that these tenants have ahead with anyone but the keyworker of today, who supports them
    no longer. Returns how many."""
    theirs = select(Chat).join(Tenant, Tenant.id == Chat.tenant_id).where(
        among(Tenant.id, [tenant.id for tenant in tenants]), Chat.kind == Kind.KEY_WORK, Chat.state.in_(OPEN),
        or_(Tenant.keyworker_id.is_(None), Chat.worker_id != Tenant.keyworker_id),
    )  # fmt: skip
    ahead = [chat for chat in session.scalars(theirs) if chat.open]
    for chat in ahead:
        call_off(session, chat, by_tenant=False)
    return len(ahead)


def note_held(session: Session, chat: Chat, *, held: bool) -> None:
    """Whether they talked, said once its time has begun. Raises `TooLate` for one that was never agreed."""
    if not chat.agreed or chat.starts_at is None or chat.starts_at > clock.now():
        raise TooLate
    chat.held = held
    session.flush()


def agreed_between(session: Session, tenant: Tenant, start: datetime, end: datetime) -> list[Chat]:
    """Agreed chats that begin from `start` to before `end` (aware), soonest first."""
    theirs = Chat.of(tenant).where(Chat.state == State.AGREED, Chat.starts_at >= start, Chat.starts_at < end)
    return list(session.scalars(theirs.order_by(None).order_by(Chat.starts_at, Chat.id)))


def to_answer(session: Session, tenant: Tenant) -> list[Chat]:
    """Times that a worker named and that wait for this tenant's answer, soonest first."""
    theirs = Chat.of(tenant).where(Chat.state == State.PROPOSED, Chat.ends_at > clock.now())
    return list(session.scalars(theirs.order_by(None).order_by(Chat.starts_at, Chat.id)))


def chats_waiting(session: Session, worker: Worker) -> int:
    """How many chats wait for this worker to find a time. One question."""
    waiting = Chat.with_worker(worker).where(Chat.state == State.ASKED)
    return session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def chats_without_time(session: Session, worker: Worker) -> list[Chat]:
    """Those chats, who waits longest first, with their tenants. One question."""
    waiting = Chat.with_worker(worker).where(Chat.state == State.ASKED)
    return list(session.scalars(waiting.options(contains_eager(Chat.tenant)).order_by(Chat.asked_at, Chat.id)))


def chats_ahead(session: Session, worker: Worker, day: date, zone: ZoneInfo) -> list[Chat]:
    """Agreed chats of this worker that begin on `day` by the clock of `zone` and are not over, with their tenants."""
    begins, ends = clock.at(day, time(), zone), clock.at(day + timedelta(days=1), time(), zone)
    agreed = Chat.with_worker(worker).where(
        Chat.state == State.AGREED, Chat.starts_at >= begins, Chat.starts_at < ends, Chat.ends_at > clock.now()
    )
    return list(session.scalars(agreed.options(contains_eager(Chat.tenant)).order_by(Chat.starts_at, Chat.id)))


def last_talked(session: Session, tenant_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When each of these tenants and any worker last talked in a chat that was held. One question."""
    held = (
        select(Chat.tenant_id, func.max(Chat.starts_at))
        .where(among(Chat.tenant_id, tenant_ids), Chat.held.is_(True), Chat.kind == Kind.KEY_WORK)
        .group_by(Chat.tenant_id)
    )
    return {tenant_id: at for tenant_id, at in session.execute(held) if at is not None}


def _take(session: Session, chat: Chat, open_time: OpenTime) -> None:
    withdraw(session, chat.source)
    chat.open_time, chat.state, chat.held = open_time, State.AGREED, None
    chat.starts_at, chat.ends_at, chat.zone = open_time.starts_at, open_time.ends_at, open_time.zone
    chat.revision = (chat.revision or 0) + 1
    session.flush()
    remind(session, chat)


def _free(session: Session, worker: Worker, open_time: UUID) -> OpenTime:
    """The open time, held until the end of the transaction: whoever comes second finds it taken."""
    mine = select(OpenTime).where(OpenTime.id == open_time, OpenTime.worker_id == worker.id).with_for_update()
    if session.scalar(mine) is None:
        raise Taken
    found = session.scalar(OpenTime.free_of(worker, clock.now() + SOONEST).where(OpenTime.id == open_time))
    if found is None:
        raise Taken
    return found


def _busy(session: Session, worker: Worker, starts_at: datetime, ends_at: datetime, but: Chat) -> bool:
    return any(a < ends_at and starts_at < b for a, b in taken_times(session, worker, but))


def _hold(session: Session, tenant: Tenant) -> None:
    # Two taps at the same moment queue here; the second then finds what the first wrote.
    people = Tenant.__table__
    session.execute(select(people.c.id).where(people.c.id == tenant.id).with_for_update(key_share=True))
