"""The tenant's pages about groups, as a phone without JavaScript and as one with htmx sees them."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant
from tenant_app.groups.booking import book_place, cancel_place
from tenant_app.groups.models import Booking, GroupSession
from tenant_app.groups.rules import call_off
from tenant_app.groups.waiting import join_waiting_list, pass_on_all
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import TOMORROW, fill, neighbours, plan
from tests.questions import counted

HTMX = {"HX-Request": "true"}


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    """Amina's."""
    return cast.at(tenant_door, cast.amina)


@pytest.fixture
def cooking(session: Session, cast: Cast) -> GroupSession:
    planned = plan(session, cast, step_free=True, languages=["so"], capacity=4)
    session.commit()
    return planned


@pytest.fixture
def full(session: Session, cast: Cast) -> GroupSession:
    planned = plan(session, cast, "mindfulness", capacity=2)
    fill(session, cast, planned)
    session.commit()
    return planned


def _standing(session: Session, cast: Cast, group_session: GroupSession) -> str:
    amina = session.get_one(Tenant, cast.amina.id)
    booking = session.scalars(
        Booking.of(amina).where(Booking.session_id == group_session.id).execution_options(populate_existing=True)
    ).one_or_none()
    session.commit()  # on SQLite a transaction left open would keep the door waiting
    return booking.standing.value if booking else "nothing"


def _card(page: str, session_id: UUID) -> str:
    found = re.search(rf'<article[^>]*id="session-{session_id}".*?</article>', page, re.S)
    assert found
    return found[0]


def test_an_empty_week_asks_a_question(phone: FlaskClient) -> None:
    assert "What would you like to do together?" in phone.get("/groups").text


def test_a_card_says_when_what_where_and_with_whom(phone: FlaskClient, cooking: GroupSession) -> None:
    card = _card(phone.get("/groups").text, cooking.id)

    for words in ("Friday", "Cooking together", "Kitchen, ground floor", "Joana"):
        assert words in card
    for tag in ("Step-free", "Soomaali", "4 places left"):
        assert tag in card
    assert "Book a place" in card


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
    assert _standing(session, cast, cooking) == "place"
    assert "You have a place" in _card(phone.get("/groups").text, cooking.id)


def test_a_double_tap_books_once(phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession) -> None:
    for _ in range(2):
        assert phone.post(f"/groups/{cooking.id}/place", data={"booked": "1"}, headers=HTMX).status_code == 200

    assert _standing(session, cast, cooking) == "place"
    session.refresh(cooking)
    assert cooking.places_taken == 1


def test_htmx_gets_the_card_that_changed(phone: FlaskClient, cooking: GroupSession) -> None:
    answer = phone.post(f"/groups/{cooking.id}/place", data={"booked": "1", "from": "week"}, headers=HTMX)

    assert answer.status_code == 200
    assert "<html" not in answer.text
    card = _card(answer.text, cooking.id)
    assert "You have a place" in card
    assert f'href="/groups/{cooking.id}#cannot-come"' in card


def test_a_place_is_given_back_on_the_sessions_own_page(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    phone.post(f"/groups/{cooking.id}/place", data={"booked": "1"})
    page = phone.get(f"/groups/{cooking.id}").text
    assert "I cannot come" in page

    answer = phone.post(f"/groups/{cooking.id}/place", data={"booked": "0", "from": "session"}, follow_redirects=True)

    assert answer.request.path == f"/groups/{cooking.id}"
    assert "Somebody else can have your place now." in answer.text
    assert _standing(session, cast, cooking) == "given_back"


def test_a_place_given_back_by_htmx_can_be_booked_again_from_the_same_card(
    phone: FlaskClient, cooking: GroupSession
) -> None:
    phone.post(f"/groups/{cooking.id}/place", data={"booked": "1"})

    answer = phone.post(f"/groups/{cooking.id}/place", data={"booked": "0", "from": "session"}, headers=HTMX)

    assert "Somebody else can have your place now." in answer.text
    assert "Book a place" in answer.text
    assert "<h2>" not in answer.text


def test_a_full_session_offers_the_waiting_list(phone: FlaskClient, full: GroupSession) -> None:
    card = _card(phone.get("/groups").text, full.id)

    assert "Full" in card
    assert "Join the waiting list" in card
    assert "Book a place" not in card


def test_the_last_place_gone_between_page_and_tap_is_told_kindly(
    phone: FlaskClient, session: Session, cast: Cast, full: GroupSession
) -> None:
    plain = phone.post(f"/groups/{full.id}/place", data={"booked": "1"})
    assert plain.status_code == 409
    assert "The last place has gone" in plain.text
    assert 'name="waiting" value="1"' in plain.text

    swapped = phone.post(f"/groups/{full.id}/place", data={"booked": "1"}, headers=HTMX)
    assert swapped.status_code == 200
    assert "The last place has gone. Join the waiting list?" in swapped.text
    assert 'name="waiting" value="1"' in swapped.text
    assert _standing(session, cast, full) == "nothing"


def test_one_waits_and_stops_waiting(phone: FlaskClient, session: Session, cast: Cast, full: GroupSession) -> None:
    answer = phone.post(f"/groups/{full.id}/place", data={"waiting": "1"}, headers=HTMX)
    assert "You are first on the waiting list" in answer.text
    assert "1 waiting" in answer.text
    assert _standing(session, cast, full) == "waiting"

    phone.post(f"/groups/{full.id}/place", data={"waiting": "0"})
    assert _standing(session, cast, full) == "given_back"


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
        card = _card(phone.get("/groups").text, cooking.id)
        plain = phone.post(f"/groups/{cooking.id}/place", data={"booked": "1"})
        swapped = phone.post(f"/groups/{cooking.id}/place", data={"booked": "1"}, headers=HTMX)

    assert "On now" in card
    assert "<button" not in card
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

    assert "Called off" in _card(page, cooking.id)
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
    assert 'class="lit-tab"' in _card(page, sooner.id)


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
    assert _standing(session, cast, cooking) == "nothing"


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


@pytest.fixture
def offered(session: Session, cast: Cast, full: GroupSession) -> GroupSession:
    """A place in mindfulness is held for Amina, and Tomasz waits behind her."""
    holder = session.scalars(Booking.expected_at(full)).first()
    assert holder is not None
    join_waiting_list(session, session.get_one(Tenant, cast.amina.id), full)
    with clock.stopped_at(THURSDAY + timedelta(minutes=1)):
        join_waiting_list(session, session.get_one(Tenant, cast.tomasz.id), full)
    cancel_place(session, holder.tenant, full)
    session.commit()
    return full


def test_a_place_that_is_held_is_on_the_card_and_on_today_with_until_when(
    phone: FlaskClient, offered: GroupSession
) -> None:
    card = _card(phone.get("/groups").text, offered.id)

    assert "A place is held for you" in card
    assert "3:30" in card
    assert "Yes, I will come" in card
    assert "Not this time" in card
    today = phone.get("/").text
    assert "A place is free for you: <bdi>Mindfulness</bdi>" in today
    assert f'href="/groups/{offered.id}"' in today


def test_an_offer_is_taken_with_one_tap(
    phone: FlaskClient, session: Session, cast: Cast, offered: GroupSession
) -> None:
    answer = phone.post(f"/groups/{offered.id}/place", data={"booked": "1"}, headers=HTMX)

    assert "You have a place" in answer.text
    assert _standing(session, cast, offered) == "place"


def test_an_offer_is_declined_with_one_tap_and_no_reason_is_asked_for(
    phone: FlaskClient, session: Session, cast: Cast, offered: GroupSession
) -> None:
    answer = phone.post(f"/groups/{offered.id}/place", data={"waiting": "0"}, headers=HTMX)

    assert "Join the waiting list" in answer.text
    assert "<textarea" not in answer.text
    assert _standing(session, cast, offered) == "given_back"


def test_an_offer_that_passed_is_told_without_blame_and_one_may_wait_again(
    phone: FlaskClient, session: Session, offered: GroupSession
) -> None:
    with clock.stopped_at(THURSDAY + timedelta(hours=7)):
        pass_on_all(session)
        session.commit()
        card = _card(phone.get("/groups").text, offered.id)

    assert "has gone to the next. You can wait again" in card
    assert "Join the waiting list" in card


def test_ones_turn_is_told_and_counts_only_those_before(
    phone: FlaskClient, session: Session, cast: Cast, full: GroupSession
) -> None:
    first, last = neighbours(session, cast, 2)
    join_waiting_list(session, first, full)
    session.commit()
    with clock.stopped_at(THURSDAY + timedelta(minutes=1)):
        phone.post(f"/groups/{full.id}/place", data={"waiting": "1"})
    with clock.stopped_at(THURSDAY + timedelta(minutes=2)):
        join_waiting_list(session, last, full)
        session.commit()

    assert "You are second on the waiting list." in _card(phone.get("/groups").text, full.id)


def test_a_session_says_how_to_get_there_and_what_to_expect_at_the_door(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    assert "You can get in without steps." in phone.get(f"/groups/{cooking.id}").text
    upstairs = plan(session, cast, building=session.get_one(Property, cast.alma_road.id))
    session.commit()

    page = phone.get(f"/groups/{upstairs.id}").text
    assert "It is in your own house" in page
    assert "There may be steps." in page


@pytest.mark.parametrize("path", ["/groups", "/groups/{id}", "/groups/needs", "/groups/calendar", "/"])
def test_no_page_about_groups_names_who_else_comes_waits_or_is_offered_a_place(
    phone: FlaskClient, session: Session, cast: Cast, offered: GroupSession, path: str
) -> None:
    page = phone.get(path.format(id=offered.id)).text

    assert "Canary" not in page
    assert "Tomasz" not in page
