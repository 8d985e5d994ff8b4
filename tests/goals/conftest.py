"""Amina's phone, and a goal of hers that she shares."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.database import Database
from tenant_app.goals.models import Goal
from tenant_app.goals.rules import write_goal
from tests.cast import Cast


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


@pytest.fixture
def soup(session: Session, cast: Cast) -> Goal:
    goal = write_goal(
        session, session.get_one(Tenant, cast.amina.id), "Cook twice a week", first_step="Choose two meals", shared=True
    )
    goal.add_step("Buy a knife")
    session.commit()
    return goal


@pytest.fixture
def now(database: Database) -> Callable[[Any], Any]:
    """A record as it stands now, read without holding anything, and detached."""

    def read(record: Any) -> Any:
        with database.session(reads_only=True) as session:
            return session.get_one(type(record), record.id)

    return read
