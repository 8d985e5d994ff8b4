"""Signing off: what is still missing, what becomes of what failed, and what comes after."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Tenant
from tenant_app.inspections.models import Addition, Finding, Inspection, ItemPhoto
from tenant_app.inspections.outcomes import Outcome
from tenant_app.repairs.models import Repair
from tenant_app.settings import Settings
from tenant_app.web import photos
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.inspections.conftest import all_well, anew
from tests.repairs.pictures import jpeg

HTMX = {"HX-Request": "true"}
SILENT = "<script>alert(1)</script> \u202etxet \U0001f525\x00 silent"


def test_what_a_house_lacks_is_one_repair_of_the_house_with_a_clock_however_often_it_is_signed_off(
    desk: FlaskClient, staff_door: Flask, cast: Cast, session: Session, sheet: str, alarm_test: Inspection
) -> None:
    all_well(desk, sheet, alarm_test)
    with clock.stopped_at(THURSDAY + timedelta(minutes=5)):
        desk.post(f"{sheet}/items/heard", data={"outcome": "failed", "words": "Silent on 3"})
    with clock.stopped_at(THURSDAY + timedelta(minutes=30)):
        for _ in range(2):
            assert desk.post(f"{sheet}/finish").status_code == 303
        assert "1 repair is raised" in desk.get(sheet).text
    session.rollback()
    [repair] = session.scalars(select(Repair)).all()
    assert (repair.tenant, repair.kind, repair.shared, repair.words) == (None, "power", True, "Silent on 3")
    assert (repair.aware_at, len(repair.clocks)) == (THURSDAY + timedelta(minutes=5), 1)
    session.commit()

    assert f"/repairs/{repair.id}" in desk.get(sheet).text
    assert "Silent on 3" in cast.at(staff_door, cast.devon).get(f"/repairs/{repair.id}").text


def test_photos_of_what_failed_stand_with_its_repair_once_also_when_they_come_late(
    desk: FlaskClient, staff_door: Flask, cast: Cast, session: Session, settings: Settings, sheet: str,
    alarm_test: Inspection,
) -> None:  # fmt: skip
    all_well(desk, sheet, alarm_test)
    desk.post(f"{sheet}/items/heard", data={"outcome": "failed", "words": "Silent on 3"})

    def send(item: str, colour: str) -> None:
        photo = (BytesIO(jpeg(colour=colour)), "p.jpg")
        answer = desk.post(f"{sheet}/items/{item}/photos", data={"photos": photo}, content_type="multipart/form-data")
        assert answer.status_code == 303

    send("heard", "red")
    send("panel", "green")
    for _ in range(2):
        desk.post(f"{sheet}/finish")
    for _ in range(2):
        send("heard", "blue")
    session.rollback()
    [repair] = session.scalars(select(Repair)).all()
    theirs = session.scalars(select(ItemPhoto).where(ItemPhoto.item == "heard")).all()
    assert {photo.digest for photo in repair.photos} == {photo.digest for photo in theirs}
    assert len(repair.photos) == 2
    files = {photo.file for photo in (*repair.photos, *theirs)}
    assert len(files) == 4
    assert all((settings.photos / file).is_file() for file in files)
    session.commit()
    shown = cast.at(staff_door, cast.devon).get(f"/repairs/{repair.id}/photos/{repair.photos[0].id}")
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")


def test_a_photo_whose_file_is_gone_keeps_nothing_from_being_signed_off(
    desk: FlaskClient, session: Session, settings: Settings, sheet: str, alarm_test: Inspection
) -> None:
    all_well(desk, sheet, alarm_test)
    desk.post(f"{sheet}/items/heard", data={"outcome": "failed"})
    photo = (BytesIO(jpeg()), "p.jpg")
    desk.post(f"{sheet}/items/heard/photos", data={"photos": photo}, content_type="multipart/form-data")
    for each in anew(session, alarm_test).photos:
        photos.remove(settings.photos, each.file)
    assert desk.post(f"{sheet}/finish").status_code == 303
    session.rollback()
    [repair] = session.scalars(select(Repair)).all()
    assert repair.photos == []


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
    assert [each.words for each in session.scalars(select(Repair))] == ["Silent on 3"]


def test_a_room_whose_tenant_has_left_is_a_repair_of_the_house(
    desk: FlaskClient, staff_door: Flask, cast: Cast, session: Session, room_sheet: str, room: Inspection, amina: Tenant
) -> None:
    session.commit()
    with clock.stopped_at(THURSDAY + timedelta(days=18)):
        desk = cast.at(staff_door, cast.devon)
        all_well(desk, room_sheet, room)
        desk.post(f"{room_sheet}/items/damp", data={"outcome": "failed"})
        session.get_one(Tenant, amina.id).leave()
        session.commit()
        desk.post(f"{room_sheet}/finish")
    session.rollback()
    [repair] = session.scalars(select(Repair)).all()
    assert (repair.tenant, repair.flat, repair.shared, repair.hazard) == (None, "Flat 4", False, True)


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
