"""People and their repairs, in the test's own session and at a door."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.repairs.models import Repair
from tenant_app.repairs.rules import report, start_draft
from tests.cast import Cast

LONDON = ZoneInfo("Europe/London")

Reported = Callable[..., Repair]


def rows(session: Session, query: Select[Any]) -> list[Any]:
    """What the database holds now. The transaction is ended, or on SQLite no page could write beside it."""
    found = list(session.scalars(query, execution_options={"populate_existing": True}))
    session.commit()
    return found


@pytest.fixture
def amina(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


@pytest.fixture
def devon(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.devon.id)


@pytest.fixture
def reported(session: Session, cast: Cast) -> Reported:
    """Makes a repair that Amina, or whoever is named, has sent."""

    def make(
        tenant: Tenant | None = None, kind: str = "leak", *, hazard: bool = False, urgent: str = "", shared: bool = False
    ) -> Repair:
        draft = start_draft(session, session.get_one(Tenant, (tenant or cast.amina).id), urgent=urgent)
        draft.say_where(["shared-stairs" if shared else "kitchen"], shared=shared)
        draft.say_kind(kind, "", hazard=hazard)
        draft.say_words("The tap drips", language="en")
        report(session, draft)
        session.commit()
        return draft

    return make
