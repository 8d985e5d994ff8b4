"""Ruth, who helps as a volunteer and has been trained in nothing yet; and the ways in of those who see to that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Footing, Role, Worker
from tenant_app.accounts.rules import welcome_worker
from tenant_app.training.models import Course, Duty, TrainingRecord
from tenant_app.training.rules import write_record
from tests.cast import Cast

TODAY = date(2026, 11, 26)
SAFEGUARDING = Course(
    "safeguarding-adults", 36, frozenset({Duty.WORKER, Duty.CO, Duty.PEER, Duty.VOLUNTEER}), refuses=True
)


@pytest.fixture
def ruth(session: Session, cast: Cast) -> Worker:
    added = welcome_worker(
        session, "Ruth Adler", "ruth@wrenfield.org.uk", Role.FACILITATOR, footing=Footing.VOLUNTEER
    )
    session.commit()
    return added


@pytest.fixture
def nasrin(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.nasrin)


@pytest.fixture
def has_done(session: Session, cast: Cast) -> Callable[..., TrainingRecord]:
    """Write down, as Nasrin, that somebody has done a course."""

    def write(worker: Worker, done_on: date, valid_until: date | None, course: Course = SAFEGUARDING) -> TrainingRecord:
        kept = write_record(
            session, worker, course, done_on=done_on, valid_until=valid_until,
            checked_by=session.get_one(Worker, cast.nasrin.id), today=TODAY,
        )  # fmt: skip
        session.commit()
        return kept

    return write


def written(**changes: Any) -> dict[str, Any]:
    """What the form sends for safeguarding, done last week."""
    return {"course": "safeguarding-adults", "done_on": "2026-11-19", "checked": "y", **changes}
