"""What registers hold beside marks: someone late, someone who walked in, a note, one unfinished, one who is missed."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from sqlalchemy import select

from tenant_app.accounts.consent import Category, give_consent
from tenant_app.accounts.models import Tenant
from tenant_app.demo.people import JOANA
from tenant_app.demo.town import Town
from tenant_app.groups.models import Attendance, Booking, GroupSession
from tenant_app.groups.register.attendance import add_walk_in, mark_attendance, may_walk_in, write_note
from tenant_app.groups.register.care import LOOKS_BACK, morning_round


def keep_registers(town: Town) -> None:
    """Live through what happened at the groups of the last fortnight, and the mornings after."""
    _cook(town)
    _leave_one_open(town)
    _miss_someone(town)
    # A morning that is still to come is lived through by the worker.
    if town.moment(0, 9, 5) <= town.now:
        with town.at(0, 9, 5):
            morning_round(town.session, town.settings.zone)


def _past(town: Town, kind: str) -> list[GroupSession]:
    """Sessions of the last fortnight, newest first."""
    return list(
        town.session.scalars(
            select(GroupSession)
            .where(
                GroupSession.kind == kind, GroupSession.ends_at < town.now, GroupSession.ends_at > town.now - LOOKS_BACK
            )
            .order_by(GroupSession.starts_at.desc())
        )
    )


def _cook(town: Town) -> None:
    joana = town.staff[JOANA.name]
    for cooking in _past(town, "cooking-together")[:1]:
        with town.at_moment(cooking.starts_at + timedelta(minutes=20)):
            expected = town.session.scalars(Booking.expected_at(cooking)).all()
            for booking in expected[:1]:
                mark_attendance(town.session, joana, cooking, booking.tenant_id, Attendance.LATE)
            known = [booking.tenant_id for booking in expected]
            passing = town.session.scalars(may_walk_in(cooking).where(Tenant.id.not_in(known)).limit(1)).first()
            if passing is not None:
                add_walk_in(town.session, joana, cooking, passing)
            write_note(town.session, joana, cooking, "We cooked dal for nine. Bring more onions next time.")


def _leave_one_open(town: Town) -> None:
    for talk in _past(town, "budgeting")[:1]:
        with town.at_moment(talk.ends_at):
            for booking in town.session.scalars(Booking.expected_at(talk)).all()[:1]:
                mark_attendance(town.session, talk.facilitator, talk, booking.tenant_id, None)


def _miss_someone(town: Town) -> None:
    """Whoever has a place in two quiet hours in a row was in neither, and lets their keyworker know of such things."""
    for later, earlier in pairwise(_past(town, "mindfulness")):
        both = {booking.tenant_id for booking in town.session.scalars(Booking.expected_at(earlier))}
        for booking in town.session.scalars(Booking.expected_at(later)).all():
            keyworker = booking.tenant.keyworker
            if booking.tenant_id not in both or keyworker is None:
                continue
            with town.at_moment(earlier.starts_at - timedelta(days=2)):
                give_consent(town.session, booking.tenant, Category.GROUPS, keyworker, town.settings.zone)
            for missed in (earlier, later):
                with town.at_moment(missed.starts_at + timedelta(minutes=15)):
                    mark_attendance(town.session, missed.facilitator, missed, booking.tenant_id, Attendance.NOT_HERE)
            return
