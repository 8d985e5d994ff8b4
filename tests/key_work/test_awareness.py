"""A note that names damp or mould: the clock runs from when it made us aware, and the offer waits until answered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.key_work.awareness import HazardMention, Outcome, awareness_open
from tenant_app.key_work.models import KeyWorkNote
from tenant_app.key_work.rules import Contact, rewrite
from tenant_app.repairs.hazards import HazardLimits, clocks
from tenant_app.repairs.models import Repair, State
from tenant_app.repairs.rules import start_draft
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.key_work.conftest import LONDON, TERMS, Written, rows, typed
from tests.repairs.conftest import reported

__all__ = ["reported"]

LIMITS = HazardLimits(investigate=10, summary=3, make_safe=5)
MOULD = "We talked about her sister. There is mould in the bathroom."


def offer(desk: FlaskClient, cast: Cast, **given: str) -> str:
    """Write a note and follow it to the offer."""
    answer = desk.post(f"/caseload/{cast.amina.id}/notes/new", data=typed(**{"happened": MOULD} | given))
    assert answer.status_code == 303
    assert "/awareness/" in answer.location
    return answer.location


def test_the_offer_is_filled_in_and_one_tap_raises_a_repair_known_since_the_contact(
    desk: FlaskClient, phone: FlaskClient, staff_door: Flask, session: Session, cast: Cast
) -> None:
    address = offer(desk, cast, met_on="2026-11-23", met_at="16:30", opinion="She is ashamed of it.")
    page = desk.get(address).text
    assert "There is mould in the bathroom.</textarea>" in page
    assert 'value="bathroom" checked' in page
    # Monday 23 November is day 0. Working days: 24 to 27 November are 1 to 4, 30 November to 4 December 5 to 9,
    # Monday 7 December is the tenth.
    assert "Look into it by Monday 7 December" in page
    assert "Day 3 of 10" in page

    fields = {"outcome": "raised", "rooms": "bathroom", "words": "There is mould in the bathroom."}
    for _ in range(2):
        assert desk.post(address, data=fields).status_code == 303
    (repair,) = rows(session, select(Repair))
    assert (repair.state, repair.hazard, repair.kind) == (State.REPORTED, True, "damp-mould")
    assert repair.aware_at == datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
    assert repair.reported_at == THURSDAY
    told = clocks(repair, LIMITS, LONDON, date(2026, 11, 26))
    assert told is not None
    assert (told.aware_on, told.due_on) == (date(2026, 11, 23), date(2026, 12, 7))
    session.commit()

    mine = phone.get(f"/repairs/{repair.id}").text
    assert "reported it for you" in mine
    assert "You told us" not in mine
    theirs = cast.at(staff_door, cast.devon).get(f"/repairs/{repair.id}").text
    assert "reported it for" in theirs
    assert "Look into it by Monday 7 December" in theirs
    assert "sister" not in theirs
    assert "ashamed" not in theirs


def test_the_clock_passes_over_christmas_as_counted_by_hand(written: Written, session: Session, grace: Worker) -> None:
    with clock.stopped_at(datetime(2026, 12, 18, 9, tzinfo=UTC)):
        written("Damp behind the bed", met_at=datetime(2026, 12, 17, 23, 30, tzinfo=UTC))
        (mention,) = awareness_open(session, grace)
        # Thursday 17 December is day 0. 18 is 1; 21 to 24 are 2 to 5; 25 and 28 are bank holidays (Boxing Day is a
        # Saturday); 29 to 31 are 6 to 8; 1 January is one too; Monday 4 January is 9 and Tuesday 5 the tenth.
        repair = Repair(hazard=True, aware_at=mention.aware_at)
        told = clocks(repair, LIMITS, LONDON, date(2026, 12, 18))
        assert told is not None
        assert (told.aware_on, told.due_on) == (date(2026, 12, 17), date(2027, 1, 5))


def test_an_offer_left_alone_waits_on_the_tenants_page_and_for_today(
    desk: FlaskClient, session: Session, cast: Cast, grace: Worker, staff_door: Flask
) -> None:
    address = offer(desk, cast)
    assert "Damp or mould was named" in desk.get(f"/caseload/{cast.amina.id}").text
    assert [mention.tenant.name for mention in awareness_open(session, grace)] == ["Amina Warsame"]
    assert len(awareness_open(session, session.get_one(Worker, cast.nasrin.id))) == 1
    assert awareness_open(session, session.get_one(Worker, cast.marek.id)) == []
    session.commit()
    assert cast.at(staff_door, cast.marek).get(address).status_code == 404
    assert cast.at(staff_door, cast.marek).post(address, data={"outcome": "raised"}).status_code == 404


def test_it_was_reported_already_moves_that_repairs_clock_to_the_earlier_day(
    desk: FlaskClient, session: Session, cast: Cast, reported: object
) -> None:
    there = reported(kind="damp-mould", hazard=True)  # type: ignore[operator]
    foreign = reported(cast.salma, "damp-mould", hazard=True)  # type: ignore[operator]
    draft = start_draft(session, session.get_one(Tenant, cast.amina.id))
    session.commit()
    address = offer(desk, cast, met_on="2026-11-20", met_at="10:00")

    for wrong in (foreign.id, draft.id, "nothing"):
        assert desk.post(address, data={"outcome": "reported", "repair": str(wrong)}).status_code == 404
    assert desk.post(address, data={"outcome": "reported", "repair": str(there.id)}).status_code == 303
    session.refresh(there)
    assert there.aware_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    (mention,) = rows(session, select(HazardMention))
    assert (mention.outcome, mention.repair_id) == (Outcome.REPORTED, there.id)


def test_not_about_this_home_needs_a_reason_which_is_kept(desk: FlaskClient, session: Session, cast: Cast) -> None:
    address = offer(desk, cast)

    refused = desk.post(address, data={"outcome": "not_here", "reason": " "})
    assert refused.status_code == 422
    assert "Write why it is not about this home" in refused.text
    assert desk.post(address, data={"outcome": "gone"}).status_code == 400
    assert desk.post(address, data={"outcome": "raised", "words": "Typed CANARY"}).status_code == 422
    assert desk.post(address, data={"outcome": "not_here", "reason": "Her sister’s flat"}).status_code == 303
    (mention,) = rows(session, select(HazardMention))
    assert (mention.outcome, mention.reason, mention.settled_by_id) == (
        Outcome.NOT_HERE, "Her sister’s flat", cast.grace.id,
    )  # fmt: skip
    assert rows(session, select(Repair)) == []
    assert "Her sister’s flat" in desk.get(address).text


def test_taking_the_word_out_again_does_not_make_us_unaware(
    session: Session, written: Written, grace: Worker
) -> None:
    note = written("Mould in the hall")
    rewrite(session, grace, note, Contact(THURSDAY - timedelta(days=2), note.how, "The hall"), seen=1, terms=TERMS)
    (mention,) = awareness_open(session, grace)
    assert mention.aware_at == THURSDAY - timedelta(days=2)
    rewrite(session, grace, note, Contact(THURSDAY, note.how, "The hall"), seen=2, terms=TERMS)
    (mention,) = awareness_open(session, grace)
    assert mention.aware_at == THURSDAY - timedelta(days=2)


def test_a_word_added_within_the_day_makes_us_aware_as_of_the_contact(
    session: Session, written: Written, grace: Worker
) -> None:
    note = written("The hall")
    assert awareness_open(session, grace) == []
    with clock.stopped_at(THURSDAY + timedelta(hours=5)):
        contact = Contact(note.met_at, note.how, "Black spots in the hall")
        rewrite(session, grace, note, contact, seen=1, terms=TERMS)
    assert [mention.aware_at for mention in awareness_open(session, grace)] == [THURSDAY - timedelta(minutes=30)]


def test_a_coordinator_settles_for_a_tenant_whom_nobody_supports_without_reading_the_note(
    desk: FlaskClient, staff_door: Flask, session: Session, cast: Cast
) -> None:
    address = offer(desk, cast)
    amina = session.get_one(Tenant, cast.amina.id)
    amina.keyworker_id = None
    session.commit()
    nasrin = cast.at(staff_door, cast.nasrin)

    assert "Amina Warsame" in nasrin.get("/awareness").text
    page = nasrin.get(address).text
    assert "We talked" not in page
    assert "in the bathroom" not in page
    raised = nasrin.post(address, data={"outcome": "raised", "rooms": "bathroom", "words": "Mould"})
    assert raised.status_code == 303
    assert len(rows(session, select(Repair))) == 1


def test_a_report_that_the_tenant_has_begun_stays_theirs(desk: FlaskClient, session: Session, cast: Cast) -> None:
    draft = start_draft(session, session.get_one(Tenant, cast.amina.id))
    draft.say_kind("leak", "", hazard=False)
    draft.say_words("My own words", language="en")
    session.commit()
    desk.post(offer(desk, cast), data={"outcome": "raised", "rooms": "hall-stairs", "words": "Mould"})

    assert sorted((repair.state.value, repair.words) for repair in rows(session, select(Repair))) == [
        ("draft", "My own words"), ("reported", "Mould"),
    ]  # fmt: skip


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_note_without_those_words_offers_nothing(desk: FlaskClient, session: Session, cast: Cast) -> None:
    answer = desk.post(f"/caseload/{cast.amina.id}/notes/new", data=typed(happened="That dampened her mood."))
    (note,) = rows(session, select(KeyWorkNote))
    assert answer.location == f"/notes/{note.id}"
    assert rows(session, select(HazardMention)) == []
