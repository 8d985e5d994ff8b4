"""A shared goal at the desk: everything the tenant shares of it is there, and nothing can change their words."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Tenant
from tenant_app.database import Database
from tenant_app.goals.evidence import show
from tenant_app.goals.models import Goal, Review
from tenant_app.goals.obstacles import Obstacle, plan_for
from tenant_app.goals.rules import encourage, reached_unsaid, write_goal
from tenant_app.reminders.models import Notice
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.questions import counted


@pytest.fixture
def grace(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.grace)


@pytest.fixture
def soup(session: Session, cast: Cast) -> Goal:
    goal = write_goal(
        session, session.get_one(Tenant, cast.amina.id), "Cook twice a week", why="Mum’s soup",
        first_step="Choose two meals", shared=True,
    )  # fmt: skip
    goal.add_step("Buy a knife", helper="my sister")
    goal.say_confidence(6)
    plan_for(session, goal, "I am tired", "I cook at noon")
    show(session, goal, "It smelled wonderful")
    session.commit()
    return goal


def everything_said(database: Database) -> dict[str, Any]:
    """All that a tenant wrote, and said, about their goals."""
    with database.session(reads_only=True) as session:
        goals, plans = session.scalars(select(Goal)).all(), session.scalars(select(Obstacle)).all()
        return {
            "goals": [(g.words, g.why, g.area, g.took, g.confidence, g.paused_at, g.reached_at, g.shared_at) for g in goals],
            "steps": [(s.words, s.helper, s.by, s.done_at) for g in goals for s in g.steps],
            "plans": [(p.hurdle, p.then) for p in plans],
        }


def test_all_that_is_shared_of_a_goal_stands_on_its_page_and_the_look_is_written_down(
    grace: FlaskClient, database: Database, soup: Goal
) -> None:
    page = grace.get(f"/goals/{soup.id}").text

    for said in ("my sister", "I am tired", "I cook at noon", "It smelled wonderful", "How sure: 6 of 10", "Mum’s soup"):
        assert said in page
    with database.session(reads_only=True) as session:
        assert list(session.scalars(select(Look.what))) == ["goal"]


def test_no_form_at_the_desk_can_change_what_a_tenant_said(
    staff_door: Flask, grace: FlaskClient, database: Database, soup: Goal
) -> None:
    before = everything_said(database)
    words = ("words", "why", "area", "took", "helper", "hurdle", "then", "confidence", "note", "step", "title", "seen")
    said = dict.fromkeys(words, "7") | {"done": "1", "shared": "0", "paused": "1", "reached": "1", "accepted": "1"}
    said |= {"kept": "0", "by": "2026-12-06"}
    step = soup.steps[0].id
    with database.session(reads_only=True) as session:
        plan = session.scalars(select(Obstacle.id)).one()
    tried = 0
    for rule in staff_door.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or not ({"goal_id", "step_id", "review_id"} & rule.arguments):
            continue
        tried += 1
        ids = {"goal_id": soup.id, "step_id": step, "review_id": soup.id, "evidence_id": plan}
        path = staff_door.url_map.bind("x").build(rule.endpoint, {k: v for k, v in ids.items() if k in rule.arguments})
        grace.post(path, data=said)
    for path in (f"/goals/{soup.id}", f"/goals/{soup.id}/words", f"/goals/{soup.id}/took", f"/goals/obstacles/{plan}",
                 f"/steps/{step}", f"/steps/{step}/words", f"/goals/{soup.id}/pause"):  # fmt: skip
        assert grace.post(path, data=said).status_code in (404, 405)

    assert tried >= 2
    assert everything_said(database) == before


def test_an_encouragement_is_one_tap_and_two_taps_are_one(
    grace: FlaskClient, database: Database, tenant_door: Flask, cast: Cast, soup: Goal
) -> None:
    words = re.search(r'<button[^>]*name="sentence" value="(\w+)"[^>]*><span>([^<]+)<', grace.get(f"/goals/{soup.id}").text)
    assert words
    for _ in range(2):
        answer = grace.post(f"/goals/{soup.id}/encouragements", data={"sentence": words.group(1)})
        assert answer.status_code == 303

    with database.session(reads_only=True) as session:
        assert (len(session.scalars(select(Review)).all()), len(session.scalars(select(Notice)).all())) == (1, 1)
    assert words.group(2) in cast.at(tenant_door, cast.amina).get(f"/goals/{soup.id}").text


def test_an_encouragement_that_is_none_or_for_somebody_elses_tenant_is_refused(
    grace: FlaskClient, staff_door: Flask, cast: Cast, soup: Goal
) -> None:
    for said in ("", "shame", "<script>", "x" * 10_000):
        assert grace.post(f"/goals/{soup.id}/encouragements", data={"sentence": said}).status_code == 400
    marek = cast.at(staff_door, cast.marek)
    assert marek.post(f"/goals/{soup.id}/encouragements", data={"sentence": "small"}).status_code == 404


def test_a_goal_that_was_reached_waits_for_a_word_until_there_is_one(session: Session, cast: Cast, soup: Goal) -> None:
    grace = cast.now(session, cast.grace)
    assert reached_unsaid(session, grace) == []
    encourage(session, grace, soup, "Going well")
    with clock.stopped_at(THURSDAY + timedelta(hours=1)):
        soup.reach(True)
        session.flush()
        assert reached_unsaid(session, grace) == [soup]
        encourage(session, grace, soup, "You can be proud of this.")
        assert reached_unsaid(session, grace) == []


def test_the_page_asks_the_database_no_more_for_a_longer_story(
    staff_door: Flask, grace: FlaskClient, session: Session, cast: Cast, soup: Goal
) -> None:
    with counted(staff_door) as few:
        grace.get(f"/goals/{soup.id}")
    for number in range(20):
        soup.add_step(f"Step {number}").mark(done=True)
        show(session, soup, f"Note {number}")
        encourage(session, cast.now(session, cast.grace), soup, f"Well done, {number}")
    session.commit()
    with counted(staff_door) as many:
        grace.get(f"/goals/{soup.id}")

    assert len(many) == len(few)


def test_a_refused_form_leaves_the_note_of_who_read_the_goal(
    staff_door: Flask, session: Session, cast: Cast
) -> None:
    goal = write_goal(session, session.get_one(Tenant, cast.amina.id), "Cook on Sundays", shared=True)
    session.commit()
    address = f"/goals/{goal.id}/reviews"
    session.commit()

    answer = cast.at(staff_door, cast.grace).post(address, data={"words": "", "suggested_step": ""})

    assert answer.status_code == 422
    assert "Cook on Sundays" in answer.text
    assert list(session.scalars(select(Look.what))) == ["goal"]
