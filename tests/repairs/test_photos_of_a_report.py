"""Photos of a report: taken in, refused by name, taken out, and for nobody else."""

from __future__ import annotations

from io import BytesIO
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.repairs.models import MOST_PHOTOS, RepairPhoto
from tenant_app.settings import Settings
from tests.cast import Cast
from tests.repairs.conftest import rows
from tests.repairs.pictures import TAKEN_IN, TURNED_AWAY, jpeg
from tests.repairs.reporting import add, begin, kept


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("name", TURNED_AWAY)
def test_what_is_not_a_photo_is_said_to_be_so_and_the_rest_is_kept(
    amina: FlaskClient, session: Session, settings: Settings, name: str
) -> None:
    address = begin(amina)

    answer = add(amina, address, jpeg(), TURNED_AWAY[name])

    assert answer.status_code == 422
    assert "photo.jpg" in answer.text
    assert "not a photo we can open" in answer.text or "too large a picture" in answer.text
    assert rows(session, select(RepairPhoto.file)) == [path.name for path in kept(settings)]
    assert len(kept(settings)) == 1
    assert "<img" in answer.text


def test_many_kinds_of_photo_are_taken_in(amina: FlaskClient, session: Session) -> None:
    address = begin(amina)
    pictures = list({TAKEN_IN[name] for name in ("jpeg", "one pixel", "cmyk jpeg", "moving webp", "png with holes")})

    assert add(amina, address, *pictures).status_code == 303
    assert len(rows(session, select(RepairPhoto))) == 5


def test_six_photos_are_the_most(amina: FlaskClient, session: Session, settings: Settings) -> None:
    address = begin(amina)

    answer = add(amina, address, *(jpeg((40 + each, 30)) for each in range(MOST_PHOTOS + 2)))

    assert answer.status_code == 422
    assert "6 photos are the most" in answer.text
    assert len(rows(session, select(RepairPhoto))) == len(kept(settings)) == MOST_PHOTOS


def test_the_same_photo_sent_twice_is_kept_once(amina: FlaskClient, session: Session, settings: Settings) -> None:
    address = begin(amina)

    assert [add(amina, address, jpeg(), jpeg()).status_code for _ in range(2)] == [303, 303]
    assert len(rows(session, select(RepairPhoto))) == len(kept(settings)) == 1


def test_no_photo_is_no_trouble(amina: FlaskClient) -> None:
    address = begin(amina)

    assert amina.post(f"{address}/photos", data={}).status_code == 303
    assert amina.post(f"{address}/photos", data={"photos": (BytesIO(b""), "")}).status_code == 303


def test_too_much_at_once_is_refused_before_it_is_read(amina: FlaskClient, settings: Settings) -> None:
    address = begin(amina)

    assert add(amina, address, b"x" * (settings.largest_upload + 1)).status_code == 413


def test_a_removed_photo_is_gone_for_good(amina: FlaskClient, session: Session, settings: Settings) -> None:
    address = begin(amina)
    add(amina, address, jpeg())
    photo = rows(session, select(RepairPhoto))[0]

    assert amina.post(f"{address}/photos/{photo.id}/remove").location == f"{address}/photos"

    assert rows(session, select(RepairPhoto)) == []
    assert kept(settings) == []


def test_a_photo_is_for_its_tenant_alone(amina: FlaskClient, tenant_door: Flask, session: Session, cast: Cast) -> None:
    address = begin(amina)
    add(amina, address, jpeg())
    photo = rows(session, select(RepairPhoto))[0]

    answer = amina.get(f"{address}/photos/{photo.id}")
    assert (answer.status_code, answer.mimetype) == (200, "image/jpeg")
    assert answer.headers["Cache-Control"] == "private, max-age=86400"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"

    tomasz = cast.at(tenant_door, cast.tomasz)
    other = begin(tomasz)
    for wrong in (f"{address}/photos/{photo.id}", f"{other}/photos/{photo.id}", f"{other}/photos/{uuid4()}", address):
        assert tomasz.get(wrong).status_code == 404
    assert amina.get(f"{other}/photos/{photo.id}").status_code == 404
    assert tomasz.post(f"{other}/photos/{photo.id}/remove").status_code == 404
    assert cast.at(tenant_door, None).get(f"{address}/photos/{photo.id}").status_code == 303
