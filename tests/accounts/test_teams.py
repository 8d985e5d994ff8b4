"""A coordinator sees the own team's, nobody's, and no other coordinator's; a house that names nobody is one team."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Role, Tenant, Worker
from tenant_app.accounts.rules import housed_by, welcome_worker
from tenant_app.accounts.safeguarding import tenants_answered_for
from tenant_app.accounts.teams import answered_for_by, team_of
from tenant_app.repairs.models import Repair
from tenant_app.repairs.rules import report, start_draft
from tests.cast import Cast


@pytest.fixture
def nasrin(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.nasrin.id)


@pytest.fixture
def marek(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.marek.id)


@pytest.fixture
def oona(session: Session, cast: Cast) -> Worker:
    """The other coordinator."""
    return welcome_worker(session, "Oona Byrne", "oona@wrenfield.org.uk", Role.COORDINATOR)


def answers_for(session: Session, worker: Worker) -> list[str]:
    """Asked in all the ways that lead to a record."""
    found = session.scalars(select(Tenant).where(answered_for_by(worker)).order_by(Tenant.name)).all()
    assert session.scalars(tenants_answered_for(worker)).all() == found
    assert session.scalars(housed_by(worker)).all() == found
    return [tenant.known_as for tenant in found]


def team(session: Session, worker: Worker) -> list[str]:
    return [one.known_as for one in session.scalars(team_of(worker))]


def test_where_nobody_is_named_every_coordinator_answers_for_everyone(
    session: Session, nasrin: Worker, oona: Worker
) -> None:
    assert answers_for(session, nasrin) == answers_for(session, oona) == ["Amina", "Salma", "Tomasz"]
    assert team(session, nasrin) == team(session, oona) == ["Grace", "Joana", "Marek"]


def test_a_coordinator_reaches_the_own_team_and_those_without_one(
    session: Session, nasrin: Worker, oona: Worker, grace: Worker, marek: Worker
) -> None:
    grace.coordinator_id = nasrin.id
    session.flush()
    assert answers_for(session, nasrin) == ["Amina", "Salma", "Tomasz"]
    assert answers_for(session, oona) == ["Salma"]
    marek.coordinator_id = oona.id
    session.flush()
    assert answers_for(session, nasrin) == ["Amina", "Tomasz"]
    assert (team(session, nasrin), team(session, oona)) == (["Grace", "Joana"], ["Joana", "Marek"])


def test_nobody_falls_between_two_teams(
    session: Session, nasrin: Worker, oona: Worker, grace: Worker, marek: Worker, amina: Tenant
) -> None:
    grace.coordinator_id = marek.coordinator_id = nasrin.id
    amina.keyworker = None
    session.flush()
    assert answers_for(session, oona) == ["Amina"]
    grace.leave()
    session.flush()
    assert answers_for(session, oona) == ["Amina", "Tomasz"]
    nasrin.leave()
    session.flush()
    assert answers_for(session, oona) == ["Amina", "Salma", "Tomasz"]
    assert team(session, oona) == ["Joana", "Marek"]
    assert answers_for(session, nasrin) == []


def test_a_coordinators_own_caseload_is_theirs_whoever_supervises_them(
    session: Session, nasrin: Worker, oona: Worker, amina: Tenant
) -> None:
    nasrin.coordinator_id, amina.keyworker = oona.id, nasrin
    session.flush()
    assert "Amina" in answers_for(session, nasrin)
    assert team(session, oona) == ["Grace", "Joana", "Marek", "Nasrin"]


def test_other_roles_have_no_team(session: Session, cast: Cast, grace: Worker) -> None:
    for worker in (grace, session.get_one(Worker, cast.priya.id), session.get_one(Worker, cast.devon.id)):
        assert team(session, worker) == []
        assert session.scalars(select(Tenant).where(answered_for_by(worker))).all() == []


def test_repairs_of_another_team_are_not_on_a_coordinators_desk(
    session: Session, nasrin: Worker, oona: Worker, grace: Worker, amina: Tenant
) -> None:
    repair = start_draft(session, amina)
    repair.say_where(["kitchen"])
    repair.say_kind("tap", "", hazard=False)
    repair.say_words("Drips", language="en")
    report(session, repair, access="")
    assert session.scalars(Repair.desk_of(oona)).all() == [repair]
    grace.coordinator_id = nasrin.id
    session.flush()
    assert session.scalars(Repair.desk_of(oona)).all() == []
    assert session.scalars(Repair.desk_of(nasrin)).all() == [repair]
