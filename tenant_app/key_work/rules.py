"""Decisions about notes: writing, changing within a day, putting right, holding back, answering."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from tenant_app import clock
from tenant_app.accounts.models import Role, Tenant, Worker, supported_by
from tenant_app.bulk import among
from tenant_app.key_work.awareness import take_note
from tenant_app.key_work.models import How, KeyWorkNote, NoteAnswer, NoteEdition, NoteHold
from tenant_app.reminders.rules import announce, withdraw

WRITTEN = "key-work.note"
"""Kind of notice: there is a note that you can read."""

NEWS_LASTS = timedelta(days=3)
"""How long a push about it is worth delivering to a phone that was off."""

MOST_BACK = timedelta(days=366)
"""How long ago a contact can have been that is written down now."""

MOST_HELD = timedelta(days=28)
"""How far ahead the day lies at most until which a note is held back. Then somebody says again why, or it opens."""

MOST_ANSWERS = 20
"""Of a tenant beside one note."""

DOUBLE_TAP = timedelta(minutes=1)
"""The same words again within this time are what is there already."""

A_PAGE = 20


class NotTheirs(Exception):
    """The worker no longer supports this tenant."""


class TooLate(Exception):
    """A note that is older than a day is changed no more."""


class Stale(Exception):
    """Somebody changed it since the page was opened."""


class Enough(Exception):
    """There are `MOST_ANSWERS` answers already."""


@dataclass(frozen=True)
class Contact:
    """What a worker writes down."""

    met_at: datetime
    """Aware; not in the future, and at most `MOST_BACK` ago."""
    how: How
    happened: str
    opinion: str = ""
    agreed: str = ""
    minutes: int | None = None


@dataclass(frozen=True)
class Hold:
    """Why the tenant is not to read it yet, and the last day of that."""

    reason: str
    until: date


@dataclass(frozen=True)
class Stretch:
    """A page of notes, the latest contact first; `onward` is the note after which it goes on, None at the end."""

    notes: Sequence[KeyWorkNote]
    onward: KeyWorkNote | None


def write_note(
    session: Session, worker: Worker, tenant: Tenant, contact: Contact, *, terms: list[str], zone: ZoneInfo,
    language: str = "en", corrects: KeyWorkNote | None = None, hold: Hold | None = None,
) -> KeyWorkNote:  # fmt: skip
    """A note about a tenant found in `worker.caseload`; the tenant reads it at once and is told, unless it is held
    back. A double tap is one note.

    `terms` are the words that name a hazard (`hazard_words.terms()`): where it has one of them, the landlord is aware
    from now on, see `awareness`. Raises `NotTheirs` where the caseload has changed meanwhile, `ValueError` for a
    contact to come or too long ago, for an empty one, and for a hold without reason, over `MOST_HELD` or in the past.
    """
    _lock(session, tenant)
    if session.scalar(select(Tenant.id).where(Tenant.id == tenant.id, supported_by(worker))) is None:
        raise NotTheirs
    _check(contact)
    last = session.scalar(
        select(KeyWorkNote).where(KeyWorkNote.tenant_id == tenant.id, KeyWorkNote.worker_id == worker.id)
        .order_by(KeyWorkNote.written_at.desc()).limit(1)
    )  # fmt: skip
    if last is not None and last.written_at > clock.now() - DOUBLE_TAP and last.happened == contact.happened:
        return last
    note = KeyWorkNote(
        tenant=tenant, worker=worker, met_at=contact.met_at, how=contact.how, minutes=contact.minutes,
        happened=contact.happened, opinion=contact.opinion, agreed=contact.agreed, language=language,
        corrects=corrects, written_at=clock.now(),
    )  # fmt: skip
    session.add(note)
    if hold is not None:
        _hold(note, worker, hold, zone)
    session.flush()
    take_note(session, note, terms)
    _tell(session, note)
    return note


def rewrite(
    session: Session, worker: Worker, note: KeyWorkNote, contact: Contact, *, seen: int, terms: list[str],
    language: str = "en",
) -> None:  # fmt: skip
    """Change one's own note within a day of writing it; how it read before is kept. `seen` is the edition that the
    page showed. Raises `NotTheirs`, `TooLate`, `Stale`, and `ValueError` as `write_note` does."""
    _lock_note(session, note)
    if note.worker_id != worker.id:
        raise NotTheirs
    if not note.can_be_changed:
        raise TooLate
    if (note.met_at, note.how, note.minutes, note.happened, note.opinion, note.agreed) == (
        contact.met_at, contact.how, contact.minutes, contact.happened, contact.opinion, contact.agreed,
    ):  # fmt: skip
        return
    if note.edition != seen:
        raise Stale
    _check(contact)
    session.add(NoteEdition.as_it_stands(note))
    note.met_at, note.how, note.minutes = contact.met_at, contact.how, contact.minutes
    note.happened, note.opinion, note.agreed, note.language = (
        contact.happened, contact.opinion, contact.agreed, language
    )  # fmt: skip
    note.edition, note.changed_at = note.edition + 1, clock.now()
    session.flush()
    take_note(session, note, terms)


def hold_longer(session: Session, worker: Worker, note: KeyWorkNote, hold: Hold, zone: ZoneInfo) -> None:
    """Hold back further what is held back now. What a tenant may read already is not taken away: raises `TooLate`.
    `ValueError` as in `write_note`."""
    _lock_note(session, note)
    standing = note.hold
    if standing is None:
        raise TooLate
    standing.ended_at, standing.ended_by_id = clock.now(), worker.id
    _hold(note, worker, hold, zone)
    session.flush()
    _tell(session, note)


def let_read(session: Session, worker: Worker, note: KeyWorkNote) -> None:
    """The tenant reads it from now on, and is told. Twice is once."""
    _lock_note(session, note)
    standing = note.hold
    if standing is None:
        return
    standing.ended_at, standing.ended_by_id = clock.now(), worker.id
    session.flush()
    _tell(session, note)


def answer(session: Session, note: KeyWorkNote, words: str, language: str) -> NoteAnswer:
    """What the tenant says beside a note found in `KeyWorkNote.told_to(tenant)`. A double tap is one answer. Raises
    `Enough`."""
    _lock_note(session, note)
    if note.answers:
        last = note.answers[-1]
        if last.words == words and last.said_at > clock.now() - DOUBLE_TAP:
            return last
    if len(note.answers) >= MOST_ANSWERS:
        raise Enough
    said = NoteAnswer(note=note, words=words, language=language, said_at=clock.now())
    session.add(said)
    session.flush()
    return said


def page_of(session: Session, notes: Select[KeyWorkNote], after: UUID | None) -> Stretch:
    """The first notes of a list, or those that follow the note `after`. Raises `LookupError` where that one is not in
    the list."""
    shown = notes
    if after is not None:
        mark = session.scalar(notes.where(KeyWorkNote.id == after))
        if mark is None:
            raise LookupError(after)
        shown = notes.where(KeyWorkNote.before(mark.met_at, mark.id))
    found = session.scalars(KeyWorkNote.whole(shown).limit(A_PAGE + 1)).unique().all()
    return Stretch(found[:A_PAGE], found[A_PAGE - 1] if len(found) > A_PAGE else None)


def answers_unread(session: Session, worker: Worker) -> list[NoteAnswer]:
    """What tenants of this worker's caseload answered and nobody has read, oldest first, with note and tenant. For the
    desk's Today. One statement."""
    return list(session.scalars(
        select(NoteAnswer).join(KeyWorkNote, KeyWorkNote.id == NoteAnswer.note_id)
        .join(Tenant, Tenant.id == KeyWorkNote.tenant_id)
        .where(supported_by(worker), NoteAnswer.seen_at.is_(None))
        .options(joinedload(NoteAnswer.note).joinedload(KeyWorkNote.tenant))
        .order_by(NoteAnswer.said_at, NoteAnswer.id)
    ))  # fmt: skip


def notes_held(session: Session, worker: Worker) -> list[KeyWorkNote]:
    """What is kept from tenants just now, the longest first, with its holds: of those for whom a coordinator answers;
    nothing for others. For the desk's Today and supervision. Two statements."""
    if worker.role is not Role.COORDINATOR or worker.left_at is not None:
        return []
    held = KeyWorkNote.held_back(worker).options(joinedload(KeyWorkNote.tenant))
    return list(session.scalars(KeyWorkNote.whole(held)).unique())


def last_notes(session: Session, tenant_ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When each of these tenants was last met, by their notes. One statement."""
    found = session.execute(
        select(KeyWorkNote.tenant_id, func.max(KeyWorkNote.met_at))
        .where(among(KeyWorkNote.tenant_id, tenant_ids)).group_by(KeyWorkNote.tenant_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in found}


def _check(contact: Contact) -> None:
    if not clock.now() - MOST_BACK <= contact.met_at <= clock.now():
        raise ValueError("a contact lies in the past, and not longer ago than a year")
    if not contact.happened:
        raise ValueError("a note says what happened")


def _hold(note: KeyWorkNote, worker: Worker, hold: Hold, zone: ZoneInfo) -> None:
    today = clock.today(zone)
    if not hold.reason or not today <= hold.until <= today + MOST_HELD:
        raise ValueError("held back with a reason, for a while")
    note.holds.insert(0, NoteHold(
        worker=worker, reason=hold.reason, at=clock.now(), until=hold.until,
        ends_at=clock.at(hold.until + timedelta(days=1), time(), zone),
    ))  # fmt: skip


def _tell(session: Session, note: KeyWorkNote) -> None:
    """Tell the tenant now, or at the moment from which they may read it."""
    source = f"key-work-note:{note.id}"
    withdraw(session, source)
    standing = note.hold
    announce(
        session, note.tenant, WRITTEN, source=source, occurrence=standing.id.hex if standing else "open",
        due_at=standing.ends_at if standing else None, lasts=NEWS_LASTS,
        facts={"note": str(note.id), "from": note.worker.known_as},
    )  # fmt: skip


def _lock(session: Session, tenant: Tenant) -> None:
    """Two who write at the same moment queue here, and so does a handover."""
    people = Tenant.__table__
    session.execute(select(people.c.id).where(people.c.id == tenant.id).with_for_update(key_share=True))
    session.refresh(tenant, ["keyworker_id"])


def _lock_note(session: Session, note: KeyWorkNote) -> None:
    """Two who change the same note at the same moment queue here; the second finds what the first did."""
    notes = KeyWorkNote.__table__
    session.execute(select(notes.c.id).where(notes.c.id == note.id).with_for_update())
    session.expire(note)
