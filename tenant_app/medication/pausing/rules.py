"""Letting all medicines rest for a while, and taking them up again. Part of the room's rules."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.medication.pausing.models import MedicinePause, PauseReason
from tenant_app.medication.recording import MAY_FILL_IN
from tenant_app.medication.reminding import keep_in_step
from tenant_app.medication.slots import current_slots
from tenant_app.medication.writing.rules import hold

LONGEST_PAUSE = timedelta(days=366)
"""From today. Longer than a year nobody means; "until I say so" has no end at all."""

TOLD_AFTER = timedelta(days=2)
"""How long it is said that a pause ended by itself."""


class BadPause(ValueError):
    """`what` names it: `ends-before-it-begins`, `too-long-ago` or `too-far`."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


def pause_medicines(
    session: Session, tenant: Tenant, reason: PauseReason, zone: ZoneInfo, *, first: date | None = None,
    last: date | None = None, words: str = "",
) -> MedicinePause:  # fmt: skip
    """Nobody is reminded from the start of `first` to the end of `last`, both included.

    Without `first` it begins now, and what waits for an answer at this moment rests too; without `last` it goes on
    until `resume_medicines`. What is recorded stays, and more may be. There is one pause that has not ended: asking
    again changes it, and never makes what rested a gap. Raises `BadPause` for days that cannot be meant.
    """
    now, today = clock.now(), clock.today(zone)
    begins_on = first or today
    if last is not None and last < begins_on:
        raise BadPause("ends-before-it-begins")
    if begins_on <= today - timedelta(days=MAY_FILL_IN):
        raise BadPause("too-long-ago")
    if max(begins_on, last or begins_on) > today + LONGEST_PAUSE:
        raise BadPause("too-far")
    hold(session, tenant)
    starts_at = clock.at(first, time(), zone) if first else _since(session, tenant, zone)
    ends_at = clock.at(last + timedelta(days=1), time(), zone) if last else None
    over = ends_at is not None and ends_at <= now
    pause = _same(session, tenant, starts_at, ends_at) if over else current_pause(session, tenant)
    if pause is None:
        pause = MedicinePause(tenant=tenant, starts_at=starts_at)
        session.add(pause)
    else:
        pause.starts_at = starts_at if pause.to_come else min(starts_at, pause.starts_at)
    pause.reason, pause.words, pause.ends_at, pause.last_day = reason, words, ends_at, last
    session.flush()
    keep_in_step(session, tenant, zone)
    return pause


def resume_medicines(session: Session, tenant: Tenant, zone: ZoneInfo) -> None:
    """Reminders are on again from now, and what is due at this moment may be answered. Twice is once.

    A pause that has not begun is forgotten.
    """
    hold(session, tenant)
    pause = current_pause(session, tenant)
    if pause is None:
        return
    if pause.to_come:
        session.delete(pause)
    else:
        now = clock.now()
        open_still = [slot.at for slot in current_slots(session, tenant, zone) if slot.at <= now < slot.until]
        pause.ends_at, pause.last_day = max(min([*open_still, now]), pause.starts_at), None
    session.flush()
    keep_in_step(session, tenant, zone)


def current_pause(session: Session, tenant: Tenant) -> MedicinePause | None:
    """The pause that goes on or is to come."""
    unended = or_(MedicinePause.ends_at.is_(None), MedicinePause.ends_at > clock.now())
    return session.scalars(MedicinePause.of(tenant).where(unended)).first()


def ended_pause(session: Session, tenant: Tenant) -> MedicinePause | None:
    """A pause that ended by itself a short while ago, to be told of; None once another began."""
    last = session.scalars(MedicinePause.of(tenant)).all()
    if not last or last[-1].ends_at is None or last[-1].last_day is None:
        return None
    return last[-1] if last[-1].ends_at <= clock.now() < last[-1].ends_at + TOLD_AFTER else None


def _same(session: Session, tenant: Tenant, starts_at: datetime, ends_at: datetime | None) -> MedicinePause | None:
    """One that is over and was written down already: a double tap."""
    same = MedicinePause.of(tenant).where(MedicinePause.starts_at == starts_at, MedicinePause.ends_at == ends_at)
    return session.scalars(same).first()


def _since(session: Session, tenant: Tenant, zone: ZoneInfo) -> datetime:
    """Now, or the moment at which what waits for an answer became due."""
    return min([slot.at for slot in current_slots(session, tenant, zone) if slot.due], default=clock.now())
