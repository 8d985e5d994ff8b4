"""What was tapped about places without a signal: done once when it arrives, or refused with the reason in words."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.groups.booking import book_place, cancel_place
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.groups.rules import call_off
from tenant_app.groups.waiting import join_waiting_list
from tests.cast import Cast
from tests.groups.programme import TOMORROW, fill, plan

LATER = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
"""As the phone sends what waited."""

Send = Callable[..., TestResponse]


@pytest.fixture
def last(session: Session, cast: Cast) -> GroupSession:
    """Mindfulness with one place left."""
    planned = plan(session, cast, "mindfulness", capacity=1)
    session.commit()
    return planned


@pytest.fixture
def send(tenant_door: Flask, cast: Cast, last: GroupSession) -> Send:
    phone = cast.at(tenant_door, cast.amina)

    def post(key: str | None = None, /, **form: str) -> TestResponse:
        headers = {**LATER, "Idempotency-Key": key or str(uuid4())}
        return phone.post(
            f"/groups/{last.id}/place", data={"tapped_at": "2026-11-26T08:30:00Z", **form}, headers=headers
        )

    return post


def words(answer: TestResponse) -> str:
    return unquote(answer.headers.get("X-Homeward-Words", "")).translate({0x2068: None, 0x2069: None})


def standing(session: Session, cast: Cast, who: Tenant | None = None) -> Standing | None:
    found = session.scalar(select(Booking.standing).where(Booking.tenant_id == (who or cast.amina).id))
    session.commit()
    return found


def test_a_place_that_is_there_is_booked_once_however_often_it_arrives(
    send: Send, session: Session, cast: Cast, last: GroupSession
) -> None:
    answers = [send("tapped-in-the-lift", booked="1") for _ in range(5)]

    assert {(each.status_code, words(each)) for each in answers} == {(204, "You have a place.")}
    assert {each.headers["X-Homeward-Done"] for each in answers} == {"tapped-in-the-lift"}
    assert standing(session, cast) is Standing.PLACE
    assert session.scalar(select(func.sum(GroupSession.places_taken))) == 1


def test_a_booking_that_came_too_late_says_why_and_where_to_go_on(
    send: Send, session: Session, cast: Cast, last: GroupSession
) -> None:
    fill(session, cast, last)
    session.commit()
    refused = send(booked="1")

    assert refused.status_code == 409
    assert words(refused) == "The last place has gone. Join the waiting list?"
    assert refused.headers["X-Homeward-Refused"] == "answer"
    assert refused.headers["Content-Location"] == f"/groups/{last.id}"
    assert "X-Homeward-Done" not in refused.headers
    assert standing(session, cast) is None


def test_what_was_refused_stays_refused_when_it_arrives_again(
    send: Send, session: Session, cast: Cast, last: GroupSession
) -> None:
    holder = fill(session, cast, last)[0]
    session.commit()
    first = send("tapped-in-the-lift", booked="1")
    cancel_place(session, session.get_one(Tenant, holder.id), last)
    session.commit()
    again = send("tapped-in-the-lift", booked="1")

    assert (first.status_code, words(first)) == (again.status_code, words(again))
    assert first.headers["Content-Location"] == again.headers["Content-Location"]
    assert standing(session, cast) is None
    assert words(send(booked="1")) == "You have a place."


def test_a_refusal_on_a_card_is_no_success_to_a_phone_that_lost_the_answer(
    tenant_door: Flask, send: Send, session: Session, cast: Cast, last: GroupSession
) -> None:
    fill(session, cast, last)
    session.commit()
    htmx = {**LATER, "HX-Request": "true", "Idempotency-Key": "its-answer-got-lost"}
    card = cast.at(tenant_door, cast.amina).post(f"/groups/{last.id}/place", data={"booked": "1"}, headers=htmx)
    again = send("its-answer-got-lost", booked="1")

    assert (card.status_code, again.status_code) == (200, 409)
    assert "X-Homeward-Done" not in {**card.headers, **again.headers}
    assert words(again) == "The last place has gone. Join the waiting list?"


@pytest.mark.parametrize(("minutes", "why"), [
    (5, "It has begun. Ring Joana if you would like to come."), (90, "It is over. See what else is on."),
])  # fmt: skip
def test_a_booking_that_arrives_after_the_start_is_refused(send: Send, minutes: int, why: str) -> None:
    with clock.stopped_at(TOMORROW + timedelta(minutes=minutes)):
        refused = send(booked="1")

    assert (refused.status_code, words(refused)) == (409, why)


def test_a_place_that_is_given_back_after_the_start_stays_and_it_is_told(
    send: Send, session: Session, cast: Cast, last: GroupSession
) -> None:
    book_place(session, session.get_one(Tenant, cast.amina.id), last)
    session.commit()
    with clock.stopped_at(TOMORROW + timedelta(minutes=5)):
        refused = send(booked="0")

    assert words(refused) == "It has begun, so the place stays yours. If you cannot come, ring Joana."
    assert standing(session, cast) is Standing.PLACE


def test_a_session_that_was_called_off_meanwhile_is_refused(
    send: Send, session: Session, cast: Cast, last: GroupSession
) -> None:
    call_off(session, last)
    session.commit()

    for form in ({"booked": "1"}, {"waiting": "1"}):
        refused = send(**form)
        assert (refused.status_code, words(refused)) == (409, "It is called off. See what else is on.")


def test_waiting_declining_and_giving_back_say_what_became_of_them(
    send: Send, session: Session, cast: Cast, last: GroupSession
) -> None:
    holder = fill(session, cast, last)[0]
    session.commit()
    assert words(send(waiting="1")) == "You are on the waiting list."
    assert words(send(waiting="0")) == "You do not wait any more."

    join_waiting_list(session, session.get_one(Tenant, cast.amina.id), last)
    cancel_place(session, session.get_one(Tenant, holder.id), last)
    session.commit()
    assert standing(session, cast) is Standing.OFFERED
    assert words(send(booked="1")) == "You have a place."
    assert words(send(booked="0")) == "Somebody else can have your place now."


def test_an_offer_that_went_on_before_the_answer_arrived_is_told_in_words(
    send: Send, session: Session, cast: Cast, last: GroupSession
) -> None:
    holder = fill(session, cast, last)[0]
    for number, person in enumerate((cast.amina, cast.tomasz)):
        with clock.stopped_at(clock.now() + timedelta(minutes=number)):
            join_waiting_list(session, session.get_one(Tenant, person.id), last)
    cancel_place(session, session.get_one(Tenant, holder.id), last)
    session.commit()
    with clock.stopped_at(TOMORROW - timedelta(hours=2)):
        refused = send(booked="1")

    assert words(refused) == "The last place has gone. Join the waiting list?"
    assert standing(session, cast) is Standing.GIVEN_BACK
    assert standing(session, cast, cast.tomasz) is Standing.OFFERED


def test_the_words_come_in_the_language_of_whoever_tapped(
    send: Send, session: Session, cast: Cast, last: GroupSession
) -> None:
    fill(session, cast, last)
    session.get_one(Tenant, cast.amina.id).language = "ar"
    session.commit()
    refused = send(booked="1")

    assert refused.status_code == 409
    assert refused.headers["X-Homeward-Words"].isascii()
    assert words(refused)
