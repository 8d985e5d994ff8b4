"""Repairs of a house: found by staff in a shared part, with the same clocks; whoever lives there reads how they stand."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.reminders.models import Notice
from tenant_app.repairs.clocks.models import PauseReason
from tenant_app.repairs.clocks.policy import Kind
from tenant_app.repairs.clocks.rules import note_investigated, pause, running
from tenant_app.repairs.clocks.summaries import write_summary
from tenant_app.repairs.models import Repair, State
from tenant_app.repairs.rules import change_state, in_house_of, not_fixed, raise_in_house, steps_of
from tenant_app.repairs.visits.merging import may_be_the_same, merge
from tenant_app.repairs.visits.rules import close_by_time
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.repairs.conftest import LONDON, Reported, rows

MONDAY = date(2026, 11, 30)
WORDS = "Black spots by the meter of Amina's door"


@pytest.fixture
def alma(session: Session, cast: Cast) -> Property:
    return session.get_one(Property, cast.alma_road.id)


def found(session: Session, devon: Worker, alma: Property, kind: str = "damp-mould", flat: str = "") -> Repair:
    repair = raise_in_house(
        session, devon, alma, kind, rooms=["shared-stairs"], words=WORDS, hazard=kind == "damp-mould", flat=flat,
        aware_at=THURSDAY - timedelta(hours=2),
    )  # fmt: skip
    session.commit()
    return repair


def test_the_law_runs_for_a_shared_part_from_when_it_was_found(session: Session, devon: Worker, alma: Property) -> None:
    repair = found(session, devon, alma)

    assert [row.kind for row in repair.clocks] == [Kind.INVESTIGATE]
    assert repair.clocks[0].started_at == THURSDAY - timedelta(hours=2)
    assert (repair.shared, repair.home, repair.tenant) == (True, "Alma Road", None)
    assert rows(session, select(Notice)) == []


def test_what_says_nothing_is_not_raised(session: Session, devon: Worker, alma: Property) -> None:
    for kind, rooms in (("", ["shared"]), ("leak", [])):
        with pytest.raises(ValueError, match="where and what"):
            raise_in_house(session, devon, alma, kind, rooms=rooms, words="", hazard=False, aware_at=THURSDAY)


def test_who_works_there_or_everywhere_sees_it_at_the_desk(
    session: Session, cast: Cast, devon: Worker, alma: Property
) -> None:
    repair = found(session, devon, alma)
    marek = session.get_one(Worker, cast.marek.id)

    def seen_by(worker: Worker) -> bool:
        person = session.get_one(Worker, worker.id)
        return repair in session.scalars(Repair.desk_of(person)).all()

    assert [seen_by(one) for one in (cast.devon, cast.grace, cast.nasrin, cast.marek)] == [True] * 4
    assert [seen_by(one) for one in (cast.joana, cast.priya)] == [False] * 2
    marek.property_id = cast.mare_street.id
    session.flush()
    assert not seen_by(cast.marek)
    marek.property_id = None
    session.flush()
    assert seen_by(cast.marek)
    assert session.scalars(Repair.caseload_of(session.get_one(Worker, cast.grace.id))).all() == []


def test_neighbours_read_how_it_stands_and_neither_words_nor_photos_nor_anything_to_do(
    session: Session, cast: Cast, devon: Worker, alma: Property, tenant_door: Flask
) -> None:
    repair = found(session, devon, alma)
    empty = found(session, devon, alma, "leak", flat="Flat 9")
    session.commit()
    amina, salma = cast.at(tenant_door, cast.amina), cast.at(tenant_door, cast.salma)
    address = f"/repairs/{repair.id}"

    listed = amina.get("/repairs").text
    assert ("In your house" in listed, address in listed) == (True, True)
    assert str(empty.id) not in listed
    page = amina.get(address).text
    assert "Damp or mould" in page
    assert "Thursday 10 December" in page
    assert WORDS not in page
    assert "not-fixed" not in page
    assert [amina.get(path).status_code for path in (f"/repairs/{empty.id}", f"{address}/times")] == [404, 404]
    assert [amina.post(f"{address}/{what}").status_code for what in ("not-fixed", "fixed", "words", "leave-out")] == [404] * 4

    assert [salma.get(path).status_code for path in (address, f"{address}/summary")] == [404, 404]
    assert address not in salma.get("/repairs").text


def test_what_was_found_is_written_to_all_who_live_there_and_to_nobody_else(
    session: Session, cast: Cast, devon: Worker, alma: Property, tenant_door: Flask
) -> None:
    repair = found(session, devon, alma)
    note_investigated(session, repair, clock.now())
    write_summary(session, devon, repair, found="Damp from the gutter", hazard=True, todo="A new gutter",
                  done_by=MONDAY)  # fmt: skip
    session.commit()

    told = {notice.tenant_id for notice in rows(session, select(Notice))}
    assert told == {cast.amina.id, cast.tomasz.id}
    assert "A new gutter" in cast.at(tenant_door, cast.tomasz).get(f"/repairs/{repair.id}/summary").text
    summary = next(row for row in repair.clocks if row.kind is Kind.SUMMARY)
    assert summary.met


def test_where_nobody_lives_nobody_is_written_to(session: Session, devon: Worker, alma: Property) -> None:
    repair = found(session, devon, alma, flat="Flat 9")
    note_investigated(session, repair, clock.now())
    write_summary(session, devon, repair, found="A wet wall", hazard=True, todo="Dry it", done_by=MONDAY)

    assert (repair.home, repair.shared) == ("Flat 9, Alma Road", False)
    assert rows(session, select(Notice)) == []


def test_a_pause_tells_nobody_and_is_kept(session: Session, devon: Worker, alma: Property) -> None:
    repair = found(session, devon, alma)
    pause(session, devon, repair, Kind.INVESTIGATE, PauseReason.OUT_OF_OUR_HANDS, "A permit", since=clock.now())

    assert running(repair)[0].paused_at == clock.now()
    assert rows(session, select(Notice)) == []


def test_it_goes_its_way_and_staff_open_it_again(session: Session, devon: Worker, alma: Property) -> None:
    repair = found(session, devon, alma, "lock")
    change_state(session, devon, repair, State.BOOKED, zone=LONDON, visit_on=MONDAY, visit_window="13:00-16:00")
    assert State.REPORTED not in steps_of(repair)
    change_state(session, devon, repair, State.FIXED, "New closer", zone=LONDON)
    assert State.REPORTED in steps_of(repair)
    not_fixed(session, repair, "It sticks again", worker=devon)
    [repair] = rows(session, Repair.whole(select(Repair)))

    assert (repair.state, [row.round for row in repair.clocks if row.running]) == (State.REPORTED, [2])
    assert (repair.updates[0].words, repair.updates[0].worker, repair.unread) == ("It sticks again", devon, False)
    assert rows(session, select(Notice)) == []


def test_a_tenant_s_own_is_opened_again_by_the_tenant_alone(session: Session, devon: Worker, reported: Reported) -> None:
    repair = reported()
    change_state(session, devon, repair, State.FIXED, zone=LONDON)
    assert steps_of(repair) == {State.BOOKED, State.CLOSED}


def test_once_closed_it_is_nobody_s_news(session: Session, cast: Cast, devon: Worker, alma: Property) -> None:
    repair = found(session, devon, alma, "lock")
    amina = session.get_one(Tenant, cast.amina.id)
    change_state(session, devon, repair, State.FIXED, zone=LONDON)
    assert in_house_of(session, amina) == [repair]
    session.commit()
    with clock.stopped_at(THURSDAY + timedelta(days=30)):
        close_by_time(session, 14)
    assert (repair.state, in_house_of(session, amina)) == (State.CLOSED, [])


def test_a_tenant_s_report_of_the_same_part_follows_it_and_is_told(
    session: Session, cast: Cast, devon: Worker, alma: Property, reported: Reported
) -> None:
    repair = found(session, devon, alma, "lock")
    theirs = reported(shared=True)
    assert session.scalars(may_be_the_same(devon, repair)).all() == [theirs]
    merge(session, devon, repair, theirs, LONDON)
    change_state(session, devon, repair, State.BOOKED, zone=LONDON, visit_on=MONDAY, visit_window="13:00-16:00")

    assert (theirs.state, theirs.visit_on, theirs.unread) == (State.BOOKED, MONDAY, True)
    assert {notice.tenant_id for notice in rows(session, select(Notice))} == {cast.amina.id}
