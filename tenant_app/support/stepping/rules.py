"""A step is done when the register says that they came, and not after all when that mark is put right."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.goals.models import Goal, Step
from tenant_app.groups.models import CAME, Booking, GroupSession
from tenant_app.groups.register.listening import after_mark
from tenant_app.support.stepping.models import SteppingStone


class NoPlaceThere(ValueError):
    """They have no place in that session and did not come to it."""


def link(
    session: Session, tenant: Tenant, step: Step, group_session: GroupSession, *, every: bool = False
) -> SteppingStone:
    """Coming to this session does this step; with `every`, coming to whichever of its kind from this one on.

    `step` was found among `Step.of(tenant)`, `group_session` among `GroupSession.of(tenant)`. Linked twice, it is
    linked once; linked to something else, the last counts. If they came already, the step is done at once. Raises
    `NoPlaceThere`.
    """
    mine = select(Booking).where(Booking.session_id == group_session.id, Booking.tenant_id == tenant.id)
    if session.scalar(mine.where(Booking.in_register())) is None:
        raise NoPlaceThere(group_session.id)
    _hold(session, step.goal_id)
    only, since = None if every else group_session.id, group_session.starts_at
    stone = session.scalars(SteppingStone.of(tenant).where(SteppingStone.step_id == step.id)).one_or_none()
    if stone is not None and (stone.session_id, stone.kind) == (only, group_session.kind):
        return stone
    if stone is not None:
        unlink(session, stone)
    stone = SteppingStone(
        tenant_id=tenant.id, step=step, session_id=only, kind=group_session.kind, since=since, linked_at=clock.now()
    )
    session.add(stone)
    session.flush()
    _settle(session, stone)
    return stone


def unlink(session: Session, stone: SteppingStone) -> None:
    """It counts no longer. A step that was done by coming stays done: they did come."""
    session.delete(stone)
    session.flush()


def counting(session: Session, tenant: Tenant, group_session: GroupSession) -> Sequence[SteppingStone]:
    """Steps that coming to this session does."""
    return session.scalars(SteppingStone.of(tenant).where(SteppingStone.counts(group_session))).all()


def open_steps(session: Session, tenant: Tenant) -> Sequence[Step]:
    """Steps that may still be linked: not done, of goals that are on their way, hanging on nothing yet."""
    linked = select(SteppingStone.step_id).where(SteppingStone.tenant_id == tenant.id)
    return session.scalars(
        Step.of(tenant)
        .where(Step.done_at.is_(None), Goal.paused_at.is_(None), Step.id.not_in(linked))
        .order_by(Goal.written_at.desc(), Goal.id, Step.position, Step.id)
    ).all()


@after_mark
def settle_steps(session: Session, booking: Booking) -> None:
    """The register says something of a booking: whatever hangs on it is done, or not after all."""
    group_session = session.get_one(GroupSession, booking.session_id)
    for stone in counting(session, booking.tenant, group_session):
        _settle(session, stone)
    session.flush()


def _settle(session: Session, stone: SteppingStone) -> None:
    _hold(session, stone.step.goal_id)
    session.refresh(stone.step)
    if stone.touched or (stone.done_at is None and stone.step.done_at is not None):
        return  # what the tenant says of a step goes before what a register says
    first = _first_come(session, stone)
    if first is None:
        if stone.done_at is not None:
            stone.undo()
    elif stone.came_to_id != first.id:
        stone.do(first)


def _first_come(session: Session, stone: SteppingStone) -> GroupSession | None:
    """The first session that counts and that the register says they came to."""
    if stone.session_id is None:
        counted = and_(GroupSession.kind == stone.kind, GroupSession.starts_at >= stone.since)
    else:
        counted = GroupSession.id == stone.session_id
    return session.scalars(
        select(GroupSession)
        .join(Booking, Booking.session_id == GroupSession.id)
        .where(
            Booking.tenant_id == stone.tenant_id, Booking.in_register(), Booking.attendance.in_(CAME), counted,
            GroupSession.cancelled_at.is_(None),
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
        .limit(1)
    ).one_or_none()  # fmt: skip


def _hold(session: Session, goal_id: UUID) -> None:
    """The goal as it is at this moment, held until the transaction ends: the tenant may be changing it too."""
    session.scalars(
        select(Goal).where(Goal.id == goal_id).with_for_update().execution_options(populate_existing=True)
    ).one()
