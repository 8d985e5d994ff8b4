"""Cover for leave: on the days agreed, and not a moment longer; and nothing that was let to one person."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category, GivenAs, give_consent, tenants_sharing
from tenant_app.accounts.cover import (
    AwayToo,
    CoveredAlready,
    NobodyToCover,
    NotThoseDays,
    StandsIn,
    arrange_cover,
    covered_now,
    stand_in_of,
    stands_in_for,
)
from tenant_app.accounts.models import Cover, Role, Tenant, Worker
from tenant_app.accounts.safeguarding import tenants_answered_for
from tenant_app.check_ins.models import CheckIn
from tenant_app.goals.models import Goal
from tenant_app.goals.rules import write_goal
from tenant_app.messages.models import threads_of
from tenant_app.messages.rules import write
from tenant_app.safety_plan.rules import plans_shared_with
from tests.cast import Cast
from tests.conftest import THURSDAY

LONDON = ZoneInfo("Europe/London")
TODAY, FRIDAY = date(2026, 11, 26), date(2026, 11, 27)
Away = Callable[..., Cover]


@pytest.fixture
def marek(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.marek.id)


@pytest.fixture
def nasrin(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.nasrin.id)


@pytest.fixture
def away(session: Session, grace: Worker, marek: Worker, nasrin: Worker) -> Away:
    """Grace is away and Marek stands in, unless said otherwise."""

    def arrange(from_on: date = TODAY, until_on: date = FRIDAY, whose: Worker = grace, by: Worker = marek) -> Cover:
        return arrange_cover(session, whose, by, from_on, until_on, LONDON, arranged_by=nasrin)

    return arrange


def plain(page: str) -> str:
    return re.sub(r"</?bdi[^>]*>", "", page)


def names(session: Session, worker: Worker) -> list[str]:
    return [tenant.known_as for tenant in session.scalars(worker.caseload)]


def test_whoever_stands_in_supports_both_caseloads_on_those_days_by_the_houses_clock(
    session: Session, grace: Worker, marek: Worker, away: Away
) -> None:
    with clock.stopped_at(datetime(2026, 6, 1, 9, tzinfo=UTC)):
        away(date(2026, 6, 10), date(2026, 6, 12))  # in summer, London's day begins at 23:00 UTC
    for moment, expected in (
        (datetime(2026, 6, 9, 22, 59, tzinfo=UTC), ["Salma"]),
        (datetime(2026, 6, 9, 23, 0, tzinfo=UTC), ["Amina", "Salma", "Tomasz"]),
        (datetime(2026, 6, 12, 22, 59, tzinfo=UTC), ["Amina", "Salma", "Tomasz"]),
        (datetime(2026, 6, 12, 23, 0, tzinfo=UTC), ["Salma"]),
    ):
        with clock.stopped_at(moment):
            assert names(session, marek) == expected, moment
            assert names(session, grace) == ["Amina", "Tomasz"]


def test_shared_goals_are_open_to_whoever_stands_in(session: Session, amina: Tenant, marek: Worker, away: Away) -> None:
    write_goal(session, amina, "Cook", first_step="Soup", shared=True)
    write_goal(session, amina, "CANARY", first_step="", shared=False)
    assert session.scalars(Goal.shared_with(marek)).all() == []
    away()
    assert [goal.words for goal in session.scalars(Goal.shared_with(marek))] == ["Cook"]


def test_what_was_let_to_one_person_stays_with_them(
    session: Session, amina: Tenant, grace: Worker, marek: Worker, away: Away
) -> None:
    for category in Category:
        give_consent(session, amina, category, grace, LONDON)
    write(session, amina, grace.id, "To Grace", "en")
    away()
    assert "Amina" in names(session, marek)
    for category in Category:
        assert session.scalars(tenants_sharing(marek, category, GivenAs.KEYWORKER)).all() == [], category
    assert session.scalars(plans_shared_with(marek)).all() == []
    assert session.scalars(CheckIn.shared_with(marek, amina)).all() == []
    assert [one.known_as for one in session.scalars(threads_of(marek))] == ["Salma"]


def test_whoever_stands_in_answers_for_their_safety_as_long_as_they_do(
    session: Session, amina: Tenant, marek: Worker, away: Away
) -> None:
    cover = away()
    assert [one.known_as for one in session.scalars(tenants_answered_for(marek))] == ["Amina", "Salma", "Tomasz"]
    cover.end_now()
    session.flush()
    assert [one.known_as for one in session.scalars(tenants_answered_for(marek))] == ["Salma"]


def test_pages_of_a_covered_tenant_open_and_those_that_need_consent_do_not(
    session: Session, amina: Tenant, grace: Worker, away: Away, staff_door: Flask, cast: Cast
) -> None:
    goal = write_goal(session, amina, "Cook", first_step="Soup", shared=True)
    give_consent(session, amina, Category.CHECK_INS, grace, LONDON)
    give_consent(session, amina, Category.SAFETY_PLAN, grace, LONDON)
    cover = away()
    session.commit()
    marek = cast.at(staff_door, cast.marek)
    assert "Grace’s, until Friday 27 November" in plain(marek.get("/caseload").text)
    assert "Grace’s, until Friday 27 November" in plain(marek.get(f"/caseload/{amina.id}").text)
    assert marek.get(f"/goals/{goal.id}").status_code == 200
    assert marek.post(f"/goals/{goal.id}/reviews", data={"words": "Well done"}).status_code == 303
    for part in ("check-ins", "moods", "hard-days"):
        assert marek.get(f"/caseload/{amina.id}/{part}").status_code == 404, part
    assert marek.get(f"/messages/{amina.id}").status_code == 404

    cover.end_now()
    session.commit()
    assert [marek.get(f"/{page}").status_code for page in (f"caseload/{amina.id}", f"goals/{goal.id}")] == [404, 404]
    assert "Grace’s" not in plain(marek.get("/caseload").text)


def test_the_tenant_reads_who_stands_in_and_until_when(
    session: Session, away: Away, tenant_door: Flask, cast: Cast
) -> None:
    session.commit()  # or it would keep the door from writing
    phone, told = cast.at(tenant_door, cast.amina), "Marek Nowak stands in for Grace until Friday 27 November."
    assert told not in plain(phone.get("/messages").text)
    away()
    session.commit()
    assert told in plain(phone.get("/messages").text)
    with clock.stopped_at(THURSDAY + timedelta(days=2)):
        assert told not in plain(phone.get("/messages").text)


def test_an_early_end_is_at_once_and_one_that_never_began_was_never_in_force(
    session: Session, amina: Tenant, marek: Worker, away: Away
) -> None:
    now, later = away(), away(date(2026, 12, 7), date(2026, 12, 9))
    now.end_now()
    ended = now.ends_at
    with clock.stopped_at(THURSDAY + timedelta(hours=1)):
        now.end_now()
        assert (now.ends_at, names(session, marek)) == (ended, ["Salma"])
        assert [cover.id for cover in session.scalars(stands_in_for(marek))] == [later.id]
        later.end_now()
        session.flush()
    with clock.stopped_at(datetime(2026, 12, 8, 9, tzinfo=UTC)):
        assert names(session, marek) == ["Salma"]
        assert stand_in_of(session, amina) is None


def test_nobody_covers_for_whom_the_stand_in_covers(
    session: Session, marek: Worker, nasrin: Worker, grace: Worker, away: Away
) -> None:
    away()
    # Written past the rule, which refuses it: even so, a cover leads to one caseload and no further.
    session.add(Cover(
        worker_id=marek.id, covered_by_id=nasrin.id, from_on=TODAY, until_on=FRIDAY, arranged_by_id=nasrin.id,
        begins_at=clock.now(), ends_at=clock.now() + timedelta(days=1),
    ))  # fmt: skip
    session.flush()
    assert names(session, nasrin) == ["Salma"]


def test_covers_that_would_leave_someone_without_are_refused(
    session: Session, grace: Worker, marek: Worker, nasrin: Worker, joana: Worker, away: Away
) -> None:
    first = away()
    assert away() is first
    with pytest.raises(CoveredAlready):
        away(FRIDAY, date(2026, 11, 30), by=nasrin)
    with pytest.raises(AwayToo):
        away(FRIDAY, FRIDAY, whose=marek, by=grace)
    with pytest.raises(StandsIn):
        away(FRIDAY, FRIDAY, whose=marek, by=nasrin)
    away(date(2026, 11, 28), date(2026, 11, 30), by=nasrin)
    first.end_now()
    session.flush()
    away(FRIDAY, FRIDAY, whose=marek, by=grace)


def test_days_and_people_that_cannot_be_are_refused(
    session: Session, grace: Worker, marek: Worker, joana: Worker, away: Away
) -> None:
    for from_on, until_on in ((FRIDAY, TODAY), (date(2026, 11, 20), date(2026, 11, 25)), (TODAY, date(2027, 6, 1))):
        with pytest.raises(NotThoseDays):
            away(from_on, until_on)
    for whose, by in ((grace, grace), (grace, joana), (joana, grace)):
        with pytest.raises(NobodyToCover):
            away(whose=whose, by=by)
    marek.leave()
    with pytest.raises(NobodyToCover):
        away()


def test_a_stand_in_who_leaves_or_changes_role_supports_nobody_elses_tenants(
    session: Session, amina: Tenant, marek: Worker, away: Away
) -> None:
    away()
    assert covered_now(session, marek)
    marek.role = Role.FACILITATOR
    session.flush()
    assert names(session, marek) == ["Salma"]
    assert (covered_now(session, marek), stand_in_of(session, amina)) == ({}, None)
    marek.role = Role.KEYWORKER
    marek.leave()
    session.flush()
    assert stand_in_of(session, amina) is None
