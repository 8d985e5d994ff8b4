"""A series that is held every two or four weeks: planned, moved and called off like any other."""

from __future__ import annotations

from datetime import date, time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Worker
from tenant_app.groups.models import GroupSession
from tenant_app.groups.programme.arranging import Arrangement
from tenant_app.groups.programme.changing import call_off_sessions, change_sessions
from tenant_app.groups.programme.foreseeing import Change, rest_of
from tenant_app.groups.programme.planning import look_ahead
from tenant_app.groups.programme.series import BankHolidays, GroupSeries
from tests.cast import Cast
from tests.programme.series import series, series_plan
from tests.programme.test_planning_pages import asked


@pytest.fixture
def joana_at(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.joana)


@pytest.mark.parametrize(
    ("every", "weeks", "days"),
    [
        (2, 6, ["2027-01-08", "2027-01-22", "2027-02-05"]),
        (2, 5, ["2027-01-08", "2027-01-22", "2027-02-05"]),
        (4, 9, ["2027-01-08", "2027-02-05", "2027-03-05"]),
        (1, 2, ["2027-01-08", "2027-01-15"]),
        (4, 4, ["2027-01-08"]),
    ],
)
def test_it_falls_on_its_weekday_every_so_many_weeks(
    session: Session, cast: Cast, every: int, weeks: int, days: list[str]
) -> None:
    planned = series(session, cast, first_on=date(2027, 1, 8), every=every, weeks=weeks)

    assert [each.day.isoformat() for each in planned] == days
    row = session.scalars(select(GroupSeries)).one_or_none()
    assert (row is None) is (len(days) == 1)
    assert row is None or (row.every, row.weeks) == (every, weeks)


def test_a_bank_holiday_is_skipped_or_moved_and_puts_off_none_of_the_others(session: Session, cast: Cast) -> None:
    def days(rule: BankHolidays) -> list[date | None]:
        first = date(2026, 12, 11)  # two weeks before Christmas Day
        plan = series_plan(session, cast, first_on=first, every=2, weeks=5, bank_holidays=rule)
        return [day.on for day in look_ahead(session, plan).days]

    assert days(BankHolidays.SKIP) == [date(2026, 12, 11), None, date(2027, 1, 8)]
    assert days(BankHolidays.MOVE) == [date(2026, 12, 11), date(2026, 12, 29), date(2027, 1, 8)]


def test_the_rest_of_it_is_changed_and_called_off(session: Session, cast: Cast) -> None:
    nasrin = session.get_one(Worker, cast.nasrin.id)
    planned = series(session, cast, first_on=date(2027, 1, 8), every=2, weeks=7)
    session.commit()
    second = planned[1]
    assert rest_of(session, nasrin, second) == planned[1:]
    saturday = Change(date(2027, 1, 23), time(12), time(13), Arrangement.of(second))

    change_sessions(session, nasrin, second, saturday, rest=True, seen=second.edition)

    assert [each.day for each in planned] == [
        date(2027, 1, 8), date(2027, 1, 23), date(2027, 2, 6), date(2027, 2, 20),
    ]  # fmt: skip
    call_off_sessions(session, nasrin, planned[2], rest=True, seen=planned[2].edition)
    assert [each.cancelled for each in planned] == [False, False, True, True]


def test_two_that_take_turns_in_a_room_do_not_clash(session: Session, cast: Cast) -> None:
    series(session, cast, every=2, weeks=4)

    assert series(session, cast, every=2, weeks=2, first_on=date(2026, 12, 11))


def test_the_form_asks_how_often_and_every_week_is_usual(joana_at: FlaskClient, session: Session, cast: Cast) -> None:
    assert '<option selected value="1">Every week</option>' in joana_at.get("/programme/new").text
    wanted = asked(cast, every="2")
    preview = joana_at.get("/programme/new", query_string=wanted).text
    assert "3 sessions" in preview
    assert "Thursday, 15 July 2027" in preview
    assert "Thursday, 8 July 2027" not in preview
    changed = joana_at.get("/programme/new", query_string={**wanted, "change": "1"}).text
    assert '<option selected value="2">Every two weeks</option>' in changed

    assert joana_at.post("/programme/new", data=wanted).status_code == 303
    assert len(session.scalars(select(GroupSession)).all()) == 3
    session.commit()
    odd = joana_at.post("/programme/new", data=asked(cast, every="3", day="2028-01-06"))
    assert odd.status_code == 422
    assert 'href="#every"' in odd.text
