"""A place in every session of a series at once."""

from __future__ import annotations

from datetime import time, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant
from tenant_app.groups.booking import book_place, book_series, cancel_series
from tenant_app.groups.models import GroupSession
from tenant_app.groups.programme.series import BankHolidays, GroupSeries
from tenant_app.groups.rules import call_off
from tenant_app.groups.waiting import join_waiting_list
from tests.cast import Cast
from tests.groups.programme import TOMORROW, fill, plan

Planned = tuple[UUID, list[GroupSession]]


@pytest.fixture
def weekly(session: Session, cast: Cast) -> Planned:
    """Four Fridays of cooking for two."""
    planned = [plan(session, cast, capacity=2, starts_at=TOMORROW + timedelta(weeks=week)) for week in range(4)]
    series_id = in_series(session, planned)
    session.commit()
    return series_id, planned


def in_series(session: Session, planned: list[GroupSession]) -> UUID:
    """Have these be one series. Returns its id."""
    first = planned[0]
    series = GroupSeries(
        kind=first.kind, first_on=first.day, weeks=len(planned), starts=time(11), ends=time(12), zone=first.zone,
        bank_holidays=BankHolidays.SKIP, planned_by_id=first.facilitator_id,
    )  # fmt: skip
    session.add(series)
    for group_session in planned:
        group_session.series = series
    session.flush()
    return series.id


def test_a_whole_series_is_booked_and_full_sessions_are_named(
    session: Session, cast: Cast, amina: Tenant, weekly: Planned
) -> None:
    series_id, planned = weekly
    fill(session, cast, planned[2])

    found = book_series(session, amina, series_id)

    assert found.booked == [planned[0], planned[1], planned[3]]
    assert found.full == [planned[2]]
    assert [each.places_taken for each in planned] == [1, 1, 2, 1]


def test_booking_it_twice_takes_no_second_place(session: Session, amina: Tenant, weekly: Planned) -> None:
    series_id, planned = weekly

    assert book_series(session, amina, series_id) == book_series(session, amina, series_id)
    assert [each.places_taken for each in planned] == [1, 1, 1, 1]


def test_what_has_begun_or_is_called_off_is_left_out(session: Session, amina: Tenant, weekly: Planned) -> None:
    series_id, planned = weekly
    call_off(session, planned[1])

    with clock.stopped_at(planned[0].starts_at):
        assert book_series(session, amina, series_id).booked == planned[2:]
    with clock.stopped_at(planned[3].starts_at), pytest.raises(LookupError):
        book_series(session, amina, series_id)


def test_a_series_is_given_back_at_once_and_goes_to_those_who_wait(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, weekly: Planned
) -> None:
    series_id, planned = weekly
    book_series(session, amina, series_id)
    fill(session, cast, planned[1])
    join_waiting_list(session, tomasz, planned[1])

    assert cancel_series(session, amina, series_id) == planned
    assert [each.places_taken for each in planned] == [0, 2, 0, 0]
    assert cancel_series(session, amina, series_id) == []


def test_the_series_of_another_home_does_not_exist(
    session: Session, cast: Cast, amina: Tenant, weekly: Planned
) -> None:
    series_id, planned = weekly
    for group_session in planned:
        group_session.building = session.get_one(Property, cast.mare_street.id)
    session.flush()

    with pytest.raises(LookupError):
        book_series(session, amina, series_id)


def test_a_series_is_booked_and_given_back_from_the_page_of_one_of_its_sessions(
    session: Session, cast: Cast, tenant_door: Flask, weekly: Planned
) -> None:
    series_id, planned = weekly
    phone = cast.at(tenant_door, cast.amina)
    fill(session, cast, planned[3])
    session.commit()
    assert "Book all of them: 4 sessions" in phone.get(f"/groups/{planned[0].id}").text

    booked = phone.post(f"/groups/series/{series_id}/place", data={"booked": "1"}, follow_redirects=True).text
    assert "You have a place in 3 sessions." in booked
    assert "1 session is full. You can join its waiting list." in booked
    assert "Canary" not in booked
    assert "I cannot come to any of them" in phone.get(f"/groups/{planned[0].id}").text

    back = phone.post(f"/groups/series/{series_id}/place", data={"booked": "0"}, follow_redirects=True).text
    assert "3 places given back. You can book again." in back
    assert phone.post(f"/groups/series/{uuid4()}/place", data={"booked": "1"}).status_code == 404
    assert phone.post(f"/groups/series/{series_id}/place", data={}).status_code == 400


def test_a_place_that_was_offered_is_taken_with_the_series(
    session: Session, cast: Cast, amina: Tenant, weekly: Planned
) -> None:
    series_id, planned = weekly
    holder = fill(session, cast, planned[0])[0]
    join_waiting_list(session, amina, planned[0])
    cancel_series(session, holder, series_id)

    assert book_series(session, amina, series_id).booked == planned
    assert book_place(session, amina, planned[0]).has_place
