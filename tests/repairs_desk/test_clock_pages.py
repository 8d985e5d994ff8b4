"""Clocks at both doors: what a worker notes, what stops, what is written, and what the tenant reads of it."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Worker
from tenant_app.reminders.models import Notice
from tenant_app.repairs.clocks.models import ClockPause
from tenant_app.repairs.clocks.stays import AlternativeStay
from tenant_app.repairs.clocks.summaries import InvestigationSummary
from tenant_app.repairs.models import Repair
from tenant_app.repairs.visits.merging import merge
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.questions import counted
from tests.repairs.conftest import LONDON, Reported, rows

PAUSE = {"kind": "investigate", "reason": "no_access", "because": "Nobody was in", "since": "2026-11-26"}
FOUND = {"found": "The fan is broken", "hazard": "1", "todo": "A new fan", "done_by": "2026-12-03", "works_needed": "y"}


@pytest.fixture
def officer(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.devon)


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


@pytest.fixture
def damp(reported: Reported) -> Repair:
    return reported(kind="damp-mould", hazard=True)


def send(client: FlaskClient, session: Session, repair: Repair, where: str, **data: str):
    session.expire_all()
    version = str(session.get_one(Repair, repair.id).version)
    session.commit()
    return client.post(f"/repairs/{repair.id}/{where}", data={"version": version, **data})


def test_the_tenant_reads_the_same_clock_that_staff_see(
    officer: FlaskClient, phone: FlaskClient, session: Session, damp: Repair
) -> None:
    # Thursday 26 November: the tenth working day is Thursday 10 December.
    assert "We look into it by Thursday 10 December" in phone.get(f"/repairs/{damp.id}").text
    assert "Look into it by Thursday 10 December" in officer.get(f"/repairs/{damp.id}").text

    done = {"what": "investigated", "day": "2026-11-26", "hour": "08:00"}
    assert send(officer, session, damp, "clocks/moments", **done).status_code == 422  # before we knew
    assert send(officer, session, damp, "clocks/moments", **{**done, "hour": "09:00"}).status_code == 303
    page = phone.get(f"/repairs/{damp.id}").text
    assert "We looked into it on Thursday 26 November." in page
    assert "We write to you about what we found by Tuesday 1 December" in page  # Friday, Monday, Tuesday
    assert "We make it safe by Thursday 3 December" in page


def test_a_clock_of_hours_says_hours_on_the_tenants_page_too(
    staff_door: Flask, cast: Cast, reported: Reported
) -> None:
    reported(kind="power", urgent="exposed-wires")
    page = cast.at(staff_door, cast.grace).get(f"/caseload/{cast.amina.id}").text
    assert "24 hours left" in page
    assert "Look into it by Friday 27 November, <bdi>9:00" in page


def test_what_is_noted_of_a_shared_part_is_noted_for_all_who_reported_it(
    officer: FlaskClient, session: Session, cast: Cast, reported: Reported, devon: Worker
) -> None:
    lead = reported(kind="damp-mould", hazard=True, shared=True)
    with clock.stopped_at(THURSDAY + timedelta(days=1)):
        other = reported(cast.tomasz, kind="damp-mould", hazard=True, shared=True)
        merge(session, devon, lead, other, LONDON)
        session.commit()
        officer = cast.at(officer.application, cast.devon)
        assert send(officer, session, lead, "clocks/moments", what="investigated", day="2026-11-26").status_code == 303
    session.refresh(other)
    session.commit()
    assert other.investigated_on == date(2026, 11, 27)  # the day on which we knew of his


def test_an_earlier_awareness_moves_the_clock_of_both(
    officer: FlaskClient, phone: FlaskClient, session: Session, damp: Repair
) -> None:
    aware = {"what": "aware", "day": "2026-11-20"}
    assert send(officer, session, damp, "clocks/moments", **aware).status_code == 303
    assert "by Friday 4 December" in phone.get(f"/repairs/{damp.id}").text


def test_a_pause_needs_a_reason_and_the_tenant_reads_it(
    officer: FlaskClient, phone: FlaskClient, session: Session, cast: Cast, damp: Repair
) -> None:
    for amiss in ({"because": " "}, {"reason": "tired"}, {"kind": "summary"}, {"since": "2026-11-27"},
                  {"since": "2026-11-25"}, {"until": "2026-11-20"}, {"because": "x" * 1001}):  # fmt: skip
        answer = send(officer, session, damp, "clocks/pauses", **{**PAUSE, **amiss})
        assert answer.status_code == 422, amiss
        assert 'role="alert"' in answer.text
    assert send(officer, session, damp, "clocks/pauses", **PAUSE).status_code == 303
    page = phone.get(f"/repairs/{damp.id}").text
    assert "Nobody was in" in page
    assert "We told you that we would come, and could not get in." in page
    assert [notice.kind for notice in rows(session, select(Notice))] == ["repairs.clock"]

    (paused,) = rows(session, select(ClockPause))
    with clock.stopped_at(THURSDAY + timedelta(days=4)):
        officer, phone = cast.at(officer.application, cast.devon), cast.at(phone.application, cast.amina)
        assert officer.post(f"/repairs/{damp.id}/clocks/pauses/{paused.id}/go-on").status_code == 303
        # Friday 27 and Monday 30 November do not count: Monday 14 December instead of Thursday 10.
        assert "by Monday 14 December" in phone.get(f"/repairs/{damp.id}").text


def test_a_summary_is_told_kept_and_read_in_the_tenants_language(
    officer: FlaskClient, phone: FlaskClient, session: Session, damp: Repair
) -> None:
    assert "Nothing is written yet" in phone.get(f"/repairs/{damp.id}/summary").text
    assert send(officer, session, damp, "summary", **FOUND).status_code == 422  # nobody has looked into it
    send(officer, session, damp, "clocks/moments", what="investigated", day="2026-11-26")
    for amiss, said in (({"found": ""}, "Write what we found"), ({"hazard": ""}, "Choose yes or no"),
                        ({"todo": ""}, "Write what we will do"), ({"done_by": ""}, "Choose the day by when")):  # fmt: skip
        answer = send(officer, session, damp, "summary", **{**FOUND, **amiss})
        assert (answer.status_code, said in answer.text) == (422, True)
    hostile = "\u202e<script>alert(1)</script>\x00 the fan 🌬"
    assert send(officer, session, damp, "summary", **{**FOUND, "found": hostile}).status_code == 303

    page = phone.get(f"/repairs/{damp.id}/summary").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt; the fan 🌬" in page
    assert '<bdi lang="en">' in page
    assert "A new fan" in page
    (kept,) = rows(session, select(InvestigationSummary))
    assert (kept.hazard, kept.works_needed, kept.language) == (True, True, "en")
    assert "We wrote to you about it on Thursday 26 November." in phone.get(f"/repairs/{damp.id}").text
    (notice,) = rows(session, select(Notice))
    assert notice.facts["what"] == "summary"


def test_what_was_typed_into_an_old_page_is_kept_and_shown(
    officer: FlaskClient, session: Session, damp: Repair
) -> None:
    old = str(damp.version)
    send(officer, session, damp, "clocks/moments", what="investigated", day="2026-11-26")

    for where, data, typed in (("clocks/pauses", PAUSE, "Nobody was in"), ("summary", FOUND, "The fan is broken"),
                               ("clocks/stays", {"place": "Room 3", "first_on": "2026-11-27", "answer": "offered"}, "Room 3")):  # fmt: skip
        answer = officer.post(f"/repairs/{damp.id}/{where}", data={"version": old, **data})
        assert answer.status_code == 409
        assert "Somebody changed this while you were writing" in answer.text
        assert typed in answer.text
    assert rows(session, select(ClockPause)) == rows(session, select(InvestigationSummary)) == []
    assert len(rows(session, select(Look))) == 4  # refusals are readings too


def test_another_place_to_stay_is_offered_and_answered(
    officer: FlaskClient, phone: FlaskClient, session: Session, damp: Repair
) -> None:
    offer = {"place": "Room 3, Mare Street", "first_on": "2026-11-27", "answer": "offered"}
    assert send(officer, session, damp, "clocks/stays", **{**offer, "last_on": "2026-11-20"}).status_code == 422
    assert send(officer, session, damp, "clocks/stays", **offer).status_code == 303
    assert "Room 3, Mare Street" in phone.get(f"/repairs/{damp.id}").text
    (stay,) = rows(session, select(AlternativeStay))
    address = f"clocks/stays/{stay.id}"
    assert send(officer, session, damp, address, answer="accepted", last_on="2026-11-01").status_code == 422
    assert send(officer, session, damp, address, answer="accepted", last_on="2026-12-04").status_code == 303
    assert "Accepted" in phone.get(f"/repairs/{damp.id}").text


def test_the_board_sifts_by_property_and_hazard_and_counts(
    officer: FlaskClient, session: Session, cast: Cast, reported: Reported
) -> None:
    wires = reported(kind="power", urgent="exposed-wires")
    damp, far = reported(kind="damp-mould", hazard=True), reported(cast.salma)

    def shown(**asked: str) -> list[bool]:
        page = officer.get("/repairs", query_string=asked).text
        return [str(each.id) in page for each in (wires, damp, far)]

    assert shown() == shown(view="list") == shown(building="nonsense", law="nonsense", bucket="?") == [True] * 3
    assert shown(building=str(cast.alma_road.id)) == [True, True, False]
    assert shown(law="hazard") == [True, True, False]
    assert shown(law="emergency") == [True, False, False]
    assert shown(kind="leak") == [False, False, True]
    with clock.stopped_at(THURSDAY + timedelta(hours=25)):
        officer = cast.at(officer.application, cast.devon)
        assert "1 hour late" in officer.get("/repairs?bucket=over").text
        assert shown(bucket="over") == [True, False, False]
        assert shown(bucket="week", view="list") == [False, False, True]
        assert shown(bucket="later") == [False, True, False]


def test_a_page_of_the_list_and_the_board_cost_the_same_however_many_repairs_there_are(
    officer: FlaskClient, staff_door: Flask, reported: Reported
) -> None:
    def asked(address: str) -> int:
        with counted(staff_door) as statements:
            assert officer.get(address).status_code == 200
        return len(statements)

    reported()
    few = [asked("/repairs"), asked("/repairs?view=list")]
    for _ in range(12):
        reported(kind="window"), reported(kind="damp-mould", hazard=True)

    assert [asked("/repairs"), asked("/repairs?view=list&page=1")] == few
    page = officer.get("/repairs").text
    assert "more" in page
    assert officer.get("/repairs?view=list&page=9").status_code == 200


def test_the_register_goes_home_as_a_file_without_names(
    officer: FlaskClient, session: Session, cast: Cast, damp: Repair
) -> None:
    cast_home = session.get_one(Repair, damp.id)
    cast_home.flat = "=cmd()"
    session.commit()
    send(officer, session, damp, "clocks/moments", what="investigated", day="2026-11-26")

    assert "Look into it" in officer.get("/repairs/register").text
    answer = officer.get("/repairs/register.csv")
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert len(lines) == 6
    assert lines[1][2].startswith("'=cmd()")
    assert "Amina" not in answer.text
    home = load_workbook(io.BytesIO(officer.get("/repairs/register.xlsx").data)).active.cell(2, 3)
    assert (str(home.value)[:7], home.data_type) == ("'=cmd()", "s")
    assert officer.get("/repairs/register.pdf").status_code == 404
    assert officer.get("/repairs/register?first=2026-12-01&last=2026-11-01").status_code == 422
    assert officer.get("/repairs/register.csv?first=x&last=y").status_code == 400
