"""What a tenant does on the pages of a repair, as a phone without JavaScript does it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.repairs.models import Event, Repair, RepairUpdate, State
from tenant_app.repairs.rules import change_state
from tenant_app.repairs.visits.desk import answer, no_access, take_back
from tenant_app.repairs.visits.models import RepairRating, VisitSlot
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.questions import counted
from tests.repairs.conftest import LONDON, Reported, rows
from tests.repairs.visits.conftest import MONDAY, TUESDAY, Offered, slots_of

HOSTILE = "<script>alert(1)</script>\u202egnol\x00 \U0001f527"


def state_of(session: Session, repair: Repair) -> Repair:
    found: Repair = rows(session, Repair.whole(select(Repair).where(Repair.id == repair.id)))[0]
    return found


def ids(session: Session, repair: Repair) -> list[str]:
    found = [str(slot.id) for slot in slots_of(session, repair)]
    session.commit()
    return found


def test_from_an_offer_to_a_visit_in_ones_calendar(amina: FlaskClient, session: Session, offered: Offered) -> None:
    repair = offered()
    assert "Choose a time" in amina.get("/repairs").text
    assert f"/repairs/{repair.id}/times" in amina.get("/").text
    page = amina.get(f"/repairs/{repair.id}/times").text
    assert "Monday 30 November" in page
    monday, tuesday = ids(session, repair)

    for _ in range(2):
        assert amina.post(f"/repairs/{repair.id}/times", data={"slot": monday}).status_code == 303

    page = amina.get(f"/repairs/{repair.id}").text
    assert "You chose a time: Monday 30 November" in page
    assert page.count("You chose a time") == 1
    file = amina.get(f"/repairs/{repair.id}/visit.ics")
    event = Calendar.from_ical(file.text).walk("VEVENT")[0]
    assert event["DTSTART"].dt.astimezone(UTC) == datetime(2026, 11, 30, 13, tzinfo=UTC)
    assert str(event["SUMMARY"]) == "Something is planned"
    amina.post(f"/repairs/{repair.id}/times", data={"slot": tuesday})
    assert state_of(session, repair).visit_on == TUESDAY[0]


def test_calling_off_asks_for_no_reason_and_blames_nobody(
    amina: FlaskClient, session: Session, offered: Offered
) -> None:
    repair = offered()
    amina.post(f"/repairs/{repair.id}/times", data={"slot": ids(session, repair)[0]})
    page = amina.get(f"/repairs/{repair.id}/cancel").text
    assert "That is all right" in page

    shown = {"visit_on": "2026-11-30", "visit_window": MONDAY[1]}
    for _ in range(2):
        assert amina.post(f"/repairs/{repair.id}/cancel", data=shown).status_code == 303

    found = state_of(session, repair)
    assert (found.state, [line.event for line in found.updates].count(Event.CANCELLED)) == (State.SEEN, 1)
    assert amina.get(f"/repairs/{repair.id}/visit.ics").status_code == 404


def test_an_old_page_is_told_what_holds_now_and_keeps_what_was_typed(
    amina: FlaskClient, session: Session, offered: Offered, devon: Worker
) -> None:
    repair = offered()
    monday, _ = ids(session, repair)
    take_back(session, slots_of(session, repair)[0])
    session.commit()

    gone = amina.post(f"/repairs/{repair.id}/times", data={"slot": monday, "suits": "Mornings"})
    assert gone.status_code == 409
    assert "That time is not free any more" in gone.text
    assert "You chose Monday 30 November" in gone.text
    assert "Tuesday 1 December" in gone.text
    assert 'value="Mornings"' in gone.text

    change_state(session, devon, repair, State.BOOKED, zone=LONDON, visit_on=TUESDAY[0], visit_window=TUESDAY[1])
    session.commit()
    shown = {"visit_on": "2026-11-30", "visit_window": MONDAY[1], "why": "I am away"}
    moved = amina.post(f"/repairs/{repair.id}/cancel", data=shown)
    assert moved.status_code == 409
    assert "Tuesday 1 December" in moved.text
    assert 'value="I am away"' in moved.text
    none = amina.post(f"/repairs/{repair.id}/times", data={"slot": "none", "suits": "Evenings"})
    assert none.status_code == 409
    assert "Evenings" in none.text
    assert state_of(session, repair).visit_on == TUESDAY[0]


def test_once_the_visit_has_begun_it_says_so_and_changes_nothing(
    tenant_door: Flask, cast: Cast, session: Session, offered: Offered
) -> None:
    repair = offered()
    monday, tuesday = ids(session, repair)
    cast.at(tenant_door, cast.amina).post(f"/repairs/{repair.id}/times", data={"slot": monday})
    with clock.stopped_at(datetime(2026, 11, 30, 13, 5, tzinfo=UTC)):
        phone = cast.at(tenant_door, cast.amina)

        answers = [
            phone.post(f"/repairs/{repair.id}/times", data={"slot": tuesday}),
            phone.post(f"/repairs/{repair.id}/cancel", data={"visit_on": "2026-11-30", "visit_window": MONDAY[1]}),
        ]
        assert "Somebody comes now, or has been" in phone.get(f"/repairs/{repair.id}").text

    assert [each.status_code for each in answers] == [409, 409]
    assert all("The visit has begun" in each.text for each in answers)
    assert state_of(session, repair).visit_on == MONDAY[0]


def test_what_is_no_time_is_asked_for_again_and_anothers_is_not_found(
    amina: FlaskClient, session: Session, cast: Cast, offered: Offered, reported: Reported
) -> None:
    repair = offered()
    own = reported(cast.salma)
    other = VisitSlot(repair_id=own.id, visit_on=MONDAY[0], visit_window=MONDAY[1], worker_id=cast.devon.id,
                      starts_at=datetime(2026, 11, 30, 13, tzinfo=UTC))  # fmt: skip
    session.add(other)
    session.commit()
    address = f"/repairs/{repair.id}/times"

    for slot in ("", "soon", "\x00", "x" * 100_000):
        again = amina.post(address, data={"slot": slot, "suits": "Mornings"})
        assert (again.status_code, 'value="Mornings"' in again.text) == (422, True)
    long = amina.post(address, data={"slot": "none", "suits": "x" * 201})
    assert (long.status_code, "x" * 201 in long.text) == (422, True)
    assert amina.post(address, data={"slot": str(other.id)}).status_code == 404
    assert amina.post(address, data={"slot": str(uuid4())}).status_code == 404
    for wrong in ({}, {"visit_on": "soon", "visit_window": "x"}, {"visit_on": "2026-11-30", "visit_window": "13-x"}):
        assert amina.post(f"/repairs/{repair.id}/cancel", data=wrong).status_code == 400
    for page in ("times", "cancel", "how"):
        assert amina.get(f"/repairs/{own.id}/{page}").status_code == 404
    for page in ("times", "cancel", "how", "words", "read", "fixed"):
        assert amina.post(f"/repairs/{own.id}/{page}", data={"slot": "none"}).status_code == 404


def test_words_to_the_desk_are_a_line_of_the_story_as_they_were_written(
    amina: FlaskClient, session: Session, reported: Reported
) -> None:
    repair = reported()

    assert amina.post(f"/repairs/{repair.id}/message", data={"message-words": HOSTILE}).status_code == 303
    empty = amina.post(f"/repairs/{repair.id}/message", data={"message-words": " "})
    long = amina.post(f"/repairs/{repair.id}/message", data={"message-words": "x" * 100_000})

    assert (empty.status_code, long.status_code) == (422, 422)
    assert "Write something first" in empty.text
    assert "x" * 100_000 in long.text
    page = amina.get(f"/repairs/{repair.id}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
    assert "Nobody watches this around the clock" in page
    lines = rows(session, select(RepairUpdate).where(RepairUpdate.event == Event.MESSAGE))
    assert [line.words for line in lines] == ["<script>alert(1)</script>\u202egnol \U0001f527"]


def test_what_is_new_is_marked_until_it_was_read(
    amina: FlaskClient, session: Session, reported: Reported, devon: Worker
) -> None:
    repair = reported()
    answer(session, devon, repair, "The part is ordered")
    session.commit()
    assert "New for you" in amina.get("/repairs").text
    assert "The part is ordered" in amina.get(f"/repairs/{repair.id}").text

    assert amina.post(f"/repairs/{repair.id}/read").status_code == 303

    assert "New for you" not in amina.get("/repairs").text


def test_an_attempt_is_told_in_neutral_words_with_a_way_to_answer(
    amina: FlaskClient, session: Session, reported: Reported, devon: Worker
) -> None:
    repair = reported()
    with clock.stopped_at(THURSDAY.replace(hour=12)):
        no_access(session, devon, repair, THURSDAY.replace(hour=11), ["rang", "card"], "Nobody heard", zone=LONDON)
        session.commit()

        page = amina.get(f"/repairs/{repair.id}").text

    assert "Somebody came on Thursday 26 November" in page
    assert "Rang the bell, Left a card" in page
    assert "That happens." in page


def test_is_it_fixed_yes_and_how_it_went(
    amina: FlaskClient, session: Session, reported: Reported, devon: Worker
) -> None:
    repair = reported()
    change_state(session, devon, repair, State.FIXED, zone=LONDON)
    session.commit()
    assert "Is it fixed?" in amina.get(f"/repairs/{repair.id}").text

    for _ in range(2):
        assert amina.post(f"/repairs/{repair.id}/fixed").location == f"/repairs/{repair.id}/how"

    for stars in ("", "0", "6", "five", "9" * 50):
        again = amina.post(f"/repairs/{repair.id}/how", data={"stars": stars, "words": "Quick"})
        assert (again.status_code, "Quick" in again.text) == (422, True)
    assert amina.post(f"/repairs/{repair.id}/how", data={"stars": "4", "words": HOSTILE}).status_code == 303
    assert rows(session, select(RepairRating.stars)) == [4]
    assert "You said how it went: Well." in amina.get(f"/repairs/{repair.id}").text
    amina.post(f"/repairs/{repair.id}/not-fixed", data={"words": "It drips"})
    assert amina.post(f"/repairs/{repair.id}/fixed").status_code == 409
    assert amina.post(f"/repairs/{repair.id}/how", data={"stars": "4"}).status_code == 409
    assert state_of(session, repair).state is State.REPORTED


def test_a_list_of_repairs_asks_the_same_number_of_questions_however_long_it_is(
    amina: FlaskClient, tenant_door: Flask, offered: Offered
) -> None:
    def asked() -> int:
        with counted(tenant_door) as statements:
            assert amina.get("/repairs").status_code == 200
        return len(statements)

    offered()
    few = asked()
    offered(), offered()

    assert asked() == few


@pytest.mark.parametrize("part", ["times", "cancel", "how"])
def test_a_draft_has_none_of_these_pages(amina: FlaskClient, part: str) -> None:
    draft = amina.post("/repairs/new", data={"urgent": ""}).location.removesuffix("/where")

    assert amina.get(f"{draft}/{part}").status_code == 404
