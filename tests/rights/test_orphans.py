"""Files that no row names do not lie about for ever, and a file that a row names is never taken."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.repairs.models import RepairPhoto
from tenant_app.repairs.rules import start_draft
from tenant_app.settings import Settings
from tenant_app.support.record import orphans
from tenant_app.support.record.orphans import MANY, sweep_orphans
from tenant_app.web import photos
from tests.cast import Cast
from tests.repairs.pictures import jpeg


def aged(path: Path, hours: float) -> Path:
    """As if it had been written so long ago."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        path.write_bytes(b"x")
    then = (clock.now() - timedelta(hours=hours)).timestamp()
    os.utime(path, (then, then))
    return path


def test_what_no_row_names_goes_after_a_day_and_what_one_names_stays(
    session: Session, cast: Cast, settings: Settings
) -> None:
    stored = photos.keep(BytesIO(jpeg()), settings.photos)
    draft = start_draft(session, session.get_one(Tenant, cast.amina.id))
    draft.photos.append(RepairPhoto(
        file=stored.file, width=stored.width, height=stored.height, bytes=stored.bytes, digest=stored.digest,
    ))  # fmt: skip
    session.commit()
    named = aged(settings.photos / stored.file, 24 * 900)
    fresh, fresh_part = aged(settings.photos / "fresh.jpg", 23), aged(settings.photos / "fresh.jpg.part", 23)
    gone = [aged(settings.photos / "a.jpg", 25), aged(settings.photos / "b.jpg.part", 25), aged(settings.documents / "c.pdf", 25)]
    (settings.photos / "folder").mkdir()

    assert sweep_orphans(session, settings) == len(gone)

    assert not any(path.exists() for path in gone)
    assert all(path.exists() for path in (named, fresh, fresh_part, settings.photos / "folder"))
    assert sweep_orphans(session, settings) == 0


def test_a_request_that_fails_between_file_and_row_leaves_a_file_that_is_swept(
    tenant_door: Flask, session: Session, cast: Cast, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina = cast.at(tenant_door, cast.amina)
    address = amina.post("/repairs/new", data={}).location.removesuffix("/where")
    send = {"photos": (BytesIO(jpeg()), "photo.jpg")}
    monkeypatch.setattr(RepairPhoto, "__init__", lambda *_args, **_fields: 1 / 0)
    assert amina.post(f"{address}/photos", data=send).status_code == 500
    monkeypatch.undo()
    left = list(settings.photos.iterdir())
    assert len(left) == 1

    with clock.stopped_at(datetime.fromtimestamp(left[0].stat().st_mtime, UTC) + timedelta(hours=25)):
        assert sweep_orphans(session, settings) == 1

    assert list(settings.photos.iterdir()) == []
    assert list(session.scalars(select(RepairPhoto))) == []


def test_one_that_cannot_go_keeps_no_other_and_a_strange_folder_is_left_alone(
    session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(MANY):
        aged(settings.photos / f"{number}.jpg", 25)
    assert sweep_orphans(session, settings) == 0

    aged(settings.photos / "0.jpg", 1)
    unlink = Path.unlink

    def refuse(path: Path, **how: bool) -> None:
        if path.name == "1.jpg":
            raise PermissionError
        unlink(path, **how)

    monkeypatch.setattr(orphans.Path, "unlink", refuse)
    assert sweep_orphans(session, settings) == MANY - 2
    assert {path.name for path in settings.photos.iterdir()} == {"0.jpg", "1.jpg"}
