"""Money is whole pence from end to end, and every sum adds up."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.rent.models import EntryKind, Frequency, Part, RentAccount, RentEntry, charge_reference
from tenant_app.rent.rules import (
    balance,
    charge_due,
    due_days,
    next_payment,
    next_payment_of,
    open_account,
    owed_through,
    record_payment,
)
from tests.cast import Cast
from tests.rent.conftest import FRIDAY, LONDON, TODAY, Opened

BEGAN = date(2026, 9, 4)
PENCE = st.integers(1, 5_000_000)


@settings(deadline=None)
@given(
    frequency=st.sampled_from(Frequency), service=st.integers(0, 100_000), rent=st.integers(0, 100_000),
    benefit=st.booleans(), payments=st.lists(PENCE, max_size=8), away=st.integers(-40, 200),
    charged=st.integers(0, 200),
)  # fmt: skip
def test_every_sum_is_whole_and_adds_up(
    frequency: Frequency, service: int, rent: int, benefit: bool, payments: list[int], away: int, charged: int
) -> None:
    account = RentAccount(
        frequency=frequency, first_due_on=BEGAN, service_charge_pence=service, eligible_rent_pence=rent,
        benefit_pays_rent=benefit,
    )  # fmt: skip
    today = BEGAN + timedelta(days=away)
    entries = [
        RentEntry(kind=EntryKind.PAYMENT, part=Part.SERVICE, pence=pence, day=min(BEGAN, today), reference=f"bank:{number}")
        for number, pence in enumerate(payments)
    ]
    unwritten = owed_through(account, entries, today)
    entries += [
        RentEntry(kind=EntryKind.CHARGE, part=part, pence=pence, day=day, reference=charge_reference(part, day))
        for day in due_days(account, BEGAN, BEGAN + timedelta(days=charged))
        for part, pence in account.own_parts
    ]
    owed = owed_through(account, entries, today)
    upcoming = next_payment_of(account, entries, today)

    assert type(owed) is int
    assert owed == unwritten
    assert owed == len(due_days(account, BEGAN, today)) * (service + (0 if benefit else rent)) - sum(payments)
    if upcoming:
        assert type(upcoming.pence) is int
        assert all(type(pence) is int for _, pence in upcoming.parts)
        assert upcoming.pence == sum(pence for _, pence in upcoming.parts) > 0
        assert upcoming.pence == owed_through(account, entries, upcoming.day)
        assert upcoming.day in due_days(account, today, upcoming.day)


def test_part_pence_are_refused(session: Session, opened: Opened, cast: Cast) -> None:
    account = opened()

    for pence in (14.2, True, "1420"):
        with pytest.raises(TypeError):
            record_payment(session, account, pence, TODAY, "bank:1")  # type: ignore[arg-type]
    for pence in (0, -1420):
        with pytest.raises(ValueError):
            record_payment(session, account, pence, TODAY, "bank:1")
    with pytest.raises(TypeError):
        open_account(
            session, cast.now(session, cast.tomasz), frequency=Frequency.WEEKLY, first_due_on=FRIDAY,  # type: ignore[arg-type]
            service_charge_pence=14.2, eligible_rent_pence=0, zone=LONDON,  # type: ignore[arg-type]
        )  # fmt: skip


def test_charges_are_written_once_however_often_asked(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=BEGAN)

    assert charge_due(session, account, TODAY) == 12
    assert charge_due(session, account, TODAY) == 0
    assert charge_due(session, account, FRIDAY) == 1
    assert sorted(session.scalars(select(RentEntry.pence))) == [1420] * 13


def test_what_is_owed_does_not_depend_on_whether_charges_were_written(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=BEGAN)
    before = balance(session, account, TODAY)
    charge_due(session, account, FRIDAY)

    assert before == balance(session, account, TODAY) == 12 * 1420


def test_a_charge_stays_what_it_was_when_the_terms_change(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=FRIDAY - timedelta(days=7))
    charge_due(session, account, TODAY)
    account.service_charge_pence = 1500

    assert balance(session, account, TODAY) == 1420
    assert balance(session, account, FRIDAY) == 2920


def test_the_same_payment_twice_counts_once(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=BEGAN)

    assert record_payment(session, account, 1420, TODAY, "bank:77")
    assert not record_payment(session, account, 1420, TODAY, "bank:77")
    assert balance(session, account, TODAY) == 11 * 1420
    with pytest.raises(ValueError):
        record_payment(session, account, 1500, TODAY, "bank:77")


def test_next_is_this_week_with_what_is_left_from_before(session: Session, opened: Opened, cast: Cast) -> None:
    account = opened(first_due_on=FRIDAY - timedelta(days=7))
    record_payment(session, account, 920, TODAY, "bank:1")

    upcoming = next_payment(session, cast.now(session, cast.amina), TODAY)  # type: ignore[arg-type]

    assert upcoming is not None
    assert (upcoming.day, upcoming.pence) == (FRIDAY, 1920)
    assert upcoming.parts == (("service", 1420), ("before", 500))


def test_whoever_paid_ahead_pays_when_it_is_used_up(session: Session, opened: Opened, cast: Cast) -> None:
    account = opened()
    record_payment(session, account, 2000, TODAY, "bank:1")

    upcoming = next_payment(session, cast.now(session, cast.amina), TODAY)  # type: ignore[arg-type]

    assert upcoming is not None
    assert (upcoming.day, upcoming.pence) == (FRIDAY + timedelta(days=7), 840)
    assert upcoming.parts == (("service", 1420), ("ahead", -580))
    assert balance(session, account, TODAY) == -2000


def test_without_benefit_the_rent_is_the_tenants_too(session: Session, opened: Opened, cast: Cast) -> None:
    account = opened(benefit_pays_rent=False)

    upcoming = next_payment(session, cast.now(session, cast.amina), TODAY)  # type: ignore[arg-type]
    charge_due(session, account, FRIDAY)

    assert upcoming is not None
    assert upcoming.parts == (("service", 1420), ("rent", 22150))
    assert {entry.part: entry.pence for entry in session.scalars(RentEntry.of(account))} == {
        Part.SERVICE: 1420, Part.RENT: 22150
    }  # fmt: skip


def test_where_benefit_pays_everything_nothing_is_asked_for(session: Session, opened: Opened, cast: Cast) -> None:
    opened(service_charge_pence=0)

    assert next_payment(session, cast.now(session, cast.amina), TODAY) is None  # type: ignore[arg-type]
    assert next_payment(session, cast.now(session, cast.tomasz), TODAY) is None  # type: ignore[arg-type]


def test_a_tenant_has_one_account(session: Session, opened: Opened) -> None:
    assert opened() is opened(service_charge_pence=9900)
    assert opened().service_charge_pence == 1420
