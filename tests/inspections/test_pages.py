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
from tenant_app.accounts.models import Worker
from tenant_app.inspections.models import Inspection, ItemAnswer, ItemPhoto
from tenant_app.inspections.outcomes import Outcome
from tenant_app.inspections.rules import arrange
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.inspections.conftest import LONDON, all_well, anew

HTMX = {"HX-Request": "true"}
SILENT = "<script>alert(1)</script> \u202etxet \U0001f525\x00 silent"


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


def test_two_phones_are_merged_by_item_and_both_see_both(
    desk: FlaskClient, staff_door: Flask, cast: Cast, sheet: str
) -> None:
    officer = cast.at(staff_door, cast.devon)
    desk.post(f"{sheet}/items/heard", data={"outcome": "failed", "words": "Silent on 3"})
    answer = officer.post(f"{sheet}/items/heard", data={"outcome": "ok"}, headers=HTMX).text
    assert "Grace" in answer
    assert "It counts as failed until they say otherwise." in answer
    assert "Devon" in desk.get(sheet).text


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
