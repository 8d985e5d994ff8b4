"""A feed that calendars ask for all day: it costs little, ends at once when it is ended, and holds off who asks too much."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.entry import Throttle
from tenant_app.accounts.models import Tenant
from tenant_app.groups.booking import book_place, cancel_place
from tenant_app.groups.calendar_pages import ASKED_WITHIN, MOST_ASKED
from tenant_app.groups.feeds import CalendarFeed
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.groups.rules import call_off
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import plan
from tests.questions import counted


@pytest.fixture
def calendar(tenant_door: Flask, cast: Cast) -> FlaskClient:
    """It comes with nothing but the address."""
    return cast.at(tenant_door, None)


@pytest.fixture
def cooking(session: Session, cast: Cast, amina: Tenant) -> GroupSession:
    planned = plan(session, cast)
    book_place(session, amina, planned)
    session.commit()
    return planned


def feed_of(session: Session, tenant: Tenant, *, named: bool = False) -> str:
    token = CalendarFeed.make(session, tenant, named=named)
    session.commit()
    return f"/groups/feed/{token}.ics"


@pytest.mark.usefixtures("cooking")
def test_a_calendar_that_has_it_already_is_told_so_and_nothing_is_written(
    tenant_door: Flask, calendar: FlaskClient, session: Session, amina: Tenant
) -> None:
    address = feed_of(session, amina)
    first = calendar.get(address)
    tag = first.headers["ETag"]

    with clock.stopped_at(THURSDAY + timedelta(hours=5)), counted(tenant_door) as asked:
        again = [calendar.get(address, headers={"If-None-Match": tag}) for _ in range(MOST_ASKED * 3)]

    assert (first.status_code, first.headers["Cache-Control"]) == (200, "private, no-cache")
    assert {(each.status_code, each.data, each.headers["ETag"]) for each in again} == {(304, b"", tag)}
    assert all(statement.startswith(("SELECT", "BEGIN", "PRAGMA", "SET")) for statement in asked)


def test_whatever_a_calendar_would_show_differently_is_news(
    calendar: FlaskClient, session: Session, cast: Cast, amina: Tenant, cooking: GroupSession
) -> None:
    address = feed_of(session, amina, named=True)
    tag = calendar.get(address).headers["ETag"]

    def is_news() -> bool:
        nonlocal tag
        session.commit()
        answer = calendar.get(address, headers={"If-None-Match": tag})
        tag = answer.headers["ETag"]
        return answer.status_code == 200

    assert not is_news()
    cooking.place = "Garden room"
    assert is_news()
    cooking.link = "https://meet.example/cook"
    assert is_news()
    cooking.ends_at += timedelta(minutes=10)
    assert is_news()
    other = plan(session, cast, "walk-and-talk")
    assert not is_news()
    book_place(session, amina, other)
    assert is_news()
    cancel_place(session, amina, other)
    assert is_news()
    cooking.capacity += 1
    assert not is_news()
    amina.language = "ar"
    assert is_news()
    call_off(session, cooking)
    assert is_news()


@pytest.mark.usefixtures("cooking")
def test_an_address_that_was_ended_is_gone_for_a_calendar_that_has_it_too(
    calendar: FlaskClient, session: Session, amina: Tenant
) -> None:
    address = feed_of(session, amina)
    tag = calendar.get(address).headers["ETag"]

    CalendarFeed.revoke(session, amina)
    session.commit()

    assert calendar.get(address, headers={"If-None-Match": tag}).status_code == 404
    assert calendar.get(address).status_code == 404


@pytest.mark.usefixtures("cooking")
def test_who_asks_too_often_is_told_when_to_come_again_and_others_are_not_kept_waiting(
    calendar: FlaskClient, session: Session, amina: Tenant, tomasz: Tenant
) -> None:
    hers, his = feed_of(session, amina), feed_of(session, tomasz)
    tag = calendar.get(hers).headers["ETag"]
    for _ in range(MOST_ASKED - 1):
        assert calendar.get(hers).status_code == 200

    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        refused = calendar.get(hers)
        assert (refused.status_code, refused.headers["Retry-After"]) == (429, "600")
        assert "VEVENT" not in refused.text
        assert "no-store" in refused.headers["Cache-Control"]
        assert calendar.get(hers, headers={"If-None-Match": tag}).status_code == 304
        assert calendar.get(his).status_code == 200
        assert calendar.get(feed_of(session, amina)).status_code == 200  # a new address begins anew
    with clock.stopped_at(clock.now() + ASKED_WITHIN):
        assert calendar.get(his).status_code == 200


def test_guessing_addresses_leaves_nothing_behind(calendar: FlaskClient, session: Session) -> None:
    for number in range(30):
        assert calendar.get(f"/groups/feed/guess-{number}.ics").status_code == 404
    assert session.query(Throttle).count() == 0


@pytest.mark.usefixtures("cooking")
def test_a_feed_that_names_nothing_gives_nothing_away_elsewhere_either(
    calendar: FlaskClient, session: Session, amina: Tenant, cooking: GroupSession
) -> None:
    text = calendar.get(feed_of(session, amina)).text

    assert "Something is planned" in text
    for private in ("roup", "ooking", "LOCATION", "DESCRIPTION", str(cooking.id)):
        assert private not in text
    assert re.search(r"URL:http://[^/]+/\r\n", text)


def test_a_thousand_places_cost_the_database_no_more_questions_than_one(
    tenant_door: Flask, calendar: FlaskClient, session: Session, cast: Cast, amina: Tenant, cooking: GroupSession
) -> None:
    address = feed_of(session, amina, named=True)
    with counted(tenant_door) as few:
        calendar.get(address)
    start = datetime.combine(THURSDAY.date(), time(11), tzinfo=UTC)
    for number in range(1, 1000):
        at = start + timedelta(days=number)
        each = GroupSession(
            kind="walk-and-talk", starts_at=at, ends_at=at + timedelta(hours=1), zone=cooking.zone, place="Front door",
            facilitator_id=cast.joana.id, capacity=6, places_taken=1,
        )  # fmt: skip
        session.add(each)
    session.flush()
    session.execute(insert(Booking), [
        {"session_id": each.id, "tenant_id": amina.id, "standing": Standing.PLACE, "times_booked": 1, "supporter": False}
        for each in session.query(GroupSession).filter(GroupSession.kind == "walk-and-talk")
    ])  # fmt: skip
    session.commit()

    with counted(tenant_door) as many:
        answer = calendar.get(address)

    assert answer.text.count("BEGIN:VEVENT") == 1000
    assert len(many) == len(few)
