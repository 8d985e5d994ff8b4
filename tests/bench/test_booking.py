"""The benchmark of booking, small: what it counts after each round, and that it would notice."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select, update

from tenant_app.accounts.models import Tenant
from tenant_app.database import Database
from tenant_app.groups.booking import book_place
from tenant_app.groups.models import Booking, GroupSession
from tenant_app.reminders.models import Notice
from tests.bench.booking import Faults, check, measure
from tests.faults.last_places import one_place_each
from tests.faults.stage import tenants


@pytest.fixture(autouse=True)
def thursday() -> None:
    """The clock is not stopped here: the processes that book have one of their own."""


def test_a_round_sells_exactly_the_places_there_are_with_both_reminders_of_each(database: Database) -> None:
    paces, faults = measure(database, rounds=1, processes=3, each=2, seed=1)

    assert {way: len(found) for way, found in paces.items()} == {"hot": 1, "spread": 1, "alone": 1}
    assert faults == Faults(booked=18)


def test_a_reminder_that_is_missing_and_a_place_that_is_counted_twice_are_noticed(database: Database) -> None:
    [tenant], [place] = tenants(database, 1), one_place_each(database, 1)
    with database.step() as session:
        book_place(session, session.get_one(Tenant, tenant.id), session.get_one(GroupSession, place))
        session.execute(delete(Notice).where(Notice.kind == "groups.hour_before"))
    found = Faults()
    check(database, [place], found)
    assert (found.wrongly_sold, found.reminders_missing, found.booked) == (0, 1, 1)

    with database.step() as session:
        session.execute(update(GroupSession).values(capacity=2, places_taken=2))
        assert session.scalars(select(Booking)).one().places == 1
    found = Faults()
    check(database, [place], found)
    assert found.wrongly_sold > 0
