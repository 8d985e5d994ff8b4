"""What a tenant needs in groups: said once, and shown only to who runs a session in which they have a place."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.groups.booking import book_place, cancel_place
from tenant_app.groups.models import GroupSession
from tenant_app.groups.needs import GroupNeeds, coming_with_needs
from tenant_app.groups.register.attendance import add_walk_in
from tenant_app.groups.rules import call_off
from tenant_app.groups.waiting import join_waiting_list
from tests.cast import Cast
from tests.groups.programme import fill, plan

CANARY = "A chair with arms, canary-seven"
NEEDS = {"access": CANARY, "interpreter": "so", "food": "No pork"}


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


@pytest.fixture
def in_need(session: Session, amina: Tenant) -> Tenant:
    """Amina, who has said what she needs."""
    GroupNeeds.of(session, amina).say(session, **NEEDS)
    session.commit()
    return amina


def test_needs_are_said_once_and_shown_back_word_for_word(phone: FlaskClient, session: Session, cast: Cast) -> None:
    assert "Nothing but your name." in phone.get("/groups/needs").text

    answer = phone.post("/groups/needs", data=NEEDS, follow_redirects=True)

    shown = answer.text[answer.text.index('id="seen"') :]
    for words in (CANARY, '<bdi lang="so">Soomaali</bdi>', "No pork"):
        assert words in shown
    assert CANARY in phone.get(f"/groups/{_planned(session, cast).id}").text


def test_needs_can_be_taken_back(phone: FlaskClient, session: Session, in_need: Tenant) -> None:
    phone.post("/groups/needs", data={"access": "", "interpreter": "", "food": ""})

    assert session.scalar(select(func.count()).select_from(GroupNeeds)) == 0


def test_what_is_said_twice_at_the_same_moment_is_kept_once_and_the_last_counts(
    session: Session, cast: Cast, amina: Tenant
) -> None:
    second = GroupNeeds.of(session, amina)
    session.rollback()
    with cast.database.step() as first:
        GroupNeeds.of(first, cast.amina).say(first, **NEEDS)
    second.say(session, access="", interpreter="", food="No nuts")
    session.commit()

    kept = session.scalars(select(GroupNeeds)).one()
    assert (kept.access, kept.food) == ("", "No nuts")


def test_a_language_that_is_not_on_the_list_is_none(phone: FlaskClient, session: Session) -> None:
    phone.post("/groups/needs", data={**NEEDS, "interpreter": "<x>"})

    assert session.scalars(select(GroupNeeds.interpreter)).all() == [""]


def test_what_is_too_long_is_asked_for_again_and_kept_in_the_form(phone: FlaskClient, session: Session) -> None:
    answer = phone.post("/groups/needs", data={**NEEDS, "food": "x" * 201})

    assert answer.status_code == 422
    assert "x" * 201 in answer.text
    assert CANARY in answer.text
    assert session.scalar(select(func.count()).select_from(GroupNeeds)) == 0


def test_who_runs_a_session_reads_the_very_same_lines_and_the_tenant_is_told(
    session: Session, cast: Cast, staff_door: Flask, phone: FlaskClient, in_need: Tenant
) -> None:
    planned = _planned(session, cast)
    book_place(session, in_need, planned, supporter=True)
    session.commit()

    page = cast.at(staff_door, cast.joana).get(f"/registers/{planned.id}/needs").text

    for words in ("Amina Warsame", CANARY, '<bdi lang="so">Soomaali</bdi>', "No pork", "Brings a supporter"):
        assert words in page
    assert [look.what for look in session.scalars(select(Look))] == ["needs"]
    assert "read what you need in a group you booked" in phone.get("/settings/looks").text


def test_a_supporter_too_is_read_and_the_tenant_is_told(
    session: Session, cast: Cast, staff_door: Flask, amina: Tenant
) -> None:
    planned = _planned(session, cast)
    book_place(session, amina, planned, supporter=True)
    session.commit()

    page = cast.at(staff_door, cast.joana).get(f"/registers/{planned.id}/needs").text

    assert "Brings a supporter" in page
    assert [(look.what, look.tenant_id) for look in session.scalars(select(Look))] == [("needs", cast.amina.id)]


@pytest.mark.parametrize("how", ["never", "waiting", "given_back", "walked_in", "called_off", "over"])
def test_without_a_place_nothing_is_shown(
    session: Session, cast: Cast, staff_door: Flask, in_need: Tenant, joana: Worker, how: str
) -> None:
    planned = plan(session, cast, capacity=1)
    others = fill(session, cast, planned) if how == "waiting" else []
    ways: dict[str, Callable[[], object]] = {
        "never": lambda: None,
        "waiting": lambda: join_waiting_list(session, in_need, planned),
        "given_back": lambda: (book_place(session, in_need, planned), cancel_place(session, in_need, planned)),
        "walked_in": lambda: _walk_in(session, joana, planned, in_need),
        "called_off": lambda: (book_place(session, in_need, planned), call_off(session, planned)),
        "over": lambda: book_place(session, in_need, planned),
    }
    ways[how]()
    session.commit()
    now = planned.ends_at if how == "over" else clock.now()

    with clock.stopped_at(now):
        page = cast.at(staff_door, cast.joana).get(f"/registers/{planned.id}/needs")
    assert page.status_code == 200
    assert CANARY not in page.text
    assert all(other.name not in page.text for other in others)
    session.rollback()
    with clock.stopped_at(now):
        assert coming_with_needs(session, planned) == []


def test_who_runs_another_session_reads_nothing(
    session: Session, cast: Cast, staff_door: Flask, in_need: Tenant
) -> None:
    planned = _planned(session, cast)
    book_place(session, in_need, planned)
    session.commit()

    assert cast.at(staff_door, cast.marek).get(f"/registers/{planned.id}/needs").status_code == 404
    assert cast.at(staff_door, cast.devon).get(f"/registers/{planned.id}/needs").status_code in (303, 403, 404)


def test_needs_go_with_the_tenant(session: Session, in_need: Tenant) -> None:
    session.expunge_all()
    session.delete(session.get_one(Tenant, in_need.id))
    session.flush()

    assert session.scalar(select(func.count()).select_from(GroupNeeds)) == 0


def _planned(session: Session, cast: Cast) -> GroupSession:
    planned = plan(session, cast)
    session.commit()
    return planned


def _walk_in(session: Session, joana: Worker, planned: GroupSession, tenant: Tenant) -> None:
    with clock.stopped_at(planned.starts_at):
        add_walk_in(session, joana, planned, tenant)
