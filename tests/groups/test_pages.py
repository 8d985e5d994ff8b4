"""The tenant's pages about groups, as a phone without JavaScript and as one with htmx sees them."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant
from tenant_app.groups.booking import book_place
from tenant_app.groups.models import GroupSession
from tenant_app.groups.rules import call_off
from tenant_app.groups.waiting import join_waiting_list
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.cards import HTMX, card, standing
from tests.groups.programme import TOMORROW, neighbours, plan
from tests.questions import counted


@pytest.fixture
def cooking(session: Session, cast: Cast) -> GroupSession:
    planned = plan(session, cast, step_free=True, languages=["so"], capacity=4)
    session.commit()
    return planned


def test_an_empty_week_asks_a_question(phone: FlaskClient) -> None:
    assert "What would you like to do together?" in phone.get("/groups").text


def test_a_card_says_when_what_where_and_with_whom(phone: FlaskClient, cooking: GroupSession) -> None:
    shown = card(phone.get("/groups").text, cooking.id)

    for words in ("Friday", "Cooking together", "Kitchen, ground floor", "Joana"):
        assert words in shown
    for tag in ("Step-free", "Soomaali", "4 places left"):
        assert tag in shown
    assert "Book a place" in shown


def test_this_week_is_seven_days_and_all_is_all(phone: FlaskClient, session: Session, cast: Cast) -> None:
    plan(session, cast, "walk-and-talk", starts_at=THURSDAY + timedelta(days=8))
    session.commit()

    assert "<h2><bdi lang=\"en\">Walk and talk" not in phone.get("/groups").text
    assert "<h2><bdi lang=\"en\">Walk and talk" in phone.get("/groups?show=all").text


def test_booked_shows_ones_own_places_only(phone: FlaskClient, cooking: GroupSession, full: GroupSession) -> None:
    phone.post(f"/groups/{cooking.id}/place", data={"booked": "1"})

    page = phone.get("/groups?show=booked").text
    assert "Booked: 1" in page
    assert f"session-{cooking.id}" in page
    assert f"session-{full.id}" not in page


def test_a_place_is_booked_without_javascript(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    answer = phone.post(f"/groups/{cooking.id}/place", data={"booked": "1", "from": "week"})

    assert answer.status_code == 303
    assert answer.location == f"/groups?show=week#session-{cooking.id}"
    assert standing(session, cast, cooking) == "place"
    assert "You have a place" in card(phone.get("/groups").text, cooking.id)


def test_a_double_tap_books_once(phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession) -> None:
    for _ in range(2):
        assert phone.post(f"/groups/{cooking.id}/place", data={"booked": "1"}, headers=HTMX).status_code == 200

    assert standing(session, cast, cooking) == "place"
    session.refresh(cooking)
    assert cooking.places_taken == 1


def test_htmx_gets_the_card_that_changed(phone: FlaskClient, cooking: GroupSession) -> None:
    answer = phone.post(f"/groups/{cooking.id}/place", data={"booked": "1", "from": "week"}, headers=HTMX)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    shown = card(answer.text, cooking.id)
    assert "You have a place" in shown
    assert f'href="/groups/{cooking.id}#cannot-come"' in shown


def test_a_place_is_given_back_on_the_sessions_own_page(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    phone.post(f"/groups/{cooking.id}/place", data={"booked": "1"})
    page = phone.get(f"/groups/{cooking.id}").text
    assert "I cannot come" in page

    answer = phone.post(f"/groups/{cooking.id}/place", data={"booked": "0", "from": "session"}, follow_redirects=True)

    assert answer.request.path == f"/groups/{cooking.id}"
    assert "Somebody else can have your place now." in answer.text
    assert standing(session, cast, cooking) == "given_back"


def test_a_place_given_back_by_htmx_can_be_booked_again_from_the_samecard(
    phone: FlaskClient, cooking: GroupSession
) -> None:
    phone.post(f"/groups/{cooking.id}/place", data={"booked": "1"})

    answer = phone.post(f"/groups/{cooking.id}/place", data={"booked": "0", "from": "session"}, headers=HTMX)

    assert "Somebody else can have your place now." in answer.text
    assert "Book a place" in answer.text
    assert "<h2>" not in answer.text


@pytest.mark.parametrize("path", ["/groups", "/groups?show=all", "/groups/{id}"])
def test_nobody_elses_name_is_on_a_tenants_page(
    phone: FlaskClient, session: Session, cast: Cast, full: GroupSession, path: str
) -> None:
    for neighbour in neighbours(session, cast, 2):
        join_waiting_list(session, neighbour, full)
    session.commit()

    page = phone.get(path.format(id=full.id)).text
    fragment = phone.post(f"/groups/{full.id}/place", data={"booked": "1"}, headers=HTMX).text

    assert "2 waiting" in page
    for shown in (page, fragment):
        assert "Canary" not in shown
        assert "Quentin" not in shown


def test_a_session_that_has_begun_is_refused_kindly(phone: FlaskClient, cooking: GroupSession) -> None:
    with clock.stopped_at(TOMORROW + timedelta(minutes=5)):
        shown = card(phone.get("/groups").text, cooking.id)
        plain = phone.post(f"/groups/{cooking.id}/place", data={"booked": "1"})
        swapped = phone.post(f"/groups/{cooking.id}/place", data={"booked": "1"}, headers=HTMX)

    assert "On now" in shown
    assert "<button" not in shown
    assert plain.status_code == 409
    assert "It has begun" in plain.text
    assert "It has begun" in swapped.text


def test_a_past_session_is_still_told_and_cannot_be_booked(phone: FlaskClient, cooking: GroupSession) -> None:
    with clock.stopped_at(TOMORROW + timedelta(days=1)):
        assert "Cooking together" not in phone.get("/groups?show=all").text
        page = phone.get(f"/groups/{cooking.id}").text
        assert phone.post(f"/groups/{cooking.id}/place", data={"booked": "1"}).status_code == 409

    assert "It is over" in page
    assert "Book a place" not in page


def test_a_session_called_off_is_told_to_those_who_booked_it(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession, full: GroupSession
) -> None:
    book_place(session, session.get_one(Tenant, cast.amina.id), cooking)
    call_off(session, cooking)
    call_off(session, full)
    session.commit()

    page = phone.get("/groups").text

    assert "Called off" in card(page, cooking.id)
    assert f"session-{full.id}" not in page
    refused = phone.post(f"/groups/{full.id}/place", data={"booked": "1"})
    assert refused.status_code == 409
    assert "It is called off" in refused.text


def test_only_the_next_of_todays_places_is_lit(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    amina = session.get_one(Tenant, cast.amina.id)
    later, sooner = (plan(session, cast, starts_at=THURSDAY + timedelta(hours=hours)) for hours in (6, 2))
    for group_session in (later, sooner, cooking):
        book_place(session, amina, group_session)
    session.commit()

    page = phone.get("/groups").text

    assert page.count('class="lit-tab"') == 1
    assert 'class="lit-tab"' in card(page, sooner.id)


def test_the_page_of_a_session_says_what_happens_what_to_bring_and_why(
    phone: FlaskClient, cooking: GroupSession
) -> None:
    page = phone.get(f"/groups/{cooking.id}").text

    for words in ("We choose a simple meal", "A box for leftovers", "Farmer, Touchton-Leonard"):
        assert words in page


def test_a_session_whose_content_was_taken_away_keeps_its_name(
    phone: FlaskClient, session: Session, cast: Cast
) -> None:
    planned = plan(session, cast, "knitting-circle")
    session.commit()

    assert "Knitting circle" in phone.get("/groups").text
    assert phone.get(f"/groups/{planned.id}").status_code == 200


def test_a_group_of_another_home_does_not_exist(phone: FlaskClient, session: Session, cast: Cast) -> None:
    theirs = plan(session, cast, building=session.get_one(Property, cast.mare_street.id))
    session.commit()

    assert phone.get(f"/groups/{theirs.id}").status_code == 404
    assert phone.post(f"/groups/{theirs.id}/place", data={"booked": "1"}).status_code == 404
    assert phone.get(f"/groups/{uuid4()}").status_code == 404


@pytest.mark.parametrize("data", [{}, {"booked": "2"}, {"booked": "toggle"}, {"waiting": ""}])
def test_a_tap_that_states_nothing_changes_nothing(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession, data: dict[str, str]
) -> None:
    assert phone.post(f"/groups/{cooking.id}/place", data=data).status_code == 400
    assert standing(session, cast, cooking) == "nothing"


def test_the_list_asks_as_little_of_the_database_for_many_as_for_few(
    phone: FlaskClient, session: Session, cast: Cast, tenant_door: Flask, cooking: GroupSession
) -> None:
    phone.get("/groups")
    with counted(tenant_door) as few:
        phone.get("/groups")
    for _ in range(12):
        plan(session, cast)
    session.commit()
    with counted(tenant_door) as many:
        phone.get("/groups")

    assert len(many) == len(few)


def test_a_session_says_how_to_get_there_and_what_to_expect_at_the_door(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    assert "You can get in without steps." in phone.get(f"/groups/{cooking.id}").text
    upstairs = plan(session, cast, building=session.get_one(Property, cast.alma_road.id))
    session.commit()

    page = phone.get(f"/groups/{upstairs.id}").text
    assert "It is in your own house" in page
    assert "There may be steps." in page
