"""Amina takes two medicines and shares them with Grace, her keyworker, and Nasrin, a coordinator."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.medication.models import Medicine
from tenant_app.medication.rules import add_medicine
from tenant_app.medication.sharing.rules import share_medicines
from tests.cast import Cast

LONDON = ZoneInfo("Europe/London")


def take(session: Session, tenant: Tenant, *names: str) -> None:
    with clock.stopped_at(clock.now() - timedelta(days=9)):
        for name in names:
            add_medicine(session, tenant, name, "1 tablet", [time(9)], LONDON, clock.today(LONDON))


def share(session: Session, tenant: Tenant, *workers: Worker) -> None:
    for worker in workers:
        share_medicines(session, tenant, session.get_one(Worker, worker.id), LONDON)
    session.commit()


def kept(session: Session, query: Select[Any]) -> list[Any]:
    """What the database holds now. The test's own transaction ends with it, or the doors would wait for its lock."""
    found = list(session.scalars(query.execution_options(populate_existing=True)))
    session.commit()
    return found


def shelf(session: Session, tenant: Tenant, *quantities: str, **words: str) -> dict[str, str]:
    """What the form about a count sends."""
    medicines = kept(session, Medicine.of(tenant))
    counts = zip(medicines, quantities, strict=True)
    return {**{f"count_{medicine.id.hex}": quantity for medicine, quantity in counts}, **words}


def _person(session: Session, person: Any) -> Any:
    found = session.get_one(type(person), person.id)
    session.commit()
    return found


@pytest.fixture
def amina(session: Session, cast: Cast) -> Tenant:
    return _person(session, cast.amina)  # type: ignore[no-any-return]


@pytest.fixture
def tomasz(session: Session, cast: Cast) -> Tenant:
    return _person(session, cast.tomasz)  # type: ignore[no-any-return]


@pytest.fixture
def salma(session: Session, cast: Cast) -> Tenant:
    return _person(session, cast.salma)  # type: ignore[no-any-return]


@pytest.fixture
def grace(session: Session, cast: Cast) -> Worker:
    return _person(session, cast.grace)  # type: ignore[no-any-return]


@pytest.fixture
def nasrin(session: Session, cast: Cast) -> Worker:
    return _person(session, cast.nasrin)  # type: ignore[no-any-return]


@pytest.fixture
def shared(session: Session, cast: Cast, amina: Tenant) -> Tenant:
    take(session, amina, "Metformin 500 mg", "Sertraline 50 mg")
    share(session, amina, cast.grace, cast.nasrin)
    return amina


@pytest.fixture
def at_grace(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.grace)


@pytest.fixture
def at_nasrin(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.nasrin)


@pytest.fixture
def at_marek(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.marek)


@pytest.fixture
def at_amina(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)
