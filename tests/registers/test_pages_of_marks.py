"""Pages of a register beside the marks themselves: undo, what others changed, notes, code, sheet."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.groups.models import Attendance, Booking, GroupSession
from tenant_app.groups.register.attendance import MOST_NAMES, MOST_NOTES, name_at_door, write_note
from tenant_app.groups.register.records import NamedAtDoor, SessionNote
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.registers.conftest import HTMX, _marks, tap


@pytest.fixture
def desk(staff_door: Flask, cast: Cast) -> FlaskClient:
    """Nasrin's, who keeps every register."""
    return cast.at(staff_door, cast.nasrin)


def test_a_mark_is_taken_back_with_one_tap_and_without_script(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    path = f"/registers/{cooking.id}/people/{cast.amina.id}"
    tap(phone, cooking, cast.amina, "here")
    answer = phone.post(path, data={"mark": "none"}, headers=HTMX)
    assert "0 of 2 marked" in answer.text
    assert _marks(session, cooking)["Amina"] is None

    tap(phone, cooking, cast.amina, "here")
    others = {f"mark-{cast.amina.id}": "here", f"mark-{cast.tomasz.id}": "late", f"was-{cast.tomasz.id}": "none"}
    answer = phone.post(path, data={"mark": "none", **others})
    assert answer.location.endswith(f"#person-{cast.amina.id}")
    assert _marks(session, cooking) == {"Amina": None, "Tomasz": Attendance.LATE}


def test_a_page_that_lay_open_changes_only_what_was_changed_on_it(
    phone: FlaskClient, desk: FlaskClient, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    tap(phone, cooking, cast.amina, "here")
    with clock.stopped_at(THURSDAY + timedelta(minutes=1)):
        tap(desk, cooking, cast.amina, "late")
    with clock.stopped_at(THURSDAY + timedelta(minutes=2)):
        phone.post(
            f"/registers/{cooking.id}",
            data={
                f"mark-{cast.amina.id}": "here", f"was-{cast.amina.id}": "here",
                f"mark-{cast.tomasz.id}": "sent_word", f"was-{cast.tomasz.id}": "none",
            },
        )  # fmt: skip

    assert _marks(session, cooking) == {"Amina": Attendance.LATE, "Tomasz": Attendance.SENT_WORD}


def test_one_tap_brings_what_the_other_facilitator_marked_meanwhile(
    phone: FlaskClient, desk: FlaskClient, cast: Cast, cooking: GroupSession
) -> None:
    tap(phone, cooking, cast.amina, "here")
    with clock.stopped_at(THURSDAY + timedelta(minutes=1)):
        tap(desk, cooking, cast.amina, "late")
    with clock.stopped_at(THURSDAY + timedelta(minutes=2)):
        answer = tap(phone, cooking, cast.tomasz, "here", since=THURSDAY.isoformat()).text

    assert f'id="person-{cast.amina.id}"' in answer
    assert "Amina Warsame" in answer.split("A later mark counts")[1]
    assert "Marked by <bdi>Nasrin</bdi>." in answer
    assert "A later mark counts" in phone.get(f"/registers/{cooking.id}").text
    phone.post(f"/registers/{cooking.id}/changes", data={"read": "1"})
    assert "A later mark counts" not in phone.get(f"/registers/{cooking.id}").text


def test_a_tap_that_loses_to_a_later_mark_brings_that_one(
    phone: FlaskClient, desk: FlaskClient, cast: Cast, cooking: GroupSession
) -> None:
    tap(desk, cooking, cast.amina, "late")
    answer = tap(phone, cooking, cast.amina, "here", tapped_at=(THURSDAY - timedelta(minutes=5)).isoformat()).text

    assert f'id="person-{cast.amina.id}"' in answer
    assert "A later mark counts" in answer


def test_a_tap_that_counts_leaves_its_own_line_alone(phone: FlaskClient, cast: Cast, cooking: GroupSession) -> None:
    assert f'id="person-{cast.amina.id}"' not in tap(phone, cooking, cast.amina, "here").text


def test_someone_let_in_by_mistake_is_off_the_page(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    phone.post(f"/registers/{cooking.id}/walk-in", data={"tenant": str(cast.salma.id)})
    answer = tap(phone, cooking, cast.salma, "none").text

    assert f'id="person-{cast.salma.id}" hx-swap-oob="delete"' in answer
    assert str(cast.salma.id) not in phone.get(f"/registers/{cooking.id}").text


def test_a_mark_that_waited_says_when_it_was_tapped_however_wrong_that_clock_is(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    slow = timedelta(hours=3)
    with clock.stopped_at(THURSDAY + timedelta(minutes=30)):
        now = clock.now() - slow
        answer = phone.post(
            f"/registers/{cooking.id}/people/{cast.amina.id}",
            data={f"mark-{cast.amina.id}": "here", "tapped_at": (now - timedelta(minutes=20)).isoformat()},
            headers={"X-Homeward-Clock": now.isoformat()},
        )
    assert answer.status_code == 303
    booking = session.scalars(select(Booking).where(Booking.tenant_id == cast.amina.id)).one()
    assert booking.marked_at == THURSDAY + timedelta(minutes=10)


@pytest.mark.parametrize("said", ["yesterday", "2026-11-26T09:00:00", ""])
def test_a_moment_that_cannot_be_read_loses_to_any_other(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession, said: str
) -> None:
    tap(phone, cooking, cast.amina, "here")
    tap(phone, cooking, cast.amina, "not_here", tapped_at=said)

    assert _marks(session, cooking)["Amina"] is Attendance.HERE


def test_what_waited_for_someone_who_is_not_in_the_register_is_refused_aloud(
    phone: FlaskClient, cooking: GroupSession
) -> None:
    path, then = f"/registers/{cooking.id}/people/{uuid4()}", THURSDAY.isoformat()

    assert phone.post(path, data={"mark": "here", "tapped_at": then}).status_code == 404


@pytest.mark.parametrize(
    ("tapped", "shows"),
    [
        ("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59+00:00"),
        ("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"),
        ("0001-01-01T00:00:00+14:00", ""),
    ],
)
def test_moments_that_no_clock_shows_are_no_error(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession, tapped: str, shows: str
) -> None:
    path = f"/registers/{cooking.id}/people/{cast.amina.id}"
    sent = {f"mark-{cast.amina.id}": "here", "tapped_at": tapped, "since": tapped}

    answer = phone.post(path, data=sent, headers={**HTMX, "X-Homeward-Clock": shows})

    assert answer.status_code == 200
    assert _marks(session, cooking)["Amina"] is Attendance.HERE


def test_notes_of_two_facilitators_both_stand_and_only_its_writer_takes_one_off(
    phone: FlaskClient, desk: FlaskClient, session: Session, cooking: GroupSession
) -> None:
    page = phone.get(f"/registers/{cooking.id}/notes").text
    assert "Leave out anything about anyone’s health." in page
    phone.post(f"/registers/{cooking.id}/notes", data={"words": "Bring more onions."})
    desk.post(f"/registers/{cooking.id}/notes", data={"words": "The oven door sticks."})
    mine = session.scalars(select(SessionNote).where(SessionNote.words == "Bring more onions.")).one()
    session.commit()

    assert desk.post(f"/registers/{cooking.id}/notes/{mine.id}", data={"kept": "0"}).status_code == 404
    page = desk.get(f"/registers/{cooking.id}").text
    assert "Bring more onions." in page
    assert "The oven door sticks." in page
    phone.post(f"/registers/{cooking.id}/notes/{mine.id}", data={"kept": "0"})
    assert "onions" not in phone.get(f"/registers/{cooking.id}").text


def test_names_and_notes_of_one_session_are_no_more_than_anybody_reads(
    phone: FlaskClient, session: Session, cast: Cast, joana: Worker, cooking: GroupSession
) -> None:
    for number in range(MOST_NAMES):
        name_at_door(session, joana, cooking, f"Somebody {number}")
    for number in range(MOST_NOTES):
        write_note(session, joana, cooking, f"Note {number}")
    session.commit()

    name = phone.post(f"/registers/{cooking.id}/walk-in", data={"name": "Canary"})
    note = phone.post(f"/registers/{cooking.id}/notes", data={"words": "Canary sentence"})

    assert (name.status_code, note.status_code) == (422, 422)
    assert "<bdi>Canary</bdi> is not kept: 60 names" in name.text
    assert "There are 50 notes here already" in note.text
    assert "Canary sentence</textarea>" in note.text
    assert len(session.scalars(select(NamedAtDoor)).all()) == MOST_NAMES
    assert len(session.scalars(select(SessionNote)).all()) == MOST_NOTES


def test_an_empty_note_is_asked_for_again(phone: FlaskClient, cooking: GroupSession) -> None:
    answer = phone.post(f"/registers/{cooking.id}/notes", data={"words": " "})

    assert answer.status_code == 422
    assert "Write your note" in answer.text


def test_the_sheet_to_print_has_every_name_and_nothing_else_of_anyone(
    phone: FlaskClient, cooking: GroupSession
) -> None:
    page = phone.get(f"/registers/{cooking.id}/sheet").text

    assert "Amina Warsame" in page
    assert "Tomasz Wójcik" in page
    for private in ("Flat 4", "Flat 7", "Grace"):
        assert private not in page


@pytest.mark.parametrize("part", ["notes", "code", "sheet"])
def test_other_facilitators_have_none_of_these_pages(
    staff_door: Flask, cast: Cast, cooking: GroupSession, part: str
) -> None:
    assert cast.at(staff_door, cast.marek).get(f"/registers/{cooking.id}/{part}").status_code == 404
