"""Amina at the tenants' door at nine, when two medicines are due."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.medication.models import Dose, Medicine
from tenant_app.medication.rules import add_medicine
from tenant_app.reminders.rules import plan_ahead
from tests.cast import Cast
from tests.medication.conftest import EVENING, LONDON, NINE

SLOT = "/medicines/slots/2026-11-26/0900"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def amina(tenant_door: Flask, cast: Cast) -> FlaskClient:
    """Amina at the tenants' door, with medicines since nine days."""
    with clock.stopped_at(clock.now() - timedelta(days=9)), cast.database.step() as session:
        person, today = session.get_one(Tenant, cast.amina.id), clock.today(LONDON)
        add_medicine(session, person, "Metformin 500 mg", "1 tablet, with food", [NINE, EVENING], LONDON, today)
        add_medicine(session, person, "Sertraline <b>50</b> mg", "", [NINE], LONDON, today)
    with cast.database.step() as session:
        plan_ahead(session)
    return cast.at(tenant_door, cast.amina)


def answers(cast: Cast) -> list[str]:
    with cast.database.session() as session:
        return sorted(f"{dose.day:%d} {dose.wall_time:%H} {dose.answer}" for dose in session.scalars(select(Dose)))


def medicines(cast: Cast) -> list[Medicine]:
    with cast.database.session() as session:
        return list(session.scalars(select(Medicine).order_by(Medicine.name)))
