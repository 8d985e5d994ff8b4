"""Asking for something to be put right or erased, and answering it in time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from tenant_app import clock
from tenant_app.accounts.models import Role, Tenant, Worker
from tenant_app.reminders.rules import announce
from tenant_app.support.record.models import Asked, RecordRequest, RequestState

ANSWERED = "record.answered"
"""Kind of notice: somebody answered what you asked about your record."""
COPIED = "record.copied"
"""Kind of notice: a copy of your record was made."""
NEWS_LASTS = timedelta(days=3)
MOST_OPEN = 20
"""Requests of one tenant that may wait at once."""


class TooMany(ValueError):
    """As many requests wait as anyone can answer."""


class NotYours(ValueError):
    """This worker may not answer such a request."""


def last_day(asked_on: date) -> date:
    """The last day for an answer: one month on (UK GDPR Article 12(3)), the last of a month that is shorter; where no
    office is open that day, the next working day (Information Commissioner's guidance on time limits)."""
    due = asked_on + relativedelta(months=1)
    return due if clock.is_working_day(due) else clock.add_working_days(due, 1)


def ask(
    session: Session, tenant: Tenant, kind: Asked, parts: Sequence[str], zone: ZoneInfo, *, words: str = "",
    should: str = "", language: str = "",
) -> RecordRequest:  # fmt: skip
    """Ask. The same again while it waits is the request that is there: a double tap. Raises `TooMany`."""
    people = Tenant.__table__
    session.execute(select(people.c.id).where(people.c.id == tenant.id).with_for_update(key_share=True))
    waiting = session.scalars(RecordRequest.of(tenant).where(RecordRequest.state == RequestState.OPEN)).all()
    for same in waiting:
        if (same.kind, same.parts, same.words, same.should) == (kind, list(parts), words, should):
            return same
    if len(waiting) >= MOST_OPEN:
        raise TooMany
    request = RecordRequest(
        tenant=tenant, kind=kind, parts=list(parts), words=words, should=should, language=language,
        asked_at=clock.now(), due_on=last_day(clock.today(zone)),
    )  # fmt: skip
    session.add(request)
    session.flush()
    return request


def may_answer(worker: Worker, request: RecordRequest) -> bool:
    """Whether this worker, who sees it, may answer it: corrections everybody who does, erasures those who can do it."""
    return request.kind is Asked.CORRECTION or may_erase(worker)


def may_erase(worker: Worker) -> bool:
    """Whether this worker may erase a record that its tenant asked to have erased."""
    return worker.left_at is None and worker.role in (Role.COORDINATOR, Role.ADMINISTRATOR)


def answer(
    session: Session, worker: Worker, request: RecordRequest, state: RequestState, reply: str, language: str = ""
) -> None:
    """Answer a request found among `RecordRequest.seen_by(worker)`, and tell the tenant. Answered anew, the last one
    counts.

    Raises `NotYours`; `ValueError` for a refusal without a reason, or for what the tenant took back.
    """
    if not may_answer(worker, request):
        raise NotYours(request.id)
    if request.state is RequestState.TAKEN_BACK or state in (RequestState.OPEN, RequestState.TAKEN_BACK):
        raise ValueError("not to be answered so")
    if state is not RequestState.DONE and not reply:
        raise ValueError("a refusal says why")
    request.state, request.reply, request.reply_language = state, reply, language
    request.worker, request.answered_at = worker, clock.now()
    session.flush()
    announce(
        session, request.tenant, ANSWERED, source=f"record-request:{request.id}", lasts=NEWS_LASTS,
        occurrence=request.answered_at.isoformat(), facts={"name": worker.known_as, "request": str(request.id)},
    )  # fmt: skip


def requests_waiting(session: Session, worker: Worker) -> Sequence[RecordRequest]:
    """Requests that wait for an answer and that this worker sees, those that end soonest first, with their tenants.
    One query, 200 at most. For the desk's Today."""
    return session.scalars(
        RecordRequest.seen_by(worker)
        .where(RecordRequest.state == RequestState.OPEN)
        .options(joinedload(RecordRequest.tenant))
        .limit(200)
    ).all()


def how_many_wait(session: Session, worker: Worker) -> int:
    """How many those are."""
    waiting = RecordRequest.seen_by(worker).where(RecordRequest.state == RequestState.OPEN).order_by(None)
    return session.scalar(select(func.count()).select_from(waiting.subquery())) or 0


def say_copied(session: Session, tenant: Tenant, device: str) -> None:
    """Tell the tenant that somebody took a copy of their record: it may not have been they."""
    now = clock.now()
    announce(
        session, tenant, COPIED, source=f"record-copy:{tenant.id}", occurrence=now.isoformat(), lasts=NEWS_LASTS,
        facts={"device": device},
    )  # fmt: skip
