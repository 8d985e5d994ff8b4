"""Training at the staff door: one's own, the team's table, and writing a certificate down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Footing, Role, Worker
from tenant_app.accounts.rules import welcome_worker
from tenant_app.training.models import Course, TrainingRecord
from tests.cast import Cast
from tests.questions import counted
from tests.training.conftest import written

Write = Callable[..., TrainingRecord]


def kept(session: Session, worker: Worker) -> list[TrainingRecord]:
    session.expire_all()
    found = list(session.scalars(TrainingRecord.of(worker)))
    session.commit()  # on SQLite a transaction left open would keep the door waiting
    return found


def test_everyone_sees_their_own_training(staff_door: Flask, cast: Cast) -> None:
    for worker in (cast.grace, cast.nasrin, cast.joana, cast.devon, cast.priya):
        answer = cast.at(staff_door, worker).get("/training")
        assert answer.status_code == 200
        assert "Safeguarding adults" in answer.text


def test_who_has_done_nothing_yet_reads_what_is_needed(staff_door: Flask, cast: Cast, ruth: Worker) -> None:
    page = cast.at(staff_door, ruth).get("/training").text

    assert "Nothing is written down yet." in page
    assert "Missing" in page
    assert "First aid" not in page
    assert "Food hygiene" not in page


def test_a_certificate_is_written_down_and_holds_for_as_long_as_the_course_says(
    nasrin: FlaskClient, session: Session, ruth: Worker
) -> None:
    answer = nasrin.post(f"/training/team/{ruth.id}/new", data=written(), follow_redirects=True)

    assert "Written down. It is valid until 19 November 2029." in answer.text
    record = kept(session, ruth)[0]
    assert (record.course, record.done_on, record.valid_until) == (
        "safeguarding-adults", date(2026, 11, 19), date(2029, 11, 19),
    )  # fmt: skip
    assert "<bdi>Nasrin Begum</bdi> saw the certificate." in answer.text


def test_another_end_can_be_given(nasrin: FlaskClient, session: Session, ruth: Worker) -> None:
    nasrin.post(f"/training/team/{ruth.id}/new", data=written(valid_until="2027-11-19"))

    assert kept(session, ruth)[0].valid_until == date(2027, 11, 19)


def test_two_taps_on_the_button_are_one_record(nasrin: FlaskClient, session: Session, ruth: Worker) -> None:
    for _ in range(2):
        assert nasrin.post(f"/training/team/{ruth.id}/new", data=written()).status_code == 303

    assert len(kept(session, ruth)) == 1


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"done_on": "2026-11-27"}, "Choose today or a day before"),
        ({"done_on": "1900-01-01"}, "more than 50 years ago"),
        ({"done_on": "1899-12-31"}, "Choose a day from the calendar"),
        ({"done_on": "31/11/2026"}, "Choose a day from the calendar"),
        ({"done_on": ""}, "Choose the day it was done"),
        ({"valid_until": "2026-11-18"}, "not before the day it was done"),
        ({"valid_until": "2062-11-18"}, "at most 10 years after"),
        ({"valid_until": "9999-01-01"}, "Choose a day from the calendar"),
        ({"checked": ""}, "Look at the certificate first"),
        ({"course": ""}, "Choose the course"),
        ({"course": "../groups/cooking"}, "Choose the course"),
    ],
)
def test_what_cannot_be_is_asked_for_again_and_nothing_typed_is_lost(
    nasrin: FlaskClient, session: Session, ruth: Worker, sent: dict[str, str], said: str
) -> None:
    data = {key: value for key, value in written(**sent).items() if key != "checked" or value}

    answer = nasrin.post(f"/training/team/{ruth.id}/new", data=data)

    assert answer.status_code == 422
    assert said in unescape(answer.text)
    if "done_on" not in sent:
        assert 'value="2026-11-19"' in answer.text
    assert kept(session, ruth) == []


def test_a_coordinator_writes_nothing_of_their_own(nasrin: FlaskClient, session: Session, cast: Cast) -> None:
    before = len(kept(session, cast.nasrin))

    assert nasrin.get(f"/training/team/{cast.nasrin.id}/new").status_code == 404
    assert nasrin.post(f"/training/team/{cast.nasrin.id}/new", data=written()).status_code == 404
    own = kept(session, cast.nasrin)[0]
    assert nasrin.get(f"/training/records/{own.id}").status_code == 404
    assert nasrin.post(f"/training/records/{own.id}/aside", data={"counts": "0"}).status_code == 404
    assert "Nobody checks their own certificate" in nasrin.get(f"/training/team/{cast.nasrin.id}").text
    assert len(kept(session, cast.nasrin)) == before


def test_others_see_nobody_elses(staff_door: Flask, cast: Cast, ruth: Worker, has_done: Write) -> None:
    record = has_done(ruth, date(2026, 11, 19), date(2029, 11, 19))
    for worker in (cast.grace, cast.joana, cast.devon, ruth):
        here = cast.at(staff_door, worker)
        for path in ("/training/team", f"/training/team/{ruth.id}", f"/training/records/{record.id}"):
            assert here.get(path).status_code == 403
        assert here.post(f"/training/team/{ruth.id}/new", data=written()).status_code == 403


def test_a_record_is_corrected(nasrin: FlaskClient, session: Session, ruth: Worker, has_done: Write) -> None:
    record = has_done(ruth, date(2026, 11, 19), date(2029, 11, 19))
    address = f"/training/records/{record.id}"
    assert 'value="2029-11-19"' in nasrin.get(address).text

    sent = {"done_on": "2026-11-18", "valid_until": "2028-11-18", "checked": "y", "seen": "1"}
    answer = nasrin.post(address, data=sent, follow_redirects=True)

    assert "Corrected on 26 November 2026." in answer.text
    assert kept(session, ruth)[0].valid_until == date(2028, 11, 18)


def test_a_page_that_is_not_the_newest_shows_both(
    nasrin: FlaskClient, staff_door: Flask, session: Session, cast: Cast, ruth: Worker, has_done: Write
) -> None:
    record = has_done(ruth, date(2026, 11, 19), date(2029, 11, 19))
    address = f"/training/records/{record.id}"
    theirs = {"done_on": "2026-11-17", "valid_until": "2028-11-17", "checked": "y", "seen": "1"}
    cast.at(staff_door, cast.priya).post(address, data=theirs)

    answer = nasrin.post(address, data={**theirs, "valid_until": "2027-05-05"})

    assert answer.status_code == 409
    assert "Somebody changed this record meanwhile." in answer.text
    assert "17 November 2028" in answer.text
    assert 'value="2027-05-05"' in answer.text
    assert 'name="seen" value="2"' in answer.text
    assert kept(session, ruth)[0].valid_until == date(2028, 11, 17)
    assert nasrin.post(address, data={**theirs, "valid_until": "2027-05-05", "seen": "2"}).status_code == 303


@pytest.mark.parametrize("seen", ["", "x", "-1", "99999999999999999999"])
def test_a_correction_that_saw_nothing_changes_nothing(
    nasrin: FlaskClient, session: Session, ruth: Worker, has_done: Write, seen: str
) -> None:
    record = has_done(ruth, date(2026, 11, 19), date(2029, 11, 19))
    sent = {"done_on": "2026-11-17", "valid_until": "", "checked": "y", "seen": seen}

    assert nasrin.post(f"/training/records/{record.id}", data=sent).status_code in (409, 422)
    assert kept(session, ruth)[0].done_on == date(2026, 11, 19)


def test_a_mistake_is_set_aside_and_stays_to_be_seen(
    nasrin: FlaskClient, session: Session, ruth: Worker, has_done: Write
) -> None:
    record = has_done(ruth, date(2026, 11, 19), date(2029, 11, 19))

    for _ in range(2):
        page = nasrin.post(f"/training/records/{record.id}/aside", data={"counts": "0"}, follow_redirects=True).text
        assert "Written by mistake" in page
        assert "Missing" in page
    assert nasrin.get(f"/training/records/{record.id}").status_code == 404
    assert nasrin.post(f"/training/records/{record.id}/aside", data={"counts": "maybe"}).status_code == 400
    assert len(kept(session, ruth)) == 1


def test_the_team_is_a_table_of_four_states(
    nasrin: FlaskClient, session: Session, cast: Cast, ruth: Worker, has_done: Write
) -> None:
    def new(name: str) -> Worker:
        added = welcome_worker(session, name, f"{name}@wrenfield.org.uk", Role.FACILITATOR, footing=Footing.PEER)
        session.commit()
        return added

    has_done(new("Soonest"), date(2024, 1, 1), date(2026, 12, 20))
    has_done(new("Over"), date(2022, 1, 1), date(2025, 1, 1))
    has_done(new("Fine"), date(2026, 1, 1), date(2029, 1, 1))

    page = nasrin.get("/training/team").text

    for state in ("Valid", "Runs out soon", "Run out", "Missing"):
        assert state in page
    assert "20 December 2026" in page
    todo = nasrin.get("/training/team?show=todo").text
    assert "Ruth Adler" in todo
    assert "Joana Silva" not in todo
    assert "Ruth Adler" in nasrin.get("/training/team?q=RUTH").text
    assert "Nobody by that name here" in nasrin.get("/training/team?q=zebra").text


def test_when_nothing_is_to_be_done_the_page_says_so(
    nasrin: FlaskClient, session: Session, cast: Cast
) -> None:
    for worker in (cast.devon, cast.priya):
        session.get_one(Worker, worker.id).leave()
    session.commit()

    assert "All is up to date" in nasrin.get("/training/team?show=todo").text


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999"])
def test_a_page_number_that_is_none_is_a_page_all_the_same(nasrin: FlaskClient, number: str) -> None:
    assert nasrin.get(f"/training/team?page={number}").status_code == 200


def test_the_thousandth_colleague_is_found_with_as_many_questions_as_the_tenth(
    staff_door: Flask, nasrin: FlaskClient, session: Session, cast: Cast, ruth: Worker, has_done: Write
) -> None:
    nasrin.get("/training/team")
    with counted(staff_door) as few:
        nasrin.get("/training/team")
    for number in range(1000):
        session.add(Worker(
            name=f"Volunteer {number:04}", known_as="V", email=f"v{number}@wrenfield.org.uk", role=Role.FACILITATOR,
            footing=Footing.VOLUNTEER,
        ))  # fmt: skip
    session.commit()
    with counted(staff_door) as many:
        page = nasrin.get("/training/team?page=21").text

    assert len(many) == len(few)
    assert "Page 21 of 21" in page
    assert "Volunteer 0999" in page
    with counted(staff_door) as start:
        assert "Ruth" not in nasrin.get("/today").text
    assert len(start) < 60  # one or two a section, however many colleagues there are


def test_what_runs_out_is_said_where_they_start_and_to_their_coordinator(
    staff_door: Flask, nasrin: FlaskClient, session: Session, cast: Cast, ruth: Worker, has_done: Write
) -> None:
    own = cast.at(staff_door, ruth)
    has_done(ruth, date(2023, 12, 2), date(2026, 12, 2))

    assert "runs out on 2 December 2026." in own.get("/registers").text
    told = nasrin.get("/today").text
    assert "Training of 1 colleague runs out within a month, or has" in told
    assert "<bdi>Ruth Adler</bdi>" in told
    assert "Ruth" not in cast.at(staff_door, cast.grace).get("/today").text

    has_done(ruth, date(2026, 11, 25), date(2029, 11, 25))

    assert "runs out on" not in own.get("/registers").text
    assert "runs out within a month" not in nasrin.get("/today").text


@pytest.mark.parametrize(("who", "start"), [("devon", "/repairs"), ("priya", "/tenants"), ("grace", "/today")])
def test_every_role_is_told_on_the_page_it_starts_from(
    staff_door: Flask, session: Session, cast: Cast, has_done: Write, who: str, start: str
) -> None:
    worker = session.get_one(Worker, getattr(cast, who).id)
    for record in session.scalars(TrainingRecord.of(worker)):
        session.delete(record)
    has_done(worker, date(2023, 12, 2), date(2026, 12, 2))
    door = cast.at(staff_door, worker)

    assert door.get("/").location == start
    assert "runs out on 2 December 2026." in door.get(start).text


def test_a_record_of_a_course_that_is_asked_for_no_more_stays_readable(
    nasrin: FlaskClient, session: Session, ruth: Worker, has_done: Write
) -> None:
    record = has_done(ruth, date(2020, 1, 1), date(2021, 1, 1), Course("fire-warden", 12, frozenset()))

    assert "fire-warden" in nasrin.get(f"/training/team/{ruth.id}").text
    sent = {"done_on": "2020-01-02", "valid_until": "", "checked": "y", "seen": "1"}
    assert nasrin.post(f"/training/records/{record.id}", data=sent).status_code == 303
