"""Amina's phone, and a session of yesterday."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.groups.models import GroupSession
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups_after.after import booked, marked


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    """Amina's."""
    return cast.at(tenant_door, cast.amina)


@pytest.fixture
def cooking(session: Session, cast: Cast, amina: Tenant, tomasz: Tenant) -> GroupSession:
    """Yesterday; Amina and Tomasz came."""
    planned = booked(session, cast, amina, tomasz, starts_at=THURSDAY - timedelta(days=1))
    for tenant in (amina, tomasz):
        marked(session, cast, tenant, planned)
    session.commit()
    return planned
