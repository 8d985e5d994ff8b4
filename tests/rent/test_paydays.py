"""Reminders come when the money is there: worked by hand, and planned again whenever anything moves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.reminders.models import Notice, State
from tenant_app.rent.models import Frequency
from tenant_app.rent.paydays import Payday, Source, money_comes, paydays_between, reminder_days
from tenant_app.rent.recurring import day_before, every
from tenant_app.rent.replanning import TooMany, add_payday, remind_days_before, remove_payday
from tests.cast import Cast
from tests.rent.conftest import FRIDAY, TODAY, Opened


def monthly(day: int) -> Payday:
    return Payday(source=Source.UNIVERSAL_CREDIT, frequency=Frequency.MONTHLY, counted_from=date(2026, 1, day))


def said(session: Session) -> list[tuple[str, date]]:
    """(which, day on which it is said) of what waits."""
    found = session.execute(
        select(Notice.source, Notice.due_at)
        .where(Notice.kind == "rent.due", Notice.state == State.WAITING)
        .order_by(Notice.due_at)
    )
    return [(source.rpartition(":")[2], at.date()) for source, at in found]


# When money comes


@pytest.mark.parametrize(
    ("day", "first", "last", "comes"),
    [
        # The 31st of a month without one is its last day; Sunday 28 February 2027 is paid on the Friday.
        (31, date(2027, 2, 1), date(2027, 3, 31), [date(2027, 2, 26), date(2027, 3, 31)]),
        (30, date(2027, 1, 29), date(2027, 2, 28), [date(2027, 1, 29), date(2027, 2, 26)]),  # Saturday 30 January
        (29, date(2028, 2, 1), date(2028, 2, 29), [date(2028, 2, 29)]),  # a leap year, a Tuesday
        # Christmas Day 2026 is a Friday, so the money comes on Thursday.
        (25, date(2026, 12, 1), date(2026, 12, 31), [date(2026, 12, 24)]),
        # 28 December 2026 is the bank holiday for Boxing Day, after a weekend after Christmas Day.
        (28, date(2026, 12, 1), date(2026, 12, 31), [date(2026, 12, 24)]),
        # Good Friday 26 March and Easter Monday 29 March 2027.
        (29, date(2027, 3, 1), date(2027, 3, 31), [date(2027, 3, 25)]),
        # New Year's Day is paid in the year before.
        (1, date(2026, 12, 15), date(2027, 1, 31), [date(2026, 12, 31)]),
        (15, date(2026, 12, 1), date(2026, 12, 31), [date(2026, 12, 15)]),  # an ordinary Tuesday
    ],
)
def test_money_of_a_day_off_comes_on_the_working_day_before(
    day: int, first: date, last: date, comes: list[date]
) -> None:
    assert money_comes(monthly(day), first, last) == comes


def test_weekly_and_four_weekly_money_is_counted_from_any_of_its_days() -> None:
    wages = Payday(source=Source.WAGES, frequency=Frequency.FOUR_WEEKLY, counted_from=date(2027, 3, 5))
    benefit = Payday(source=Source.BENEFIT, frequency=Frequency.WEEKLY, counted_from=date(2026, 11, 24))

    assert money_comes(wages, date(2026, 11, 1), date(2027, 1, 31)) == [
        date(2026, 11, 13), date(2026, 12, 11), date(2027, 1, 8)
    ]  # fmt: skip
    assert paydays_between([wages, benefit], date(2026, 12, 5), date(2026, 12, 20)) == [
        date(2026, 12, 8), date(2026, 12, 11), date(2026, 12, 15)
    ]  # fmt: skip


@given(
    frequency=st.sampled_from(Frequency), counted_from=st.dates(date(2000, 1, 1), date(2090, 1, 1)),
    first=st.dates(date(2000, 3, 1), date(2090, 1, 1)),
)  # fmt: skip
def test_a_rhythm_is_the_same_from_wherever_it_is_read(
    frequency: Frequency, counted_from: date, first: date
) -> None:
    days = every(frequency, counted_from, first)
    one, two = next(days), next(days)

    assert first <= one < two
    assert next(every(frequency, counted_from, one + timedelta(days=1))) == two
    assert day_before(frequency, counted_from, two) == one


# When it is said

JANUARY = [date(2026, 12, 1), date(2027, 1, 1)]


@pytest.mark.parametrize(
    ("due", "paydays", "before", "said"),
    [
        (JANUARY, [], 2, [date(2026, 12, 30)]),
        (JANUARY, [], 7, [date(2026, 12, 25)]),
        (JANUARY, [date(2026, 12, 24)], 2, [date(2026, 12, 24)]),
        (JANUARY, [date(2026, 12, 4), date(2026, 12, 18)], 2, [date(2026, 12, 18)]),
        (JANUARY, [date(2027, 1, 1)], 2, [date(2027, 1, 1)]),  # on the day itself
        (JANUARY, [date(2026, 12, 1), date(2027, 1, 2)], 1, [date(2026, 12, 31)]),  # not of this period
        (
            [date(2026, 11, 27), date(2026, 12, 4), date(2026, 12, 11)], [date(2026, 12, 2)], 3,
            [date(2026, 12, 2), date(2026, 12, 8)],
        ),
        ([date(2027, 1, 31), date(2027, 2, 28)], [date(2027, 2, 26)], 2, [date(2027, 2, 26)]),
    ],
)  # fmt: skip
def test_a_payment_is_reminded_of_on_the_last_payday_of_its_period(
    due: list[date], paydays: list[date], before: int, said: list[date]
) -> None:
    assert reminder_days(due, paydays, before) == said


@pytest.mark.parametrize("days", [0, 8, -1])
def test_days_before_are_one_to_seven(days: int) -> None:
    with pytest.raises(ValueError):
        reminder_days(JANUARY, [], days)


def test_due_days_come_in_order() -> None:
    with pytest.raises(ValueError):
        reminder_days(JANUARY[::-1], [], 2)


def test_a_payday_moves_the_reminder_and_removing_it_moves_it_back(
    session: Session, opened: Opened, amina: Tenant
) -> None:
    opened(first_due_on=date(2026, 12, 4))
    usual = said(session)
    payday = add_payday(session, amina, Source.BENEFIT, Frequency.WEEKLY, date(2026, 12, 1))

    assert usual[:2] == [("before", date(2026, 12, 2)), ("due", date(2026, 12, 4))]
    assert said(session)[:2] == [("before", date(2026, 12, 1)), ("due", date(2026, 12, 4))]
    remove_payday(session, amina, payday)
    assert said(session) == usual


def test_the_reminder_is_at_nine_in_the_morning_of_the_payday(
    session: Session, opened: Opened, amina: Tenant
) -> None:
    opened(first_due_on=date(2026, 12, 4))
    add_payday(session, amina, Source.WAGES, Frequency.WEEKLY, date(2026, 12, 1))

    assert session.scalars(select(Notice.due_at).order_by(Notice.due_at)).first() == datetime(2026, 12, 1, 9, tzinfo=UTC)


def test_a_payday_on_the_very_day_is_one_reminder_and_not_two(
    session: Session, opened: Opened, amina: Tenant
) -> None:
    opened(first_due_on=date(2026, 12, 4))
    add_payday(session, amina, Source.WAGES, Frequency.WEEKLY, date(2026, 12, 4))

    assert [day for _, day in said(session)][:2] == [date(2026, 12, 4), date(2026, 12, 11)]


def test_the_tenant_chooses_how_long_before(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=date(2026, 12, 4))
    remind_days_before(session, account, 5)

    assert said(session)[0] == ("before", date(2026, 11, 29))
    with pytest.raises(ValueError):
        remind_days_before(session, account, 8)


def test_several_paydays_are_kept_and_the_same_one_once(session: Session, amina: Tenant) -> None:
    first = add_payday(session, amina, Source.UNIVERSAL_CREDIT, Frequency.MONTHLY, date(2026, 1, 5))
    again = add_payday(session, amina, Source.UNIVERSAL_CREDIT, Frequency.MONTHLY, date(2026, 1, 5))
    add_payday(session, amina, Source.WAGES, Frequency.WEEKLY, FRIDAY)

    assert first is again
    assert len(session.scalars(Payday.of(amina)).all()) == 2
    with pytest.raises(ValueError):
        add_payday(session, amina, Source.UNIVERSAL_CREDIT, Frequency.WEEKLY, FRIDAY)
    for day in range(8):
        add_payday(session, amina, Source.WAGES, Frequency.WEEKLY, TODAY + timedelta(days=day + 10))
    with pytest.raises(TooMany):
        add_payday(session, amina, Source.WAGES, Frequency.WEEKLY, TODAY)


def test_what_was_said_is_not_said_again_when_the_day_moves(
    session: Session, opened: Opened, amina: Tenant
) -> None:
    account = opened(first_due_on=date(2026, 11, 28))
    first = session.scalars(select(Notice).order_by(Notice.due_at)).first()
    assert first is not None
    first.settle(State.SENT)
    session.flush()
    remind_days_before(session, account, 1)

    assert said(session)[0] == ("due", date(2026, 11, 28))


@pytest.mark.parametrize("day", ["0", "32", "the first", ""])
def test_a_day_of_the_month_is_asked_for_again_in_our_words(tenant_door: Flask, cast: Cast, day: str) -> None:
    amina = cast.at(tenant_door, cast.amina)
    sent = amina.post("/rent/reminders/payday", data={"kind": "wages-monthly", "day": day})

    assert sent.status_code == 422
    assert sent.text.count("Write a number from 1 to 31") == 2
    assert f'value="{day}"' in sent.text
    assert "Not a valid" not in sent.text
    assert 'type="number"' not in sent.text
