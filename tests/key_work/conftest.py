"""Grace writes about Amina; both at their doors."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.key_work.models import How, KeyWorkNote
from tenant_app.key_work.rules import Contact, Hold, write_note
from tests.cast import Cast

LONDON = ZoneInfo("Europe/London")
TERMS = ["damp", "mould", "black spots", "küflen*", "عفن"]

Written = Callable[..., KeyWorkNote]


def rows(session: Session, query: Select[Any]) -> list[Any]:
    """What the database holds now. The transaction is ended, or on SQLite no page could write beside it."""
    found = list(session.scalars(query, execution_options={"populate_existing": True}))
    session.commit()
    return found


def typed(**given: str) -> dict[str, str]:
    """The form of a note as Grace fills it in on Thursday at nine."""
    return {"met_on": "2026-11-26", "met_at": "08:30", "how": "visit", "happened": "We cooked soup."} | given


@pytest.fixture
def written(session: Session, amina: Tenant, grace: Worker) -> Written:
    """Makes a note about Amina, by Grace if nobody else is named."""

    def make(
        happened: str = "We cooked soup.", *, by: Worker | None = None, met_at: datetime | None = None,
        hold: Hold | None = None, **given: Any,
    ) -> KeyWorkNote:
        corrects = given.pop("corrects", None)
        contact = Contact(met_at or clock.now() - timedelta(minutes=30), How.VISIT, happened, **given)
        note = write_note(
            session, by or grace, amina, contact, terms=TERMS, zone=LONDON, corrects=corrects, hold=hold
        )
        session.commit()
        return note

    return make


@pytest.fixture
def desk(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.grace)


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


# As in the house's own fixtures, but without a transaction left open beside the pages.


@pytest.fixture
def amina(session: Session, cast: Cast) -> Tenant:
    found = session.get_one(Tenant, cast.amina.id)
    session.commit()
    return found


@pytest.fixture
def grace(session: Session, cast: Cast) -> Worker:
    found = session.get_one(Worker, cast.grace.id)
    session.commit()
    return found
