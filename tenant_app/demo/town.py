"""The demo's people as they are in the database, and the days they live through."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.settings import Settings

WEEKS = 6
"""How long the house has been lived in."""


@dataclass
class Town:
    """Who is where, and what time it is."""

    session: Session
    settings: Settings
    now: datetime
    homes: dict[str, Property] = field(default_factory=dict)
    staff: dict[str, Worker] = field(default_factory=dict)
    tenants: dict[str, Tenant] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.now.astimezone(self.settings.zone).date()

    def moment(self, days: int, hour: int, minute: int = 0) -> datetime:
        """A wall time `days` from today; before today where negative."""
        return clock.at(self.today + timedelta(days=days), time(hour, minute), self.settings.zone)

    @contextmanager
    def at(self, days: int, hour: int, minute: int = 0) -> Iterator[None]:
        """Live that moment; one that is still to come happens now."""
        with clock.stopped_at(min(self.moment(days, hour, minute), self.now)):
            yield

    @contextmanager
    def at_moment(self, moment: datetime) -> Iterator[None]:
        """The same for a moment in UTC."""
        with clock.stopped_at(min(moment, self.now)):
            yield
