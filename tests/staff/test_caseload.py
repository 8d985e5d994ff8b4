"""What a keyworker sees of the people they support: what those people share, and not a word more."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.goals.models import Goal, Review
from tenant_app.goals.rules import write_goal
from tests.cast import Cast
from tests.questions import counted


@pytest.fixture
def grace(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.grace)


@pytest.fixture
def shared(session: Session, cast: Cast) -> Goal:
    goal = write_goal(
        session, session.get_one(Tenant, cast.amina.id), "Cook twice a week", first_step="Soup", shared=True
    )
    session.commit()
    return goal


def test_the_caseload_shows_those_supported_and_nobody_else(grace: FlaskClient) -> None:
    page = grace.get("/caseload").text

    assert "Amina Warsame" in page
    assert "Tomasz Wójcik" in page
    assert "Salma" not in page


def test_what_is_not_shared_is_a_fact_and_not_a_gap(grace: FlaskClient, session: Session, cast: Cast) -> None:
    write_goal(session, session.get_one(Tenant, cast.amina.id), "CANARY-private")
    session.commit()

    pages = grace.get("/caseload").text + grace.get(f"/caseload/{cast.amina.id}").text

    assert "Not shared" in pages
    assert "CANARY" not in pages


def test_progress_is_a_picture_with_numbers_beside_it(grace: FlaskClient, shared: Goal) -> None:
    page = grace.get("/caseload").text

    assert 'role="img"' in page
    assert "0 of 1" in page


@pytest.mark.parametrize("search", ["wojcik", "WÓJCIK", "flat 7", "tom"])
def test_people_are_found_whatever_the_accents(grace: FlaskClient, search: str) -> None:
    page = grace.get("/caseload", query_string={"q": search}).text

    assert "Tomasz" in page
    assert "Amina" not in page


def test_a_search_that_finds_nobody_says_so(grace: FlaskClient) -> None:
    assert "Nobody by that name here" in grace.get("/caseload?q=zebra").text


def test_somebody_elses_tenant_does_not_exist(grace: FlaskClient, cast: Cast) -> None:
    assert grace.get(f"/caseload/{cast.salma.id}").status_code == 404


def test_each_reading_of_a_record_is_written_down(
    grace: FlaskClient, session: Session, cast: Cast, shared: Goal
) -> None:
    grace.get(f"/caseload/{cast.amina.id}")
    grace.get(f"/goals/{shared.id}")

    looks = session.scalars(select(Look).where(Look.tenant_id == cast.amina.id)).all()
    assert sorted((look.what, look.worker_id) for look in looks) == [
        ("goal", cast.grace.id),
        ("overview", cast.grace.id),
    ]


def test_a_reassigned_tenant_is_gone_at_the_next_request(
    grace: FlaskClient, session: Session, cast: Cast, shared: Goal
) -> None:
    assert grace.get(f"/goals/{shared.id}").status_code == 200

    session.get_one(Tenant, cast.amina.id).keyworker = session.get_one(Worker, cast.marek.id)
    session.commit()

    assert grace.get(f"/goals/{shared.id}").status_code == 404
    assert grace.get(f"/caseload/{cast.amina.id}").status_code == 404


def test_a_goal_taken_back_is_gone_at_the_next_request(grace: FlaskClient, session: Session, shared: Goal) -> None:
    shared.share(shared=False)
    session.commit()

    assert grace.get(f"/goals/{shared.id}").status_code == 404
    assert grace.post(f"/goals/{shared.id}/reviews", data={"words": "Hello"}).status_code == 404


def test_a_review_reaches_the_tenant(
    grace: FlaskClient, tenant_door: Flask, session: Session, cast: Cast, shared: Goal
) -> None:
    answer = grace.post(f"/goals/{shared.id}/reviews", data={"words": "That soup smelled wonderful"})

    assert answer.status_code == 303
    assert "That soup smelled wonderful" in cast.at(tenant_door, cast.amina).get(f"/goals/{shared.id}").text


def test_an_empty_review_is_asked_for_again(grace: FlaskClient, session: Session, shared: Goal) -> None:
    answer = grace.post(f"/goals/{shared.id}/reviews", data={"words": " ", "suggested_step": ""})

    assert answer.status_code == 422
    assert "Write a few words, or suggest a step" in answer.text
    assert session.scalars(select(Review)).all() == []


def test_a_review_cannot_change_the_tenants_words(grace: FlaskClient, session: Session, shared: Goal) -> None:
    grace.post(
        f"/goals/{shared.id}/reviews",
        data={"words": "Hello", "goal.words": "Mine", "shared_at": "", "tenant_id": "x", "accepted": "1"},
    )

    session.expire_all()
    goal = session.get_one(Goal, shared.id)
    assert (goal.words, goal.shared, goal.reviews[0].accepted) == ("Cook twice a week", True, None)


def test_the_questions_a_caseload_asks_do_not_grow_with_it(
    staff_door: Flask, grace: FlaskClient, session: Session, cast: Cast, shared: Goal
) -> None:
    from datetime import date

    from tenant_app.accounts.models import Property
    from tenant_app.accounts.rules import welcome_tenant

    with counted(staff_door) as few:
        grace.get("/caseload")
    for number in range(25):
        tenant = welcome_tenant(
            session, f"Tenant {number}", building=session.get_one(Property, cast.alma_road.id),
            moved_in_on=date(2026, 9, 1), keyworker=session.get_one(Worker, cast.grace.id),
        )  # fmt: skip
        write_goal(session, tenant, "A goal", first_step="A step", shared=True)
    session.commit()
    with counted(staff_door) as many:
        grace.get("/caseload")

    assert len(many) == len(few)


def test_reading_the_words_of_goals_in_the_list_is_written_down_once_a_day(
    grace: FlaskClient, session: Session, cast: Cast, shared: Goal
) -> None:
    for _ in range(2):
        grace.get("/caseload")

    looks = session.execute(select(Look.tenant_id, Look.what)).all()
    assert [tuple(row) for row in looks] == [(cast.amina.id, "goal")]
