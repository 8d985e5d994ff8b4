"""Decisions about registers: whose mark counts, who is let in, who has to be told that theirs was changed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.models import Attendance, Booking, GroupSession
from tenant_app.groups.places import booking_of, held
from tenant_app.groups.register.care import source_of
from tenant_app.groups.register.listening import tell_listeners
from tenant_app.groups.register.records import Missed, NamedAtDoor, OvertakenMark, SessionNote
from tenant_app.reminders.rules import withdraw


class RegisterClosed(ValueError):
    """Nobody can be marked yet or any more, or the session is called off."""


class TooMany(ValueError):
    """There are as many names or notes at this session as anybody can read. Nothing was kept."""


MOST_NAMES, MOST_NOTES = 60, 50
"""At one session, those that were settled since included: what nobody reads is not to be kept either."""


def mark_attendance(
    session: Session, worker: Worker, group_session: GroupSession, tenant_id: UUID, mark: Attendance | None, *,
    made_at: datetime | None = None,
) -> Booking:  # fmt: skip
    """Say in the register whether someone came, or with None take back what it says.

    `group_session` was found among `GroupSession.run_by(worker)`; `made_at` is when it was tapped (aware; now, without
    it). For each person the later mark counts, in whatever order they arrive. Someone who gave their place back and
    came all the same is let in; someone let in whose mark is taken back is in the register no longer.

    Raises `LookupError` for someone who is not in it, `RegisterClosed` before it opens.
    """
    if not group_session.register_open:
        raise RegisterClosed
    # Marks come one after the other, and never while a place is being given or passed on.
    group_session = held(session, group_session)
    booking = session.scalars(
        select(Booking)
        .where(Booking.session_id == group_session.id, Booking.tenant_id == tenant_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if booking is None:
        raise LookupError(tenant_id)
    if not booking.listed:
        if mark is None:
            return booking
        if not mark.came:
            raise LookupError(tenant_id)
    made_at = _bounded(group_session, made_at)
    if _stands(session, booking, mark, made_at, worker):
        if mark is None:
            booking.never_came()
        elif mark.came:
            _let_in(session, booking)
        tell_listeners(session, booking)
    session.flush()
    return booking


def add_walk_in(
    session: Session, worker: Worker, group_session: GroupSession, tenant: Tenant, *, made_at: datetime | None = None
) -> Booking:
    """Someone came without a place: they are in the register, and here. Raises `RegisterClosed` before it opens."""
    if not group_session.register_open:
        raise RegisterClosed
    booking = _kept(session, tenant, held(session, group_session))
    if _stands(session, booking, Attendance.HERE, _bounded(group_session, made_at), worker):
        _let_in(session, booking)
        tell_listeners(session, booking)
    session.flush()
    return booking


def name_at_door(
    session: Session, worker: Worker, group_session: GroupSession, name: str, *, made_at: datetime | None = None
) -> NamedAtDoor:
    """Keep the name of someone who came until it is found whose it is. Raises `RegisterClosed` before it opens, and
    `TooMany`."""
    if not group_session.register_open:
        raise RegisterClosed
    _require_fewer(session, NamedAtDoor.session_id, held(session, group_session), MOST_NAMES)
    named = NamedAtDoor(
        session_id=group_session.id, name=name, came_at=_bounded(group_session, made_at), written_by_id=worker.id
    )
    session.add(named)
    session.flush()
    return named


def check_in(session: Session, tenant: Tenant, group_session: GroupSession) -> Booking:
    """The tenant says themselves that they are here. Whom a worker has marked as come stays marked as that worker did.

    Raises `RegisterClosed` outside of `GroupSession.check_in_open`, `LookupError` for someone who has no place and may
    not come without.
    """
    if not group_session.check_in_open:
        raise RegisterClosed
    has_place = Booking.expected_at(group_session).where(Booking.tenant_id == tenant.id)
    welcome = may_walk_in(group_session).where(Tenant.id == tenant.id)
    if session.scalar(has_place) is None and session.scalar(welcome) is None:
        raise LookupError(tenant.id)
    booking = _kept(session, tenant, held(session, group_session))
    if booking.attendance is None or not booking.attendance.came:
        _stands(session, booking, Attendance.HERE, clock.now(), None)
    _let_in(session, booking)
    tell_listeners(session, booking)
    return booking


def may_walk_in(group_session: GroupSession) -> Select[Tenant]:
    """Who may be added to a register: everyone who lives in the session's building; without one, everyone."""
    living = select(Tenant).where(Tenant.left_at.is_(None)).order_by(func.lower(Tenant.name), Tenant.id)
    return living.where(Tenant.property_id == group_session.building_id) if group_session.building_id else living


def write_note(
    session: Session, worker: Worker, group_session: GroupSession, words: str, *, made_at: datetime | None = None
) -> SessionNote:
    """Keep a note about the session, in its writer's language. Raises `RegisterClosed` before the register opens, and
    `TooMany`."""
    if not group_session.register_open:
        raise RegisterClosed
    _require_fewer(session, SessionNote.session_id, held(session, group_session), MOST_NOTES)
    note = SessionNote(
        session_id=group_session.id, worker=worker, words=words, language=worker.language,
        written_at=_bounded(group_session, made_at),
    )  # fmt: skip
    session.add(note)
    session.flush()
    return note


def put_away(session: Session, worker: Worker, group_session: GroupSession) -> None:
    """The worker has read which marks of theirs in this register were changed by somebody else."""
    for overtaken in session.scalars(OvertakenMark.told_to(worker, group_session)):
        session.delete(overtaken)
    session.flush()


def _require_fewer(
    session: Session, at: InstrumentedAttribute[UUID], group_session: GroupSession, most: int
) -> None:
    if (session.scalar(select(func.count()).where(at == group_session.id)) or 0) >= most:
        raise TooMany


def _bounded(group_session: GroupSession, made_at: datetime | None) -> datetime:
    """A phone's clock may be wrong: nothing was marked after it reached us, nor before the register opened."""
    now = clock.now()
    return now if made_at is None else min(max(made_at, group_session.register_opens_at), now)


def _stands(
    session: Session, booking: Booking, mark: Attendance | None, made_at: datetime, worker: Worker | None
) -> bool:
    """Whether this mark counts: not where a later one is there already. Whoever's mark lost is told of it."""
    if booking.marked_at is not None and made_at < booking.marked_at:
        if worker is not None and worker.id != booking.marked_by_id and mark is not booking.attendance:
            _tell(session, booking, worker.id, mark, made_at)
        return False
    if booking.marked_by_id not in (None, worker.id if worker else None) and booking.attendance is not mark:
        assert booking.marked_by_id is not None
        assert booking.marked_at is not None
        _tell(session, booking, booking.marked_by_id, booking.attendance, booking.marked_at)
    if booking.attendance is Attendance.NOT_HERE and mark is not Attendance.NOT_HERE:
        _miss_no_longer(session, booking)
    if worker is not None:
        # They see what they mark: what was said of it before is answered.
        _forget(session, booking, worker.id)
    booking.mark(mark, made_at, worker)
    return True


def _tell(
    session: Session, booking: Booking, worker_id: UUID, mark: Attendance | None, made_at: datetime
) -> None:
    _forget(session, booking, worker_id)
    if mark is not None:
        session.add(OvertakenMark(booking=booking, worker_id=worker_id, attendance=mark, made_at=made_at))


def _miss_no_longer(session: Session, booking: Booking) -> None:
    """A mark was put right: what was asked because of it is taken back, unless it was answered. The question is about
    the last session of a row, so that of the one after it goes too where it is left alone."""
    for row_end in (booking, _left_alone(session, booking)):
        if row_end is None:
            continue
        withdraw(session, source_of(row_end))
        unanswered = Missed.wants_call_at.is_(None), Missed.well_at.is_(None)
        session.execute(delete(Missed).where(Missed.booking_id == row_end.id, *unanswered))


def _left_alone(session: Session, booking: Booking) -> Booking | None:
    """The next session of the kind that says anything of them, if they were not there and it stands alone now."""
    it = session.get_one(GroupSession, booking.session_id)
    after = session.scalars(
        select(Booking)
        .join(Booking.group_session)
        .where(
            Booking.tenant_id == booking.tenant_id, Booking.in_register(), Booking.attendance.is_not(None),
            GroupSession.kind == it.kind, GroupSession.cancelled_at.is_(None), GroupSession.starts_at > it.starts_at,
        )
        .order_by(GroupSession.starts_at, Booking.id)
        .limit(2)
    ).all()  # fmt: skip
    missed = [each for each in after if each.attendance is Attendance.NOT_HERE]
    return after[0] if after and missed == after[:1] else None


def _forget(session: Session, booking: Booking, worker_id: UUID) -> None:
    session.execute(
        delete(OvertakenMark).where(OvertakenMark.booking_id == booking.id, OvertakenMark.worker_id == worker_id)
    )


def _let_in(session: Session, booking: Booking) -> None:
    if booking.offered:
        withdraw(session, booking.source)  # the place that was offered is theirs by coming
    booking.walk_in()


def _kept(session: Session, tenant: Tenant, group_session: GroupSession) -> Booking:
    """The tenant's booking of a session that is held, or a new one."""
    booking = booking_of(session, tenant, group_session)
    session.add(booking)
    session.flush()
    return booking
