"""Notes held back from the tenant for somebody's safety: for a time, and never without the coordinator."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Role, Tenant, Worker
from tenant_app.key_work.rules import WRITTEN, Hold, TooLate, hold_longer, notes_held
from tenant_app.reminders.models import Notice
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.key_work.conftest import LONDON, Written, rows


def test_what_is_held_back_is_kept_from_the_tenant_for_a_time_and_seen_by_the_coordinator(
    desk: FlaskClient, phone: FlaskClient, staff_door: Flask, session: Session, cast: Cast, amina: Tenant,
    written: Written, grace: Worker,
) -> None:  # fmt: skip
    note = written("CANARY", hold=Hold("Her brother reads her phone", date(2026, 11, 30)))
    (notice,) = rows(session, select(Notice).where(Notice.kind == WRITTEN))
    assert notice.due_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert "CANARY" not in phone.get("/key-work").text
    assert phone.get(f"/key-work/{note.id}").status_code == 404
    assert "CANARY" in desk.get(f"/notes/{note.id}").text

    nasrin = cast.at(staff_door, cast.nasrin)
    page = nasrin.get("/held-back").text
    assert "Her brother reads her phone" in page
    assert "CANARY" not in page
    assert notes_held(session, grace) == []
    session.commit()

    with clock.stopped_at(THURSDAY + timedelta(days=5)):
        assert "CANARY" in phone.get("/key-work").text
        with pytest.raises(TooLate):
            hold_longer(session, grace, note, Hold("Still", date(2026, 12, 3)), LONDON)
        session.rollback()


def test_a_coordinator_lets_the_tenant_read_what_was_held_back(
    phone: FlaskClient, staff_door: Flask, session: Session, cast: Cast, written: Written
) -> None:
    note = written("CANARY", hold=Hold("Her brother reads her phone", date(2026, 11, 30)))
    open_note = written("Not held")
    nasrin = cast.at(staff_door, cast.nasrin)

    assert nasrin.post(f"/notes/{open_note.id}/hold", data={"held": "0"}).status_code == 404
    assert nasrin.post(f"/notes/{note.id}/hold", data={"held": "0"}).status_code == 303
    assert "CANARY" in phone.get("/key-work").text
    told = rows(session, select(Notice).where(Notice.source == f"key-work-note:{note.id}"))
    assert sorted((notice.state.value, notice.due_at) for notice in told) == [
        ("waiting", THURSDAY), ("withdrawn", datetime(2026, 12, 1, tzinfo=UTC)),
    ]  # fmt: skip


def test_what_is_held_back_in_anothers_team_is_not_a_coordinators_to_see_or_open(
    staff_door: Flask, session: Session, cast: Cast, grace: Worker, written: Written
) -> None:
    note = written("CANARY", hold=Hold("Her brother reads her phone", date(2026, 11, 30)))
    session.add(other := Worker(name="Hana", known_as="Hana", email="hana@example.org", role=Role.COORDINATOR))
    session.flush()
    grace.coordinator_id = cast.nasrin.id
    session.commit()
    hana = cast.at(staff_door, other)

    assert "Her brother" not in hana.get("/held-back").text
    assert hana.post(f"/notes/{note.id}/hold", data={"held": "0"}).status_code == 404
    assert "Her brother" in cast.at(staff_door, cast.nasrin).get("/held-back").text


def test_a_note_that_puts_a_held_one_right_does_not_tell_of_it(phone: FlaskClient, written: Written) -> None:
    held = written("CANARY", hold=Hold("Her brother reads her phone", date(2026, 11, 30)))
    later = written("Better said", corrects=held)

    page = phone.get(f"/key-work/{later.id}").text
    assert "Better said" in page
    assert "puts right" not in page
    assert str(held.id) not in page
