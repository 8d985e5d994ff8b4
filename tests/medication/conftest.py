"""Amina takes two medicines at nine and one of them again at nine in the evening."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.medication.models import Dose, Medicine
from tenant_app.medication.rules import Slot, add_medicine, slot_at
from tenant_app.reminders.models import Notice, State
from tenant_app.reminders.rules import plan_ahead
from tests.cast import Cast

LONDON = ZoneInfo("Europe/London")
NINE, EVENING = time(9), time(21)
TODAY = date(2026, 11, 26)


@dataclass
class Shelf:
    """A tenant's medicines in one session."""

    session: Session
    tenant: Tenant

    def add(self, name: str, *times: time, amount: str = "1 tablet", starts_on: date | None = None,
            ends_on: date | None = None) -> Medicine:  # fmt: skip
        return add_medicine(
            self.session, self.tenant, name, amount, times, LONDON, starts_on or clock.today(LONDON), ends_on
        )

    def slot(self, wall_time: time = NINE, day: date | None = None) -> Slot:
        return slot_at(self.session, self.tenant, day or clock.today(LONDON), wall_time, LONDON)

    def doses(self) -> Sequence[Dose]:
        return self.session.scalars(select(Dose).where(Dose.tenant_id == self.tenant.id)).all()

    def waiting(self, day: date | None = None) -> list[datetime]:
        """When something will be said about medicines, in UTC; of one day, or of all that are planned."""
        found = self.session.scalars(
            select(Notice.due_at).where(
                Notice.tenant_id == self.tenant.id, Notice.kind == "medication.dose", Notice.state == State.WAITING
            ).order_by(Notice.due_at)
        )  # fmt: skip
        return [due_at for due_at in found if day is None or due_at.astimezone(LONDON).date() == day]


@pytest.fixture
def shelf(session: Session, cast: Cast) -> Shelf:
    """Amina's, empty."""
    return Shelf(session, cast.now(session, cast.amina))  # type: ignore[arg-type]


@pytest.fixture
def full_shelf(shelf: Shelf) -> Shelf:
    """Written down nine days ago, so that there is a past; today is planned."""
    with clock.stopped_at(clock.now() - timedelta(days=9)):
        shelf.add("Metformin 500 mg", NINE, EVENING, amount="1 tablet, with food")
        shelf.add("Sertraline 50 mg", NINE)
    plan_ahead(shelf.session)
    return shelf


@pytest.fixture
def nasrin(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.nasrin.id)


@pytest.fixture
def marek(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.marek.id)
