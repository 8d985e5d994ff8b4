"""The desk and visits: times on offer, words, attempts, reports of one thing, costs, and reporting for a tenant."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Worker
from tenant_app.repairs.models import Event, Repair, RepairUpdate, State
from tenant_app.repairs.rules import change_state
from tenant_app.repairs.visits.desk import offer
from tenant_app.repairs.visits.models import RepairCost, VisitSlot
from tenant_app.repairs.visits.rules import choose, write
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.repairs.conftest import LONDON, Reported, rows

MONDAY = (date(2026, 11, 30), "13:00-16:00")
ROWS = {"day1": "2026-11-30", "from1": "13:00", "to1": "16:00", "day2": "2026-12-01", "from2": "09:00", "to2": "12:00"}


@pytest.fixture
def officer(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.devon)


def test_several_times_are_offered_at_once_and_one_is_taken_back(
    officer: FlaskClient, session: Session, reported: Reported
) -> None:
    repair = reported()
    address = f"/repairs/{repair.id}/times"

    answer = officer.post(address, data={"version": str(repair.version), **ROWS, "words": "Femi has time"})

    assert answer.status_code == 303
    slots = rows(session, select(VisitSlot).order_by(VisitSlot.starts_at))
    assert [slot.when for slot in slots] == [MONDAY, (date(2026, 12, 1), "09:00-12:00")]
    assert "Femi has time" in officer.get(f"/repairs/{repair.id}").text
    for _ in range(2):
        assert officer.post(f"{address}/{slots[0].id}", data={"offered": "0"}).status_code == 303
    assert "Monday 30 November" not in officer.get(address).text
    assert officer.post(f"{address}/{uuid4()}", data={"offered": "0"}).status_code == 404
    assert officer.post(f"{address}/{slots[1].id}", data={"offered": "1"}).status_code == 400


def test_a_time_that_was_chosen_meanwhile_is_not_taken_back(
    officer: FlaskClient, session: Session, reported: Reported, devon: Worker
) -> None:
    repair = reported()
    slot = offer(session, devon, repair, [MONDAY], zone=LONDON)[0]
    old = str(repair.version)
    choose(session, repair, slot, LONDON)
    session.commit()

    answer = officer.post(f"/repairs/{repair.id}/times/{slot.id}", data={"offered": "0"})
    assert (answer.status_code, "has chosen this time" in answer.text) == (409, True)
    stale = officer.post(f"/repairs/{repair.id}/times", data={"version": old, **ROWS, "words": "Or Tuesday"})
    assert stale.status_code == 409
    assert "Or Tuesday" in stale.text
    assert 'value="2026-12-01"' in stale.text
    assert "Monday 30 November" in stale.text


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose at least one day"),
        ({"day1": "2026-11-25"}, "Choose a day from today"),
        ({"day1": "2027-11-25"}, "Choose a day from today"),
        ({"day1": "2026-11-26", "from1": "08:00"}, "a time to come"),
        ({"from1": "13:00", "to1": "12:00"}, "later than from when"),
        ({"day1": "soon\x00<b>"}, "Choose a day from the calendar"),
        ({"from2": "25:00"}, "Write a time, such as 13:00"),
        ({**ROWS, "words": "x" * 100_000}, "Use at most 1000 letters"),
    ],
    ids=["nothing", "past", "far", "begun", "backwards", "no day", "no hour", "long"],
)
def test_times_that_cannot_be_are_asked_for_again(
    officer: FlaskClient, session: Session, reported: Reported, sent: dict[str, str], said: str
) -> None:
    repair = reported()

    answer = officer.post(
        f"/repairs/{repair.id}/times", data={"version": str(repair.version), "words": "Kept words", **sent}
    )

    assert answer.status_code == 422
    assert said in answer.text
    assert sent.get("words", "Kept words") in answer.text
    assert rows(session, select(VisitSlot)) == []
    assert len(rows(session, select(Look))) == 1


def test_what_a_tenant_writes_shows_at_the_list_until_it_is_answered(
    officer: FlaskClient, session: Session, reported: Reported
) -> None:
    repair = reported()
    write(session, repair, "The bell <b>does not</b> ring", language="en")
    session.commit()
    assert "Wrote to us" in officer.get("/repairs").text
    page = officer.get(f"/repairs/{repair.id}").text
    assert "&lt;b&gt;does not" in page
    assert "Wrote to us" in officer.get("/repairs").text  # opening it is no answer

    assert officer.post(f"/repairs/{repair.id}/words", data={"reply-words": " "}).status_code == 422
    assert officer.post(f"/repairs/{repair.id}/words", data={"reply-words": "We knock"}).status_code == 303
    assert "Wrote to us" not in officer.get("/repairs").text

    write(session, repair, "Thank you", language="en")
    session.commit()
    assert officer.post(f"/repairs/{repair.id}/read").status_code == 303
    assert "Wrote to us" not in officer.get("/repairs").text


def test_an_attempt_is_written_with_day_time_and_ways(
    officer: FlaskClient, session: Session, reported: Reported
) -> None:
    repair = reported()
    address = f"/repairs/{repair.id}/no-access"
    sent = {"day": "2026-11-26", "hour": "09:00", "methods": ["knocked", "card"], "words": "Nobody heard us"}

    for wrong in ({"methods": []}, {"methods": ["shouted"]}, {"hour": "noon"}, {"day": "2026-11-27"},
                  {"day": "2026-11-20"}):  # fmt: skip
        again = officer.post(address, data={**sent, **wrong})
        assert (again.status_code, "Nobody heard us" in again.text) == (422, True)
    for _ in range(2):
        assert officer.post(address, data=sent).status_code == 303

    lines = rows(session, select(RepairUpdate).where(RepairUpdate.event == Event.NO_ACCESS))
    assert [(line.happened_at, line.methods) for line in lines] == [(THURSDAY, ["knocked", "card"])]
    assert "Knocked on the door, Left a card" in officer.get(f"/repairs/{repair.id}").text


def test_two_reports_of_one_thing_are_put_together_and_taken_apart(
    officer: FlaskClient, tenant_door: Flask, staff_door: Flask, session: Session, cast: Cast, reported: Reported
) -> None:
    lead, other = reported(shared=True), reported(cast.tomasz, shared=True)
    elsewhere, own = reported(cast.salma, shared=True), reported(cast.tomasz)
    address = f"/repairs/{lead.id}/same"
    page = officer.get(address).text
    assert str(other.id) in page
    assert str(elsewhere.id) not in page
    assert str(own.id) not in page
    assert f"/repairs/{own.id}/same" not in officer.get(f"/repairs/{own.id}").text

    for _ in range(2):
        assert officer.post(address, data={"other": str(other.id), "merged": "1"}).status_code == 303
    for refused in (elsewhere, own):
        assert officer.post(address, data={"other": str(refused.id), "merged": "1"}).status_code == 409
    for wrong, status in ((str(uuid4()), 404), ("x", 400)):
        assert officer.post(address, data={"other": wrong, "merged": "1"}).status_code == status
    marek = cast.at(staff_door, cast.marek)
    assert marek.post(f"/repairs/{elsewhere.id}/same", data={"other": str(other.id), "merged": "1"}).status_code == 404
    officer.post(f"/repairs/{lead.id}/state", data={"version": str(lead.version), "state": "seen", "words": "A new lamp"})

    theirs = cast.at(tenant_door, cast.tomasz).get(f"/repairs/{other.id}").text
    assert "A new lamp" in theirs
    assert "Amina" not in theirs
    assert "What happens next is said there" in officer.get(f"/repairs/{other.id}").text
    assert officer.post(address, data={"other": str(other.id), "merged": "0"}).status_code == 303
    assert rows(session, select(Repair.leads_id).where(Repair.leads_id.is_not(None))) == []


def test_costs_are_typed_in_pounds_and_no_tenant_sees_them(
    officer: FlaskClient, tenant_door: Flask, session: Session, cast: Cast, reported: Reported
) -> None:
    repair = reported()
    address = f"/repairs/{repair.id}/cost"

    assert officer.post(address, data={"version": "0", "estimate": "£1,203.57"}).status_code == 303
    for wrong in ("a lot", "-5", "9" * 40, "\x00<script>"):
        assert officer.post(address, data={"version": "1", "estimate": wrong}).status_code == 422
    stale = officer.post(address, data={"version": "0", "estimate": "900"})
    assert stale.status_code == 409
    assert "1,203.57" in stale.text
    assert 'value="900"' in stale.text

    assert rows(session, select(RepairCost.estimate_pence)) == [120_357]
    assert "1,203.57" in officer.get(f"/repairs/{repair.id}").text
    assert "203.57" not in cast.at(tenant_door, cast.amina).get(f"/repairs/{repair.id}").text


def test_a_worker_reports_for_a_tenant_who_sees_it(
    staff_door: Flask, tenant_door: Flask, session: Session, cast: Cast
) -> None:
    grace = cast.at(staff_door, cast.grace)
    page = grace.get("/repairs/for").text
    assert cast.amina.name in page
    assert cast.salma.name not in page
    assert grace.get(f"/repairs/for/{cast.salma.id}").status_code == 404
    assert cast.at(staff_door, cast.joana).get("/repairs/for").status_code == 403
    address = f"/repairs/for/{cast.amina.id}"
    assert address in grace.get(f"/caseload/{cast.amina.id}").text
    sent = {"kind": "leak", "rooms": ["kitchen"], "words": "Water under the sink"}

    for wrong in ({"kind": ""}, {"kind": "x"}, {"rooms": []}, {"rooms": ["x"]}, {"aware_on": "2026-11-27"},
                  {"aware_on": "x"}):  # fmt: skip
        again = grace.post(address, data={**sent, **wrong})
        assert (again.status_code, "Water under the sink" in again.text) == (422, True)
    places = {grace.post(address, data=sent).location for _ in range(2)}

    assert len(places) == 1
    repair = rows(session, select(Repair))[0]
    assert (repair.state, repair.kind) == (State.REPORTED, "leak")
    assert "Water under the sink" in cast.at(tenant_door, cast.amina).get(f"/repairs/{repair.id}").text


def test_what_is_done_needs_no_times_and_no_attempts(
    officer: FlaskClient, session: Session, reported: Reported, devon: Worker
) -> None:
    repair = reported()
    change_state(session, devon, repair, State.CLOSED, zone=LONDON)
    session.commit()

    with clock.stopped_at(THURSDAY):
        for page in ("times", "no-access"):
            assert officer.get(f"/repairs/{repair.id}/{page}").status_code == 303
            assert officer.post(f"/repairs/{repair.id}/{page}", data=ROWS).status_code == 303
    assert rows(session, select(VisitSlot)) == []
