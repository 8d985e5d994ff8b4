"""Tenants with a phone each, reminders for all of them, and the push service that their phones listen to."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.database import Database
from tenant_app.keys import open_keys
from tenant_app.medication.slots import DOSE
from tenant_app.reminders.models import Heartbeat, Notice, State
from tenant_app.reminders.rules import announce
from tenant_app.reminders.subscriptions import subscribe
from tenant_app.settings import Settings
from tests.faults.push_service import Answer, PushService
from tests.faults.stage import empty_house, tenants


def environment(settings: Settings) -> dict[str, str]:
    """What a command needs in its environment to find this house."""
    return {
        **os.environ,
        "HOMEWARD_INSTANCE": str(settings.instance),
        "DATABASE_URL": settings.database_url,
        "HOMEWARD_VAPID_CONTACT": settings.vapid_contact,
        "HOMEWARD_PUSH_RECEIVER": settings.push_receiver,
        "HOMEWARD_PUSH_RECEIVER_CA": settings.push_receiver_ca,
    }


class Post:
    """Tenants with a phone each, and reminders for all of them."""

    def __init__(self, settings: Settings, service: PushService, count: int) -> None:
        self.settings = replace(settings, push_receiver=service.address, push_receiver_ca=str(service.authority))
        self.service, self.database = service, Database(settings.database)
        key = open_keys(settings.instance).vapid_public
        self.owners = tenants(self.database, count)
        self.phones = [service.phone(key) for _ in self.owners]
        with self.database.step() as session:
            for owner, phone in zip(self.owners, self.phones, strict=True):
                subscribe(session, owner, phone.endpoint, phone.p256dh, phone.auth, "Chrome", self.settings,
                          signed_with=key)  # fmt: skip

    def announce(self, occurrence: str) -> None:
        """A reminder for everyone, planned for a time that is far off."""
        far_off = clock.now() + timedelta(days=30)
        with self.database.step() as session:
            for owner in self.owners:
                announce(
                    session, owner, DOSE, source=f"post:{owner.id}", occurrence=occurrence, due_at=far_off,
                    lasts=timedelta(hours=1), facts={"time": "09:00", "count": 1},
                )  # fmt: skip

    def fall_due(self, occurrence: str, due_at: datetime, owners: Sequence[Tenant] | None = None) -> None:
        """Let the reminders of these owners, or of all, be due at a moment. Writing new ones would take longer."""
        chosen = [owner.id for owner in (self.owners if owners is None else owners)]
        with self.database.step() as session:
            session.execute(
                update(Notice)
                .where(Notice.occurrence == occurrence, Notice.tenant_id.in_(chosen))
                .values(due_at=due_at, try_at=due_at, expires_at=due_at + timedelta(hours=1)),
                execution_options={"synchronize_session": False},
            )

    def waiting(self, owners: Sequence[Tenant] | None = None) -> int:
        """How many reminders, of these owners or of all, have not been settled. What the worker's own chores announce
        meanwhile, months ahead, is none of them."""
        waits = select(func.count()).select_from(Notice).where(Notice.state == State.WAITING, Notice.kind == DOSE)
        if owners is not None:
            waits = waits.where(Notice.tenant_id.in_([owner.id for owner in owners]))
        with self.database.session(reads_only=True) as session:
            return session.scalar(waits) or 0

    def all_settled(self) -> bool:
        """Whether none waits any more."""
        return self.waiting() == 0

    def any_settled(self, owners: Sequence[Tenant]) -> bool:
        """Whether one of theirs waits no more."""
        return self.waiting(owners) < len(owners)

    def workers_heard_of(self) -> bool:
        """Whether a worker has given a sign of life."""
        with self.database.session(reads_only=True) as session:
            return session.scalar(select(func.count()).select_from(Heartbeat)) != 0


@contextmanager
def post(backend: str, count: int, *, seconds: float, plan: Callable[[], Answer] = Answer) -> Iterator[Post]:
    """A house with so many tenants, and a push service that answers after so many seconds."""
    with empty_house(backend) as settings, PushService(settings.instance, seconds=seconds, plan=plan) as service:
        made = Post(settings, service, count)
        try:
            yield made
        finally:
            made.database.close()


def wait_for(holds: Callable[[], bool], seconds: float) -> bool:
    """Look twenty times a second whether it holds, for so many seconds at most. Returns whether it did."""
    ends = time.time() + seconds
    while not (held := holds()) and time.time() < ends:
        time.sleep(0.05)
    return held
