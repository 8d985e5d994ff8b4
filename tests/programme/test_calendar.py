"""The calendar of the programme: a week or a month, what is on and how full it is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from staff_portal.programme.calendar import Span
from tenant_app.accounts.models import Tenant
from tenant_app.groups.rules import book_place, call_off
from tests.cast import Cast
from tests.groups.programme import TOMORROW, plan
from tests.programme.series import series
from tests.questions import counted


@pytest.mark.parametrize(
    ("whole_month", "first", "last", "before", "after", "days"),
    [
        (False, date(2026, 11, 23), date(2026, 11, 29), date(2026, 11, 16), date(2026, 11, 30), 7),
        (True, date(2026, 11, 1), date(2026, 11, 30), date(2026, 10, 1), date(2026, 12, 1), 42),
    ],
)
def test_a_span_is_whole_weeks(
    whole_month: bool, first: date, last: date, before: date, after: date, days: int
) -> None:
    span = Span.around(date(2026, 11, 26), whole_month=whole_month)

    assert (span.first, span.last, span.before, span.after, len(span.days)) == (first, last, before, after, days)
    assert {day.day.weekday() for day in span.days} == set(range(7))


def test_the_calendar_counts_people_and_names_none(
    staff_door: Flask, session: Session, cast: Cast, amina: Tenant
) -> None:
    book_place(session, amina, plan(session, cast))
    call_off(session, plan(session, cast, "walk-and-talk"))
    session.commit()

    for show in ("week", "month"):
        page = cast.at(staff_door, cast.nasrin).get(f"/programme?show={show}").text
        assert "1 of 8 places" in page
        assert "Called off" in page
        assert "Amina" not in page


def test_other_weeks_are_a_link_away_and_bank_holidays_are_told(staff_door: Flask, cast: Cast, session: Session) -> None:
    series(session, cast, weeks=6)
    session.commit()
    nasrin = cast.at(staff_door, cast.nasrin)

    christmas = nasrin.get("/programme?on=2026-12-25").text
    assert "Bank holiday" in christmas
    assert "Cooking together" not in christmas
    assert "on=2026-12-28" in christmas
    assert "Cooking together" in nasrin.get("/programme?on=2027-01-08").text
    for nonsense in ("soon", "9999-12-31", "0001-01-01", ""):
        assert nasrin.get(f"/programme?on={nonsense}&show=month").status_code == 200


def test_a_facilitator_sees_when_rooms_are_taken_and_opens_what_is_theirs(
    staff_door: Flask, session: Session, cast: Cast, joana: object, grace: object
) -> None:
    ours = plan(session, cast)
    theirs = plan(
        session, cast, "walk-and-talk", facilitator=grace
    )
    session.commit()

    page = cast.at(staff_door, cast.joana).get("/programme").text

    assert f"/programme/{ours.id}" in page
    assert "Walk and talk" in page
    assert f"/programme/{theirs.id}" not in page


def test_a_full_month_asks_as_little_as_an_empty_one(staff_door: Flask, session: Session, cast: Cast) -> None:
    nasrin = cast.at(staff_door, cast.nasrin)
    plan(session, cast)
    session.commit()

    def asked(path: str) -> int:
        with counted(staff_door) as statements:
            assert nasrin.get(path).status_code == 200
        return len(statements)

    paths = ("/programme?show=month", "/programme/figures?first=2026-11-01&last=2026-12-31")
    few = [asked(path) for path in paths]
    for number in range(12):
        plan(session, cast, starts_at=TOMORROW - timedelta(days=number % 5, hours=number % 3))
    session.commit()

    assert [asked(path) for path in paths] == few
