"""Amina's phone, and a session in which every place is taken."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app.groups.models import GroupSession
from tests.cast import Cast
from tests.groups.programme import fill, plan


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    """Amina's."""
    return cast.at(tenant_door, cast.amina)


@pytest.fixture
def full(session: Session, cast: Cast) -> GroupSession:
    """Mindfulness for two, taken by neighbours."""
    planned = plan(session, cast, "mindfulness", capacity=2)
    fill(session, cast, planned)
    session.commit()
    return planned
