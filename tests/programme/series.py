"""Series for tests, planned through the rules."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, time
from typing import Any

from sqlalchemy.orm import Session

from tenant_app.accounts.models import Worker
from tenant_app.groups.models import GroupSession
from tenant_app.groups.programme.arranging import Arrangement
from tenant_app.groups.programme.planning import SeriesPlan, plan_series
from tenant_app.groups.programme.series import BankHolidays
from tests.cast import Cast
from tests.groups.programme import LONDON

FRIDAY = date(2026, 12, 4)
"""The first day of a series, unless a test says otherwise. Four weeks on it reaches Christmas Day."""

_OF_ARRANGEMENT = {field.name for field in fields(Arrangement)}


def series_plan(session: Session, cast: Cast, **changes: Any) -> SeriesPlan:
    """Joana's cooking for eight, three Fridays at eleven from 4 December on, unless `changes` say otherwise."""
    arranged = {name: changes.pop(name) for name in list(changes) if name in _OF_ARRANGEMENT}
    given: dict[str, Any] = {
        "kind": "cooking-together", "first_on": FRIDAY, "weeks": 3, "starts": time(11), "ends": time(12, 30),
        "zone": LONDON, "bank_holidays": BankHolidays.SKIP,
        "arrangement": Arrangement(**{
            "place": "Kitchen, ground floor", "lead": session.get_one(Worker, cast.joana.id), "capacity": 8, **arranged,
        }),
    }  # fmt: skip
    return SeriesPlan(**{**given, **changes})


def series(session: Session, cast: Cast, **changes: Any) -> list[GroupSession]:
    """The sessions of `series_plan`, planned by Nasrin, who coordinates."""
    return plan_series(session, session.get_one(Worker, cast.nasrin.id), series_plan(session, cast, **changes))
