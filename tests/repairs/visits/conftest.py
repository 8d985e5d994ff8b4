"""A repair of Amina's for which times are on offer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Worker
from tenant_app.repairs.models import Repair
from tenant_app.repairs.visits.desk import offer
from tenant_app.repairs.visits.models import VisitSlot
from tests.repairs.conftest import LONDON, Reported, amina, devon, reported

__all__ = ["MONDAY", "TUESDAY", "amina", "devon", "offered", "reported", "slots_of"]

MONDAY = (date(2026, 11, 30), "13:00-16:00")
TUESDAY = (date(2026, 12, 1), "09:00-12:00")

Offered = Callable[..., Repair]


def slots_of(session: Session, repair: Repair) -> list[VisitSlot]:
    """All that were ever offered, soonest first."""
    return list(session.scalars(VisitSlot.of(repair), execution_options={"populate_existing": True}))


@pytest.fixture
def offered(session: Session, reported: Reported, devon: Worker) -> Offered:
    """Makes a repair for which Devon offers Monday afternoon and Tuesday morning, or the times that are named."""

    def make(*times: tuple[date, str]) -> Repair:
        repair = reported()
        offer(session, devon, repair, times or (MONDAY, TUESDAY), zone=LONDON)
        session.commit()
        return session.scalars(Repair.whole(select(Repair).where(Repair.id == repair.id))).one()

    return make
