"""Rent falls due on the days the agreement says."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.rules import due_days


def account(frequency: Frequency, first_due_on: date) -> RentAccount:
    return RentAccount(frequency=frequency, first_due_on=first_due_on)


def test_monthly_on_the_31st_is_the_last_of_shorter_months() -> None:
    days = due_days(account(Frequency.MONTHLY, date(2026, 10, 31)), date(2026, 10, 1), date(2027, 5, 1))

    assert [day.isoformat() for day in days] == [
        "2026-10-31", "2026-11-30", "2026-12-31", "2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30",
    ]  # fmt: skip


def test_four_weekly_goes_on_across_the_new_year() -> None:
    days = due_days(account(Frequency.FOUR_WEEKLY, date(2026, 11, 13)), date(2026, 12, 1), date(2027, 2, 10))

    assert days == [date(2026, 12, 11), date(2027, 1, 8), date(2027, 2, 5)]


@pytest.mark.parametrize(("frequency", "step"), [(Frequency.WEEKLY, 7), (Frequency.FORTNIGHTLY, 14)])
def test_weeks_are_counted_from_the_first_due_day(frequency: Frequency, step: int) -> None:
    first = date(2026, 9, 4)
    days = due_days(account(frequency, first), date(2026, 1, 1), date(2027, 12, 31))

    assert days[0] == first
    assert {(later - day).days for day, later in pairwise(days)} == {step}


def test_nothing_is_due_before_the_first_day() -> None:
    for frequency in Frequency:
        assert due_days(account(frequency, date(2026, 11, 27)), date(2020, 1, 1), date(2026, 11, 26)) == []


@given(
    frequency=st.sampled_from(Frequency),
    begins=st.dates(date(2024, 1, 1), date(2028, 12, 31)),
    first=st.dates(date(2023, 1, 1), date(2031, 1, 1)),
    length=st.integers(0, 400),
)
def test_a_stretch_of_days_holds_what_the_whole_holds(
    frequency: Frequency, begins: date, first: date, length: int
) -> None:
    terms, last = account(frequency, begins), first + timedelta(days=length)

    assert due_days(terms, first, last) == [day for day in due_days(terms, begins, last) if day >= first]
