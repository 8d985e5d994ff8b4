"""A repair of a house at the desk: reported without a tenant, seen to, and opened again; nobody is told who is not
there."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Property, Worker
from tenant_app.repairs.clocks.rules import note_investigated
from tenant_app.repairs.models import Repair, State
from tenant_app.repairs.rules import raise_in_house
from tests.cast import Cast
from tests.repairs.conftest import rows

SENT = {"kind": "lock", "rooms": ["shared-entrance"], "words": "The front door does not latch"}


@pytest.fixture
def officer(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.devon)


@pytest.fixture
def damp(session: Session, cast: Cast, devon: Worker) -> Repair:
    """On the stairs of Alma Road."""
    made = raise_in_house(
        session, devon, session.get_one(Property, cast.alma_road.id), "damp-mould", rooms=["shared-stairs"],
        words="Black spots", hazard=True, aware_at=clock.now(),
    )  # fmt: skip
    session.commit()
    return made


def version(session: Session) -> str:
    [repair] = rows(session, select(Repair))
    return str(repair.version)


def test_something_in_a_shared_part_is_reported_once_however_often_it_is_tapped(
    officer: FlaskClient, session: Session, cast: Cast
) -> None:
    listed = officer.get("/repairs/for").text
    address = f"/repairs/of-house/{cast.alma_road.id}"
    assert address in listed
    form = officer.get(address).text
    assert ("Entrance" in form or "entrance" in form, 'value="kitchen"' in form) == (True, False)

    answers = [officer.post(address, data=SENT) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    [repair] = rows(session, select(Repair))
    assert (repair.tenant, repair.shared, repair.home, len(repair.clocks)) == (None, True, "Alma Road", 1)
    page = officer.get(answers[0].headers["Location"]).text
    assert "The front door does not latch" in page
    assert "What <bdi>Devon Hart</bdi> found" in page
    assert session.scalar(select(func.count()).select_from(Look)) == 0


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"rooms": ["kitchen"]}, 'class="errors"'), ({"rooms": []}, "Choose where it is"),
        ({"words": " "}, "Write what is wrong"), ({"kind": ""}, "Choose what needs mending"),
        ({"aware_on": "2026-11-30"}, "Choose today or an earlier day"),
    ],
)  # fmt: skip
def test_what_is_no_report_is_asked_for_again(
    officer: FlaskClient, session: Session, cast: Cast, sent: dict[str, Any], said: str
) -> None:
    answer = officer.post(f"/repairs/of-house/{cast.alma_road.id}", data=SENT | sent)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert rows(session, select(Repair)) == []


def test_only_of_houses_where_one_works(officer: FlaskClient, session: Session, cast: Cast, staff_door: Flask) -> None:
    grace = cast.at(staff_door, cast.grace)
    assert str(cast.mare_street.id) not in grace.get("/repairs/for").text
    assert grace.post(f"/repairs/of-house/{cast.mare_street.id}", data=SENT).status_code == 404
    assert officer.get(f"/repairs/of-house/{cast.mare_street.id}").status_code == 200
    assert officer.get(f"/repairs/of-house/{uuid4()}").status_code == 404
    assert cast.at(staff_door, cast.joana).get(f"/repairs/of-house/{cast.alma_road.id}").status_code == 403


def test_it_stands_on_the_board_the_list_and_every_page_without_a_name(
    officer: FlaskClient, session: Session, damp: Repair, devon: Worker
) -> None:
    note_investigated(session, damp, clock.now())
    session.commit()
    for page in ("/repairs", "/repairs?view=list"):
        text = officer.get(page).text
        assert (f"/repairs/{damp.id}" in text, "Shared part" in text) == (True, True)
    pages = ("", "/clocks", "/summary", "/same", "/cost", "/no-access", "/contractor")
    texts = {page: officer.get(f"/repairs/{damp.id}{page}") for page in pages}
    assert {page: answer.status_code for page, answer in texts.items()} == dict.fromkeys(pages, 200)
    for page, answer in texts.items():
        assert "None" not in answer.text, page
        assert "Amina" not in answer.text, page
    assert "Another place to stay" not in texts["/clocks"].text
    assert officer.get("/repairs/register.csv").status_code == 200
    assert "Alma Road" in officer.get("/repairs/reports").text


def test_nobody_is_offered_times_or_written_to_or_housed_elsewhere(officer: FlaskClient, damp: Repair) -> None:
    address = f"/repairs/{damp.id}"
    page = officer.get(address).text
    assert ("/times" in page, "/words" in page) == (False, False)
    assert officer.get(f"{address}/times").status_code == 404
    for what, sent in (("words", {"reply-words": "Hello"}), ("read", {}), ("times", {}), ("clocks/stays", {})):
        assert officer.post(f"{address}/{what}", data=sent).status_code == 404, what


def test_it_is_seen_to_mended_and_opened_again(officer: FlaskClient, session: Session, damp: Repair) -> None:
    address = f"/repairs/{damp.id}"
    visit = {"state": "booked", "visit_on": "2026-11-30", "visit_from": "13:00", "visit_to": "16:00"}
    said = officer.post(f"{address}/state", data={"version": version(session), **visit}, follow_redirects=True).text
    assert ("Kept." in said, "is told" in said) == (True, False)
    forged = officer.post(f"{address}/state", data={"version": version(session), "state": "reported"})
    assert forged.status_code == 422
    officer.post(f"{address}/state", data={"version": version(session), "state": "fixed", "words": "Painted"})
    assert "It is not mended: open it again" in officer.get(address).text
    again = {"version": version(session), "state": "reported", "words": "It is back"}
    assert officer.post(f"{address}/state", data=again).status_code == 303

    [repair] = rows(session, select(Repair))
    assert repair.state is State.REPORTED
    assert "It is back" in officer.get(address).text
    assert "says that it is not fixed" in officer.get(address).text
    reopened = officer.get("/repairs/reports").text
    assert "Opened again" in reopened or "opened again" in reopened


def test_an_attempt_is_written_down_and_a_moment_noted(officer: FlaskClient, session: Session, damp: Repair) -> None:
    tried = {"day": "2026-11-26", "hour": "08:30", "methods": "rang"}
    early = officer.post(f"/repairs/{damp.id}/no-access", data=tried)
    assert (early.status_code, "before it was reported" in early.text) == (422, True)
    noted = {"version": version(session), "what": "aware", "day": "2026-11-24"}
    assert officer.post(f"/repairs/{damp.id}/clocks/moments", data=noted).status_code == 303
    paused = {"version": version(session), "kind": "investigate", "since": "2026-11-25", "because": "A permit"}
    refused = officer.post(f"/repairs/{damp.id}/clocks/pauses", data={**paused, "reason": "tenant_away"})
    assert refused.status_code == 422
    kept = officer.post(f"/repairs/{damp.id}/clocks/pauses", data={**paused, "reason": "out_of_our_hands"})
    assert kept.status_code == 303


def test_what_was_found_is_written_to_those_who_live_there(officer: FlaskClient, session: Session, damp: Repair) -> None:
    note_investigated(session, damp, clock.now())
    session.commit()
    assert "Everyone who lives in the house is told" in officer.get(f"/repairs/{damp.id}/summary").text
    sent = {"version": version(session), "found": "A gutter", "hazard": "1", "todo": "Mend it", "done_by": "2026-12-01"}
    said = officer.post(f"/repairs/{damp.id}/summary", data=sent, follow_redirects=True).text
    assert ("Kept." in said, "A gutter" in officer.get(f"/repairs/{damp.id}/summary").text) == (True, True)
