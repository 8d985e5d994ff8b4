"""How the engine stands: what is due, what is late, what fails and where. The tables are the queue and its monitor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.reminders.models import Delivery, Heartbeat, Notice, State, Subscription
from tenant_app.reminders.rules import SILENCE

LATE = timedelta(minutes=1)
"""How long after its time a notice that waits counts as late."""

LATELY = timedelta(hours=24)


@dataclass(frozen=True)
class Service:
    """One push service as its browsers see it."""

    name: str
    """As settings list it; empty for browsers that subscribed before services were written down."""
    browsers: int
    failing: int
    """Browsers for which nothing was accepted since their last try."""
    failing_since: datetime | None
    refused: int
    """Pushes of the last `LATELY` that it will never take, or not with our signature."""
    putting_off: int
    """Pushes that it asked to see later, and that still wait."""


@dataclass(frozen=True)
class Process:
    """One worker process."""

    name: str
    beat_at: datetime

    @property
    def silent(self) -> bool:
        return self.beat_at < clock.now() - SILENCE


@dataclass(frozen=True)
class Standing:
    """The engine at one moment. Counts are of notices, times are UTC."""

    planned: int
    """Waiting for a moment that is to come."""
    due: int
    late: int
    """Due for longer than `LATE`, in a worker's hands or in nobody's."""
    oldest_due_at: datetime | None
    settled: dict[State, int]
    """What became of those settled in the last `LATELY`."""
    services: list[Service]
    workers: list[Process]

    @property
    def lateness(self) -> timedelta:
        """How long the oldest of what is due has waited."""
        return clock.now() - self.oldest_due_at if self.oldest_due_at else timedelta()

    @property
    def silent(self) -> bool:
        """Whether no worker is heard of: nothing is being sent."""
        return all(worker.silent for worker in self.workers)


def standing(session: Session) -> Standing:
    """The engine as it stands now. Five queries, each over an index of what it counts."""
    now = clock.now()
    planned, due, late, oldest = session.execute(
        select(
            func.count().filter(Notice.due_at > now),
            func.count().filter(Notice.due_at <= now, Notice.expires_at > now),
            func.count().filter(Notice.due_at <= now - LATE, Notice.expires_at > now),
            func.min(Notice.due_at).filter(Notice.due_at <= now, Notice.expires_at > now),
        ).where(Notice.waits())
    ).one()
    settled = session.execute(
        select(Notice.state, func.count().label("number"))
        .where(Notice.settled_at > now - LATELY)
        .group_by(Notice.state)
    )
    return Standing(
        planned=planned, due=due, late=late, oldest_due_at=oldest,
        settled={row.state: row.number for row in settled},
        services=_services(session, now),
        workers=[
            Process(name, beat_at)
            for name, beat_at in session.execute(select(Heartbeat.name, Heartbeat.beat_at).order_by(Heartbeat.name))
        ],
    )  # fmt: skip


def _services(session: Session, now: datetime) -> list[Service]:
    name = Subscription.service
    tried = {
        row.service: row
        for row in session.execute(
            select(
                name,
                func.count().filter(Delivery.outcome.in_(("refused", "operator"))).label("refused"),
                func.count().filter(Delivery.again_at > now).label("putting_off"),
            )
            .join(Subscription, Subscription.id == Delivery.subscription_id)
            .where(Delivery.tried_at > now - LATELY)
            .group_by(name)
        )
    }
    found = session.execute(
        select(
            name,
            func.count().label("browsers"),
            func.count(Subscription.failing_since).label("failing"),
            func.min(Subscription.failing_since).label("since"),
        )
        .group_by(name)
        .order_by(func.count().desc(), name)
    )
    return [
        Service(
            row.service, row.browsers, row.failing, row.since,
            tried[row.service].refused if row.service in tried else 0,
            tried[row.service].putting_off if row.service in tried else 0,
        )
        for row in found
    ]  # fmt: skip
