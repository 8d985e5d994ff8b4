"""Amina pays £14.20 a week, each Friday from 4 September; Housing Benefit pays her rent."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.database import Database
from tenant_app.rent.agreeing import agree, propose
from tenant_app.rent.agreements import Agreement
from tenant_app.rent.importing.files import open_file
from tenant_app.rent.importing.problems import Problem
from tenant_app.rent.importing.running import Totals, check_file, import_file
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.plans import Terms
from tenant_app.rent.rules import open_account
from tests.cast import Cast

LONDON = ZoneInfo("Europe/London")
TODAY, FRIDAY = date(2026, 11, 26), date(2026, 11, 27)

Opened = Callable[..., RentAccount]
Agreed = Callable[..., Agreement]
Send = Callable[..., Totals]


def days_later(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.fixture
def opened(session: Session, cast: Cast) -> Opened:
    """Open an account for Amina with other terms."""

    def with_terms(**terms: object) -> RentAccount:
        usual = {
            "frequency": Frequency.WEEKLY, "first_due_on": FRIDAY, "service_charge_pence": 1420,
            "eligible_rent_pence": 22150, "zone": LONDON, "reference": "WH 0042",
        }  # fmt: skip
        return open_account(session, cast.now(session, cast.amina), **(usual | terms))  # type: ignore[arg-type]

    return with_terms


@pytest.fixture
def officer(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.devon.id)


@pytest.fixture
def account(session: Session, opened: Opened) -> RentAccount:
    """Amina's; nothing is due yet."""
    found = opened()
    session.commit()
    return found


@pytest.fixture
def behind(opened: Opened) -> RentAccount:
    """Amina's account, three weeks behind: £42.60 on Thursday, and the rent of tomorrow to come."""
    return opened(first_due_on=date(2026, 11, 6))


@pytest.fixture
def agreed(session: Session, behind: RentAccount, amina: Tenant, officer: Worker) -> Agreed:
    """An agreement about what Amina is behind with, proposed by Devon and agreed by her."""

    def with_terms(instalment: int, **terms: object) -> Agreement:
        usual = {"frequency": Frequency.WEEKLY, "first_on": FRIDAY}
        found = propose(session, behind, officer, Terms(4260, instalment, **(usual | terms)), TODAY)  # type: ignore[arg-type]
        agree(session, found, amina, TODAY)
        return found

    return with_terms


@pytest.fixture
def problems() -> list[Problem]:
    return []


@pytest.fixture
def send(database: Database, session: Session, problems: list[Problem]) -> Send:
    """Send a file; what was refused is in `problems`."""

    def sent(content: bytes, *, check: bool = False) -> Totals:
        problems.clear()
        # A session that looked at something would keep the import waiting for its turn on SQLite.
        session.commit()
        session.expire_all()
        opened = open_file(io.BytesIO(content))
        if check:
            return check_file(database, opened, LONDON, problems.append)
        return import_file(database, opened, "rent.csv", LONDON, problems.append)

    return sent
