"""What is held back for somebody's safety shows nowhere that its tenant can look: no page, no copy, no gap."""

from __future__ import annotations

import json
from datetime import timedelta

from flask import Flask
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.accounts.rules import look_at
from tenant_app.key_work.models import How, KeyWorkNote
from tenant_app.key_work.rules import Contact, Hold, hold_longer, write_note
from tenant_app.key_work.tasks import add_task
from tenant_app.reminders.safety import open_for_safety
from tenant_app.settings import Settings
from tenant_app.support_plan.models import PlanRecord, PlanReview
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.rights.test_copy import unpacked

REASON = "CANARY-REASON her brother was seen at the door"
UNTOLD = "CANARY-UNTOLD he reads her phone, we ask her first"


def whole(files: dict[str, str]) -> str:
    return "\n".join(files.values())


def test_an_opening_that_is_withheld_shows_on_no_page_and_in_no_copy(
    tenant_door: Flask, cast: Cast, session: Session
) -> None:
    amina, nasrin = session.get_one(Tenant, cast.amina.id), session.get_one(Worker, cast.nasrin.id)
    look_at(session, nasrin, amina, "overview")
    open_for_safety(session, nasrin, amina, Category.CHECK_INS, REASON, withhold_because=UNTOLD)
    look_at(session, nasrin, amina, "overview")
    session.commit()
    phone = cast.at(tenant_door, cast.amina)
    pages = ("/sharing", "/sharing/history", "/settings/looks", "/reminders", "/my-record", "/")

    for address in pages:
        said = phone.get(address, follow_redirects=True).text
        assert "CANARY" not in said, address
        assert "without asking you" not in said, address
    assert "Nasrin Begum" not in phone.get("/sharing").text + phone.get("/sharing/history").text
    files = unpacked(tenant_door, cast, "amina")
    assert "CANARY" not in whole(files)
    told = json.loads(files["record.json"])["tables"]
    assert told["safeguarding_override"]["rows"] == []
    assert [row["what"] for row in told["look"]["rows"]] == ["overview", "overview"]
    # No number from which the one that is missing could be reckoned.
    assert "number" not in told["look"]["rows"][0]
    assert "number" not in told["read_log_head"]["rows"][0]

    with clock.stopped_at(THURSDAY + timedelta(days=2)):
        phone = cast.at(tenant_door, cast.amina)
        assert "Nasrin Begum" in phone.get("/sharing/history").text
        assert REASON in whole(unpacked(tenant_door, cast, "amina"))


def test_of_a_note_that_is_held_back_nothing_is_in_a_copy(
    tenant_door: Flask, cast: Cast, session: Session, settings: Settings
) -> None:
    amina, grace = session.get_one(Tenant, cast.amina.id), session.get_one(Worker, cast.grace.id)
    today, zone = clock.today(settings.zone), settings.zone
    note = write_note(
        session, grace, amina, Contact(clock.now(), How.VISIT, "CANARY-FACT damp in the hall"), terms=["damp"],
        zone=zone, hold=Hold(REASON, today + timedelta(days=1)),
    )  # fmt: skip
    add_task(session, grace, amina, "CANARY-TASK ring the police", today, zone=zone, note_id=note.id)
    session.commit()
    files = unpacked(tenant_door, cast, "amina")
    told = json.loads(files["record.json"])["tables"]

    assert "CANARY" not in whole(files)
    assert str(note.id) not in whole(files)
    for table in ("key_work_note", "key_work_note_hold", "key_work_hazard_mention", "key_work_task", "notice"):
        assert told[table]["rows"] == [] or table == "notice", table
    assert "key-work.note" not in [row["kind"] for row in told["notice"]["rows"]]

    hold_longer(session, grace, session.get_one(KeyWorkNote, note.id), Hold(REASON, today + timedelta(days=9)), zone)
    session.commit()
    with clock.stopped_at(THURSDAY + timedelta(days=3)):
        assert str(note.id) not in whole(unpacked(tenant_door, cast, "amina"))
    with clock.stopped_at(THURSDAY + timedelta(days=11)):
        later = whole(unpacked(tenant_door, cast, "amina"))
    assert "CANARY-FACT" in later
    assert "CANARY-TASK" in later


def test_a_record_of_a_review_is_in_a_copy_once_its_worker_signed_it(
    tenant_door: Flask, cast: Cast, session: Session
) -> None:
    amina, grace = session.get_one(Tenant, cast.amina.id), session.get_one(Worker, cast.grace.id)
    review = PlanReview(tenant=amina, due_on=THURSDAY.date(), version=1)
    session.add(PlanRecord(review=review, version=1, worker=grace, talked="CANARY-DRAFT"))
    session.commit()

    assert "CANARY" not in whole(unpacked(tenant_door, cast, "amina"))
