"""Rent changes its rhythm from a day on: every day is covered by exactly one charge, and the tenant is told."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.reminders.models import Notice, State
from tenant_app.rent.calendar import due_before, due_days
from tenant_app.rent.charging import AlreadyCharged, change_charges, charge_due
from tenant_app.rent.models import EntryKind, Frequency, Rates, RentAccount, RentEntry, RentRhythm
from tenant_app.rent.paydays import Source
from tenant_app.rent.recurring import every
from tenant_app.rent.replanning import add_payday
from tenant_app.rent.rhythm import (
    A_YEAR,
    NotDue,
    PlannedLater,
    SameRhythm,
    change_frequency,
    same_a_year,
    same_rates,
    tell_of_rhythm,
)
from tenant_app.rent.rules import balance, keep_reminding, next_payment
from tests.rent.conftest import FRIDAY, TODAY, Opened, days_later

WEEKLY, FORTNIGHTLY, FOUR_WEEKLY, MONTHLY = Frequency
SECOND = FRIDAY + timedelta(weeks=1)


def told(session: Session) -> list[Notice]:
    found = select(Notice).where(Notice.kind == "rent.rhythm", Notice.state == State.WAITING)
    return list(session.scalars(found.order_by(Notice.due_at)))


def charged(session: Session, account: RentAccount) -> dict[date, int]:
    found = session.scalars(RentEntry.of(account).where(RentEntry.kind == EntryKind.CHARGE)).all()
    days = sorted(entry.day for entry in found)
    assert len(days) == len(set(days))  # the service charge alone: one entry a due day
    return {entry.day: entry.pence for entry in sorted(found, key=lambda entry: entry.day)}


def change(session: Session, account: RentAccount, day: date, frequency: Frequency, today: date = TODAY) -> bool:
    return change_frequency(session, account, day, frequency, same_rates(account, day, frequency), today)


@given(
    first=st.dates(date(2024, 1, 1), date(2026, 12, 31)), frequency=st.sampled_from(Frequency),
    turns=st.lists(st.tuples(st.integers(0, 30), st.sampled_from(Frequency)), max_size=5), days=st.integers(1, 800),
)  # fmt: skip
def test_every_day_is_covered_by_exactly_one_charge(
    first: date, frequency: Frequency, turns: list[tuple[int, Frequency]], days: int
) -> None:
    account = RentAccount(frequency=frequency, first_due_on=first)
    for periods, rhythm in turns:
        begun = account.rhythms[-1].begins_on if account.rhythms else first
        begins_on = due_days(account, begun, begun + timedelta(days=1000))[periods + bool(account.rhythms)]
        account.rhythms.append(RentRhythm(begins_on=begins_on, frequency=rhythm))

    def period(day: date) -> list[date]:
        """Days that a charge of `day` is for, by the rhythm that it is charged in."""
        counted_from = next((one.begins_on for one in reversed(account.rhythms) if one.begins_on <= day), first)
        comes = every(account.frequency_on(day), counted_from, day)
        begins, ends = next(comes), next(comes)
        assert begins == day
        return [day + timedelta(days=number) for number in range((ends - begins).days)]

    last = first + timedelta(days=days)
    due = due_days(account, first, last)
    covered = [day for one in due for day in period(one)]
    assert covered == [first + timedelta(days=number) for number in range(len(covered))]
    assert covered[-1] >= last
    assert [due_before(account, day) for day in due[1:]] == due[:-1]
    assert [due_before(account, later - timedelta(days=1)) for day, later in pairwise(due) if (later - day).days > 1] == [
        day for day, later in pairwise(due) if (later - day).days > 1
    ]
    middle = first + timedelta(days=days // 2)
    assert due_days(account, middle, last) == [day for day in due if day >= middle]


# An example charges months through the database: a quarter of the profile's number.
@trying(
    max_examples=trying.default.max_examples // 4, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    was=st.sampled_from(Frequency), turns=st.lists(st.tuples(st.integers(1, 40), st.sampled_from(Frequency)), min_size=1, max_size=3),
    steps=st.lists(st.integers(1, 50), min_size=1, max_size=5),
)  # fmt: skip
def test_whenever_the_worker_comes_each_due_day_is_charged_once_at_the_rates_of_its_rhythm(
    session: Session, opened: Opened, was: Frequency, turns: list[tuple[int, Frequency]], steps: list[int]
) -> None:
    outermost = session.begin_nested()
    account = opened(frequency=was, first_due_on=date(2026, 10, 30))
    today = TODAY
    for (ahead, rhythm), step in zip(turns, steps, strict=False):
        day = next(due for due in due_days(account, today, days_later(2000)) if due > today + timedelta(days=ahead))
        before = charged(session, account)
        with suppress(PlannedLater, SameRhythm):
            change(session, account, day, rhythm, today)
        assert before.items() <= charged(session, account).items()
        today += timedelta(days=step)
        charge_due(session, account, today)
    for step in steps:
        today += timedelta(days=step)
        charge_due(session, account, today)

    found = charged(session, account)
    assert list(found) == due_days(account, account.first_due_on, today)
    assert found == {day: account.pence_on(day) for day in found}
    assert balance(session, account, today) == sum(found.values())
    outermost.rollback()
    session.expire_all()


def test_what_was_charged_stays_and_the_new_rhythm_begins_on_the_day(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=date(2026, 11, 13))
    assert change(session, account, SECOND, MONTHLY)
    charge_due(session, account, date(2027, 2, 28))

    assert charged(session, account) == {
        date(2026, 11, 13): 1420, date(2026, 11, 20): 1420, FRIDAY: 1420, SECOND: 6153, date(2027, 1, 4): 6153,
        date(2027, 2, 4): 6153,
    }  # fmt: skip
    assert [account.frequency_on(day) for day in (FRIDAY, SECOND)] == [WEEKLY, MONTHLY]


@pytest.mark.parametrize(
    ("pence", "was", "will", "comes_to"),
    [(1420, WEEKLY, MONTHLY, 6153), (6153, MONTHLY, WEEKLY, 1420), (1420, WEEKLY, FORTNIGHTLY, 2840),
     (1, FOUR_WEEKLY, WEEKLY, 0), (2, FOUR_WEEKLY, WEEKLY, 1), (0, WEEKLY, MONTHLY, 0), (5680, FOUR_WEEKLY, MONTHLY, 6153)],
)  # fmt: skip
def test_sums_come_to_the_same_a_year(pence: int, was: Frequency, will: Frequency, comes_to: int) -> None:
    assert same_a_year(pence, was, will) == comes_to


@given(pence=st.integers(0, 100_000), was=st.sampled_from(Frequency), will=st.sampled_from(Frequency))
def test_no_sum_drifts_by_more_than_half_a_penny_each_time(pence: int, was: Frequency, will: Frequency) -> None:
    assert abs(same_a_year(pence, was, will) * A_YEAR[will] - pence * A_YEAR[was]) * 2 <= A_YEAR[will]
    assert same_a_year(pence, was, was) == pence


def test_a_day_on_which_nothing_falls_due_is_refused_with_the_nearest(session: Session, opened: Opened) -> None:
    account = opened()
    with pytest.raises(NotDue) as refused:
        change(session, account, date(2026, 12, 1), MONTHLY)
    assert (refused.value.before, refused.value.after) == (FRIDAY, SECOND)
    with pytest.raises(AlreadyCharged):
        change(session, account, TODAY, MONTHLY)
    ended = opened_until(session, account, date(2026, 12, 20))
    with pytest.raises(NotDue):
        change(session, ended, date(2026, 12, 25), MONTHLY)


def opened_until(session: Session, account: RentAccount, day: date) -> RentAccount:
    account.ended_on = day
    session.flush()
    return account


def test_a_day_that_is_charged_is_refused(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=date(2026, 11, 13))
    charge_due(session, account, FRIDAY)
    with pytest.raises(AlreadyCharged):
        change(session, account, FRIDAY, MONTHLY)
    assert account.rhythms == []


def test_the_same_day_again_replaces_it_and_the_rhythm_before_takes_it_back(session: Session, opened: Opened) -> None:
    account = opened()
    assert change(session, account, SECOND, MONTHLY)
    assert not change(session, account, SECOND, MONTHLY)
    with pytest.raises(PlannedLater):
        change(session, account, FRIDAY, FOUR_WEEKLY)
    assert change(session, account, SECOND, FOUR_WEEKLY)
    assert account.pence_on(SECOND) == 5680
    assert change(session, account, SECOND, WEEKLY)
    assert (account.rhythms, account.pence_on(SECOND)) == ([], 1420)
    with pytest.raises(SameRhythm):
        change(session, account, SECOND, WEEKLY)


def test_charges_of_later_days_come_to_the_same_a_year_in_the_new_rhythm(session: Session, opened: Opened) -> None:
    account, april = opened(), date(2027, 4, 5)
    change_charges(session, account, april, Rates(23000, 1500, True), TODAY)
    change(session, account, SECOND, MONTHLY)

    assert account.rates_on(april) == Rates(99667, 6500, True)
    change(session, account, SECOND, WEEKLY)
    assert account.rates_on(april) == Rates(23000, 1500, True)


def test_the_next_payment_and_its_reminders_follow(session: Session, opened: Opened, amina: Tenant) -> None:
    account = opened()
    change(session, account, SECOND, MONTHLY)
    keep_reminding(session, account)
    waiting = select(Notice.facts, Notice.due_at).where(Notice.kind == "rent.due", Notice.state == State.WAITING)
    said = sorted({(facts["day"], due_at.date().isoformat()) for facts, due_at in session.execute(waiting)})

    assert [day for day, _ in said] == ["2026-11-27", "2026-12-04", "2026-12-04", "2027-01-04", "2027-01-04"]
    with clock.stopped_at(datetime(2026, 12, 3, 9, tzinfo=UTC)):
        upcoming = next_payment(session, amina, date(2026, 12, 5))
        assert upcoming is not None
        assert (upcoming.day, upcoming.pence) == (date(2027, 1, 4), 6153 + 6153 + 1420)


def test_paydays_are_looked_for_within_the_new_periods(session: Session, opened: Opened, amina: Tenant) -> None:
    account = opened()
    add_payday(session, amina, Source.UNIVERSAL_CREDIT, MONTHLY, date(2026, 11, 15))
    change(session, account, SECOND, MONTHLY)
    keep_reminding(session, account)
    beforehand = session.execute(
        select(Notice.occurrence, Notice.due_at)
        .where(Notice.source == f"rent:{account.id}:before", Notice.state == State.WAITING).order_by(Notice.due_at)
    ).all()  # fmt: skip

    # No payday lies in the week before 4 December; in the month before 4 January it is the 15th.
    assert [(day, at.date().isoformat()) for day, at in beforehand] == [
        ("2026-12-04", "2026-12-02"), ("2027-01-04", "2026-12-15")
    ]  # fmt: skip


def test_the_tenant_is_told_once_of_what_is_chosen_last(session: Session, opened: Opened) -> None:
    account = opened()
    for minute, frequency in enumerate((MONTHLY, FOUR_WEEKLY, MONTHLY)):
        with clock.stopped_at(clock.now() + timedelta(minutes=minute)):
            change(session, account, SECOND, frequency)
            tell_of_rhythm(session, account, SECOND)
    (notice,) = told(session)
    assert notice.facts == {"changes": True}


def test_a_change_taken_back_before_it_was_heard_of_is_not_mentioned(session: Session, opened: Opened) -> None:
    account = opened()
    change(session, account, SECOND, MONTHLY)
    tell_of_rhythm(session, account, SECOND)
    change(session, account, SECOND, WEEKLY)
    tell_of_rhythm(session, account, SECOND)
    assert told(session) == []

    change(session, account, SECOND, MONTHLY)
    with clock.stopped_at(clock.now() + timedelta(minutes=1)):
        tell_of_rhythm(session, account, SECOND)
    (heard,) = told(session)
    heard.settle(State.SENT)
    with clock.stopped_at(clock.now() + timedelta(minutes=2)):
        change(session, account, SECOND, WEEKLY)
        tell_of_rhythm(session, account, SECOND)
    assert [notice.facts for notice in told(session)] == [{"changes": False}]
