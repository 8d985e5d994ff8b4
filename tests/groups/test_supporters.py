"""Somebody who comes along to support a tenant has a place of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.groups.booking import book_place, bring_supporter, cancel_place
from tenant_app.groups.places import Full, NoSecondPlace, Started
from tenant_app.groups.waiting import join_waiting_list
from tests.cast import Cast
from tests.groups.programme import fill, plan

HTMX = {"HX-Request": "true"}


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


def test_a_supporter_takes_a_place_of_their_own(session: Session, cast: Cast, amina: Tenant) -> None:
    cooking = plan(session, cast, capacity=3)

    booking = book_place(session, amina, cooking, supporter=True)

    assert (booking.supporter, cooking.places_taken) == (True, 2)
    bring_supporter(session, amina, cooking, comes=True)
    assert cooking.places_taken == 2


def test_with_one_place_left_a_supporter_is_refused_and_the_tenant_may_come_alone(
    session: Session, cast: Cast, amina: Tenant
) -> None:
    cooking = plan(session, cast, capacity=1)

    with pytest.raises(NoSecondPlace):
        book_place(session, amina, cooking, supporter=True)
    assert cooking.places_taken == 0

    book_place(session, amina, cooking)
    with pytest.raises(NoSecondPlace):
        bring_supporter(session, amina, cooking, comes=True)
    assert cooking.places_taken == 1


def test_without_any_place_it_is_full_with_or_without_a_supporter(session: Session, cast: Cast, amina: Tenant) -> None:
    cooking = plan(session, cast, capacity=1)
    fill(session, cast, cooking)

    with pytest.raises(Full):
        book_place(session, amina, cooking, supporter=True)


def test_coming_alone_after_all_offers_the_second_place_to_whoever_waits(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant
) -> None:
    cooking = plan(session, cast, capacity=2)
    book_place(session, amina, cooking, supporter=True)
    join_waiting_list(session, tomasz, cooking)

    [asked] = bring_supporter(session, amina, cooking, comes=False)

    assert (asked.tenant, asked.offered, cooking.places_taken) == (tomasz, True, 2)


def test_giving_a_place_back_gives_back_the_supporters_too(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, salma: Tenant
) -> None:
    cooking = plan(session, cast, capacity=2)
    book_place(session, amina, cooking, supporter=True)
    for tenant in (tomasz, salma):
        join_waiting_list(session, tenant, cooking)

    asked = cancel_place(session, amina, cooking)

    assert {booking.tenant_id for booking in asked} == {tomasz.id, salma.id}
    assert cooking.places_taken == 2
    cooking.capacity = 3
    assert not book_place(session, amina, cooking).supporter


def test_nobody_is_added_once_it_has_begun(session: Session, cast: Cast, amina: Tenant) -> None:
    cooking = plan(session, cast)
    book_place(session, amina, cooking)

    with clock.stopped_at(cooking.starts_at + timedelta(minutes=1)), pytest.raises(Started):
        bring_supporter(session, amina, cooking, comes=True)


def test_a_supporter_is_booked_and_taken_back_on_the_page(
    phone: FlaskClient, session: Session, cast: Cast
) -> None:
    cooking = plan(session, cast, capacity=3)
    session.commit()
    assert "Somebody comes along to support me" in phone.get(f"/groups/{cooking.id}").text

    booked = phone.post(
        f"/groups/{cooking.id}/place", data={"booked": "1", "supported": "1", "from": "session"}, headers=HTMX
    )
    assert "With a supporter" in booked.text
    alone = phone.post(f"/groups/{cooking.id}/place", data={"supporter": "0", "from": "session"}, headers=HTMX)
    assert "With a supporter" not in alone.text
    assert "Bring a supporter" in alone.text


def test_no_place_for_a_supporter_is_said_plainly_with_the_way_to_come_alone(
    phone: FlaskClient, session: Session, cast: Cast
) -> None:
    cooking = plan(session, cast, capacity=1)
    session.commit()

    plain = phone.post(f"/groups/{cooking.id}/place", data={"booked": "1", "supported": "1", "from": "session"})

    assert plain.status_code == 409
    assert "You can still come on your own" in plain.text
    assert "Book for me alone" in plain.text
    session.refresh(cooking)
    assert cooking.places_taken == 0
