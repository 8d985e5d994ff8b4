"""What the rent desk did in the demo: a bank's file, a mistake set right, rents to rise, and one to be paid monthly."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.demo.people import DEVON
from tenant_app.demo.town import Town
from tenant_app.rent.calendar import due_days
from tenant_app.rent.charging import change_charges
from tenant_app.rent.importing.files import open_file
from tenant_app.rent.importing.running import begin_import, take_in
from tenant_app.rent.models import Frequency, Rates, RentAccount
from tenant_app.rent.rhythm import change_frequency, same_rates, tell_of_rhythm
from tenant_app.rent.rules import correct, keep_reminding, remind_all_changed

BANKED = (("Linh Trần", "7.50"), ("Kofi Mensah", "5.00"), ("Mary Doyle", "10.00"), ("Selam Tesfaye", "2.80"))
"""What came by the bank the day before yesterday, in pounds."""
REFUSED = ("WH 9999,{day},payment,12.50,B{day}-8", "{account},{day},payment,\"7,50\",B{day}-9")
"""Rows of the same file that need another look."""
BY_THE_MONTH = "Selam Tesfaye"


def keep_books(town: Town) -> None:
    """Devon imports the bank's file, sets a mistake right, and writes down what everybody pays from April on, and that
    one of them pays by the month."""
    devon = town.staff[DEVON.name]
    with town.at(-1, 9, 40):
        _import(town)
    tomasz = _account(town, town.tenants["Tomasz Wójcik"])
    with town.at(-3, 11, 5):
        correct(
            town.session, tomasz, devon, -420, town.today - timedelta(days=3), "A key was charged that you had paid",
            "correction:a-key",
        )  # fmt: skip
    april = _first_monday_of_april(town.today)
    with town.at(-1, 16):
        for tenant in town.tenants.values():
            account = _account(town, tenant)
            now = account.rates_on(town.today)
            rates = Rates(now.eligible_rent_pence + 480, now.service_charge_pence + 35, now.benefit_pays_rent)
            change_charges(town.session, account, april, rates, town.today - timedelta(days=1))
            keep_reminding(town.session, account)
    with town.at(-1, 16, 20):
        _pay_by_the_month(town, _account(town, town.tenants[BY_THE_MONTH]))


def _pay_by_the_month(town: Town, account: RentAccount) -> None:
    begins_on = due_days(account, town.today + timedelta(days=21), town.today + timedelta(days=28))[0]
    rates = same_rates(account, begins_on, Frequency.MONTHLY)
    change_frequency(
        town.session, account, begins_on, Frequency.MONTHLY, rates, town.today - timedelta(days=1)
    )
    keep_reminding(town.session, account)
    tell_of_rhythm(town.session, account, begins_on)


def _import(town: Town) -> None:
    day = town.today - timedelta(days=2)
    rows = [
        f"{_account(town, town.tenants[name]).reference},{day.isoformat()},payment,{pounds},B{day:%y%m%d}{number}"
        for number, (name, pounds) in enumerate(BANKED)
    ]
    known = _account(town, town.tenants[BANKED[0][0]]).reference
    rows += [row.format(day=day.isoformat(), account=known) for row in REFUSED]
    heading = "Rent Account Reference,Transaction Date,Transaction Type,Transaction Amount,Transaction Reference"
    opened = open_file(io.BytesIO("\n".join([heading, *rows]).encode()))
    written = begin_import(town.session, opened, f"bank-{day.isoformat()}.csv", town.staff[DEVON.name])

    @contextmanager
    def step() -> Iterator[Session]:
        yield town.session

    take_in(opened, step, town.today, town.settings.zone, lambda problem: None, written.id)
    written.finished_at = clock.now()
    remind_all_changed(town.session)


def _account(town: Town, tenant: Tenant) -> RentAccount:
    return town.session.scalars(RentAccount.of(tenant)).one()


def _first_monday_of_april(today: date) -> date:
    begins = date(today.year + (today.month > 3), 4, 1)
    return begins + timedelta(days=-begins.weekday() % 7)
