"""Sharing across the rooms: begin, go on, stop, stop everything, and a word in good time before it ends by itself."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, String, cast, exists, func, literal, select, union_all
from sqlalchemy.orm import Session, aliased, joinedload

from tenant_app import clock
from tenant_app.accounts.consent import Category, Consent, NotToBeChosen, give_consent, withdraw_consent
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.accounts.safeguarding import SafeguardingOverride
from tenant_app.goals.models import Goal
from tenant_app.medication.sharing.rules import share_medicines, stop_sharing
from tenant_app.reminders.models import Notice
from tenant_app.reminders.rules import announce, withdraw

ENDS = "sharing.ends"
"""Kind of notice: a worker will soon no longer see something, unless you say so again."""
TOLD_BEFORE = timedelta(days=14)
TOLD_AT = time(10)
TOLD_FOR = timedelta(days=3)
LOOKS_BACK = timedelta(days=3)
"""How long after that day a worker process that was down still tells of it."""
AT_ONCE = 200
ENDED_SHOWN = timedelta(days=60)
"""How long what ran out is offered again with one tap."""

BEYOND_KEYWORKER = frozenset({Category.MEDICATION})
"""What makes sense for more people than one's keyworker. All else opens to a keyworker alone."""


def share(
    session: Session, tenant: Tenant, category: Category, worker: Worker, zone: ZoneInfo, *,
    expires_on: date | None = None,
) -> Consent:  # fmt: skip
    """Let a worker see this kind of record until the end of `expires_on`, or for as long as is usual.

    What only a keyworker sees, an earlier one sees no more, not even if they are again one day. Raises as
    `give_consent` does, and `NotToBeChosen` for anybody but the keyworker where it is only for them.
    """
    if category in BEYOND_KEYWORKER:
        return share_medicines(session, tenant, worker, zone, expires_on=expires_on)
    if worker.id != tenant.keyworker_id:
        raise NotToBeChosen(worker.id)
    earlier = session.scalars(Consent.open_of(tenant, category).with_for_update()).all()
    consent = give_consent(session, tenant, category, worker, zone, expires_on=expires_on)
    for before in earlier:
        if before is not consent:
            withdraw(session, _source(before.id))
            if before.worker_id != worker.id:
                before.withdraw()
    session.flush()
    return consent


def stop(session: Session, tenant: Tenant, consent: Consent) -> None:
    """No longer, from the worker's next request on. Twice is once."""
    if consent.category in BEYOND_KEYWORKER:
        stop_sharing(session, tenant, consent.worker)
    elif withdraw_consent(session, tenant, consent.category, consent.worker) is not None:
        withdraw(session, _source(consent.id))


def stop_everything(session: Session, tenant: Tenant) -> int:
    """Nobody sees anything by this tenant's word any more: every consent and every shared goal. Returns how many."""
    standing = session.scalars(standing_of(tenant)).all()
    for consent in standing:
        stop(session, tenant, consent)
    goals = session.scalars(goals_shared_by(tenant)).all()
    for goal in goals:
        goal.share(False)
    session.flush()
    return len(standing) + len(goals)


def standing_of(tenant: Tenant) -> Select[Consent]:
    """What this tenant would have to withdraw, of every kind: neither withdrawn nor run out."""
    theirs = select(Consent).where(Consent.tenant_id == tenant.id, Consent._stands())
    return theirs.options(joinedload(Consent.worker)).order_by(Consent.expires_on, Consent.id)


def ended_of(tenant: Tenant) -> Select[Consent]:
    """What ran out by itself within `ENDED_SHOWN`, and no other consent took its place."""
    newer = aliased(Consent)
    now = clock.now()
    followed = exists().where(
        newer.tenant_id == Consent.tenant_id, newer.worker_id == Consent.worker_id,
        newer.category == Consent.category, newer.given_at > Consent.given_at,
    )  # fmt: skip
    return (
        select(Consent)
        .where(
            Consent.tenant_id == tenant.id, Consent.withdrawn_at.is_(None), Consent.renewed_at.is_(None),
            Consent.expires_at <= now, Consent.expires_at > now - ENDED_SHOWN, ~followed,
        )
        .options(joinedload(Consent.worker))
        .order_by(Consent.expires_at.desc(), Consent.id)
    )  # fmt: skip


def goals_shared_by(tenant: Tenant) -> Select[Goal]:
    """Goals that the keyworker sees now."""
    return Goal.of(tenant).where(Goal.shared_at.is_not(None))


class Event(NamedTuple):
    """One line of the history: what happened (`given`, `renewed`, `withdrawn`, `ended`, `opened`), and by which row."""

    at: datetime
    what: str
    record_id: UUID


def history_of(session: Session, tenant: Tenant, page: int, length: int) -> tuple[list[Event], int]:
    """A page (from 1) of everything that was ever given, renewed, withdrawn, that ran out, or was opened for safety,
    newest first; and how many there are in all."""
    before = aliased(Consent)
    went_on = exists().where(
        before.tenant_id == Consent.tenant_id, before.worker_id == Consent.worker_id,
        before.category == Consent.category, before.renewed_at == Consent.given_at,
    )  # fmt: skip
    mine = Consent.tenant_id == tenant.id
    ran_out = (Consent.withdrawn_at.is_(None), Consent.renewed_at.is_(None), Consent.expires_at <= clock.now())
    opened = SafeguardingOverride
    told = union_all(
        select(Consent.given_at.label("at"), literal("given").label("what"), Consent.id.label("id"))
        .where(mine, ~went_on),
        select(Consent.given_at, literal("renewed"), Consent.id).where(mine, went_on),
        select(Consent.withdrawn_at, literal("withdrawn"), Consent.id).where(mine, Consent.withdrawn_at.is_not(None)),
        select(Consent.expires_at, literal("ended"), Consent.id).where(mine, *ran_out),
        opened.told_to(tenant).with_only_columns(opened.opened_at, literal("opened"), opened.id).order_by(None),
    ).subquery()
    count = session.scalar(select(func.count()).select_from(told)) or 0
    rows = session.execute(
        select(told).order_by(told.c.at.desc(), told.c.what, told.c.id).limit(length).offset((page - 1) * length)
    )
    return [Event(*row) for row in rows], count


def tell_of_endings(session: Session, zone: ZoneInfo) -> bool:
    """Tell tenants, two weeks before, what will end by itself; once each. For the worker. Returns whether more waits.

    Medicines are told of by their own room. What was agreed for less than two weeks has just been chosen so.
    """
    today = clock.today(zone)
    last = today + TOLD_BEFORE
    said = exists().where(Notice.source == literal(_MARK) + _spelled())
    soon = session.scalars(
        select(Consent)
        .join(Tenant, Tenant.id == Consent.tenant_id)
        .where(
            Consent._stands(), Consent.category.not_in(BEYOND_KEYWORKER), Tenant.left_at.is_(None),
            Consent.expires_on <= last, Consent.expires_on > last - LOOKS_BACK, ~said,
        )
        .options(joinedload(Consent.worker), joinedload(Consent.tenant))
        .order_by(Consent.expires_on, Consent.id)
        .limit(AT_ONCE)
    ).all()  # fmt: skip
    told = 0
    for consent in soon:
        told_on = clock.at(consent.expires_on - TOLD_BEFORE, TOLD_AT, zone)
        if consent.given_at < told_on:
            told += 1
            announce(
                session, consent.tenant, ENDS, source=_source(consent.id), due_at=max(told_on, clock.now()),
                lasts=TOLD_FOR, facts={"name": consent.worker.known_as, "day": consent.expires_on.isoformat()},
            )  # fmt: skip
    return told == AT_ONCE


_MARK = "sharing-ends:"


def _source(consent_id: UUID) -> str:
    return f"{_MARK}{consent_id.hex}"


def _spelled() -> ColumnElement[str]:
    # One database writes an id with dashes and the other without.
    return func.replace(cast(Consent.id, String(36)), "-", "")
