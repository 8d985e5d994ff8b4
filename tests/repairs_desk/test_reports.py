"""Reports of repairs: what is counted, for whom, what too few answers would give away, and files that run nothing."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Property, Tenant, Worker
from tenant_app.repairs.clocks.models import PauseReason, RepairClock
from tenant_app.repairs.clocks.policy import Kind
from tenant_app.repairs.clocks.rules import pause
from tenant_app.repairs.figures import Kept, Reopened, Said, by_month, on_time, reopened, satisfaction
from tenant_app.repairs.models import Repair, State
from tenant_app.repairs.rules import change_state, not_fixed, report, start_draft
from tenant_app.repairs.visits.models import RepairRating
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.questions import counted
from tests.repairs.conftest import LONDON, Reported, rows

YEAR = THURSDAY - timedelta(days=330), THURSDAY + timedelta(days=10)


@pytest.fixture
def officer(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.devon)


@pytest.fixture
def lived(session: Session, cast: Cast, devon: Worker) -> list[Repair]:
    """A mended in time, late and opened again leak; a hazard looked into late; a paused, a closed and a new one."""
    found = []

    def sent(who: Tenant, ago: int, kind: str = "leak", *, hazard: bool = False) -> Repair:
        with clock.stopped_at(THURSDAY - timedelta(days=ago)):
            draft = start_draft(session, session.get_one(Tenant, who.id))
            draft.say_where(["kitchen"])
            draft.say_kind(kind, "", hazard=hazard)
            draft.say_words("It drips", language="en")
            report(session, draft)
        found.append(draft)
        return draft

    def became(repair: Repair, ago: int, state: State) -> None:
        with clock.stopped_at(THURSDAY - timedelta(days=ago)):
            change_state(session, devon, repair, state, zone=LONDON)

    became(sent(cast.amina, 80), 79, State.FIXED)
    late = sent(cast.amina, 70)
    became(late, 5, State.FIXED)
    with clock.stopped_at(THURSDAY - timedelta(days=4)):
        not_fixed(session, late)
    became(sent(cast.salma, 60, "damp-mould", hazard=True), 20, State.FIXED)
    with clock.stopped_at(THURSDAY - timedelta(days=1)):
        pause(session, devon, sent(cast.tomasz, 2), Kind.MEND, PauseReason.NO_ACCESS, "Nobody in", since=clock.now())
    became(sent(cast.tomasz, 3, "window"), 2, State.CLOSED)
    sent(cast.amina, 1)
    session.commit()
    return found


def test_the_database_counts_what_each_clock_says_of_itself(
    session: Session, devon: Worker, lived: list[Repair]
) -> None:
    said = Counter[str]()
    for row in session.scalars(select(RepairClock)):
        begun = any(each.kind is Kind.BEGIN_WORKS and not each.breached for each in row.repair.clocks)
        if row.kind is not Kind.BACKSTOP or not begun:
            said["late" if row.breached else "met" if row.met else "needless" if row.ended_at else
                 "paused" if row.paused_at else "running"] += 1  # fmt: skip

    found = on_time(session, devon, *YEAR)

    assert found.total == Kept(**said)
    assert {each for each in said if said[each]} == {"late", "met", "needless", "paused", "running"}
    for parts in (found.by_property, found.by_hazard):
        assert sum(parts.values(), start=Kept()) == found.total
    assert list(found.by_property) == ["Alma Road", "Mare Street"]
    assert list(found.by_hazard) == ["damp-mould", ""]
    assert [each.legal for each in found.by_measure] == sorted((each.legal for each in found.by_measure), reverse=True)
    months = [YEAR[0], THURSDAY - timedelta(days=65), YEAR[1]]
    split = by_month(session, devon, months)
    assert sum(split, start=Kept()) == found.total
    assert split[0].ended == 2


def test_what_was_opened_again_is_counted_once_and_of_what_was_finished(
    session: Session, devon: Worker, lived: list[Repair]
) -> None:
    found = reopened(session, devon, *YEAR)

    assert found == {"Alma Road": Reopened(3, 1), "Mare Street": Reopened(1, 0)}
    assert found["Alma Road"].percent == 33
    assert reopened(session, devon, THURSDAY, YEAR[1]) == {}


def test_a_worker_counts_the_repairs_that_they_may_see(
    session: Session, cast: Cast, staff_door: Flask, lived: list[Repair]
) -> None:
    grace, marek, joana = (session.get_one(Worker, each.id) for each in (cast.grace, cast.marek, cast.joana))

    assert list(on_time(session, grace, *YEAR).by_property) == ["Alma Road"]
    assert list(reopened(session, marek, *YEAR)) == ["Mare Street"]
    assert on_time(session, joana, *YEAR).total == Kept()
    session.commit()
    for worker in (cast.joana, cast.priya):
        assert cast.at(staff_door, worker).get("/repairs/reports").status_code == 403
        assert cast.at(staff_door, worker).get("/repairs/reports.csv?by=clock").status_code == 403


def test_too_few_answers_are_not_broken_down_nor_to_be_found_by_taking_away(
    session: Session, cast: Cast, devon: Worker
) -> None:
    tenants = {"Alma Road": cast.amina, "Mare Street": cast.salma}
    cold = Property(name="Cold Lane", address="")
    session.add(cold)
    session.flush()

    def answers(building: str, *stars: int) -> None:
        for each in stars:
            tenant = session.get_one(Tenant, tenants.get(building, cast.tomasz).id)
            repair = Repair(tenant=tenant, property_id=cold.id if building == "Cold Lane" else tenant.property_id,
                            state=State.CLOSED, kind="leak")  # fmt: skip
            session.add(repair)
            session.flush()
            session.add(RepairRating(repair_id=repair.id, stars=each))
        session.flush()

    answers("Alma Road", 5, 4, 1, 5)
    assert satisfaction(session, devon, *YEAR) == (Said(4, None), {"Alma Road": Said(4, None)})

    answers("Alma Road", 3)
    total, by_property = satisfaction(session, devon, *YEAR)
    assert (total.stars, total.well) == ((1, 0, 1, 1, 2), 3)
    assert by_property["Alma Road"] == total

    # Two from Mare Street would be all minus Alma Road's.
    answers("Mare Street", 1, 2)
    total, by_property = satisfaction(session, devon, *YEAR)
    assert total.stars == (2, 1, 1, 1, 2)
    assert {each.stars for each in by_property.values()} == {None}

    # Beside three from Cold Lane nobody can tell whose they are.
    answers("Cold Lane", 4, 4, 4)
    _total, by_property = satisfaction(session, devon, *YEAR)
    assert [name for name, each in by_property.items() if each.stars] == ["Alma Road"]


def test_the_page_shows_each_part_and_files_run_nothing(
    officer: FlaskClient, session: Session, cast: Cast, lived: list[Repair]
) -> None:
    session.get_one(Property, cast.mare_street.id).name = "=cmd()"
    session.commit()

    page = officer.get("/repairs/reports").text
    for said in ("By clock", "By month", "By property", "By hazard", "Opened again", "4 repairs were finished",
                 "December 2025", "No hazard, routine"):  # fmt: skip
        assert said in page
    assert "Amina" not in page
    assert rows(session, select(Look)) == []

    for by in ("clock", "property", "hazard", "month", "reopened", "went"):
        lines = list(csv.reader(io.StringIO(officer.get(f"/repairs/reports.csv?by={by}").data.decode("utf-8-sig"))))
        assert len(lines) > 1, by
        assert {len(line) for line in lines} == {len(lines[0])}, by
    sheet = load_workbook(io.BytesIO(officer.get("/repairs/reports.xlsx?by=property").data)).active
    name = sheet.cell(2, 1)
    assert (name.value, name.data_type) == ("'=cmd()", "s")
    assert sheet.cell(2, 2).data_type == "n"


@pytest.mark.parametrize("asked", [
    "?first=2026-11&last=2026-10", "?first=x&last=y", "?first=1999-01&last=2026-11",
])  # fmt: skip
def test_months_that_make_no_sense_are_asked_for_again(officer: FlaskClient, asked: str) -> None:
    answer = officer.get(f"/repairs/reports{asked}")
    assert answer.status_code == 422
    assert "Choose a month" in answer.text
    assert officer.get(f"/repairs/reports.csv{asked}&by=clock").status_code == 400


def test_months_in_which_nothing_was_say_so(officer: FlaskClient) -> None:
    assert "Which months would you like to look at?" in officer.get("/repairs/reports?first=2026-01&last=2026-02").text
    assert officer.get("/repairs/reports.csv?by=names").status_code == 400
    assert officer.get("/repairs/reports.pdf?by=clock").status_code == 404


def test_the_reports_ask_the_same_however_many_repairs_there_are(
    officer: FlaskClient, staff_door: Flask, reported: Reported
) -> None:
    def asked() -> int:
        with counted(staff_door) as statements:
            assert officer.get("/repairs/reports").status_code == 200
        return len(statements)

    reported()
    few = asked()
    for _ in range(5):
        reported(), reported(kind="damp-mould", hazard=True)

    assert asked() == few
