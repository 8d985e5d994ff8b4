"""Amina pays £14.20 a week, each Friday from 4 September; Housing Benefit pays her rent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.rules import open_account
from tests.cast import Cast

LONDON = ZoneInfo("Europe/London")
TODAY, FRIDAY = date(2026, 11, 26), date(2026, 11, 27)

Opened = Callable[..., RentAccount]


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
