"""Thirty people's records in ten minutes: one alert, to those who watch, and none for a day's work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from staff_portal.read_alerts.metrics import exposed_alerts
from tenant_app import clock
from tenant_app.accounts.models import Look, Property, Tenant, Worker
from tenant_app.accounts.read_alerts import ORDINARY, THRESHOLD, ReadAlert
from tenant_app.accounts.rules import look_at
from tests.cast import Cast
from tests.conftest import THURSDAY

PLAN = "safety-plan"


@pytest.fixture
def crowd(session: Session, grace: Worker) -> list[Tenant]:
    """Forty people on one caseload."""
    home = session.scalars(select(Property)).first()
    people = [
        Tenant(name=f"Person {number}", known_as="Person", building=home, sign_in_name=f"person{number}",
               moved_in_on=THURSDAY.date(), keyworker=grace)
        for number in range(40)
    ]  # fmt: skip
    session.add_all(people)
    session.commit()
    return people


def reads(session: Session, worker: Worker, people: list[Tenant], what: str = PLAN, *, every: float = 10) -> None:
    """One after the other, `every` so many seconds."""
    for number, tenant in enumerate(people):
        with clock.stopped_at(clock.now() + timedelta(seconds=every * number)):
            look_at(session, worker, tenant, what)


def alerts(session: Session) -> list[int]:
    return [alert.tenants for alert in session.scalars(select(ReadAlert).order_by(ReadAlert.raised_at))]


def test_thirty_plans_in_ten_minutes_are_one_alert(session: Session, grace: Worker, crowd: list[Tenant]) -> None:
    reads(session, grace, crowd[:29])
    assert alerts(session) == []
    with clock.stopped_at(THURSDAY + timedelta(minutes=5)):
        look_at(session, grace, crowd[29], PLAN)
    assert alerts(session) == [30]
    with clock.stopped_at(THURSDAY + timedelta(minutes=5, seconds=10)):
        reads(session, grace, crowd[30:])

    assert alerts(session) == [30]


def test_an_alert_that_is_open_grows_and_another_follows_once_it_was_put_away(
    session: Session, cast: Cast, grace: Worker, crowd: list[Tenant]
) -> None:
    reads(session, grace, crowd[:30], every=1)
    with clock.stopped_at(THURSDAY + timedelta(minutes=1)):
        reads(session, grace, crowd[:30], every=1)
    assert alerts(session) == [60]
    alert = session.scalars(select(ReadAlert)).one()
    session.refresh(alert)
    alert.see(session.get_one(Worker, cast.nasrin.id), "She wrote the yearly report of all plans", "en")
    session.flush()
    with clock.stopped_at(THURSDAY + timedelta(minutes=2)):
        reads(session, grace, crowd[:30], every=1)

    assert alerts(session) == [60, 30]


def test_what_a_role_opens_anyway_alarms_nobody(session: Session, grace: Worker, crowd: list[Tenant]) -> None:
    for what in sorted(ORDINARY):
        reads(session, grace, crowd, what, every=1)

    assert alerts(session) == []


def test_reading_at_the_pace_of_reading_alarms_nobody(session: Session, grace: Worker, crowd: list[Tenant]) -> None:
    reads(session, grace, crowd, every=30)
    with clock.stopped_at(THURSDAY + timedelta(days=1)):
        reads(session, grace, crowd[:1] * 40, every=1)

    assert alerts(session) == []


def test_two_workers_are_not_counted_together_and_a_kind_that_nobody_named_counts(
    session: Session, cast: Cast, grace: Worker, crowd: list[Tenant]
) -> None:
    marek = session.get_one(Worker, cast.marek.id)
    reads(session, grace, crowd[:20], every=1)
    reads(session, marek, crowd[20:], every=1)
    assert alerts(session) == []

    session.info[THRESHOLD] = 5
    session.add_all(Look(worker_id=marek.id, tenant_id=each.id, what="something new") for each in crowd[:5])
    session.flush()
    assert alerts(session) != []


def test_it_is_shown_to_those_who_watch_and_put_away_with_a_reason(
    staff_door: Flask, session: Session, cast: Cast, grace: Worker, crowd: list[Tenant]
) -> None:
    reads(session, grace, crowd[:30], every=1)
    session.commit()
    alert_id = session.scalars(select(ReadAlert.id)).one()
    session.rollback()
    nasrin = cast.at(staff_door, cast.nasrin)
    assert "needs a second look" in nasrin.get("/training").text
    page = nasrin.get("/alerts").text
    assert "<bdi>Grace Okafor</bdi> opened 30 people’s records" in page
    assert "Person 1" not in page
    assert cast.at(staff_door, cast.grace).get("/alerts").status_code == 403
    assert b"homeward_read_alerts_open 1.0" in exposed_alerts(session)
    session.rollback()

    assert nasrin.post(f"/alerts/reads/{alert_id}", data={"words": "fine"}).status_code == 422
    said = {"words": "She prepared the reviews of Marek, who is ill"}
    assert nasrin.post(f"/alerts/reads/{alert_id}", data=said).status_code == 303
    assert "needs a second look" not in nasrin.get("/training").text
    assert said["words"] in nasrin.get("/alerts").text


def test_the_threshold_is_the_houses_to_choose(staff_door: Flask, session: Session, cast: Cast) -> None:
    house = staff_door.extensions["homeward"]
    object.__setattr__(house.settings, "read_alert", 2)
    grace = cast.at(staff_door, cast.grace)
    for tenant in (cast.amina, cast.tomasz):
        grace.get(f"/messages/{tenant.id}")

    assert alerts(session) == [2]
