"""Decisions about minutes: opened by whoever runs the meeting, a draft until published, then only ever corrected."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.database import put_if_absent
from tenant_app.groups.meetings.doing import tell_answered
from tenant_app.groups.meetings.minutes import Correction, MeetingAction, Minute, Outcome
from tenant_app.groups.meetings.models import AgendaItem, MeetingRecord
from tenant_app.groups.meetings.rules import Stale, agenda_of
from tenant_app.groups.models import GroupSession


class NotOpen(Exception):
    """The meeting has not been opened, or cannot be: it is called off, or still far ahead."""


class Published(Exception):
    """The minutes are published: they can be corrected, and no longer changed."""


def open_meeting(session: Session, worker: Worker, meeting: GroupSession) -> MeetingRecord:
    """The facilitator opens the meeting; from then on its items take minutes. Twice keeps the first time.

    `meeting` was found among `meetings_run_by(worker)`. Raises `NotOpen` before its register opens.
    """
    if not meeting.register_open:
        raise NotOpen
    values = {"session_id": meeting.id, "opened_at": clock.now(), "opened_by_id": worker.id}
    put_if_absent(session, MeetingRecord, [values])
    return session.get_one(MeetingRecord, meeting.id)


def write_minutes(
    session: Session, worker: Worker, meeting: GroupSession, item: AgendaItem, words: str, outcome: Outcome | None, *,
    seen: int, language: str = "",
) -> Minute:  # fmt: skip
    """What was said and decided about one item of a meeting's agenda. `seen` is the version the page showed; 0: none.

    Raises `NotOpen`, `Published`, `LookupError` for an item that is not on its agenda, and `Stale` where somebody else
    wrote meanwhile.
    """
    _draft(session, meeting)
    # Held, so that its writer takes it off either before this is decided or not at all.
    session.scalar(select(AgendaItem.id).where(AgendaItem.id == item.id).with_for_update())
    if item.id not in {each.id for each in agenda_of(session, meeting)}:
        raise LookupError(item.id)
    minute = minute_of(session, meeting, item)
    if (minute.version if minute else 0) != seen:
        raise Stale
    if minute is None:
        minute = Minute(session_id=meeting.id, item_id=item.id, version=0)
        session.add(minute)
    minute.words, minute.outcome, minute.language = words, outcome, language or worker.language
    minute.worker, minute.written_at = worker, clock.now()
    minute.version += 1
    session.flush()
    return minute


def publish(session: Session, worker: Worker, meeting: GroupSession) -> None:
    """Everybody at home may read the minutes from now on. What was not dealt with goes on to the next meeting; whose
    item came to something is told. Twice, nothing more happens. Raises `NotOpen`."""
    record = _record(session, meeting)
    if record.published:
        return
    known = {minute.item_id: minute for minute in minutes_of(session, meeting)}
    for item in agenda_of(session, meeting):
        minute = known.get(item.id)
        if minute is None:
            minute = Minute(session_id=meeting.id, item_id=item.id, worker=worker, language=worker.language)
            session.add(minute)
        minute.outcome = minute.outcome or Outcome.CARRIED
        minute.written_at = minute.written_at or clock.now()
        if minute.dealt:
            item.settled_at = item.settled_at or clock.now()
            tell_answered(session, item, meeting)
    record.publish(worker)
    session.flush()


def correct(session: Session, worker: Worker, minute: Minute, words: str, *, language: str = "") -> Correction:
    """Say what was wrong in published minutes; both stay to be read. Raises `NotOpen` while they are a draft."""
    record = session.get(MeetingRecord, minute.session_id)
    if record is None or not record.published:
        raise NotOpen
    correction = Correction(
        minute_id=minute.id, words=words, language=language or worker.language, worker=worker, written_at=clock.now()
    )
    session.add(correction)
    session.flush()
    return correction


def add_action(
    session: Session, worker: Worker, meeting: GroupSession, item: AgendaItem, what: str, due_on: date, *,
    owner: Worker | None = None, language: str = "",
) -> MeetingAction:  # fmt: skip
    """Something to be done by `due_on`, by a worker or, with None, by the house: whoever of it offers.

    Added to published minutes, it says when. Raises `NotOpen`, and `LookupError` for an item that is not on the agenda.
    """
    _record(session, meeting)
    if item.id not in {each.id for each in agenda_of(session, meeting)}:
        raise LookupError(item.id)
    action = MeetingAction(
        group_session=meeting, item=item, what=what, language=language or worker.language, due_on=due_on,
        first_due_on=due_on, worker=owner, written_at=clock.now(), version=1,
    )  # fmt: skip
    session.add(action)
    session.flush()
    return action


def change_action(
    session: Session, worker: Worker, action: MeetingAction, what: str, due_on: date, *, owner: Worker | None,
    seen: int, language: str = "",
) -> None:  # fmt: skip
    """Another day or owner; other words only while the minutes are a draft, and else `what` is passed over.

    `action` was found among `MeetingAction.seen_by(worker)`. A worker who takes it over relieves whoever had offered.
    Raises `Stale`.
    """
    record = session.get(MeetingRecord, action.session_id, with_for_update=True)
    session.refresh(action, with_for_update=True)
    if action.version != seen:
        raise Stale
    if record is None or not record.published:
        if what != action.what:
            action.what, action.language = what, language or worker.language
        action.first_due_on = due_on
    action.due_on, action.worker = due_on, owner
    if owner is not None:
        action.tenant = None
    action.version += 1
    session.flush()


def minute_of(session: Session, meeting: GroupSession, item: AgendaItem) -> Minute | None:
    """What a meeting's minutes say of one item, as they are at this moment."""
    return session.scalars(
        select(Minute)
        .where(Minute.session_id == meeting.id, Minute.item_id == item.id)
        .execution_options(populate_existing=True)
    ).one_or_none()


def minutes_of(session: Session, meeting: GroupSession) -> list[Minute]:
    """All of a meeting's minutes."""
    corrected = selectinload(Minute.corrections).selectinload(Correction.worker)
    return list(session.scalars(select(Minute).options(corrected).where(Minute.session_id == meeting.id)))


def actions_of(session: Session, meeting: GroupSession) -> dict[UUID, list[MeetingAction]]:
    """What a meeting agreed to do, by item, the soonest first."""
    found: dict[UUID, list[MeetingAction]] = {}
    for action in session.scalars(
        select(MeetingAction)
        .options(selectinload(MeetingAction.worker), selectinload(MeetingAction.tenant))
        .where(MeetingAction.session_id == meeting.id)
        .order_by(MeetingAction.due_on, MeetingAction.what, MeetingAction.id)
    ):
        found.setdefault(action.item_id, []).append(action)
    return found


def _record(session: Session, meeting: GroupSession) -> MeetingRecord:
    # Held, so that minutes are written either before they are published or not at all.
    record = session.get(MeetingRecord, meeting.id, with_for_update=True, populate_existing=True)
    if record is None:
        raise NotOpen
    return record


def _draft(session: Session, meeting: GroupSession) -> None:
    if _record(session, meeting).published:
        raise Published
