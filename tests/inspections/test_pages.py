"""Inspections at the staff door: by whom, kept as they come, hostile input, two phones, and what comes of a failure."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.inspections.models import Addition, Finding, Inspection, ItemAnswer, ItemPhoto
from tenant_app.inspections.outcomes import Outcome
from tenant_app.inspections.rules import arrange
from tenant_app.repairs.models import Repair
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.inspections.conftest import LONDON

HTMX = {"HX-Request": "true"}
SILENT = "<script>alert(1)</script> \u202etxet \U0001f525\x00 silent"


@pytest.fixture
def desk(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.grace)


@pytest.fixture
def sheet(session: Session, alarm_test: Inspection) -> str:
    session.commit()
    return f"/inspections/{alarm_test.id}"


@pytest.fixture
def room_sheet(session: Session, room: Inspection) -> str:
    session.commit()
    return f"/inspections/{room.id}"


def all_well(desk: FlaskClient, address: str, it: Inspection, *but: str) -> None:
    for item in it.items:
        if item["id"] not in but:
            assert desk.post(f"{address}/items/{item['id']}", data={"outcome": "ok"}).status_code == 303


def anew(session: Session, it: Inspection) -> Inspection:
    """As the database has it now; nothing stays open that would keep a page from writing."""
    session.expire_all()
    found = session.scalars(Inspection.whole(select(Inspection).where(Inspection.id == it.id))).one()
    session.commit()
    return found


def test_the_list_shows_what_is_due_house_by_house_and_the_overdue_first(
    staff_door: Flask, cast: Cast, sheet: str
) -> None:
    with clock.stopped_at(THURSDAY + timedelta(days=1)):
        page = cast.at(staff_door, cast.grace).get("/inspections").text
    assert "Fire alarm test" in page
    assert "Overdue since" in page
    assert page.count("2 overdue") == 1
    assert "Amina" not in page


def test_an_answer_is_kept_at_once_and_stands_on_the_page(
    desk: FlaskClient, session: Session, sheet: str, alarm_test: Inspection
) -> None:
    answer = desk.post(f"{sheet}/items/heard", data={"outcome": "failed", "words": SILENT}, headers=HTMX)
    assert answer.status_code == 200
    assert "1 of 4 answered" in answer.text
    page = desk.get(sheet).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    [kept] = anew(session, alarm_test).answers
    assert (kept.outcome, "\x00" in kept.words) == (Outcome.FAILED, False)


@pytest.mark.parametrize(
    ("item", "data", "status"),
    [
        ("heard", {"outcome": "exploded"}, 422),
        ("heard", {}, 422),
        ("heard", {"outcome": "failed", "words": "x" * 100_000}, 422),
        ("gas-tap", {"outcome": "ok"}, 404),
        ("..%2f..", {"outcome": "ok"}, 404),
    ],
)
def test_what_it_does_not_ask_or_know_is_refused(
    desk: FlaskClient, session: Session, sheet: str, item: str, data: dict[str, str], status: int
) -> None:
    assert desk.post(f"{sheet}/items/{item}", data=data).status_code == status
    assert session.scalar(select(func.count()).select_from(ItemAnswer)) == 0


def test_no_inspection_but_ones_own_is_found(
    desk: FlaskClient, staff_door: Flask, cast: Cast, session: Session, sheet: str, room_sheet: str
) -> None:
    session.get_one(Worker, cast.marek.id).property_id = cast.mare_street.id
    session.commit()
    marek, joana = cast.at(staff_door, cast.marek), cast.at(staff_door, cast.joana)
    for address in (sheet, room_sheet, f"/inspections/{uuid4()}"):
        assert marek.get(address).status_code == 404
        assert marek.post(f"{address}/items/heard", data={"outcome": "ok"}).status_code == 404
        assert marek.post(f"{address}/finish").status_code == 404
        assert joana.get(address).status_code == 403
    assert marek.get(f"/inspections/history/{cast.alma_road.id}").status_code == 404
    assert desk.post(f"/inspections/findings/{uuid4()}", data={"words": "Done"}).status_code == 404


def test_what_a_house_lacks_is_one_finding_at_the_repairs_desk_however_often_it_is_signed_off(
    desk: FlaskClient, staff_door: Flask, cast: Cast, session: Session, sheet: str, alarm_test: Inspection
) -> None:
    all_well(desk, sheet, alarm_test)
    desk.post(f"{sheet}/items/heard", data={"outcome": "failed", "words": "Silent on 3"})
    for _ in range(2):
        assert desk.post(f"{sheet}/finish").status_code == 303
    [finding] = anew(session, alarm_test).findings
    assert session.scalar(select(func.count()).select_from(Repair)) == 0
    session.commit()

    officer = cast.at(staff_door, cast.devon)
    assert "1 thing that an inspection found" in officer.get("/repairs").text
    assert "Silent on 3" in officer.get("/inspections/findings").text
    address = f"/inspections/findings/{finding.id}"
    assert officer.post(address, data={"words": " "}).status_code == 422
    for words in ("New sounder on floor 3", "Me too"):
        assert officer.post(address, data={"words": words}).status_code == 303
    assert "Silent on 3" not in officer.get("/inspections/findings").text
    assert "New sounder on floor 3" in officer.get(sheet).text


def test_signing_off_with_a_gap_names_what_is_missing_and_keeps_what_was_typed(
    desk: FlaskClient, session: Session, sheet: str, alarm_test: Inspection
) -> None:
    all_well(desk, sheet, alarm_test, "heard")
    refused = desk.post(f"{sheet}/finish", data={"words": "Nearly done"})
    assert refused.status_code == 422
    assert "1 item has no answer yet." in refused.text
    assert "#item-heard" in refused.text
    assert "Nearly done" in refused.text
    assert not anew(session, alarm_test).finished


def test_two_phones_are_merged_by_item_and_both_see_both(
    desk: FlaskClient, staff_door: Flask, cast: Cast, sheet: str
) -> None:
    officer = cast.at(staff_door, cast.devon)
    desk.post(f"{sheet}/items/heard", data={"outcome": "failed", "words": "Silent on 3"})
    answer = officer.post(f"{sheet}/items/heard", data={"outcome": "ok"}, headers=HTMX).text
    assert "Grace" in answer
    assert "It counts as failed until they say otherwise." in answer
    assert "Devon" in desk.get(sheet).text


def test_what_was_signed_off_takes_no_answer_but_a_correction(
    desk: FlaskClient, session: Session, sheet: str, alarm_test: Inspection
) -> None:
    all_well(desk, sheet, alarm_test)
    early = desk.post(f"{sheet}/additions", data={"words": "Too early"})
    assert early.status_code == 409
    desk.post(f"{sheet}/finish")
    late = desk.post(f"{sheet}/items/heard", data={"outcome": "failed"})
    assert late.status_code == 409
    assert "Signed off already" in late.text
    assert desk.post(f"{sheet}/additions", data={"words": ""}).status_code == 422
    desk.post(f"{sheet}/additions", data={"words": "It was floor 2"})
    page = desk.get(sheet).text
    assert "It was floor 2" in page
    assert anew(session, alarm_test).counting("heard").outcome is Outcome.OK  # type: ignore[union-attr]


def test_what_waited_on_a_phone_arrives_under_its_key_once_and_after_signing_off_is_added(
    desk: FlaskClient, staff_door: Flask, cast: Cast, session: Session, sheet: str, alarm_test: Inspection
) -> None:
    all_well(desk, sheet, alarm_test)
    with clock.stopped_at(THURSDAY + timedelta(minutes=10)):
        desk.post(f"{sheet}/finish")
    officer = cast.at(staff_door, cast.devon)
    data = {"outcome": "failed", "words": "Silent on 3", "tapped_at": (THURSDAY + timedelta(minutes=5)).isoformat()}
    with clock.stopped_at(THURSDAY + timedelta(minutes=30)):
        headers = {"Idempotency-Key": "abcdefgh12345678", "X-Homeward-Clock": clock.now().isoformat(), "Sec-Fetch-Mode": "cors"}
        answers = [officer.post(f"{sheet}/items/heard", data=data, headers=headers) for _ in range(2)]
    assert [each.headers.get("X-Homeward-Done") for each in answers] == ["abcdefgh12345678"] * 2
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Addition)) == 1
    assert [each.words for each in session.scalars(select(Finding))] == ["Silent on 3"]


def test_a_room_that_fails_is_a_repair_of_its_tenants_known_since_it_was_seen(
    desk: FlaskClient, staff_door: Flask, cast: Cast, session: Session, room_sheet: str, room: Inspection, amina: Tenant
) -> None:
    session.commit()
    early = desk.post(f"{room_sheet}/items/damp", data={"outcome": "failed"})
    assert early.status_code == 409
    with clock.stopped_at(THURSDAY + timedelta(days=18)):
        desk = cast.at(staff_door, cast.grace)
        all_well(desk, room_sheet, room)
        desk.post(f"{room_sheet}/items/damp", data={"outcome": "failed", "words": "Black spots behind the bed"})
        with clock.stopped_at(THURSDAY + timedelta(days=18, minutes=20)):
            for _ in range(2):
                desk.post(f"{room_sheet}/finish")
    session.rollback()
    [repair] = session.scalars(Repair.of(amina)).all()
    assert (repair.kind, repair.hazard, repair.words) == ("damp-mould", True, "Black spots behind the bed")
    assert repair.aware_at == THURSDAY + timedelta(days=18)
    looks = session.scalars(select(Look.what).where(Look.tenant_id == amina.id)).all()
    assert looks == ["inspection", "inspection"]
    session.commit()
    with clock.stopped_at(THURSDAY + timedelta(days=18)):
        assert f"/repairs/{repair.id}" in desk.get(room_sheet).text


def test_a_coordinator_says_who_and_a_page_that_is_out_of_date_is_shown_anew(
    desk: FlaskClient, staff_door: Flask, cast: Cast, session: Session, room_sheet: str, room: Inspection
) -> None:
    session.commit()
    nasrin = cast.at(staff_door, cast.nasrin)
    assert "Who does it?" in nasrin.get(f"{room_sheet}/arrange").text
    assert "Who does it?" not in desk.get(f"{room_sheet}/arrange").text
    data = {"version": str(room.version), "assigned_to": str(cast.marek.id), "visit_on": "2026-12-01"}
    for bad in ({"visit_on": "2026-11-26"}, {"visit_on": "soon"}, {"assigned_to": str(cast.joana.id)}, {"assigned_to": "x"}):
        assert nasrin.post(f"{room_sheet}/arrange", data=data | bad).status_code == 422
    assert nasrin.post(f"{room_sheet}/arrange", data=data).status_code == 303
    now = anew(session, room)
    assert (now.assigned_to_id, now.visit_on, now.due_on) == (cast.marek.id, date(2026, 12, 1), date(2026, 12, 14))
    stale = desk.post(f"{room_sheet}/arrange", data={"version": data["version"], "visit_on": "2026-12-03"})
    assert stale.status_code == 409
    assert "2026-12-03" in stale.text
    assert cast.at(staff_door, cast.marek).get(room_sheet).status_code == 200


def test_photos_of_an_item_are_taken_in_before_and_after_signing_off_and_what_is_none_is_named(
    desk: FlaskClient, staff_door: Flask, cast: Cast, session: Session, sheet: str, alarm_test: Inspection
) -> None:
    def send(*files: tuple[bytes, str]) -> int:
        data = {"photos": [(BytesIO(content), name) for content, name in files]}
        return desk.post(f"{sheet}/items/heard/photos", data=data).status_code

    picture = BytesIO()
    Image.new("RGB", (40, 30), "brown").save(picture, "JPEG")
    assert send((picture.getvalue(), "a.jpg"), (picture.getvalue(), "b.jpg")) == 303
    assert send((b"<svg/>", "c.svg")) == 422
    all_well(desk, sheet, alarm_test)
    desk.post(f"{sheet}/finish")
    other = BytesIO()
    Image.new("RGB", (40, 30), "blue").save(other, "JPEG")
    assert send((other.getvalue(), "d.jpg")) == 303
    kept = anew(session, alarm_test).photos
    assert len(kept) == 2
    got = desk.get(f"{sheet}/photos/{kept[0].id}")
    assert (got.status_code, got.mimetype) == (200, "image/jpeg")
    assert desk.get(f"/inspections/{uuid4()}/photos/{kept[0].id}").status_code == 404
    assert session.scalar(select(func.count()).select_from(ItemPhoto)) == 2


def test_a_template_that_changed_since_asks_and_shows_what_it_asked_when_it_was_planned(
    desk: FlaskClient, session: Session, sheet: str, alarm_test: Inspection
) -> None:
    old = [{**item, "name": "Bells ring"} if item["id"] == "heard" else item for item in alarm_test.items]
    gone = {"id": "siren", "name": "The siren on the roof", "failed": "Silent", "repair": "power", "rooms": ["other"]}
    found = anew(session, alarm_test)
    found.items = [*old, gone]
    session.commit()
    page = desk.get(sheet).text
    assert "Bells ring" in page
    assert "It is heard on every floor" not in page
    assert "The siren on the roof" in page
    assert desk.post(f"{sheet}/items/siren", data={"outcome": "ok"}).status_code == 303


def test_the_history_of_a_house_tells_on_time_from_late(
    staff_door: Flask, cast: Cast, session: Session, sheet: str, alarm_test: Inspection
) -> None:
    with clock.stopped_at(THURSDAY + timedelta(days=2)):
        desk = cast.at(staff_door, cast.grace)
        all_well(desk, sheet, alarm_test)
        desk.post(f"{sheet}/finish")
        page = desk.get(f"/inspections/history/{alarm_test.property_id}").text
    assert "Late: due" in page
    assert "0 of 2 were on time in six months." in page


def test_what_is_overdue_stands_on_the_coordinators_today(
    staff_door: Flask, cast: Cast, session: Session, sheet: str, alarm_test: Inspection
) -> None:
    nasrin = cast.at(staff_door, cast.nasrin)
    assert "Inspections that are due" not in nasrin.get("/today").text
    with clock.stopped_at(THURSDAY + timedelta(days=1)):
        assert "Inspections that are due" in cast.at(staff_door, cast.nasrin).get("/today").text
    arrange(session, alarm_test, assigned_to=session.get_one(Worker, cast.grace.id), visit_on=None, zone=LONDON)
    session.commit()
    assert sheet in cast.at(staff_door, cast.grace).get("/today").text


def test_the_tenant_reads_the_day_and_then_what_was_found_and_nobody_elses(
    tenant_door: Flask, staff_door: Flask, cast: Cast, session: Session, room_sheet: str, room: Inspection
) -> None:
    amina = cast.at(tenant_door, cast.amina)
    session.commit()
    before = amina.get(room_sheet).text
    assert "Monday 14 December" in before
    assert "What was found" not in before
    with clock.stopped_at(THURSDAY + timedelta(days=18)):
        desk = cast.at(staff_door, cast.grace)
        all_well(desk, room_sheet, room)
        desk.post(f"{room_sheet}/items/damp", data={"outcome": "failed", "words": SILENT})
        assert SILENT[-6:] not in amina.get(room_sheet).text
        desk.post(f"{room_sheet}/finish")
        after = amina.get(room_sheet).text
    assert "&lt;script&gt;" in after
    assert "See the repair" in after
    assert room_sheet in amina.get("/inspections").text
    assert cast.at(tenant_door, cast.tomasz).get(room_sheet).status_code == 404
