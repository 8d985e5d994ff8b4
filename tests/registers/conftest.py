"""People in the test's own session."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant, Worker
from tests.cast import Cast


@pytest.fixture
def amina(session: Session, cast: Cast) -> Tenant:
    return session.get_one(Tenant, cast.amina.id)


@pytest.fixture
def tomasz(session: Session, cast: Cast) -> Tenant:
    return session.get_one(Tenant, cast.tomasz.id)


@pytest.fixture
def salma(session: Session, cast: Cast) -> Tenant:
    return session.get_one(Tenant, cast.salma.id)


@pytest.fixture
def joana(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.joana.id)
