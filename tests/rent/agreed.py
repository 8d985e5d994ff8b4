"""Terms of agreements, weeks lived with them, and what is said meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.reminders.models import Notice, State
from tenant_app.rent.agreeing import (
    review_agreements,
)
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.plans import Terms
from tenant_app.rent.rules import record_payment
from tests.rent.conftest import FRIDAY, TODAY

PENCE = st.integers(1, 5_000_000)


def terms(arrears: int = 6000, instalment: int = 500, **other: object) -> Terms:
    return Terms(arrears, instalment, Frequency.WEEKLY, FRIDAY, **other)  # type: ignore[arg-type]


def notices(session: Session, kind: str = "rent.instalment") -> list[tuple[str, str]]:
    """(which, day of the payment) of what waits to be said."""
    found = session.execute(
        select(Notice.source, Notice.occurrence).where(Notice.kind == kind, Notice.state == State.WAITING)
        .order_by(Notice.due_at)
    )  # fmt: skip
    return [(source.rpartition(":")[2], occurrence) for source, occurrence in found]


def lived(session: Session, account: RentAccount, days: int, pays: dict[int, int] | None = None) -> None:
    """Live `days` days from Thursday, the worker going round each morning; `pays` are pence by day."""
    for day in range(days + 1):
        with clock.stopped_at(datetime(2026, 11, 26, 9, 30, tzinfo=UTC) + timedelta(days=day)):
            on = TODAY + timedelta(days=day)
            if pays and day in pays:
                record_payment(session, account, pays[day], on, f"bank:{day}")
            while review_agreements(session, on):
                pass
