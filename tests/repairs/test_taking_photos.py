"""What becomes of photos that arrive late, in part, or when the disk is full."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.repairs.models import RepairPhoto
from tenant_app.web import photos
from tests.repairs.conftest import Reported, rows
from tests.repairs.pictures import jpeg
from tests.repairs.reporting import add, begin


def test_a_photo_that_waited_on_the_phone_follows_an_open_report(
    amina: FlaskClient, session: Session, reported: Reported
) -> None:
    address = f"/repairs/{reported().id}"

    assert add(amina, address, jpeg()).status_code == 303
    assert len(rows(session, select(RepairPhoto))) == 1


def test_what_was_cut_off_on_its_way_is_said_to_be(amina: FlaskClient) -> None:
    address = begin(amina)
    half = b'--edge\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n\r\n' + jpeg()[:300]

    answer = amina.post(f"{address}/photos", data=half, content_type="multipart/form-data; boundary=edge")

    assert answer.status_code == 422
    assert "The photos did not arrive. Send them again." in answer.text


def test_a_disk_that_is_full_for_one_keeps_the_other_and_asks_to_send_again(
    amina: FlaskClient, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = begin(amina)
    keep, calls = photos.keep, []

    def full(*given: Any) -> photos.Stored:
        calls.append(given)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")
        return keep(*given)

    monkeypatch.setattr(photos, "keep", full)
    answer = amina.post(f"{address}/photos", data={"photos": [(BytesIO(jpeg()), "a.jpg"), (BytesIO(jpeg()), "b.jpg")]})

    assert answer.status_code == 503
    assert "could not be kept just now" in answer.text
    assert len(rows(session, select(RepairPhoto))) == 1
