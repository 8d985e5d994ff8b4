"""Writing supervision notes, and what waits to be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Worker
from tenant_app.accounts.teams import team_of
from tenant_app.supervision.models import MOST_ACTIONS, AgreedAction, SupervisionNote


class NotTheirCoordinator(ValueError):
    """The worker is not in this coordinator's team, or not any more."""


def write_note(
    session: Session, coordinator: Worker, worker: Worker, met_on: date, words: str, *,
    today: date, actions: Sequence[tuple[str, date]] = (), language: str = "",
) -> SupervisionNote:  # fmt: skip
    """Write down a meeting; `actions` are (what, by when). The same words about the same day are one note.

    Raises `NotTheirCoordinator`, and `ValueError` for a meeting still to come, an action that was due before it, or
    more than `MOST_ACTIONS`.
    """
    if session.scalar(team_of(coordinator).where(Worker.id == worker.id)) is None:
        raise NotTheirCoordinator(worker.id)
    if met_on > today or len(actions) > MOST_ACTIONS or any(by_on < met_on for _, by_on in actions):
        raise ValueError("a meeting that was, and actions after it")
    same = session.scalar(SupervisionNote.kept_by(coordinator).where(
        SupervisionNote.worker_id == worker.id, SupervisionNote.coordinator_id == coordinator.id,
        SupervisionNote.met_on == met_on, SupervisionNote.words == words,
    ).limit(1))  # fmt: skip
    if same is not None:
        return same
    note = SupervisionNote(
        worker=worker, coordinator=coordinator, met_on=met_on, words=words, language=language,
        actions=[AgreedAction(words=what, by_on=by_on) for what, by_on in actions], answers=[],
    )  # fmt: skip
    session.add(note)
    session.flush()
    return note


def notes_unread(session: Session, worker: Worker) -> int:
    """How many notes about this worker's practice they have not opened. One question."""
    unread = select(func.count(SupervisionNote.id))
    return session.scalar(unread.where(SupervisionNote.worker_id == worker.id, SupervisionNote.read_at.is_(None))) or 0


def last_met(session: Session, coordinator: Worker) -> Mapping[UUID, date]:
    """When each of this coordinator's team last had a meeting that the coordinator may read of, by worker. One
    question."""
    kept = SupervisionNote.kept_by(coordinator).order_by(None)
    found = session.execute(
        kept.with_only_columns(SupervisionNote.worker_id, func.max(SupervisionNote.met_on))
        .group_by(SupervisionNote.worker_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in found}
