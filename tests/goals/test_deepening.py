"""Going deeper: who helps, what may get in the way, how sure one is, what it took, and examples to begin from."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.goals.history import GoalEvent, Happened
from tenant_app.goals.models import MOST_STEPS, Goal
from tenant_app.goals.obstacles import MOST_OBSTACLES, Obstacle, plan_for
from tenant_app.goals.rules import write_goal
from tests.cast import Cast
from tests.conftest import THURSDAY

HOSTILE = ["<script>alert(1)</script>", "‮gnol‬", "👩🏽‍🍳", "A\x00B", '" onfocus="x']


def test_a_step_says_who_helps_and_is_said_differently(phone: FlaskClient, soup: Goal, now: Callable[[Any], Any]) -> None:
    phone.post(f"/goals/{soup.id}/steps/new", data={"words": "Ask Linh", "helper": "my sister", "by": "2026-12-06"})
    step = now(soup).steps[-1]
    assert (step.words, step.helper, str(step.by)) == ("Ask Linh", "my sister", "2026-12-06")
    assert "my sister" in phone.get(f"/goals/{soup.id}").text

    new = {"words": "Ask Linh to eat with me", "helper": "", "by": "", "seen": step.edition}
    assert phone.post(f"/steps/{step.id}/words", data=new).status_code == 303
    step = now(step)
    assert (step.words, step.helper, step.by, step.done_at) == ("Ask Linh to eat with me", "", None, None)


def test_a_path_ends_somewhere_and_what_was_typed_is_kept(phone: FlaskClient, session: Session, soup: Goal) -> None:
    for number in range(MOST_STEPS - len(soup.steps)):
        soup.add_step(f"Step {number}")
    session.commit()

    answer = phone.post(f"/goals/{soup.id}/steps/new", data={"words": "One too many"})

    assert answer.status_code == 422
    assert "One too many" in answer.text


def test_a_plan_for_what_gets_in_the_way_is_made_and_taken_away(
    phone: FlaskClient, session: Session, soup: Goal
) -> None:
    soup_id = soup.id
    for _ in range(2):
        phone.post(f"/goals/{soup_id}/obstacles/new", data={"hurdle": "I am tired", "then": "I cook at noon"})
    [plan] = session.scalars(Obstacle.on(soup)).all()
    plan_id = plan.id
    session.rollback()
    page = phone.get(f"/goals/{soup_id}").text
    assert "I am tired" in page
    assert "I cook at noon" in page

    half = phone.post(f"/goals/{soup_id}/obstacles/new", data={"hurdle": "No pot", "then": ""})
    assert half.status_code == 422
    assert "No pot" in half.text
    assert phone.post(f"/goals/obstacles/{plan_id}/keeping", data={"kept": "1"}).status_code == 400
    assert phone.post(f"/goals/obstacles/{plan_id}/keeping", data={"kept": "0"}).status_code == 303
    assert session.scalars(Obstacle.on(soup)).all() == []


def test_there_are_only_so_many_plans(phone: FlaskClient, session: Session, soup: Goal) -> None:
    for number in range(MOST_OBSTACLES):
        plan_for(session, soup, f"Hurdle {number}", "I go round it")
    session.commit()

    answer = phone.post(f"/goals/{soup.id}/obstacles/new", data={"hurdle": "One more", "then": "I jump"})

    assert answer.status_code == 422
    assert "One more" in answer.text


def test_how_sure_somebody_is_may_change_and_every_answer_is_kept(
    phone: FlaskClient, session: Session, soup: Goal
) -> None:
    for days, number in ((0, 3), (0, 3), (7, 6), (14, 6)):
        with clock.stopped_at(THURSDAY + timedelta(days=days)):
            assert phone.post(f"/goals/{soup.id}/confidence", data={"confidence": number}).status_code == 303

    session.refresh(soup)
    said = select(GoalEvent.number).where(GoalEvent.kind == Happened.CONFIDENCE).order_by(GoalEvent.at)
    assert (soup.confidence, list(session.scalars(said))) == (6, [3, 6, 6])


def test_a_confidence_that_is_none_is_asked_for_again(phone: FlaskClient, soup: Goal, now: Callable[[Any], Any]) -> None:
    for said in ("0", "11", "-1", "5.5", "very", "", "9" * 5000, "٣"):
        assert phone.post(f"/goals/{soup.id}/confidence", data={"confidence": said}).status_code == 422, said
    assert phone.post(f"/goals/{soup.id}/confidence").status_code == 422

    assert now(soup).confidence is None


def test_a_goal_that_was_reached_asks_kindly_what_it_took(phone: FlaskClient, soup: Goal) -> None:
    for step in soup.steps:
        phone.post(f"/steps/{step.id}", data={"done": "1"})
    assert "You set out to do this, and you did it." in phone.get(f"/goals/{soup.id}").text

    page = phone.get(f"/goals/{soup.id}/took").text
    seen = re.search(r'name="seen"[^>]*value="(\w+)"', page)
    assert seen
    phone.post(f"/goals/{soup.id}/took", data={"took": "Grace came along", "seen": seen.group(1)})
    assert "Grace came along" in phone.get(f"/goals/{soup.id}").text


def test_somebody_may_get_there_by_another_way_than_their_steps(
    phone: FlaskClient, soup: Goal, now: Callable[[Any], Any]
) -> None:
    phone.post(f"/goals/{soup.id}/reaching", data={"reached": "1"})
    there = now(soup)
    assert (there.reached, there.progress.next) == (True, None)

    phone.post(f"/steps/{soup.steps[0].id}", data={"done": "1"})
    assert now(soup).reached

    phone.post(f"/goals/{soup.id}/reaching", data={"reached": "0"})
    assert not now(soup).reached


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_shown_as_they_were_written_and_too_many_are_kept(
    phone: FlaskClient, soup: Goal, words: str
) -> None:
    phone.post(f"/goals/{soup.id}/steps/new", data={"words": words, "helper": words})
    phone.post(f"/goals/{soup.id}/obstacles/new", data={"hurdle": words, "then": words})
    phone.post(f"/goals/{soup.id}/evidence/new", data={"note": words})
    shown = phone.get(f"/goals/{soup.id}")

    assert shown.status_code == 200
    assert not any(bad in shown.text for bad in ("<script>alert", ' onfocus="x', "\x00"))
    long = (words * 100_000)[:100_000]
    for page, asked in (("steps/new", ("words", "helper")), ("obstacles/new", ("hurdle", "then")), ("evidence/new", ("note",))):
        answer = phone.post(f"/goals/{soup.id}/{page}", data=dict.fromkeys(asked, long))
        assert answer.status_code == 422
        assert "Use at most" in answer.text


def test_nothing_of_somebody_elses_goal_can_be_reached(
    tenant_door: Flask, cast: Cast, session: Session, soup: Goal
) -> None:
    plan = plan_for(session, soup, "I am tired", "I cook at noon")
    session.commit()
    tomasz = cast.at(tenant_door, cast.tomasz)
    both = [
        f"/goals/{soup.id}/words", f"/goals/{soup.id}/confidence", f"/goals/{soup.id}/took", f"/goals/obstacles/{plan.id}",
        f"/goals/{soup.id}/obstacles/new", f"/goals/{soup.id}/evidence/new", f"/steps/{soup.steps[0].id}/words",
    ]  # fmt: skip
    answers = {tomasz.get(page).status_code for page in [*both, f"/goals/{soup.id}/story", f"/goals/obstacles/{uuid4()}"]}
    said = {"words": "Mine", "took": "Mine", "hurdle": "Mine", "then": "Mine", "note": "Mine", "confidence": "1"}
    answers |= {tomasz.post(page, data=said).status_code for page in both}
    answers |= {tomasz.post(f"/goals/obstacles/{plan.id}/keeping", data={"kept": "0"}).status_code}
    answers |= {tomasz.post(f"/goals/{soup.id}/reaching", data={"reached": "1"}).status_code}

    assert answers == {404}


def test_an_example_is_a_start_and_nothing_is_kept_until_it_is_sent(phone: FlaskClient, session: Session) -> None:
    page = phone.get("/goals/examples").text
    links = re.findall(r'href="(/goals/new\?example=[\w-]+)"', page)
    assert len(links) >= 28

    form = phone.get(links[1]).text

    assert "I want to grow herbs on my windowsill." in form
    assert "Ask who has a spare pot." in form
    assert session.scalar(select(func.count()).select_from(Goal)) == 0


def test_an_example_that_there_is_not_leaves_the_form_empty(phone: FlaskClient) -> None:
    for asked in ("none", "../areas", "<script>", "x" * 10_000):
        page = phone.get("/goals/new", query_string={"example": asked})
        assert page.status_code == 200
        assert "<script>" not in page.text


def test_a_thousand_goals_are_shown_a_page_at_a_time(phone: FlaskClient, session: Session, cast: Cast) -> None:
    from tenant_app.accounts.models import Tenant

    tenant = session.get_one(Tenant, cast.amina.id)
    for number in range(45):
        with clock.stopped_at(THURSDAY - timedelta(days=number)):
            write_goal(session, tenant, f"Goal number {number}.")
    session.commit()

    def shown(page: str) -> list[str]:
        return re.findall(r"Goal number (\d+)\.", phone.get("/goals", query_string={"page": page}).text)

    assert shown("1") == [str(number) for number in range(20)]
    assert shown("3") == [str(number) for number in range(40, 45)]
    assert shown("4") == []
    for asked in ("0", "-5", "x", "9" * 40):
        assert phone.get("/goals", query_string={"page": asked}).status_code == 200
