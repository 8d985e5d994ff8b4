"""Breaking the glass: a reason, a day, an alert, and nobody who is never told."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category
from tenant_app.accounts.models import Look, Person, Tenant, Worker
from tenant_app.accounts.read_log_check import walk
from tenant_app.accounts.safeguarding import SafeguardingOverride
from tenant_app.accounts.withholding import Decided, NotYours, decide, see, unseen, waiting
from tenant_app.reminders.models import Notice
from tenant_app.reminders.safety import OPENED, open_for_safety, tell_what_was_withheld
from tests.cast import Cast
from tests.conftest import THURSDAY

WHY = "She rang us at night and could hardly speak"
UNSAFE = "Her brother reads her phone and has hit her"
PAGES = {
    Category.CHECK_INS: ("/caseload/{}/check-ins", "/caseload/{}/moods"),
    Category.SAFETY_PLAN: ("/caseload/{}/hard-days",),
    Category.MESSAGES: ("/messages/{}",),
    Category.MEDICATION: ("/medication/{}",),
}


def asked(category: Category, **more: str) -> dict[str, str]:
    return {"category": category.value, "reason": WHY, **more}


def looks_told(door: Flask, cast: Cast, person: Person) -> str:
    return cast.at(door, person).get("/settings/looks").text


@pytest.mark.parametrize("who", ["nasrin", "priya", "marek"])
def test_a_reason_opens_each_kind_of_record_for_a_day(
    staff_door: Flask, session: Session, cast: Cast, who: str
) -> None:
    worker = cast.at(staff_door, getattr(cast, who))
    closed = [page for pages in PAGES.values() for page in pages]
    if who == "marek":  # her keyworker: their messages are his to read
        closed.remove("/messages/{}")
    every = list(closed)
    for category, pages in PAGES.items():
        assert {worker.get(page.format(cast.salma.id)).status_code for page in closed} == {404}

        answer = worker.post(f"/safety/{cast.salma.id}", data=asked(category))

        assert (answer.status_code, answer.location) == (303, pages[0].format(cast.salma.id))
        for page in pages:
            shown = worker.get(page.format(cast.salma.id))
            assert (shown.status_code, WHY in shown.text) == (200, True), page
        closed = [page for page in closed if page not in pages] or ["/medication/counts/{}"]
    reasons = session.scalars(select(Look.reason).where(Look.override_id.is_not(None))).all()
    assert reasons == [WHY] * (len(PAGES) + 5)
    assert walk(session).first is None
    session.rollback()
    with clock.stopped_at(THURSDAY + timedelta(hours=24, minutes=1)):
        again = cast.at(staff_door, getattr(cast, who))
        assert {again.get(page.format(cast.salma.id)).status_code for page in every} == {404}


def test_a_keyworker_breaks_no_glass_of_others_tenants(staff_door: Flask, cast: Cast) -> None:
    grace = cast.at(staff_door, cast.grace)

    assert grace.post(f"/safety/{cast.salma.id}", data=asked(Category.CHECK_INS)).status_code == 404
    assert "Salma" not in grace.get("/safety").text
    for worker in (cast.joana, cast.devon):
        assert cast.at(staff_door, worker).get("/safety").status_code == 403


WRONG: list[dict[str, str]] = [
    {"reason": "worried"}, {"reason": ""}, {"category": ""}, {"category": "groups"}, {"category": "rent"},
    {"withhold": "1"}, {"withhold": "1", "withhold_reason": "danger"}, {"reason": "x" * 100_000},
    {"reason": "\x00" * 30}, {"withhold": "1", "withhold_reason": "🙂" * 100_000},
]  # fmt: skip


def test_what_says_nothing_opens_nothing_and_keeps_what_was_typed(
    staff_door: Flask, session: Session, cast: Cast
) -> None:
    nasrin = cast.at(staff_door, cast.nasrin)
    for wrong in WRONG:
        answer = nasrin.post(f"/safety/{cast.amina.id}", data={**asked(Category.CHECK_INS), **wrong})

        assert answer.status_code == 422, wrong
        if "reason" not in wrong:
            assert WHY in answer.text
    assert session.scalars(select(SafeguardingOverride)).all() == []


def test_the_tenant_is_told_at_once_and_the_coordinator_until_she_says_that_she_knows(
    staff_door: Flask, tenant_door: Flask, session: Session, cast: Cast
) -> None:
    cast.at(staff_door, cast.grace).post(f"/safety/{cast.amina.id}", data=asked(Category.CHECK_INS))

    told = looks_told(tenant_door, cast, cast.amina)
    assert "opened your check-ins for your safety" in told
    assert WHY in told
    assert session.scalars(select(Notice.kind).where(Notice.tenant_id == cast.amina.id)).all() == [OPENED]
    session.rollback()
    nasrin = cast.at(staff_door, cast.nasrin)
    assert "needs a second look" in nasrin.get("/training").text
    assert "needs a second look" not in cast.at(staff_door, cast.grace).get("/training").text
    page = nasrin.get("/alerts").text
    assert WHY in page
    override_id = session.scalars(select(SafeguardingOverride.id)).one()
    session.rollback()
    assert cast.at(staff_door, cast.grace).post(f"/alerts/openings/{override_id}", data={"seen": "1"}).status_code == 403
    assert nasrin.post(f"/alerts/openings/{override_id}", data={"seen": "1"}).status_code == 303
    assert "needs a second look" not in nasrin.get("/training").text
    assert "<bdi>Nasrin Begum</bdi> knows of it" in nasrin.get("/alerts").text


@pytest.fixture
def withheld(session: Session, amina: Tenant, cast: Cast) -> UUID:
    nasrin = session.get_one(Worker, cast.nasrin.id)
    override = open_for_safety(session, nasrin, amina, Category.SAFETY_PLAN, WHY, "en", withhold_because=UNSAFE)
    session.commit()
    override_id = override.id
    session.expunge_all()
    return override_id


def test_what_is_withheld_shows_nowhere_to_the_tenant_and_always_to_staff(
    tenant_door: Flask, staff_door: Flask, session: Session, cast: Cast, withheld: UUID
) -> None:
    cast.at(staff_door, cast.nasrin).get(f"/caseload/{cast.amina.id}/hard-days")

    assert WHY not in looks_told(tenant_door, cast, cast.amina)
    assert "Nasrin" not in looks_told(tenant_door, cast, cast.amina)
    assert session.scalars(select(Notice).where(Notice.tenant_id == cast.amina.id)).all() == []
    assert len(session.scalars(select(Look).where(Look.override_id == withheld)).all()) == 2
    session.rollback()
    assert UNSAFE in cast.at(staff_door, cast.priya).get(f"/alerts/telling/{withheld}").text


def test_without_a_decision_they_are_told_after_a_day(
    tenant_door: Flask, session: Session, cast: Cast, withheld: UUID
) -> None:
    assert not tell_what_was_withheld(session)
    assert session.scalars(select(Notice)).all() == []
    session.rollback()
    with clock.stopped_at(THURSDAY + timedelta(hours=24, minutes=1)):
        tell_what_was_withheld(session)
        tell_what_was_withheld(session)
        session.commit()
        assert len(session.scalars(select(Notice)).all()) == 1
        session.rollback()
        assert WHY in looks_told(tenant_door, cast, cast.amina)


def test_who_opened_it_does_not_decide_where_somebody_else_can(
    staff_door: Flask, session: Session, cast: Cast, withheld: UUID
) -> None:
    said = {"tell": "later", "days": "14", "reason": UNSAFE}

    assert cast.at(staff_door, cast.nasrin).post(f"/alerts/telling/{withheld}", data=said).status_code == 404
    with pytest.raises(NotYours):
        decide(session, session.get_one(SafeguardingOverride, withheld), session.get_one(Worker, cast.nasrin.id), days=3, reason=UNSAFE)
    session.rollback()
    session.get_one(Worker, cast.priya.id).leave()
    session.commit()
    # Nobody else is left, so she does, and it stands in the read log.
    assert cast.at(staff_door, cast.nasrin).post(f"/alerts/telling/{withheld}", data=said).status_code == 303


def test_a_decision_keeps_it_for_so_many_days_and_is_written_down_and_told_in_the_end(
    staff_door: Flask, tenant_door: Flask, session: Session, cast: Cast, withheld: UUID
) -> None:
    priya = cast.at(staff_door, cast.priya)
    for wrong in ({"days": "29"}, {"days": "0"}, {"days": ""}, {"tell": ""}, {"reason": "no"}, {"days": "many"}):
        said = {"tell": "later", "days": "14", "reason": UNSAFE, **wrong}
        assert priya.post(f"/alerts/telling/{withheld}", data=said).status_code == 422, wrong
    said = {"tell": "later", "days": "14", "reason": UNSAFE}
    assert priya.post(f"/alerts/telling/{withheld}", data=said).status_code == 303
    assert priya.post(f"/alerts/telling/{withheld}", data=said).status_code == 409

    decision = session.scalars(select(Look).where(Look.what == "withheld")).one()
    assert (decision.worker_id, decision.reason) == (cast.priya.id, UNSAFE)
    session.rollback()
    with clock.stopped_at(THURSDAY + timedelta(days=13)):
        assert "Priya" not in looks_told(tenant_door, cast, cast.amina)
    with clock.stopped_at(THURSDAY + timedelta(days=14, minutes=1)):
        told = looks_told(tenant_door, cast, cast.amina)
        assert WHY in told
        assert "decided that you were not told of it at once" in told


def test_deciding_to_tell_tells_at_once(
    staff_door: Flask, session: Session, cast: Cast, withheld: UUID
) -> None:
    said = {"tell": "now", "reason": "She is with her aunt now and safe"}
    assert cast.at(staff_door, cast.priya).post(f"/alerts/telling/{withheld}", data=said).status_code == 303

    assert len(session.scalars(select(Notice)).all()) == 1
    with pytest.raises(Decided):
        decide(session, session.get_one(SafeguardingOverride, withheld), session.get_one(Worker, cast.priya.id), days=3, reason=UNSAFE)


def test_alerts_wait_for_those_who_watch_and_nobody_else(
    session: Session, cast: Cast, withheld: UUID
) -> None:
    counts = {name: waiting(session, session.get_one(Worker, getattr(cast, name).id))
              for name in ("grace", "nasrin", "priya", "devon", "joana")}  # fmt: skip

    assert counts == {"grace": 0, "nasrin": 0, "priya": 1, "devon": 0, "joana": 0}
    priya = session.get_one(Worker, cast.priya.id)
    [alert] = session.scalars(unseen(priya)).all()
    see(alert, priya)
    see(alert, session.get_one(Worker, cast.nasrin.id))
    session.flush()
    assert alert.seen_by_id == cast.priya.id
