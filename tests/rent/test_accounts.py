"""An account is one tenancy's or licence's: what it charges may change from a day on, and it ends."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Occupancy, Tenant
from tenant_app.database import Database
from tenant_app.reminders.models import Notice, State
from tenant_app.rent.charging import AlreadyCharged, change_charges, charge_all_due, charge_due, end_account
from tenant_app.rent.models import EntryKind, Frequency, Rates, RentAccount, RentEntry
from tenant_app.rent.rules import balance, keep_reminding, next_payment, open_account, record_payment
from tests.cast import Cast
from tests.rent.conftest import FRIDAY, LONDON, TODAY, Opened

BEGAN = date(2026, 9, 4)
WEEK = timedelta(weeks=1)
DEARER = Rates(23000, 1600, True)


def charges(session: Session) -> list[tuple[date, int]]:
    return [
        (day, pence)
        for day, pence in session.execute(
            select(RentEntry.day, RentEntry.pence).where(RentEntry.kind == EntryKind.CHARGE).order_by(RentEntry.day)
        )
    ]


def opened_beside(session: Session, tenant: Tenant, **terms: object) -> RentAccount:
    usual = {"frequency": Frequency.WEEKLY, "first_due_on": FRIDAY, "service_charge_pence": 1420,
             "eligible_rent_pence": 0, "zone": LONDON}  # fmt: skip
    return open_account(session, tenant, **(usual | terms))  # type: ignore[arg-type]


def test_it_is_a_tenancy_or_a_licence_as_the_tenant_lives_here(session: Session, opened: Opened) -> None:
    assert opened().occupancy is Occupancy.LICENCE
    assert opened(occupancy=Occupancy.TENANCY).occupancy is Occupancy.LICENCE


def test_what_it_charges_changes_from_a_day_on(session: Session, opened: Opened, amina: Tenant) -> None:
    account = opened(first_due_on=FRIDAY - WEEK)
    change_charges(session, account, FRIDAY + WEEK, DEARER, TODAY)
    charge_due(session, account, FRIDAY + 2 * WEEK)

    assert [pence for _, pence in charges(session)] == [1420, 1420, 1600, 1600]
    assert balance(session, account, FRIDAY + WEEK) == 2 * 1420 + 1600
    assert account.own_parts == [("service", 1420)]
    assert account.parts_on(FRIDAY + WEEK) == [("service", 1600)]


def test_the_next_payment_knows_what_is_to_come(session: Session, opened: Opened, amina: Tenant) -> None:
    account = opened()
    change_charges(session, account, FRIDAY, DEARER, TODAY)

    upcoming = next_payment(session, amina, TODAY)

    assert upcoming is not None
    assert upcoming.pence == 1600


def test_what_was_charged_stays_what_it_was(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=FRIDAY - WEEK)

    with pytest.raises(AlreadyCharged):
        change_charges(session, account, FRIDAY - WEEK, DEARER, TODAY)
    assert charges(session) == [(FRIDAY - WEEK, 1420)]
    assert change_charges(session, account, FRIDAY, DEARER, TODAY) is change_charges(
        session, account, FRIDAY, Rates(0, 1700, False), TODAY
    )
    assert account.parts_on(FRIDAY) == [("service", 1700)]


def test_charges_of_a_change_are_whole_and_not_below_nothing(session: Session, opened: Opened) -> None:
    account = opened()

    for rates, day in ((Rates(0, -1, True), FRIDAY), (Rates(0, 14.2, True), FRIDAY), (DEARER, BEGAN)):  # type: ignore[arg-type]
        with pytest.raises(ValueError):
            change_charges(session, account, day, rates, TODAY)


def test_whoever_moves_has_two_accounts_and_one_of_them_is_current(
    session: Session, opened: Opened, amina: Tenant
) -> None:
    before = opened(first_due_on=BEGAN)
    end_account(session, before, TODAY + timedelta(days=6))
    after = opened_beside(session, amina, first_due_on=TODAY + WEEK, reference="WH 0043")

    assert session.scalars(RentAccount.of(amina)).one() is before
    with clock.stopped_at(datetime(2026, 12, 3, 9, tzinfo=UTC)):
        assert session.scalars(RentAccount.of(amina)).one() is after
    assert session.scalars(RentAccount.all_of(amina)).all() == [after, before]


def test_an_account_to_come_is_shown_where_there_is_no_other(session: Session, opened: Opened, amina: Tenant) -> None:
    account = opened(first_due_on=FRIDAY + WEEK)

    assert session.scalars(RentAccount.of(amina)).one() is account


def test_the_last_account_stays_in_sight_after_it_ended(session: Session, opened: Opened, amina: Tenant) -> None:
    account = opened(first_due_on=BEGAN)
    end_account(session, account, TODAY)

    with clock.stopped_at(datetime(2027, 1, 4, 9, tzinfo=UTC)):
        assert session.scalars(RentAccount.of(amina)).one() is account
        assert next_payment(session, amina, date(2027, 1, 4)) is None
        assert balance(session, account, date(2027, 1, 4)) == 12 * 1420


def test_two_accounts_do_not_go_on_at_once(session: Session, opened: Opened, amina: Tenant, tomasz: Tenant) -> None:
    opened(first_due_on=BEGAN)

    with pytest.raises(ValueError, match="goes on"):
        opened_beside(session, amina)
    with pytest.raises(ValueError, match="reference"):
        opened_beside(session, tomasz, reference="WH 0042")


def test_what_was_charged_after_the_end_is_taken_back(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=FRIDAY - 2 * WEEK)
    charge_due(session, account, FRIDAY)

    assert end_account(session, account, FRIDAY - 2 * WEEK) == 2
    assert end_account(session, account, FRIDAY - 2 * WEEK) == 0
    assert balance(session, account, FRIDAY + WEEK) == 1420
    with pytest.raises(ValueError, match="once"):
        end_account(session, account, TODAY)


def test_nothing_is_reminded_of_after_the_end(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=TODAY + timedelta(days=2))
    end_account(session, account, TODAY + timedelta(days=4))
    keep_reminding(session, account)

    waiting = session.scalars(select(Notice).where(Notice.state == State.WAITING)).all()
    assert {notice.facts["day"] for notice in waiting} == {(TODAY + timedelta(days=2)).isoformat()}
    record_payment(session, account, 1420, TODAY, "bank:1")
    assert session.scalars(select(Notice).where(Notice.state == State.WAITING)).all() == []


def test_the_worker_charges_everybody_in_steps_and_each_once(database: Database, cast: Cast) -> None:
    with database.step() as session:
        for person in (cast.amina, cast.tomasz, cast.salma):
            opened_beside(session, cast.now(session, person), first_due_on=BEGAN)  # type: ignore[arg-type]
    steps = 0
    while True:
        with database.step() as session:
            if not charge_all_due(session, TODAY, most=2):
                break
            steps += 1

    with database.step() as session:
        assert steps == 1
        assert charges(session) == [(BEGAN + n * WEEK, 1420) for n in range(12) for _ in range(3)]
        assert not charge_all_due(session, TODAY)
        assert not charge_all_due(session, FRIDAY)
        assert len(charges(session)) == 39


def test_a_step_that_was_undone_is_simply_asked_again(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=BEGAN)
    session.commit()
    charge_all_due(session, TODAY)
    session.rollback()
    session.refresh(account)
    assert account.charged_through is None
    charge_all_due(session, TODAY)
    session.commit()

    assert len(charges(session)) == 12


def test_an_account_that_ended_is_charged_to_its_end_and_left_alone(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=FRIDAY - 3 * WEEK)
    end_account(session, account, FRIDAY - WEEK)
    charge_all_due(session, TODAY)
    session.flush()

    assert [day for day, _ in charges(session)] == [FRIDAY - 3 * WEEK, FRIDAY - 2 * WEEK, FRIDAY - WEEK]
    assert account.charged_through == TODAY
    charge_all_due(session, FRIDAY)
    assert account.charged_through == TODAY


def test_where_charges_are_imported_none_is_invented(session: Session, opened: Opened, amina: Tenant) -> None:
    account = opened(first_due_on=BEGAN, charges_imported=True)
    session.add(RentEntry(account=account, day=FRIDAY - WEEK, kind=EntryKind.CHARGE, pence=1420, reference="T1"))
    charge_all_due(session, TODAY)

    assert charge_due(session, account, TODAY) == 0
    assert balance(session, account, TODAY) == 1420
    upcoming = next_payment(session, amina, TODAY)
    assert upcoming is not None
    assert (upcoming.day, upcoming.pence) == (FRIDAY, 2840)


def test_money_that_is_on_its_way_is_not_owed_less_before_it_comes(session: Session, opened: Opened) -> None:
    account = opened(first_due_on=FRIDAY - WEEK)
    record_payment(session, account, 1420, FRIDAY, "bank:1")

    assert balance(session, account, TODAY) == 1420
    assert balance(session, account, FRIDAY) == 1420
