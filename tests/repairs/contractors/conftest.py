"""A repair of Amina's that is given to Mill Lane Plumbing, and the browser of somebody who has the link."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Worker
from tenant_app.keys import open_keys
from tenant_app.repairs.contractors.jobs import give, write_contractor
from tenant_app.repairs.contractors.models import Contractor, RepairJob, Trade
from tenant_app.repairs.models import Repair
from tenant_app.settings import Settings
from tests.repairs.conftest import LONDON, Reported, amina, devon, reported

__all__ = ["MONDAY", "ROWS", "Given", "Plumber", "amina", "at_work", "devon", "plumber", "reported", "seal"]

MONDAY = "Monday 30 November"
ROWS = {"day1": "2026-11-30", "from1": "13:00", "to1": "16:00", "day2": "2026-12-01", "from2": "09:00", "to2": "12:00"}


@dataclass
class Given:
    """A job, its link, and a browser that is signed in nowhere."""

    session: Session
    repair_id: object
    token: str
    browser: FlaskClient

    @property
    def address(self) -> str:
        return f"/job/{self.token}"

    @property
    def repair(self) -> Repair:
        """As it is now."""
        self.session.rollback()
        query = Repair.whole(select(Repair).where(Repair.id == self.repair_id))
        found = self.session.scalars(query, execution_options={"populate_existing": True}).one()
        assert found.photos is not None
        return found

    @property
    def job(self) -> RepairJob:
        """As it is now."""
        self.session.rollback()
        query = select(RepairJob).where(RepairJob.repair_id == self.repair_id).order_by(RepairJob.given_at.desc())
        return self.session.scalars(query.limit(1), execution_options={"populate_existing": True}).one()

    @property
    def version(self) -> str:
        version = str(self.repair.version)
        self.session.rollback()
        return version

    def says(self, page: str = "") -> str:
        answer = self.browser.get(self.address + page)
        assert answer.status_code == 200, answer.status_code
        return answer.text


Plumber = Callable[..., Given]


@pytest.fixture
def seal(settings: Settings) -> str:
    return open_keys(settings.instance).seal


@pytest.fixture
def at_work(session: Session) -> Contractor:
    made = write_contractor(
        session, None, name="Mill Lane Plumbing", trade=Trade.PLUMBING, email="office@mill-lane.example"
    )
    session.commit()
    return made


@pytest.fixture
def plumber(
    session: Session, tenant_door: Flask, devon: Worker, reported: Reported, at_work: Contractor, seal: str
) -> Plumber:
    """Gives a repair, or a new one, to the plumber."""

    def make(repair: Repair | None = None, phone: str = "") -> Given:
        repair = repair or reported()
        _, token = give(session, devon, repair, at_work, seal=seal, zone=LONDON, phone=phone)
        session.commit()
        return Given(session, repair.id, token, tenant_door.test_client())

    return make
