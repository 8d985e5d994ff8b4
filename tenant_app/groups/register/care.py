"""The morning after: a register that nobody finished is asked for, and whoever was missed twice in a row is asked how
they are. Once, kindly, and never as a sanction: nothing is counted against anyone, and no place is lost by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, exists, or_, select, update
from sqlalchemy.orm import Session, contains_eager

from tenant_app import clock
from tenant_app.accounts.consent import Category, GivenAs, shares_with
from tenant_app.accounts.models import Tenant, Worker, supported_by
from tenant_app.chores import apart
from tenant_app.database import put_if_absent
from tenant_app.groups.models import Attendance, Booking, GroupSession
from tenant_app.groups.register.records import Missed, NamedAtDoor, RegisterChase
from tenant_app.groups.sessions import REGISTER_KEPT
from tenant_app.reminders.rules import announce

MISSED = "groups.missed"
"""Kind of notice: we missed you twice in a row. Is everything all right?"""

IN_A_ROW = 2
MORNING, EVENING = time(9), time(19)
"""Between these, by the house's clock, people are written to: marks that arrive at night wait for the morning."""
LOOKS_BACK = timedelta(days=14)
"""A register that comes in later than this asks after nobody: too much may have happened since."""
ASKED_FOR = timedelta(days=2)
"""How long the question is worth delivering to a phone that was off. It stands in the app all the same."""
SHOWN_FOR = timedelta(days=28)
"""How long a keyworker finds the note."""
MOST_AT_ONCE = 200


def morning_round(session: Session, zone: ZoneInfo) -> bool:
    """Ask for registers of yesterday and before, and after those who were missed; let go of names that were written
    at a door long ago. Returns whether more remain."""
    today = clock.today(zone)
    if not clock.at(today, MORNING, zone) <= clock.now() < clock.at(today, EVENING, zone):
        return False
    midnight = clock.at(today, time(), zone)
    _forget_names(session)
    _chase(session, midnight)
    return _ask_after(session, midnight)


def unfinished(before: datetime) -> Select[GroupSession]:
    """Sessions of the last weeks that ended before `before` and have someone in their register who is not marked."""
    return select(GroupSession).where(*_unfinished(before))


def _unfinished(before: datetime) -> list[ColumnElement[bool]]:
    unmarked = exists().where(
        Booking.session_id == GroupSession.id, Booking.in_register(), Booking.attendance.is_(None)
    )
    return [
        GroupSession.ends_at < before, GroupSession.ends_at > clock.now() - LOOKS_BACK,
        GroupSession.cancelled_at.is_(None), unmarked,
    ]  # fmt: skip


def chased(session: Session, worker: Worker) -> Sequence[GroupSession]:
    """Registers that this worker keeps, that were asked for and are still not finished, oldest first."""
    return session.scalars(chased_by(worker)).all()


def chased_by(worker: Worker) -> Select[GroupSession]:
    """The same as a question, for whoever counts them or wants the first."""
    # From what was asked for: few, where a large house has thousands of sessions in two weeks.
    asked = select(RegisterChase.session_id).where(RegisterChase.chased_at > clock.now() - LOOKS_BACK)
    return GroupSession.run_by(worker).where(GroupSession.id.in_(asked), *_unfinished(clock.now()))


def told_to(worker: Worker) -> Select[Missed]:
    """Whom this keyworker should know to have been missed: those on their caseload who agreed to it, or who asked
    for a call, which whoever stands in for the keyworker hears of too. Neither those who said that
    all is well, nor notes that were put away."""
    may_know = or_(Missed.wants_call_at.is_not(None), shares_with(worker, Category.GROUPS, GivenAs.KEYWORKER))
    return (
        select(Missed)
        .join(Missed.tenant)
        .join(Missed.booking)
        .join(Booking.group_session)
        .options(contains_eager(Missed.tenant),
                 contains_eager(Missed.booking).contains_eager(Booking.group_session))
        .where(
            supported_by(worker), may_know, Missed.seen_at.is_(None),
            Missed.well_at.is_(None), Missed.asked_at > clock.now() - SHOWN_FOR,
        )
        .order_by(Missed.asked_at, Missed.id)
    )  # fmt: skip


def missed_of(tenant: Tenant) -> Select[Missed]:
    """When this tenant was missed."""
    return (
        select(Missed)
        .join(Missed.booking)
        .join(Booking.group_session)
        .options(contains_eager(Missed.booking).contains_eager(Booking.group_session))
        .where(Missed.tenant_id == tenant.id)
    )


def source_of(booking: Booking) -> str:
    """What the question is about, so that it can be taken back."""
    return f"missed:{booking.id}"


def _forget_names(session: Session) -> None:
    """Names at the door that nobody knew by the time a register is no longer kept: whose they are is not asked any
    more, and they go."""
    past = select(GroupSession.id).where(GroupSession.ends_at <= clock.now() - REGISTER_KEPT)
    session.execute(
        update(NamedAtDoor)
        .where(NamedAtDoor.found_at.is_(None), NamedAtDoor.session_id.in_(past))
        .values(name="", found_at=clock.now())
    )


def _chase(session: Session, midnight: datetime) -> None:
    known = exists().where(RegisterChase.session_id == GroupSession.id)
    waiting = session.scalars(unfinished(midnight).where(~known)).all()
    put_if_absent(session, RegisterChase, [{"session_id": each.id, "chased_at": clock.now()} for each in waiting])


def _ask_after(session: Session, midnight: datetime) -> bool:
    absent = session.scalars(
        select(Booking)
        .join(Booking.group_session)
        .join(Booking.tenant)
        .options(contains_eager(Booking.group_session), contains_eager(Booking.tenant))
        .where(
            Booking.attendance == Attendance.NOT_HERE, Booking.absence_weighed_at.is_(None), Booking.in_register(),
            GroupSession.cancelled_at.is_(None), GroupSession.ends_at < midnight,
            GroupSession.ends_at > clock.now() - LOOKS_BACK, Tenant.left_at.is_(None),
        )
        .order_by(GroupSession.starts_at, Booking.id)
        .limit(MOST_AT_ONCE)
    ).all()
    for booking in absent:
        booking.absence_weighed_at = clock.now()
        session.flush()
        with apart(session, "ask_after", booking.id):
            in_a_row = _missed_in_a_row(session, booking)
            if len(in_a_row) >= IN_A_ROW and not _asked_already(session, in_a_row):
                _ask(session, in_a_row[0])
    session.flush()
    return len(absent) == MOST_AT_ONCE


def _missed_in_a_row(session: Session, booking: Booking) -> list[Booking]:
    """The last sessions of the same kind for which they had a place and were not there, newest first. To have come, or
    to have sent word, ends the row: then we have heard of them."""
    lately = session.scalars(
        select(Booking)
        .join(Booking.group_session)
        .options(contains_eager(Booking.group_session), contains_eager(Booking.tenant))
        .join(Booking.tenant)
        .where(
            Booking.tenant_id == booking.tenant_id, Booking.in_register(), Booking.attendance.is_not(None),
            GroupSession.kind == booking.group_session.kind, GroupSession.cancelled_at.is_(None),
        )
        .order_by(GroupSession.starts_at.desc(), Booking.id)
        .limit(10)
    )
    return list(takewhile(lambda each: each.attendance is Attendance.NOT_HERE, lately))


def _asked_already(session: Session, in_a_row: list[Booking]) -> bool:
    ids = [booking.id for booking in in_a_row]
    return session.scalar(select(Missed.id).where(Missed.booking_id.in_(ids)).limit(1)) is not None


def _ask(session: Session, booking: Booking) -> None:
    missed = Missed(booking_id=booking.id, tenant_id=booking.tenant_id)
    session.add(missed)
    session.flush()
    announce(
        session, booking.tenant, MISSED, source=source_of(booking), lasts=ASKED_FOR,
        facts={"missed": str(missed.id), "kind": booking.group_session.kind},
    )  # fmt: skip
