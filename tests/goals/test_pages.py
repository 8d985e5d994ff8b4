"""The tenant's pages about goals, as a phone without JavaScript and as one with htmx sees them."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.goals.models import Goal, Step
from tenant_app.goals.rules import review_goal, write_goal
from tests.cast import Cast

HTMX = {"HX-Request": "true"}


@pytest.fixture
def amina(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


@pytest.fixture
def cooking(session: Session, cast: Cast) -> Goal:
    goal = write_goal(
        session, session.get_one(Tenant, cast.amina.id), "Cook twice a week", first_step="Choose two meals", shared=True
    )
    goal.add_step("Buy a knife")
    session.commit()
    return goal


def test_an_empty_page_asks_a_question_and_offers_one_button(amina: FlaskClient) -> None:
    page = amina.get("/goals").text

    assert "What would you like to be different?" in page
    assert 'href="/goals/new"' in page


def test_a_goal_is_written_with_a_first_step(amina: FlaskClient, session: Session) -> None:
    answer = amina.post("/goals/new", data={"words": "See my sister", "first_step": "Ring Ifrah", "area": "people"})

    assert answer.status_code == 303
    goal = session.scalars(select(Goal)).one()
    assert answer.location == f"/goals/{goal.id}"
    assert (goal.words, goal.area, goal.shared, [step.words for step in goal.steps]) == (
        "See my sister", "people", False, ["Ring Ifrah"],
    )  # fmt: skip


def test_a_goal_without_words_is_asked_for_again_with_everything_kept(amina: FlaskClient, session: Session) -> None:
    answer = amina.post(
        "/goals/new", data={"words": "  ", "why": "Because of Ifrah", "first_step": "Ring", "shared": "y"}
    )

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert 'href="#words"' in answer.text
    assert "Because of Ifrah" in answer.text
    assert re.search(r'<input[^>]*name="shared"[^>]*checked|<input[^>]*checked[^>]*name="shared"', answer.text)
    assert session.scalars(select(Goal)).all() == []


@pytest.mark.parametrize(
    "words",
    ["<script>alert(1)</script>", "‮gnol‬", "👩🏽‍🍳 " * 20, "A\x00B", '" onfocus="x', "{{ 7*7 }}", "%(x)s %s %"],
)
def test_hostile_words_are_shown_as_they_were_written(amina: FlaskClient, words: str) -> None:
    answer = amina.post("/goals/new", data={"words": words, "first_step": words}, follow_redirects=True)

    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    assert ' onfocus="x' not in answer.text
    assert "\x00" not in answer.text


def test_a_hundred_thousand_letters_are_too_many_and_are_kept(amina: FlaskClient) -> None:
    answer = amina.post("/goals/new", data={"words": "word " * 20_000})

    assert answer.status_code == 422
    assert "Use at most 160 letters" in answer.text
    assert "word word" in answer.text


def test_a_step_is_marked_without_javascript(amina: FlaskClient, session: Session, cooking: Goal) -> None:
    step = cooking.steps[0]

    answer = amina.post(f"/steps/{step.id}", data={"done": "1"})

    assert answer.status_code == 303
    session.expire_all()
    assert session.get_one(Step, step.id).done_at is not None


def test_htmx_gets_the_pieces_that_changed(amina: FlaskClient, cooking: Goal) -> None:
    answer = amina.post(f"/steps/{cooking.steps[0].id}", data={"done": "1"}, headers=HTMX)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'id="steps"' in answer.text
    assert re.search(r'id="progress"[^>]*hx-swap-oob="true"', answer.text)
    assert "1 of 2 steps done" in answer.text


def test_a_double_tap_changes_nothing_more(amina: FlaskClient, session: Session, cooking: Goal) -> None:
    for _ in range(2):
        amina.post(f"/steps/{cooking.steps[0].id}", data={"done": "1"})

    session.expire_all()
    assert session.get_one(Goal, cooking.id).progress.done == 1


@pytest.mark.parametrize("said", ["", "2", "toggle", "true"])
def test_a_button_that_states_no_result_is_refused(
    amina: FlaskClient, session: Session, cooking: Goal, said: str
) -> None:
    assert amina.post(f"/steps/{cooking.steps[0].id}", data={"done": said}).status_code == 400
    session.expire_all()
    assert session.get_one(Goal, cooking.id).progress.done == 0


def test_somebody_elses_goal_does_not_exist(tenant_door: Flask, cast: Cast, session: Session, cooking: Goal) -> None:
    tomasz = cast.at(tenant_door, cast.tomasz)
    step = cooking.steps[0]

    answers = {
        tomasz.get(f"/goals/{cooking.id}").status_code,
        tomasz.get(f"/goals/{uuid4()}").status_code,
        tomasz.get("/goals/1").status_code,
        tomasz.post(f"/goals/{cooking.id}/sharing", data={"shared": "0"}).status_code,
        tomasz.post(f"/goals/{cooking.id}/words", data={"words": "Mine now"}).status_code,
        tomasz.post(f"/goals/{cooking.id}/steps/new", data={"words": "Mine now"}).status_code,
        tomasz.post(f"/steps/{step.id}", data={"done": "1"}).status_code,
    }

    assert answers == {404}
    session.expire_all()
    assert session.get_one(Goal, cooking.id).progress.done == 0


def test_sharing_is_one_tap_each_way(amina: FlaskClient, session: Session, cooking: Goal) -> None:
    kept = amina.post(f"/goals/{cooking.id}/sharing", data={"shared": "0"}, headers=HTMX).text
    assert "Only you see this" in kept

    shared = amina.post(f"/goals/{cooking.id}/sharing", data={"shared": "1"}, headers=HTMX).text
    assert "Grace" in shared


def test_a_step_may_have_a_day(amina: FlaskClient, session: Session, cooking: Goal) -> None:
    amina.post(f"/goals/{cooking.id}/steps/new", data={"words": "Ask Linh", "by": "2026-12-06"})

    session.expire_all()
    assert str(session.get_one(Goal, cooking.id).steps[-1].by) == "2026-12-06"


def test_a_day_that_is_none_is_asked_for_again(amina: FlaskClient, cooking: Goal) -> None:
    answer = amina.post(f"/goals/{cooking.id}/steps/new", data={"words": "Ask Linh", "by": "31/31/2026"})

    assert answer.status_code == 422
    assert "Choose a day from the calendar" in answer.text
    assert "Ask Linh" in answer.text


def test_rewording_keeps_steps_and_sharing(amina: FlaskClient, session: Session, cooking: Goal) -> None:
    new = {"words": "Cook three times a week", "why": "Soup", "seen": cooking.edition}
    amina.post(f"/goals/{cooking.id}/words", data=new)

    session.expire_all()
    goal = session.get_one(Goal, cooking.id)
    assert (goal.words, goal.why, goal.shared, goal.progress.total) == ("Cook three times a week", "Soup", True, 2)


def test_a_suggestion_is_taken_from_the_goals_page(
    amina: FlaskClient, session: Session, cast: Cast, cooking: Goal
) -> None:
    review = review_goal(
        session, session.get_one(Worker, cast.grace.id), cooking, "Lovely", suggested_step="Write it down"
    )
    session.commit()
    assert "Grace suggests a step" in re.sub(r"</?bdi[^>]*>", "", amina.get(f"/goals/{cooking.id}").text)

    answer = amina.post(f"/reviews/{review.id}", data={"accepted": "1"}, headers=HTMX)

    assert "You added this step." in answer.text
    assert "Write it down" in amina.get(f"/goals/{cooking.id}").text


def test_the_number_of_questions_to_the_database_does_not_grow_with_the_goals(
    tenant_door: Flask, cast: Cast, session: Session, amina: FlaskClient
) -> None:
    from tests.questions import counted

    tenant = session.get_one(Tenant, cast.amina.id)
    write_goal(session, tenant, "First", first_step="One")
    session.commit()
    with counted(tenant_door) as few:
        amina.get("/goals")
    for number in range(30):
        write_goal(session, tenant, f"Goal {number}", first_step="One")
    session.commit()
    with counted(tenant_door) as many:
        amina.get("/goals")

    assert len(many) == len(few)
