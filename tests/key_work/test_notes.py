"""Notes: facts apart from opinions, read by the tenant at once, changed for a day, put right and never lost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.key_work.models import KeyWorkNote, NoteAnswer
from tenant_app.key_work.rules import WRITTEN, Contact, Stale, TooLate, answers_unread, rewrite
from tenant_app.reminders.models import Notice, State
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.key_work.conftest import TERMS, Written, rows, typed
from tests.questions import counted

HOSTILE = "<script>alert(1)</script> \u202edoogs\x00 \U0001f9e1"


def test_a_note_keeps_both_moments_and_the_tenant_reads_facts_and_opinions_apart(
    desk: FlaskClient, phone: FlaskClient, session: Session, cast: Cast
) -> None:
    answer = desk.post(f"/caseload/{cast.amina.id}/notes/new", data=typed(
        met_on="2026-11-23", met_at="14:00", happened="The letters lay unopened.", opinion="Money may worry her.",
        agreed="We open them on Friday.", minutes="45",
    ))  # fmt: skip
    assert answer.status_code == 303

    (note,) = rows(session, select(KeyWorkNote))
    assert (note.met_at, note.written_at) == (datetime(2026, 11, 23, 14, tzinfo=UTC), THURSDAY)
    page = phone.get("/key-work").text
    facts, opinion = page.index("The letters lay unopened."), page.index("Money may worry her.")
    assert page.index("What happened") < facts < page.index("</bdi> thinks") < opinion
    assert "Written on Thursday 26 November" in page
    (notice,) = rows(session, select(Notice).where(Notice.kind == WRITTEN))
    assert "letters" not in str(notice.facts)
    assert (notice.due_at, notice.state) == (THURSDAY, State.WAITING)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"met_on": "2026-11-27"}, "This is still to come"),
        ({"met_at": "09:01"}, "This is still to come"),
        ({"met_on": "2025-11-01"}, "Choose a day within the last year"),
        ({"met_on": "31/12"}, "Choose a day from the calendar"),
        ({"met_at": "noon"}, "Write a time, such as 13:00"),
        ({"how": "by pigeon"}, ""),
        ({"happened": " \x00 "}, "Write what happened"),
        ({"opinion": "o" * 100_000}, "Use at most 2000 letters"),
        ({"minutes": "0"}, "Enter minutes from 1 to 720"),
        ({"minutes": "9" * 400}, "Enter minutes from 1 to 720"),
        ({"minutes": "half an hour"}, "Enter a number, such as 8"),
        ({"held": "1", "reason": "", "until": "2026-12-01"}, "Write why it would not be safe"),
        ({"held": "1", "reason": "He reads her phone", "until": "2026-12-25"}, "Choose a day from today, within 28"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_cannot_be_is_refused_with_all_that_was_typed(
    desk: FlaskClient, session: Session, cast: Cast, given: dict[str, str], said: str
) -> None:
    answer = desk.post(f"/caseload/{cast.amina.id}/notes/new", data=typed(agreed="CANARY stays typed", **given))

    assert answer.status_code == 422
    assert said in answer.text
    assert "CANARY stays typed" in answer.text
    assert rows(session, select(KeyWorkNote)) == []


def test_hostile_text_is_shown_as_text_and_a_double_tap_is_one_note(
    desk: FlaskClient, phone: FlaskClient, session: Session, cast: Cast
) -> None:
    for _ in range(2):
        desk.post(f"/caseload/{cast.amina.id}/notes/new", data=typed(happened=HOSTILE, opinion=HOSTILE))
    (note,) = rows(session, select(KeyWorkNote))

    for page in (desk.get(f"/caseload/{cast.amina.id}/notes"), desk.get(f"/notes/{note.id}"), phone.get("/key-work")):
        assert page.status_code == 200
        assert "<script>alert" not in page.text
        assert "\U0001f9e1" in page.text


def test_within_a_day_a_note_is_changed_and_how_it_read_stays(
    staff_door: Flask, phone: FlaskClient, cast: Cast, written: Written
) -> None:
    note = written("She cried.")
    with clock.stopped_at(THURSDAY + timedelta(hours=23)):
        answer = cast.at(staff_door, cast.grace).post(f"/notes/{note.id}/edit", data=typed(seen="1", happened="She was quiet."))
        assert answer.status_code == 303
        page = phone.get(f"/key-work/{note.id}").text
    assert page.index("She was quiet.") < page.index("How it read until") < page.index("She cried.")


def test_of_two_changes_the_later_is_told_and_both_texts_are_shown(
    desk: FlaskClient, session: Session, written: Written
) -> None:
    note = written()
    desk.post(f"/notes/{note.id}/edit", data=typed(seen="1", happened="From the phone."))
    answer = desk.post(f"/notes/{note.id}/edit", data=typed(seen="1", happened="From the desk."))

    assert answer.status_code == 409
    assert "From the phone." in answer.text
    assert "From the desk." in answer.text
    again = desk.post(f"/notes/{note.id}/edit", data=typed(seen="2", happened="Both."))
    assert again.status_code == 303
    (kept,) = rows(session, select(KeyWorkNote))
    assert (kept.happened, kept.edition) == ("Both.", 3)


def test_after_a_day_it_stays_and_a_new_note_puts_it_right(
    staff_door: Flask, phone: FlaskClient, session: Session, cast: Cast, written: Written, grace: Worker
) -> None:
    note = written("He owes 40 pounds.")
    note_id = note.id
    with clock.stopped_at(THURSDAY + timedelta(hours=24)):
        desk = cast.at(staff_door, cast.grace)
        contact = Contact(THURSDAY, note.how, "He owes 14 pounds.")
        with pytest.raises(TooLate):
            rewrite(session, grace, note, contact, seen=1, terms=TERMS)
        session.rollback()
        late = desk.post(f"/notes/{note_id}/edit", data=typed(seen="1", happened="He owes 14 pounds."))
        assert late.status_code == 409
        assert "He owes 14 pounds." in late.text
        right = typed(corrects=str(note_id), happened="He owes 14 pounds.")
        assert desk.post(f"/caseload/{cast.amina.id}/notes/new", data=right).status_code == 303
    page = phone.get(f"/key-work/{note_id}").text
    assert "He owes 40 pounds." in page
    assert "Put right by a note" in page


def test_only_its_writer_changes_a_note(session: Session, cast: Cast, staff_door: Flask, written: Written) -> None:
    note = written()
    session.get_one(Tenant, cast.amina.id).keyworker_id = cast.marek.id
    session.commit()
    marek = cast.at(staff_door, cast.marek)

    assert marek.get(f"/notes/{note.id}").status_code == 200
    assert marek.get(f"/notes/{note.id}/edit").status_code == 404
    assert marek.post(f"/notes/{note.id}/edit", data=typed(seen="1")).status_code == 404


def test_the_next_keyworker_reads_what_was_written_and_the_one_before_nothing_more(
    desk: FlaskClient, staff_door: Flask, session: Session, cast: Cast, written: Written
) -> None:
    note = written("CANARY")
    session.get_one(Tenant, cast.amina.id).keyworker_id = cast.marek.id
    session.commit()

    assert "CANARY" in cast.at(staff_door, cast.marek).get(f"/caseload/{cast.amina.id}/notes").text
    for address in (f"/caseload/{cast.amina.id}/notes", f"/notes/{note.id}", f"/caseload/{cast.amina.id}/notes/new"):
        assert desk.get(address).status_code == 404
    assert desk.post(f"/caseload/{cast.amina.id}/notes/new", data=typed()).status_code == 404
    assert cast.at(staff_door, cast.nasrin).get(f"/notes/{note.id}").status_code == 404


def test_the_tenant_answers_in_their_own_words_and_the_desk_is_told_until_it_is_read(
    desk: FlaskClient, phone: FlaskClient, session: Session, written: Written, grace: Worker
) -> None:
    note = written()
    assert phone.post(f"/key-work/{note.id}/answers", data={"words": "  "}).status_code == 422
    for _ in range(2):
        assert phone.post(f"/key-work/{note.id}/answers", data={"words": "It was stew."}).status_code == 303

    assert [answer.words for answer in answers_unread(session, grace)] == ["It was stew."]
    session.commit()
    assert "It was stew." in desk.get(f"/notes/{note.id}").text
    desk.post(f"/notes/{note.id}/answers", data={"seen": "1"})
    assert [answer.seen_at for answer in rows(session, select(NoteAnswer))] == [THURSDAY]
    assert answers_unread(session, grace) == []


def test_a_tenant_reads_and_answers_no_note_about_another(
    tenant_door: Flask, cast: Cast, session: Session, written: Written
) -> None:
    note, tomasz = written("CANARY"), cast.at(tenant_door, cast.tomasz)

    assert "CANARY" not in tomasz.get("/key-work").text
    assert tomasz.get(f"/key-work/{note.id}").status_code == 404
    assert tomasz.get(f"/key-work?after={note.id}").status_code == 404
    assert tomasz.post(f"/key-work/{note.id}/answers", data={"words": "Mine?"}).status_code == 404


def test_each_opening_is_written_down_also_where_the_answer_is_a_refusal(
    desk: FlaskClient, session: Session, cast: Cast, written: Written
) -> None:
    note = written()
    desk.get(f"/caseload/{cast.amina.id}/notes")
    desk.get(f"/notes/{note.id}")
    desk.post(f"/caseload/{cast.amina.id}/notes/new", data=typed(happened=""))

    assert [look.what for look in rows(session, select(Look))] == ["notes"] * 3


def test_a_change_from_a_page_that_is_out_of_date_is_refused(
    session: Session, written: Written, grace: Worker
) -> None:
    note = written()
    with pytest.raises(Stale):
        rewrite(session, grace, note, Contact(THURSDAY, note.how, "Other"), seen=7, terms=TERMS)


def test_a_thousand_notes_cost_as_many_questions_as_one(
    desk: FlaskClient, staff_door: Flask, session: Session, cast: Cast, amina: Tenant, grace: Worker, written: Written
) -> None:
    written()
    desk.get(f"/caseload/{cast.amina.id}/notes")
    with counted(staff_door) as one:
        desk.get(f"/caseload/{cast.amina.id}/notes")
    session.add_all(
        KeyWorkNote(
            tenant=amina, worker=grace, met_at=THURSDAY - timedelta(hours=number), how="call", happened=f"Call {number}"
        )
        for number in range(1000)
    )  # fmt: skip
    session.commit()
    with counted(staff_door) as many:
        page = desk.get(f"/caseload/{cast.amina.id}/notes").text
    assert len(many) <= len(one) + 1  # corrected notes are asked for only where there is one
    assert page.count('<li class="card"') == 20
    onward = page.split("notes?after=")[1].split('"')[0]
    assert "Call 19" in desk.get(f"/caseload/{cast.amina.id}/notes?after={onward}").text
