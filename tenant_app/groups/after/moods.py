"""When a tenant may say how they feel, what they said, and who may see it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Select, delete, exists, or_, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category, GivenAs, shares_with
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.accounts.safeguarding import overridden_by
from tenant_app.database import new_id, put_if_absent
from tenant_app.groups.after.models import Moment, Mood, SessionMood
from tenant_app.groups.models import CAME, Booking, GroupSession

AFTER_LASTS = timedelta(days=2)
"""How long after the end of a session one may still say how one felt after it."""


class NotNow(ValueError):
    """The time to say it has not come, or is over; or they had no place and did not come."""


@dataclass(frozen=True)
class Felt:
    """What a tenant said around one session."""

    booking: Booking
    before: Mood | None
    after: Mood | None

    @property
    def group_session(self) -> GroupSession:
        return self.booking.group_session

    @property
    def open(self) -> Collection[Moment]:
        """What may be said, or said differently, now."""
        return [moment for moment in Moment if may_say(self.booking, moment)]

    def at(self, moment: Moment) -> Mood | None:
        """What was said then."""
        return self.before if moment is Moment.BEFORE else self.after


def may_say(booking: Booking, moment: Moment) -> bool:
    """Whether it is time: before, from the morning of its day to its end; after, from its start to two days after its
    end. For whoever has a place or came, and not where the register says that they were elsewhere."""
    group_session = booking.group_session
    elsewhere = booking.attendance is not None and not booking.attendance.came
    if group_session.cancelled or not booking.listed or elsewhere:
        return False
    first, last = _span(group_session, moment)
    return first <= clock.now() < last


def say_mood(session: Session, booking: Booking, moment: Moment, mood: Mood) -> None:
    """Keep how the tenant feels; said again, the last counts. Raises `NotNow`."""
    if not may_say(booking, moment):
        raise NotNow(moment)
    said = {"id": new_id(), "booking_id": booking.id, "moment": moment, "mood": mood, "said_at": clock.now()}
    if not put_if_absent(session, SessionMood, [said]):
        theirs = select(SessionMood).where(SessionMood.booking_id == booking.id, SessionMood.moment == moment)
        kept = session.scalars(theirs.with_for_update().execution_options(populate_existing=True)).one()
        kept.mood, kept.said_at = mood, clock.now()
        session.flush()


def take_back(session: Session, booking: Booking, moment: Moment) -> None:
    """As if it had never been said. Possible at any time: it is theirs."""
    session.execute(
        delete(SessionMood).where(SessionMood.booking_id == booking.id, SessionMood.moment == moment)
    )


def just_over(session: Session, tenant: Tenant) -> Booking | None:
    """The last session that this tenant may still say something after, and has not."""
    said = exists().where(SessionMood.booking_id == Booking.id, SessionMood.moment == Moment.AFTER)
    return session.scalars(
        Booking.of(tenant)
        .where(
            GroupSession.ends_at <= clock.now(), GroupSession.ends_at > clock.now() - AFTER_LASTS,
            GroupSession.cancelled_at.is_(None), Booking.in_register(),
            or_(Booking.attendance.is_(None), Booking.attendance.in_(CAME)), ~said,
        )
        .order_by(None)
        .order_by(GroupSession.ends_at.desc(), Booking.id)
        .limit(1)
    ).one_or_none()


def told_by(tenant: Tenant) -> Select[Booking]:
    """Bookings of a tenant around which they said how they felt, newest first."""
    said = exists().where(SessionMood.booking_id == Booking.id)
    return Booking.of(tenant).where(said).order_by(None).order_by(GroupSession.starts_at.desc(), Booking.id)


def told_to(worker: Worker, tenant: Tenant) -> Select[Booking]:
    """The same for this tenant's keyworker; nothing unless the tenant agrees now, or it was opened for their safety,
    which each question asks afresh."""
    agreed = select(Tenant.id).where(Tenant.id == tenant.id, or_(
        shares_with(worker, Category.CHECK_INS, GivenAs.KEYWORKER), overridden_by(worker, Category.CHECK_INS)
    ))  # fmt: skip
    return told_by(tenant).where(Booking.tenant_id.in_(agreed))


def felt(session: Session, bookings: Sequence[Booking]) -> list[Felt]:
    """What was said around each of these, in one question however many there are."""
    ids = [booking.id for booking in bookings]
    said = {
        (each.booking_id, each.moment): each.mood
        for each in session.scalars(select(SessionMood).where(SessionMood.booking_id.in_(ids)))
    }
    return [
        Felt(booking, said.get((booking.id, Moment.BEFORE)), said.get((booking.id, Moment.AFTER)))
        for booking in bookings
    ]


def _span(group_session: GroupSession, moment: Moment) -> tuple[datetime, datetime]:
    if moment is Moment.AFTER:
        return group_session.starts_at, group_session.ends_at + AFTER_LASTS
    return clock.at(group_session.day, time(), ZoneInfo(group_session.zone)), group_session.ends_at
