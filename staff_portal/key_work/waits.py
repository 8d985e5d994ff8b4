"""What waits for a worker in key work, in short: for the page that they start from."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from staff_portal.key_work.room import room
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Worker
from tenant_app.key_work.awareness import HazardMention, awareness_open
from tenant_app.key_work.models import KeyWorkNote, NoteAnswer
from tenant_app.key_work.rules import answers_unread, notes_held
from tenant_app.key_work.tasks import Task, tasks_due
from tenant_app.web.house import house, session


@dataclass(frozen=True)
class Waits:
    """Each the first first; all empty where nothing waits."""

    named: list[HazardMention]
    """Damp or mould in a note, and nobody has said what it was."""
    answers: list[NoteAnswer]
    """What tenants said beside notes."""
    tasks: list[Task]
    """Promised by today."""
    held: list[KeyWorkNote]
    """Kept from tenants, for a coordinator."""

    def __bool__(self) -> bool:
        return bool(self.named or self.answers or self.tasks or self.held)


def waits_for(session: Session, worker: Worker) -> Waits:
    """What waits for this worker at this moment, in a fixed number of statements."""
    today = clock.today(house().settings.zone)
    return Waits(
        awareness_open(session, worker), answers_unread(session, worker), tasks_due(session, worker, today),
        notes_held(session, worker),
    )  # fmt: skip


@room.app_template_global("key_work_waits")
def key_work_waits() -> Waits:
    """The same for whoever is here."""
    return waits_for(session(), worker())
