"""Whether someone is told at once that their record was opened for their safety: decided by another than who opened it,
for a time, and never hidden from the read log."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased, joinedload

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.accounts.rules import look_at
from tenant_app.accounts.safeguarding import LEAST_REASON, WATCHERS, SafeguardingOverride

MOST_DAYS = 28
"""For which the tenant may go untold. Then they are told, whatever is decided meanwhile."""


class NotYours(PermissionError):
    """Whoever opened a record does not decide about telling, nor put the alert away, where somebody else can."""


class Decided(RuntimeError):
    """It was decided already, or the tenant has been told."""


def openings_seen_by(worker: Worker) -> Select[SafeguardingOverride]:
    """Openings that this coordinator or administrator watches over, the latest first: everybody else's, and their own
    where they are the only one; nobody's for other roles."""
    return (
        select(SafeguardingOverride)
        .where(_watched_by(worker))
        .options(joinedload(SafeguardingOverride.tenant), joinedload(SafeguardingOverride.worker))
        .order_by(SafeguardingOverride.opened_at.desc(), SafeguardingOverride.id)
    )


def unseen(worker: Worker) -> Select[SafeguardingOverride]:
    """Alerts that nobody has put away yet."""
    return openings_seen_by(worker).where(SafeguardingOverride.seen_at.is_(None))


def undecided(worker: Worker) -> Select[SafeguardingOverride]:
    """Openings of which somebody has to decide whether the tenant is told, the latest first."""
    return openings_seen_by(worker).where(*_open_question())


def waiting(session: Session, worker: Worker) -> int:
    """How many openings wait for this worker: unseen, undecided, or both. One query."""
    wanted = or_(SafeguardingOverride.seen_at.is_(None), and_(*_open_question()))
    if worker.role not in WATCHERS:
        return 0
    mine = select(func.count()).select_from(SafeguardingOverride).where(_watched_by(worker), wanted)
    return session.scalar(mine) or 0


def see(override: SafeguardingOverride, worker: Worker) -> None:
    """Put the alert away: this worker, who watches over it, knows. Said twice, the first stands."""
    if override.seen_at is None:
        override.seen_at, override.seen_by = clock.now(), worker


def decide(
    session: Session, override: SafeguardingOverride, worker: Worker, *, days: int, reason: str
) -> None:
    """Keep it from the tenant for so many days from now, or (0) tell them. The decision stands in the read log.

    Raises `NotYours`, `Decided`, and `ValueError` for over `MOST_DAYS` or a reason of under `LEAST_REASON` letters.
    """
    if len(reason.strip()) < LEAST_REASON or not 0 <= days <= MOST_DAYS:
        raise ValueError("a reason, and at most so many days")
    # Two who decide at the same moment queue here. The row alone: what is joined to it PostgreSQL would not lock.
    session.execute(select(SafeguardingOverride.id).where(SafeguardingOverride.id == override.id).with_for_update())
    session.refresh(override)
    if session.scalar(openings_seen_by(worker).where(SafeguardingOverride.id == override.id)) is None:
        raise NotYours
    if not override.undecided:
        raise Decided
    now = clock.now()
    override.decided_at, override.decided_by_id, override.decision_reason = now, worker.id, reason.strip()
    override.withheld_until = now + timedelta(days=days)
    session.flush()
    what = "withheld" if days else "told"
    look_at(session, worker, override.tenant, what, reason=override.decision_reason, override_id=override.id)


def to_be_told(session: Session) -> Sequence[SafeguardingOverride]:
    """Openings that are no longer withheld, and of which the tenant has not been told yet."""
    late = SafeguardingOverride.withheld_until <= clock.now()
    wanted = select(SafeguardingOverride).where(late, SafeguardingOverride.told_at.is_(None))
    return session.scalars(wanted.with_for_update(skip_locked=True)).all()


def _open_question() -> tuple[ColumnElement[bool], ...]:
    return SafeguardingOverride.withheld_until > clock.now(), SafeguardingOverride.decided_at.is_(None)


def _watched_by(worker: Worker) -> ColumnElement[bool]:
    if worker.left_at is not None or worker.role not in WATCHERS:
        return false()
    other = aliased(Worker)
    somebody_else = exists().where(other.role.in_(WATCHERS), other.left_at.is_(None), other.id != worker.id)
    return or_(SafeguardingOverride.worker_id != worker.id, ~somebody_else)
