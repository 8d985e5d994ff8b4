"""Grace's desk, and what Amina lets her see."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app.accounts.consent import give_consent
from tenant_app.accounts.models import Tenant, Worker
from tests.cast import Cast
from tests.groups.programme import LONDON
from tests.today.signs import Share


@pytest.fixture
def desk(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.grace)


@pytest.fixture
def share(session: Session, amina: Tenant, grace: Worker) -> Share:
    """Amina lets Grace see something."""
    return lambda category: give_consent(session, amina, category, grace, LONDON) and None
