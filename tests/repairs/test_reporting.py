"""Telling us what needs mending, as a phone without JavaScript does it."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Worker
from tenant_app.repairs.models import Repair, RepairUpdate, State
from tenant_app.repairs.rules import change_state
from tenant_app.settings import Settings
from tests.cast import Cast
from tests.repairs.conftest import LONDON, Reported, rows
from tests.repairs.pictures import from_a_phone, jpeg
from tests.repairs.reporting import add, begin, kept, walk


def test_an_empty_page_asks_a_question_and_offers_one_button(amina: FlaskClient) -> None:
    page = amina.get("/repairs").text

    assert "Does something need mending?" in page
    assert 'href="/repairs/new"' in page


def test_danger_is_a_call_and_never_a_form(amina: FlaskClient, session: Session) -> None:
    first = amina.get("/repairs/new").text
    assert first.count('href="tel:0800111999"') == 2
    assert 'href="tel:999"' in first

    for check, number in (("gas", "0800111999"), ("co-alarm", "0800111999"), ("smoke-alarm", "999")):
        page = amina.get(f"/repairs/now/{check}")
        assert f'href="tel:{number}"' in page.text
        assert "<form" not in page.text.partition("<main")[2].partition("</main>")[0]
        assert amina.post("/repairs/new", data={"urgent": check}).location == f"/repairs/now/{check}"
    assert rows(session, select(Repair)) == []


def test_other_urgent_things_are_advised_on_and_lead_on(amina: FlaskClient, session: Session) -> None:
    page = amina.get("/repairs/now/no-power").text
    assert 'href="tel:105"' in page
    assert 'value="no-power"' in page

    begin(amina, "no-power")

    assert rows(session, select(Repair.urgent))[0] == "no-power"
    assert amina.get("/repairs/now/nonsense").status_code == 404
    assert amina.post("/repairs/new", data={"urgent": "nonsense"}).status_code == 400


def test_the_whole_way_without_javascript(amina: FlaskClient, session: Session, cast: Cast, settings: Settings) -> None:
    address = begin(amina)

    assert "Question 2 of 8" in amina.get(f"{address}/where").text
    walk(amina, address, rooms=["bathroom", "bedroom"], kind="damp-mould", part="wall", since="October", access="After 2")
    assert add(amina, address, from_a_phone(), jpeg(), then="").location == f"{address}/access"

    page = amina.get(f"{address}/send").text
    assert "Bathroom and Bedroom" in page
    assert "On a wall" in page
    assert page.count("<img") == 2
    answer = amina.post(f"{address}/send", data={"words": "Black spots\r\nby the bath"})
    assert (answer.status_code, answer.location) == (303, address)

    repair = rows(session, select(Repair))[0]
    assert (repair.state, repair.hazard, repair.rooms, repair.words, repair.since, repair.access, repair.flat) == (
        State.REPORTED, True, ["bathroom", "bedroom"], "Black spots\nby the bath", "October", "After 2", "Flat 4",
    )  # fmt: skip
    assert (repair.property_id, len(repair.photos)) == (cast.alma_road.id, 2)
    for path in kept(settings):
        assert re.fullmatch(r"[0-9a-f]{32}\.jpg", path.name)
        assert dict(Image.open(path).getexif()) == {}

    page = amina.get(address).text
    assert "Day 0 of 10" in page
    assert "We look into it by Thursday 10 December" in page
    assert "You told us." in page
    assert "Damp or mould" in amina.get("/repairs").text


def test_sending_twice_reports_once(amina: FlaskClient, session: Session) -> None:
    address = begin(amina)
    walk(amina, address)

    answers = [amina.post(f"{address}/send", data={"words": words}) for words in ("It drips", "It runs")]

    assert [(answer.status_code, answer.location) for answer in answers] == [(303, address)] * 2
    assert rows(session, select(Repair))[0].words == "It drips"
    assert len(rows(session, select(RepairUpdate))) == 1


def test_beginning_twice_goes_on_with_the_same_report(amina: FlaskClient) -> None:
    address = begin(amina)
    amina.post(f"{address}/rooms", data={"rooms": "kitchen"})

    assert begin(amina) == address
    assert "You began a report before" in amina.get("/repairs/new").text
    assert "Not sent yet" in amina.get("/repairs").text
    assert amina.get(address).location == f"{address}/what"


@pytest.mark.parametrize(
    ("question", "sent", "said"),
    [
        ("where", {}, "Choose where it is"),
        ("where", {"place": "attic"}, "Choose where it is"),
        ("rooms", {"rooms": ["kitchen", "attic"]}, "Choose where it is"),
        ("what", {"kind": "volcano"}, "Choose what needs mending"),
        ("what", {"kind": "leak", "part": "volcano"}, "Choose what needs mending"),
        ("part", {"part": "volcano"}, "Choose the one that is closest"),
        ("words", {"words": " "}, "Write what is wrong"),
        ("how-bad", {"severity": "volcano"}, "Choose how bad it is"),
        ("since", {"began": "volcano", "since": "<b>May"}, "Choose since when, or write it"),
        ("since", {"since": "x" * 100_000}, "Use at most 120 letters"),
        ("at-home", {"at_home": ["child", "volcano"]}, "Choose from the list"),
        ("access", {"access": "x" * 100_000, "key": "1"}, "Use at most 1000 letters"),
        ("access", {"access": "\u202eThe dog", "times": "volcano", "spoken": "volcano", "key": "9"}, "Choose yes or no"),
        ("send", {"words": "x" * 100_000}, "Use at most 2000 letters"),
    ],
)
def test_what_is_missing_is_asked_for_again_with_everything_kept(
    amina: FlaskClient, question: str, sent: dict[str, str], said: str
) -> None:
    address = begin(amina)
    amina.post(f"{address}/rooms", data={"rooms": "kitchen"})
    amina.post(f"{address}/what", data={"kind": "leak"})

    answer = amina.post(f"{address}/{question}", data=sent)

    assert answer.status_code == 422
    assert said in answer.text
    assert all(str(escape(value.strip())) in answer.text for name, value in sent.items()
               if name in ("words", "access", "since"))  # fmt: skip


def test_going_back_finds_the_answers(amina: FlaskClient) -> None:
    address = begin(amina)
    walk(amina, address, severity="hard", began="week", at_home=["older"], since="Tuesday", access="Ring", key="0")

    for page, chosen in (("where", "home"), ("rooms", "kitchen"), ("what", "leak"), ("part", "tap"),
                         ("how-bad", "hard"), ("since", "week")):  # fmt: skip
        assert re.search(f'value="{chosen}"[^>]* aria-current="true"', amina.get(f"{address}/{page}").text), page
    assert "Tuesday" in amina.get(f"{address}/since").text
    assert 'value="older" checked' in amina.get(f"{address}/at-home").text
    page = amina.get(f"{address}/access").text
    assert "Ring" in page
    assert 'name="key" value="0" checked' in page


def test_a_draft_can_be_thrown_away_with_its_photos(amina: FlaskClient, session: Session, settings: Settings) -> None:
    address = begin(amina)
    add(amina, address, jpeg())

    assert amina.post(f"{address}/leave-out").location == "/repairs"

    assert rows(session, select(Repair)) == []
    assert kept(settings) == []


def test_what_was_sent_is_not_changed_by_an_old_page(amina: FlaskClient, session: Session, reported: Reported) -> None:
    repair = reported()
    address = f"/repairs/{repair.id}"

    for question, data in (
        ("where", {"place": "shared"}), ("rooms", {"rooms": "bedroom"}), ("what", {"kind": "window"}), ("part", {}),
        ("words", {"words": "No"}), ("how-bad", {"severity": "wait"}), ("since", {}), ("at-home", {}), ("access", {}),
        ("photos", {}), ("send", {}), ("leave-out", {}),
    ):  # fmt: skip
        assert amina.post(f"{address}/{question}", data=data).status_code == 303
    assert amina.get(f"{address}/where").location == address

    session.refresh(repair)
    assert (repair.rooms, repair.kind, repair.state) == (["kitchen"], "leak", State.REPORTED)


def test_what_is_not_fixed_is_open_again(
    amina: FlaskClient, session: Session, reported: Reported, devon: Worker
) -> None:
    repair = reported()
    change_state(session, devon, repair, State.FIXED, "A new washer", zone=LONDON)
    session.commit()
    page = amina.get(f"/repairs/{repair.id}").text
    assert "<bdi>Devon</bdi> says that it is fixed." in page
    assert "It is not fixed" in page

    for _ in range(2):
        assert amina.post(f"/repairs/{repair.id}/not-fixed", data={"words": "It drips"}).status_code == 303

    page = amina.get(f"/repairs/{repair.id}").text
    assert page.count("You told us that it is not fixed.") == 1
    assert "It drips" in page


def test_somebody_elses_report_does_not_exist(tenant_door: Flask, cast: Cast, reported: Reported) -> None:
    repair: UUID = reported().id
    tomasz = cast.at(tenant_door, cast.tomasz)

    assert tomasz.get(f"/repairs/{repair}").status_code == 404
    for part in ("where", "rooms", "what", "part", "words", "how-bad", "since", "at-home", "access", "photos", "send",
                 "not-fixed", "leave-out"):  # fmt: skip
        assert tomasz.post(f"/repairs/{repair}/{part}", data={"rooms": "kitchen", "kind": "leak"}).status_code == 404


def test_what_a_person_wrote_is_shown_as_written(amina: FlaskClient) -> None:
    address = begin(amina)
    walk(amina, address)
    amina.post(f"{address}/words", data={"words": "<b>drips</b> & “runs”"})

    assert "&lt;b&gt;drips&lt;/b&gt; &amp; “runs”" in amina.get(f"{address}/send").text
