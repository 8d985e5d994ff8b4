"""What shows how a goal goes: a note, a photo, taken away again, and seen by the keyworker only while it is shared."""

from __future__ import annotations

import re
from io import BytesIO

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.database import Database
from tenant_app.goals.evidence import MOST_EVIDENCE, Evidence, show
from tenant_app.goals.models import Goal
from tenant_app.settings import Settings
from tests.cast import Cast
from tests.repairs.pictures import jpeg


def kept(database: Database) -> list[Evidence]:
    with database.session(reads_only=True) as session:
        return list(session.scalars(select(Evidence)))


def test_a_note_and_a_photo_are_kept_shown_and_taken_away_for_good(
    phone: FlaskClient, database: Database, settings: Settings, soup: Goal
) -> None:
    sent = {"note": "It smelled wonderful", "photo": (BytesIO(jpeg()), "soup.jpg")}
    assert phone.post(f"/goals/{soup.id}/evidence/new", data=sent).status_code == 303
    page = phone.get(f"/goals/{soup.id}").text
    assert "It smelled wonderful" in page
    address = re.search(r'src="(/goals/[^"]+/photo)"', page)
    assert address
    assert phone.get(address.group(1)).mimetype == "image/jpeg"

    [one] = kept(database)
    assert phone.post(f"/goals/{soup.id}/evidence/{one.id}", data={"kept": "0"}).status_code == 303
    assert phone.get(address.group(1)).status_code == 404
    assert kept(database) == []
    assert not (settings.photos / one.file).exists()


def test_what_is_no_photo_or_nothing_at_all_is_asked_for_again_with_the_note_kept(
    phone: FlaskClient, database: Database, soup: Goal
) -> None:
    for sent in (
        {"note": "It smelled wonderful", "photo": (BytesIO(b"<svg onload='x'/>"), "soup.jpg")},
        {"note": "It smelled wonderful", "photo": (BytesIO(jpeg()[:200]), "soup.jpg")},
    ):
        answer = phone.post(f"/goals/{soup.id}/evidence/new", data=sent)
        assert answer.status_code == 422
        assert "It smelled wonderful" in answer.text
    assert phone.post(f"/goals/{soup.id}/evidence/new", data={"note": "  "}).status_code == 422
    assert kept(database) == []


def test_there_is_room_for_only_so_much(
    phone: FlaskClient, session: Session, database: Database, soup: Goal
) -> None:
    for number in range(MOST_EVIDENCE):
        show(session, soup, f"Note {number}")
    session.commit()

    assert phone.post(f"/goals/{soup.id}/evidence/new", data={"note": "One more"}).status_code == 422
    assert len(kept(database)) == MOST_EVIDENCE


def test_the_keyworker_sees_it_only_as_long_as_the_goal_is_shared(
    phone: FlaskClient, tenant_door: Flask, staff_door: Flask, cast: Cast, database: Database, soup: Goal
) -> None:
    phone.post(f"/goals/{soup.id}/evidence/new", data={"note": "Soup", "photo": (BytesIO(jpeg()), "soup.jpg")})
    [one] = kept(database)
    photo = f"/goals/{soup.id}/evidence/{one.id}/photo"
    grace, marek, tomasz = cast.at(staff_door, cast.grace), cast.at(staff_door, cast.marek), cast.at(tenant_door, cast.tomasz)
    assert grace.get(photo).mimetype == "image/jpeg"
    assert {marek.get(photo).status_code, tomasz.get(photo).status_code} == {404}
    assert tomasz.post(f"/goals/{soup.id}/evidence/{one.id}", data={"kept": "0"}).status_code == 404

    phone.post(f"/goals/{soup.id}/sharing", data={"shared": "0"})

    assert (grace.get(photo).status_code, grace.get(f"/goals/{soup.id}").status_code) == (404, 404)
    assert phone.get(photo).status_code == 200
