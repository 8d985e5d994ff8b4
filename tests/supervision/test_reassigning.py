"""Another keyworker: the first loses everything at the next request, the next gains nothing that was let to the first."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category, Consent, give_consent, tenants_sharing
from tenant_app.accounts.keyworking import Keyworking
from tenant_app.accounts.models import Look, Role, Tenant, Worker
from tenant_app.accounts.safeguarding import overridden_by, override_for_safety
from tenant_app.database import Database
from tenant_app.goals.rules import write_goal
from tenant_app.messages.rules import write
from tenant_app.reminders.models import Notice, State
from tenant_app.safety_plan.models import Part
from tenant_app.safety_plan.rules import write_line
from tenant_app.supervision.reassigning import (
    NEW_KEYWORKER,
    MovedMeanwhile,
    NotAKeyworker,
    reassign,
    without_keyworker,
)
from tests.cast import Cast
from tests.conftest import THURSDAY

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def marek(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.marek.id)


@pytest.fixture
def nasrin(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.nasrin.id)


def told(session: Session) -> list[dict[str, object]]:
    found = session.scalars(select(Notice).where(Notice.kind == NEW_KEYWORKER, Notice.state != State.WITHDRAWN))
    return [notice.facts for notice in found]


def held_by(session: Session, tenant: Tenant) -> list[tuple[str, bool, bool]]:
    """(who, since when is known, still)"""
    return [(one.worker.known_as, one.from_at is not None, one.until_at is None)
            for one in session.scalars(Keyworking.of(tenant))]  # fmt: skip


def test_five_open_sessions_of_the_keyworker_before_are_refused_at_the_next_request(
    session: Session, amina: Tenant, grace: Worker, marek: Worker, nasrin: Worker, staff_door: Flask, cast: Cast
) -> None:
    goal = write_goal(session, amina, "Cook", first_step="Soup", shared=True)
    write(session, amina, grace.id, "To Grace", "en")
    write_line(session, amina, Part.HELPS, "Radio on", phone="", language="en")
    for category in (Category.CHECK_INS, Category.SAFETY_PLAN, Category.MEDICATION):
        give_consent(session, amina, category, grace, LONDON)
    override_for_safety(session, grace, amina, Category.MEDICATION, "She rang on Monday and has not been seen since")
    session.commit()
    pages = [
        f"/caseload/{amina.id}", f"/goals/{goal.id}", f"/messages/{amina.id}", f"/caseload/{amina.id}/check-ins",
        f"/caseload/{amina.id}/moods", f"/caseload/{amina.id}/hard-days", f"/medication/{amina.id}",
        f"/tenants/{amina.id}/code",
    ]  # fmt: skip
    desks = [cast.at(staff_door, cast.grace) for _ in range(5)]
    for desk in desks:
        assert [desk.get(page).status_code for page in pages] == [200] * len(pages)
    session.commit()
    reassign(session, [amina], marek, nasrin)
    session.commit()
    read = len(session.scalars(select(Look)).all())
    session.commit()

    for desk in desks:
        assert [desk.get(page).status_code for page in pages] == [404] * len(pages)
        assert desk.post(f"/goals/{goal.id}/reviews", data={"words": "Bye"}).status_code == 404
        assert desk.post(f"/messages/{amina.id}", data={"words": "Bye"}).status_code == 404
    assert len(session.scalars(select(Look)).all()) == read
    session.commit()
    new = cast.at(staff_door, cast.marek)
    assert [new.get(page).status_code for page in pages] == [200, 200, 200, 404, 404, 404, 404, 200]
    assert "To Grace" not in new.get(f"/messages/{amina.id}").text


def test_what_was_let_to_a_keyworker_is_closed_and_does_not_wake_when_they_return(
    session: Session, amina: Tenant, grace: Worker, marek: Worker, nasrin: Worker
) -> None:
    for category in Category:
        give_consent(session, amina, category, grace, LONDON)
    kept = give_consent(session, amina, Category.MEDICATION, nasrin, LONDON)
    assert reassign(session, [amina], marek, nasrin).consents == len(Category)
    assert reassign(session, [amina], grace, nasrin).consents == 0
    for category in Category:
        for worker in (grace, marek):
            assert session.scalars(tenants_sharing(worker, category)).all() == []
    assert session.scalars(tenants_sharing(nasrin, Category.MEDICATION)).all() == [amina]
    assert kept.withdrawn_at is None
    assert len(session.scalars(select(Consent).where(Consent.withdrawn_at.is_not(None))).all()) == len(Category)


def test_what_rests_with_the_keyworker_before_the_last_is_closed_too(
    session: Session, amina: Tenant, grace: Worker, marek: Worker, nasrin: Worker
) -> None:
    resting = give_consent(session, amina, Category.CHECK_INS, grace, LONDON)
    amina.keyworker = marek  # as it was done before anybody closed anything
    session.flush()
    reassign(session, [amina], grace, nasrin)
    assert resting.withdrawn_at is not None
    assert session.scalars(tenants_sharing(grace, Category.CHECK_INS)).all() == []


def test_an_override_for_safety_ends_with_the_keyworker(
    session: Session, amina: Tenant, grace: Worker, marek: Worker, nasrin: Worker
) -> None:
    override_for_safety(session, grace, amina, Category.MEDICATION, "She rang on Monday and has not been seen since")
    reassign(session, [amina], marek, nasrin)
    assert session.scalars(select(Tenant).where(overridden_by(grace, Category.MEDICATION))).all() == []


def test_who_was_keyworker_when_is_kept_and_told_to_the_tenant(
    session: Session, amina: Tenant, grace: Worker, marek: Worker, nasrin: Worker, tenant_door: Flask, cast: Cast
) -> None:
    assert held_by(session, amina) == [("Grace", True, True)]
    with clock.stopped_at(THURSDAY + timedelta(days=10)):
        reassign(session, [amina], marek, nasrin)
    with clock.stopped_at(THURSDAY + timedelta(days=20)):
        reassign(session, [amina], nasrin, nasrin)
        assert held_by(session, amina) == [("Nasrin", True, True), ("Marek", True, False), ("Grace", True, False)]
        session.commit()
        page = cast.at(tenant_door, cast.amina).get("/keyworker").text
    for words in ("Nasrin Begum", "Marek Nowak", "Grace Okafor", "6 December 2026", "16 December 2026"):
        assert words in page, words


def test_a_keyworker_from_before_it_was_written_down_stands_in_the_history_all_the_same(
    session: Session, amina: Tenant, grace: Worker, marek: Worker, nasrin: Worker
) -> None:
    session.delete(session.scalars(Keyworking.of(amina)).one())
    session.flush()
    reassign(session, [amina], marek, nasrin)
    assert held_by(session, amina) == [("Marek", True, True), ("Grace", False, False)]


def test_tenants_are_told_once_and_of_two_changes_the_last(
    session: Session, amina: Tenant, tomasz: Tenant, grace: Worker, marek: Worker, nasrin: Worker
) -> None:
    give_consent(session, amina, Category.CHECK_INS, grace, LONDON)
    moved = reassign(session, [amina, tomasz], marek, nasrin)
    assert [one.known_as for one in moved.tenants] == ["Amina", "Tomasz"]
    assert reassign(session, [amina, tomasz], marek, nasrin).tenants == []
    assert sorted((str(facts["to"]), str(facts["from"]), facts["closed"]) for facts in told(session)) == [
        ("Marek", "Grace", []), ("Marek", "Grace", ["check-ins"])
    ]  # fmt: skip
    reassign(session, [amina], nasrin, nasrin)
    assert sorted(str(facts["to"]) for facts in told(session)) == ["Marek", "Nasrin"]


def test_only_somebody_who_is_here_and_has_a_caseload_can_be_chosen(
    session: Session, cast: Cast, amina: Tenant, marek: Worker, nasrin: Worker, joana: Worker
) -> None:
    marek.leave()
    session.flush()
    for nobody in (marek, joana, session.get_one(Worker, cast.devon.id)):
        with pytest.raises(NotAKeyworker):
            reassign(session, [amina], nobody, nasrin)
    assert amina.keyworker_id == cast.grace.id


def test_whoever_was_moved_meanwhile_is_not_moved_again(
    session: Session, database: Database, cast: Cast, amina: Tenant, tomasz: Tenant, nasrin: Worker, marek: Worker
) -> None:
    session.commit()
    with database.step() as beside:
        beside.get_one(Tenant, cast.amina.id).keyworker_id = cast.nasrin.id
    with pytest.raises(MovedMeanwhile) as refused:
        reassign(session, [amina, tomasz], marek, nasrin)
    assert [one.known_as for one in refused.value.tenants] == ["Amina"]
    assert tomasz.keyworker_id == cast.grace.id


def test_tenants_of_somebody_who_left_stand_first_on_the_desk(
    session: Session, amina: Tenant, salma: Tenant, grace: Worker, marek: Worker, nasrin: Worker
) -> None:
    assert without_keyworker(session, nasrin) == []
    grace.leave()
    marek.role = Role.FACILITATOR
    session.flush()
    assert [one.known_as for one in without_keyworker(session, nasrin)] == ["Amina", "Salma", "Tomasz"]
    reassign(session, [salma], nasrin, nasrin)
    assert [one.known_as for one in without_keyworker(session, nasrin)] == ["Amina", "Tomasz"]
