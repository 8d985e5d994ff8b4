"""Supervision notes: the coordinator who supervises writes, the worker reads and answers, and nobody else sees them."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Role, Worker
from tenant_app.accounts.rules import welcome_worker
from tenant_app.supervision.models import AgreedAction, SupervisionNote
from tenant_app.supervision.rules import NotTheirCoordinator, last_met, notes_unread, write_note
from tests.cast import Cast

TODAY = date(2026, 11, 26)
CANARY = "Canary over the quay"


@pytest.fixture
def nasrin(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.nasrin.id)


@pytest.fixture
def oona(session: Session, cast: Cast) -> Worker:
    return welcome_worker(session, "Oona Byrne", "oona@wrenfield.org.uk", Role.COORDINATOR)


@pytest.fixture
def note(session: Session, nasrin: Worker, grace: Worker) -> SupervisionNote:
    actions = [("Ask for first aid", date(2026, 12, 4))]
    written = write_note(session, nasrin, grace, TODAY, CANARY, today=TODAY, actions=actions, language="en")
    session.commit()
    return written


@pytest.fixture
def desk(staff_door: Flask, cast: Cast, note: SupervisionNote) -> FlaskClient:
    return cast.at(staff_door, cast.grace)


def kept(session: Session, coordinator: Worker) -> list[str]:
    return [one.words for one in session.scalars(SupervisionNote.kept_by(coordinator))]


def test_the_writer_and_the_worker_read_it_and_nobody_else(
    session: Session, note: SupervisionNote, oona: Worker, staff_door: Flask, cast: Cast
) -> None:
    session.commit()
    for who, own, other in (
        (cast.grace, 200, 403), (cast.nasrin, 404, 200), (oona, 404, 404), (cast.marek, 404, 403),
        (cast.joana, 404, 403), (cast.devon, 404, 403), (cast.priya, 404, 403),
    ):  # fmt: skip
        client = cast.at(staff_door, who)
        pages = [client.get(f"/my-supervision/{note.id}"), client.get(f"/supervision/notes/{note.id}")]
        assert [page.status_code for page in pages] == [own, other], who.name
        assert (CANARY in pages[0].text + pages[1].text) is (200 in (own, other)), who.name
        if who not in (cast.grace, cast.nasrin):
            action = note.actions[0].id
            for page in (f"/my-supervision/{note.id}", f"/my-supervision/actions/{action}",
                         f"/supervision/actions/{action}"):  # fmt: skip
                assert client.post(page, data={"words": "x", "done": "1"}).status_code in (403, 404), (who.name, page)
        assert CANARY not in client.get("/my-supervision").text


def test_a_worker_who_gets_another_coordinator_takes_the_notes_along(
    session: Session, note: SupervisionNote, nasrin: Worker, oona: Worker, grace: Worker
) -> None:
    assert (kept(session, nasrin), kept(session, oona)) == ([CANARY], [])
    grace.coordinator_id = oona.id
    session.flush()
    assert (kept(session, nasrin), kept(session, oona)) == ([], [CANARY])
    assert last_met(session, oona) == {grace.id: TODAY}
    assert last_met(session, nasrin) == {}
    with pytest.raises(NotTheirCoordinator):
        write_note(session, nasrin, grace, TODAY, "Late", today=TODAY)


def test_the_worker_reads_answers_and_marks_what_is_done(
    session: Session, note: SupervisionNote, desk: FlaskClient, staff_door: Flask, cast: Cast, grace: Worker
) -> None:
    assert notes_unread(session, grace) == 1
    session.commit()
    assert "1 waits" in desk.get("/caseload").text
    assert CANARY in desk.get(f"/my-supervision/{note.id}").text
    assert notes_unread(session, grace) == 0
    session.commit()
    for _ in range(2):
        assert desk.post(f"/my-supervision/{note.id}", data={"words": "I see it so too"}).status_code == 303
    assert desk.post(f"/my-supervision/actions/{note.actions[0].id}", data={"done": "1"}).status_code == 303
    page = cast.at(staff_door, cast.nasrin).get(f"/supervision/notes/{note.id}").text
    assert page.count("I see it so too") == 1
    assert "Opened on" in page
    assert "Done on" in page
    assert desk.post(f"/my-supervision/{note.id}", data={"words": " \x00"}).status_code == 422


def test_a_note_is_written_with_what_was_agreed_and_stays_as_it_is(
    session: Session, cast: Cast, staff_door: Flask
) -> None:
    nasrin, address = cast.at(staff_door, cast.nasrin), f"/supervision/team/{cast.grace.id}/notes"
    data = {"met_on": "2026-11-25", "words": "\u202eWe <b>talked</b>", "action_1": "Rest", "by_1": "2026-12-01"}
    first = nasrin.post(address, data=data)
    assert first.status_code == 303
    assert nasrin.post(address, data=data).location == first.location
    page = nasrin.get(first.location).text
    assert "\u202eWe &lt;b&gt;talked" in page
    assert "1 December" in page
    of_grace = nasrin.get(f"/supervision/team/{cast.grace.id}").text
    assert first.location in of_grace
    assert "I supervise them" in of_grace
    assert "Write a note" not in nasrin.get(f"/supervision/team/{cast.nasrin.id}").text
    assert nasrin.post(first.location, data={"words": "Other"}).status_code == 405
    for bad in ({"met_on": "2026-11-27"}, {"met_on": "x"}, {"words": ""}, {"words": "x" * 100_000}, {"by_1": ""},
                {"action_1": ""}, {"by_1": "2026-11-01"}, {"action_1": "x" * 201}):  # fmt: skip
        refused = nasrin.post(address, data=data | bad)
        assert refused.status_code == 422, bad
        assert "Rest" in refused.text or "action_1" in bad
    assert len(session.scalars(select(SupervisionNote)).all()) == len(session.scalars(select(AgreedAction)).all()) == 1
    session.commit()
