"""Decisions about a thread: who gets what is written, what waits for an answer, who reads what was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, joinedload

from tenant_app import clock
from tenant_app.accounts.consent import Category, Consent, GivenAs
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.messages.models import Message, keyworker_of, threads_of
from tenant_app.reminders.models import Notice, State
from tenant_app.reminders.rules import announce, withdraw

ANSWERED = "messages.answered"
"""Kind of notice: your keyworker wrote to you."""

NEWS_LASTS = timedelta(days=3)
"""How long a push about it is worth delivering to a phone that was off."""

ONE_NOTICE = timedelta(hours=1)
"""Messages within this time are told once, unless the tenant has written or read the notice meanwhile."""

DOUBLE_TAP = timedelta(minutes=1)
"""The same words again within this time are the message that is there."""

A_PAGE = 30


class NotTheirKeyworker(Exception):
    """The tenant has another keyworker by now, or none."""


@dataclass(frozen=True)
class Stretch:
    """A page of a thread, oldest first. `earlier` is the message above which it goes on; None at the beginning."""

    messages: Sequence[Message]
    earlier: UUID | None
    newest: bool
    """Whether it ends with the last message there is."""


def write(session: Session, tenant: Tenant, to: UUID, words: str, language: str) -> Message:
    """A tenant's message to the keyworker `to`. If that is not whom they have by now, it is held: whoever they have did
    not get to hear what was meant for another. `to` must be a worker's id. A double tap is one message."""
    _lock(session, tenant)
    reader = keyworker_of(tenant)
    same = _just_now(session, tenant, to, words, by_tenant=True)
    if same is not None:
        return same
    held = reader is None or reader.id != to
    message = Message(
        tenant=tenant, worker_id=to, by_tenant=True, words=words, language=language, held=held,
        written_at=clock.now(), waits_since=None if held else clock.now(),
    )  # fmt: skip
    session.add(message)
    withdraw(session, _source(tenant))  # whoever writes has the thread in front of them
    session.flush()
    return message


def send_on(session: Session, message: Message) -> None:
    """What was held goes to whoever is the tenant's keyworker now, as of now. Raises `NotTheirKeyworker` where nobody
    is. Twice sends once."""
    _lock(session, message.tenant)
    session.refresh(message)
    if not message.held or message.taken_back:
        return
    reader = keyworker_of(message.tenant)
    if reader is None:
        raise NotTheirKeyworker
    now = clock.now()
    message.worker, message.held, message.written_at, message.waits_since = reader, False, now, now
    session.flush()


def answer(session: Session, worker: Worker, tenant: Tenant, words: str, language: str) -> Message:
    """A keyworker's message, which answers all that waited, and a notice to the tenant. A double tap is one message.

    `tenant` was found among `threads_of(worker)`. Raises `NotTheirKeyworker` if that has changed meanwhile.
    """
    _lock(session, tenant)
    if tenant.keyworker_id != worker.id:
        raise NotTheirKeyworker
    same = _just_now(session, tenant, worker.id, words, by_tenant=False)
    if same is not None:
        return same
    message = Message(
        tenant=tenant, worker=worker, by_tenant=False, words=words, language=language, written_at=clock.now()
    )
    session.add(message)
    session.flush()
    need_no_answer(session, worker, tenant)
    if not _told_lately(session, tenant):
        announce(
            session, tenant, ANSWERED, source=_source(tenant), occurrence=str(message.id), lasts=NEWS_LASTS,
            facts={"from": worker.known_as},
        )  # fmt: skip
    return message


def need_no_answer(session: Session, worker: Worker, tenant: Tenant) -> None:
    """Nothing that this tenant wrote to this worker waits any longer."""
    session.execute(
        update(Message)
        .where(Message.tenant_id == tenant.id, Message.worker_id == worker.id, Message.waits_since.is_not(None))
        .values(waits_since=None)
    )


def lets_read_earlier(session: Session, tenant: Tenant, worker: Worker) -> Consent | None:
    """The tenant's word, if it holds now, that this keyworker may read what passed with others before they gave it."""
    return session.scalar(Consent.in_force(tenant, Category.MESSAGES, worker, GivenAs.KEYWORKER))


def opened(session: Session, worker: Worker, tenant: Tenant, zone: ZoneInfo, above: UUID | None = None) -> Stretch:
    """A page of the thread as its keyworker reads it; the tenant's messages on it are seen today.

    Raises `LookupError` for an `above` that this worker does not read.
    """
    consent = lets_read_earlier(session, tenant, worker)
    until = consent.given_at if consent else None
    stretch = page_of(session, Message.read_by(worker, tenant, until), above)
    today = clock.today(zone)
    for message in stretch.messages:
        if message.by_tenant and message.worker_id == worker.id:
            message.seen_on = message.seen_on or today
    return stretch


def opened_for_safety(session: Session, tenant: Tenant, above: UUID | None = None) -> Stretch:
    """A page of the whole thread, with whomever it was, for a worker who gave a reason to read it. Nothing is marked
    as seen. Raises `LookupError` for an `above` that is not in it."""
    return page_of(session, Message.of(tenant).where(Message.held.is_(False)), above)


def page_of(session: Session, thread: Select[Message], above: UUID | None) -> Stretch:
    """The last messages of a thread, or the last of those above one of them. Raises `LookupError` where that one is not
    in the thread."""
    shown = thread
    if above is not None:
        mark = session.scalar(thread.where(Message.id == above))
        if mark is None:
            raise LookupError(above)
        shown = thread.where(mark.before())
    found = session.scalars(shown.options(joinedload(Message.worker)).limit(A_PAGE + 1)).all()
    messages = found[:A_PAGE][::-1]
    return Stretch(messages, messages[0].id if len(found) > A_PAGE else None, newest=above is None)


def with_others(session: Session, tenant: Tenant, worker: Worker) -> bool:
    """Whether there is something in the thread that passed with another than this keyworker."""
    others = Message.of(tenant).where(Message.worker_id != worker.id, Message.held.is_(False))
    return session.scalar(others.limit(1)) is not None


def waiting_threads(session: Session, worker: Worker) -> int:
    """How many tenants wait for an answer of this worker."""
    theirs = threads_of(worker).with_only_columns(Tenant.id).order_by(None)
    waiting = select(func.count(Message.tenant_id.distinct())).where(
        Message.worker_id == worker.id, Message.waits_since.is_not(None), Message.tenant_id.in_(theirs)
    )
    return session.scalar(waiting) or 0


def _lock(session: Session, tenant: Tenant) -> None:
    """Two who write at the same moment queue here, and so does a handover; then it is known whose tenant they are."""
    people = Tenant.__table__
    session.execute(select(people.c.id).where(people.c.id == tenant.id).with_for_update(key_share=True))
    session.refresh(tenant, ["keyworker_id", "keyworker"])


def _just_now(session: Session, tenant: Tenant, worker_id: UUID, words: str, *, by_tenant: bool) -> Message | None:
    last = session.scalar(Message.of(tenant).limit(1))
    if last is None or last.written_at <= clock.now() - DOUBLE_TAP:
        return None
    return last if (last.worker_id, last.by_tenant, last.words) == (worker_id, by_tenant, words) else None


def _told_lately(session: Session, tenant: Tenant) -> bool:
    """Whether the notice of the last hour still stands for this message too."""
    told_at = session.scalar(
        select(func.max(Notice.due_at)).where(
            Notice.tenant_id == tenant.id, Notice.source == _source(tenant), Notice.seen_at.is_(None),
            Notice.state != State.WITHDRAWN, Notice.due_at > clock.now() - ONE_NOTICE,
        )
    )  # fmt: skip
    if told_at is None:
        return False
    since = Message.of(tenant).where(Message.by_tenant, Message.written_at > told_at)
    return session.scalar(since.limit(1)) is None


def _source(tenant: Tenant) -> str:
    return f"messages:{tenant.id}"
