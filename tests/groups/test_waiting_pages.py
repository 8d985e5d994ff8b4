"""A full session on a tenant's phone: waiting for a place, being offered one, and nobody else's name beside it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.groups.booking import cancel_place
from tenant_app.groups.models import Booking, GroupSession
from tenant_app.groups.waiting import join_waiting_list, pass_on_all
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.cards import HTMX, card, standing
from tests.groups.programme import neighbours


def test_a_full_session_offers_the_waiting_list(phone: FlaskClient, full: GroupSession) -> None:
    shown = card(phone.get("/groups").text, full.id)

    assert "Full" in shown
    assert "Join the waiting list" in shown
    assert "Book a place" not in shown


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
    assert standing(session, cast, full) == "nothing"


def test_one_waits_and_stops_waiting(phone: FlaskClient, session: Session, cast: Cast, full: GroupSession) -> None:
    answer = phone.post(f"/groups/{full.id}/place", data={"waiting": "1"}, headers=HTMX)
    assert "You are first on the waiting list" in answer.text
    assert "1 waiting" in answer.text
    assert standing(session, cast, full) == "waiting"

    phone.post(f"/groups/{full.id}/place", data={"waiting": "0"})
    assert standing(session, cast, full) == "given_back"


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
    shown = card(phone.get("/groups").text, offered.id)

    assert "A place is held for you" in shown
    assert "3:30" in shown
    assert "Yes, I will come" in shown
    assert "Not this time" in shown
    today = phone.get("/").text
    assert "A place is free for you: <bdi>Mindfulness</bdi>" in today
    assert f'href="/groups/{offered.id}"' in today


def test_an_offer_is_taken_with_one_tap(
    phone: FlaskClient, session: Session, cast: Cast, offered: GroupSession
) -> None:
    answer = phone.post(f"/groups/{offered.id}/place", data={"booked": "1"}, headers=HTMX)

    assert "You have a place" in answer.text
    assert standing(session, cast, offered) == "place"


def test_an_offer_is_declined_with_one_tap_and_no_reason_is_asked_for(
    phone: FlaskClient, session: Session, cast: Cast, offered: GroupSession
) -> None:
    answer = phone.post(f"/groups/{offered.id}/place", data={"waiting": "0"}, headers=HTMX)

    assert "Join the waiting list" in answer.text
    assert "<textarea" not in answer.text
    assert standing(session, cast, offered) == "given_back"


def test_an_offer_that_passed_is_told_without_blame_and_one_may_wait_again(
    phone: FlaskClient, session: Session, offered: GroupSession
) -> None:
    with clock.stopped_at(THURSDAY + timedelta(hours=7)):
        pass_on_all(session)
        session.commit()
        shown = card(phone.get("/groups").text, offered.id)

    assert "has gone to the next. You can wait again" in shown
    assert "Join the waiting list" in shown


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

    assert "You are second on the waiting list." in card(phone.get("/groups").text, full.id)


@pytest.mark.parametrize("path", ["/groups", "/groups/{id}", "/groups/needs", "/groups/calendar", "/"])
def test_no_page_about_groups_names_who_else_comes_waits_or_is_offered_a_place(
    phone: FlaskClient, session: Session, cast: Cast, offered: GroupSession, path: str
) -> None:
    page = phone.get(path.format(id=offered.id)).text

    assert "Canary" not in page
    assert "Tomasz" not in page
