"""A caseload is narrowed, sorted and cut to pages by the database, and says how many there are of what."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Intensity, Look, Property, Stage, Tenant, Worker
from tenant_app.accounts.rules import welcome_tenant
from tenant_app.goals.rules import write_goal
from tenant_app.messages.models import Message
from tests.cast import Cast
from tests.questions import counted

Join = Callable[..., Tenant]


@pytest.fixture
def desk(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.grace)


@pytest.fixture
def join(session: Session, cast: Cast) -> Join:
    """One more on Grace's caseload."""

    def joined(name: str, stage: Stage | None = None, intensity: Intensity | None = None) -> Tenant:
        grace = session.get_one(Worker, cast.grace.id)
        tenant = welcome_tenant(
            session, name, building=session.get_one(Property, cast.alma_road.id), moved_in_on=date(2026, 9, 1),
            keyworker=grace,
        )  # fmt: skip
        tenant.place(grace, stage, intensity)
        return tenant

    return joined


def named(page: str) -> list[str]:
    """Who is in the table, in its order."""
    return [name.split()[0] for name in re.findall(r"<b><bdi>([^<]*)</bdi></b><span class=\"meta\"", page)]


def test_it_is_narrowed_by_stage_and_by_how_much_support_was_agreed(
    desk: FlaskClient, session: Session, join: Join
) -> None:
    join("Bo Adams", Stage.SETTLING_IN, Intensity.HIGH)
    join("Cleo Adams", Stage.MOVING_ON, Intensity.LOW)
    join("Dot Brown", Stage.SETTLING_IN)
    session.commit()

    assert named(desk.get("/caseload").text) == ["Amina", "Bo", "Cleo", "Dot", "Tomasz"]
    assert named(desk.get("/caseload?stage=settling-in").text) == ["Bo", "Dot"]
    assert named(desk.get("/caseload?stage=settling-in&intensity=high").text) == ["Bo"]
    found = desk.get("/caseload?q=adams&intensity=low").text
    assert named(found) == ["Cleo"]
    assert "1 person found." in found
    assert "Nobody here just now" in desk.get("/caseload?stage=moving-on&intensity=high").text


@pytest.mark.parametrize("odd", [
    "stage=nowhere", "sort=1", "show=all'--", "page=0", "page=-5", "page=99999999999999999999999", "page=x",
    "keyworker=me", "intensity=%00",
])  # fmt: skip
def test_what_makes_no_sense_in_an_address_is_as_if_it_were_not_said(desk: FlaskClient, odd: str) -> None:
    answer = desk.get(f"/caseload?{odd}")

    assert answer.status_code == 200
    assert named(answer.text) == ["Amina", "Tomasz"]


@pytest.mark.parametrize("search", ["\x00", "\u202e", "a" * 100_000, "%", "👩🏽‍🚒"])
def test_hostile_searches_find_nobody_and_break_nothing(desk: FlaskClient, search: str) -> None:
    answer = desk.get("/caseload", query_string={"q": search})

    assert answer.status_code == 200
    assert named(answer.text) in ([], ["Amina", "Tomasz"])  # of what is invisible nothing is left to look for


def test_it_is_sorted_by_last_contact_and_by_last_step(
    desk: FlaskClient, session: Session, cast: Cast, join: Join
) -> None:
    bo, amina = join("Bo Adams"), session.get_one(Tenant, cast.amina.id)
    for tenant, days in ((bo, 3), (amina, 9)):
        session.add(Message(
            tenant=tenant, worker_id=cast.grace.id, by_tenant=True, words="CANARY",
            written_at=clock.now() - timedelta(days=days),
        ))  # fmt: skip
    # What passed with somebody else is not hers, and not even that it did.
    session.add(Message(tenant=amina, worker_id=cast.marek.id, by_tenant=True, words="CANARY"))
    for tenant, days in ((bo, 8), (session.get_one(Tenant, cast.tomasz.id), 2)):
        goal = write_goal(session, tenant, "A goal", first_step="A step", shared=True)
        goal.steps[0].mark(done=True, at=clock.now() - timedelta(days=days))
    hidden = write_goal(session, amina, "CANARY", first_step="CANARY")
    hidden.steps[0].mark(done=True)
    session.commit()

    page = desk.get("/caseload?sort=contact").text
    assert named(page) == ["Tomasz", "Amina", "Bo"]
    assert "Mon 23 Nov" in page
    assert "Tue 17 Nov" in page
    assert "CANARY" not in page
    assert named(desk.get("/caseload?sort=step").text) == ["Tomasz", "Bo", "Amina"]


def test_a_page_holds_fifty_and_the_counts_are_of_all_of_them(
    staff_door: Flask, desk: FlaskClient, session: Session, join: Join
) -> None:
    with counted(staff_door) as few:
        desk.get("/caseload")
    for number in range(120):
        tenant = join(f"Person {number:03}", Stage.SETTLING_IN if number % 2 else None)
        if number > 90:
            write_goal(session, tenant, "A goal", first_step="A step", shared=True)
    session.commit()

    with counted(staff_door) as many:
        first = desk.get("/caseload").text
    third = desk.get("/caseload?page=3").text

    assert len(many) == len(few)
    assert "122 people" in first
    assert len(named(first)) == 50
    assert len(named(third)) == 22
    assert named(third)[-1] == "Tomasz"
    assert "Page 3 of 3" in third
    assert named(desk.get("/caseload?page=7").text) == named(third)
    settling = desk.get("/caseload?stage=settling-in&page=2").text
    assert "60 people found." in settling
    assert len(named(settling)) == 10
    assert "stage=settling-in" in re.findall(r'href="([^"]*)">Before', settling)[0]


def test_a_keyworker_says_the_stage_and_the_tenant_reads_it(
    desk: FlaskClient, staff_door: Flask, tenant_door: Flask, session: Session, cast: Cast
) -> None:
    address = f"/caseload/{cast.amina.id}/placement"
    phone = cast.at(tenant_door, cast.amina)
    assert "What we wrote down about your support" not in phone.get("/settings/looks").text
    assert "Stage and support" in desk.get(address).text

    assert desk.post(address, data={"stage": "preparing", "intensity": "low"}).status_code == 303

    told = phone.get("/settings/looks").text
    assert "Preparing to move" in told
    assert "A little support" in told
    assert "since Thursday 26 November" in told
    assert "Written by <bdi>Grace</bdi>." in told
    assert "Preparing to move" in desk.get(f"/caseload/{cast.amina.id}").text
    looks = session.scalars(select(Look).where(Look.tenant_id == cast.amina.id)).all()
    session.commit()
    assert {look.what for look in looks} == {"overview"}
    assert desk.post(address, data={"stage": "promoted", "intensity": "low"}).status_code == 422
    assert cast.at(staff_door, cast.marek).post(address, data={"stage": "", "intensity": ""}).status_code == 404
    amina = session.get_one(Tenant, cast.amina.id)
    assert (amina.stage, amina.intensity) == (Stage.PREPARING_TO_MOVE, Intensity.LOW)


def test_saying_the_same_again_keeps_the_day_and_taking_it_back_leaves_nothing(session: Session, cast: Cast) -> None:
    amina, grace = session.get_one(Tenant, cast.amina.id), session.get_one(Worker, cast.grace.id)
    amina.place(grace, Stage.SETTLING_IN, Intensity.HIGH)
    first = amina.stage_at
    with clock.stopped_at(clock.now() + timedelta(days=30)):
        amina.place(grace, Stage.SETTLING_IN, Intensity.LOW)
        assert amina.stage_at == first
        assert amina.intensity_at == clock.now()
    amina.place(grace, None, None)

    assert (amina.stage, amina.stage_at, amina.intensity, amina.intensity_at) == (None, None, None, None)
