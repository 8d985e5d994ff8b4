"""Places in a tenant's own calendar: a file for one session, and a feed that can be taken back."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from icalendar import Calendar, Event
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.booking import book_place, cancel_place
from tenant_app.groups.feeds import CalendarFeed
from tenant_app.groups.ics import sequence
from tenant_app.groups.rules import call_off, plan_weekly
from tests.cast import Cast
from tests.groups.programme import LONDON, fill, plan


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


@pytest.fixture
def stranger(tenant_door: Flask, cast: Cast) -> FlaskClient:
    """A calendar: it comes with nothing but the address."""
    return cast.at(tenant_door, None)


def _make(phone: FlaskClient, named: str = "0") -> str:
    """Path of a new feed."""
    page = phone.post("/groups/calendar", data={"named": named}).text
    found = re.search(r'value="http://[^/]+(/groups/feed/[^"]+\.ics)"', page)
    assert found
    return found[1]


def _entries(text: bytes) -> list[Event]:
    return list(Calendar.from_ical(text).walk("VEVENT"))


def test_a_feed_has_every_place_and_says_only_that_something_is_planned(
    phone: FlaskClient, stranger: FlaskClient, session: Session, cast: Cast, amina: Tenant
) -> None:
    cooking, walk = plan(session, cast), plan(session, cast, "walk-and-talk", capacity=3)
    for group_session in (cooking, walk):
        book_place(session, amina, group_session)
    fill(session, cast, walk)
    plan(session, cast, "mindfulness")
    session.commit()

    answer = stranger.get(_make(phone))

    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    assert [str(entry["SUMMARY"]) for entry in _entries(answer.data)] == ["Something is planned"] * 2
    for private in (b"Cooking", b"Kitchen", b"Joana", b"Amina", b"Canary"):
        assert private not in answer.data


def test_a_feed_that_may_name_things_names_things_and_still_no_person(
    phone: FlaskClient, stranger: FlaskClient, session: Session, cast: Cast, amina: Tenant
) -> None:
    book_place(session, amina, plan(session, cast))
    session.commit()

    answer = stranger.get(_make(phone, named="1"))

    [entry] = _entries(answer.data)
    assert (str(entry["SUMMARY"]), str(entry["LOCATION"])) == ("Cooking together", "Kitchen, ground floor")
    assert b"Joana" not in answer.data
    assert b"Amina" not in answer.data


def test_the_address_is_shown_once_and_only_a_hash_of_it_is_kept(
    phone: FlaskClient, session: Session
) -> None:
    token = _make(phone).rpartition("/")[2].removesuffix(".ics")

    assert len(token) >= 43
    assert token not in phone.get("/groups/calendar").text
    assert token not in str(session.execute(select(CalendarFeed.__table__)).all())


def test_an_address_is_taken_back_and_renewed(phone: FlaskClient, stranger: FlaskClient) -> None:
    first = _make(phone)
    second = _make(phone)
    assert stranger.get(first).status_code == 404
    assert stranger.get(second).status_code == 200

    phone.post("/groups/calendar/end")
    phone.post("/groups/calendar/end")

    assert stranger.get(second).status_code == 404
    assert stranger.get("/groups/feed/x.ics").status_code == 404
    assert stranger.get("/groups/feed/%ED%A0%80.ics").status_code == 404


def test_the_feed_of_someone_who_moved_out_is_closed_and_goes_with_them(
    phone: FlaskClient, stranger: FlaskClient, session: Session, amina: Tenant
) -> None:
    session.commit()  # on SQLite a transaction left open would keep the door waiting
    address = _make(phone)
    amina.leave()
    session.commit()
    assert stranger.get(address).status_code == 404

    session.expunge_all()
    session.delete(session.get_one(Tenant, amina.id))
    session.flush()
    assert session.scalar(select(func.count()).select_from(CalendarFeed)) == 0


def test_a_feed_speaks_its_tenants_language(
    tenant_door: Flask, cast: Cast, stranger: FlaskClient, session: Session, salma: Tenant
) -> None:
    book_place(session, salma, plan(session, cast))
    session.commit()

    answer = stranger.get(_make(cast.at(tenant_door, cast.salma), named="1"))

    assert "نطبخ معًا" in answer.data.decode()


def test_an_entry_keeps_its_hour_when_clocks_change(
    phone: FlaskClient, stranger: FlaskClient, session: Session, amina: Tenant, joana: Worker
) -> None:
    walks = plan_weekly(
        session, "walk-and-talk", first=date(2027, 3, 23), starts=time(10), ends=time(11), weeks=2, zone=LONDON,
        place="Front door", facilitator=joana, capacity=6,
    )  # fmt: skip
    for walk in walks:
        book_place(session, amina, walk)
    session.commit()

    answer = stranger.get(_make(phone))

    entries = _entries(answer.data)
    assert [entry.decoded("DTSTART").time() for entry in entries] == [time(10), time(10)]
    assert [entry.decoded("DTSTART").astimezone(UTC).hour for entry in entries] == [10, 9]
    assert {entry["DTSTART"].params["TZID"] for entry in entries} == {"Europe/London"}
    assert b"BEGIN:VTIMEZONE\r\nTZID:Europe/London" in answer.data


def test_a_session_called_off_says_so_in_the_same_entry_with_a_higher_number(
    phone: FlaskClient, stranger: FlaskClient, session: Session, cast: Cast, amina: Tenant
) -> None:
    cooking = plan(session, cast)
    book_place(session, amina, cooking)
    session.commit()
    address = _make(phone)
    [before] = _entries(stranger.get(address).data)

    call_off(session, cooking)
    session.commit()

    [after] = _entries(stranger.get(address).data)
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")
    assert before["UID"] == after["UID"]
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    [single] = _entries(phone.get(f"/groups/{cooking.id}/session.ics").data)
    assert (single["STATUS"], single["UID"]) == ("CANCELLED", before["UID"])


def test_the_number_of_an_entry_only_grows(session: Session, cast: Cast, amina: Tenant) -> None:
    cooking = plan(session, cast)
    seen = []

    def note() -> None:
        session.flush()
        seen.append(sequence(booking))

    booking = book_place(session, amina, cooking)
    note()
    cooking.starts_at, cooking.ends_at = cooking.starts_at + timedelta(hours=1), cooking.ends_at + timedelta(hours=1)
    note()
    cancel_place(session, amina, cooking)
    note()
    book_place(session, amina, cooking)
    note()
    cooking.place = "Garden"
    note()
    call_off(session, cooking)
    note()

    assert seen == sorted(set(seen))
    assert seen[0] == 0
    cooking.capacity += 1
    note()
    assert seen[-1] == seen[-2]


def test_a_place_given_back_leaves_the_feed_and_its_file_says_cancelled(
    phone: FlaskClient, stranger: FlaskClient, session: Session, cast: Cast, amina: Tenant
) -> None:
    cooking = plan(session, cast)
    book_place(session, amina, cooking)
    cancel_place(session, amina, cooking)
    session.commit()

    assert _entries(stranger.get(_make(phone)).data) == []
    assert _entries(phone.get(f"/groups/{cooking.id}/session.ics").data)[0]["STATUS"] == "CANCELLED"


@pytest.mark.parametrize("named", [False, True])
def test_the_file_of_one_session_says_as_much_as_a_locked_phone_may(
    phone: FlaskClient, session: Session, cast: Cast, amina: Tenant, named: bool
) -> None:
    cooking = plan(session, cast)
    book_place(session, amina, cooking)
    session.execute(update(Tenant).where(Tenant.id == amina.id).values(named_on_lock_screen=named))
    session.commit()

    answer = phone.get(f"/groups/{cooking.id}/session.ics")

    assert (b"Cooking together" in answer.data) is named
    assert "Put it in my calendar" in phone.get(f"/groups/{cooking.id}").text


def test_there_is_no_file_without_a_place_and_none_for_anyone_else(
    phone: FlaskClient, tenant_door: Flask, session: Session, cast: Cast, amina: Tenant
) -> None:
    cooking = plan(session, cast)
    book_place(session, amina, cooking)
    session.commit()

    assert cast.at(tenant_door, cast.tomasz).get(f"/groups/{cooking.id}/session.ics").status_code == 404
    assert cast.at(tenant_door, None).get(f"/groups/{cooking.id}/session.ics").status_code == 303


def test_old_sessions_leave_the_feed_in_time(
    phone: FlaskClient, stranger: FlaskClient, session: Session, cast: Cast, amina: Tenant
) -> None:
    book_place(session, amina, plan(session, cast))
    session.commit()
    address = _make(phone)

    with clock.stopped_at(datetime(2027, 1, 10, tzinfo=UTC)):
        assert len(_entries(stranger.get(address).data)) == 1
    with clock.stopped_at(datetime(2027, 3, 1, tzinfo=UTC)):
        assert _entries(stranger.get(address).data) == []
