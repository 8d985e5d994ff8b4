"""Accounts are opened by file, and rents rise by one."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Occupancy
from tenant_app.database import Database
from tenant_app.rent.importing.problems import Problem, Why
from tenant_app.rent.importing.running import Totals
from tenant_app.rent.models import ChargePeriod, Frequency, RentAccount
from tenant_app.rent.rules import balance
from tests.cast import Cast
from tests.rent.conftest import TODAY, Send
from tests.rent.sending import ACCOUNTS, told


def test_accounts_are_opened_by_file(database: Database, cast: Cast, send: Send, problems: list[Problem]) -> None:
    name = cast.amina.sign_in_name
    rows = [
        f"WH 1,{name},tenancy,14/09/2026,,weekly,18/09/2026,221.50,14.20,yes,homeward,28.40",
        "WH 2,nobody1,licence,14/09/2026,,weekly,18/09/2026,1,1,,,",
        f"WH 3,{cast.salma.sign_in_name},,14/09/2026,13/09/2026,monthly,18/09/2026,1,1,,,",
        f"WH 4,{cast.salma.sign_in_name},,14/09/2026,,yearly,18/09/2026,1,1,,,",
        f"WH 5,{cast.salma.sign_in_name.upper()},,14/09/2026,,Four-weekly,18/09/2026,0,56.80,no,imported,(5.00)",
        f"WH 6,{name},,15/09/2026,,weekly,18/09/2026,1,1,,,",
        f"WH 1,{cast.tomasz.sign_in_name},,15/09/2026,,weekly,18/09/2026,1,1,,,",
    ]
    content = "\n".join([ACCOUNTS, *rows]).encode()

    assert send(content, check=True) == Totals(2, 0, 5)
    assert send(content) == Totals(2, 0, 5)
    assert told(problems) == [(3, Why.TENANT), (4, Why.ORDER), (5, Why.WORD), (7, Why.GOES_ON), (8, Why.TERMS)]
    assert send(content) == Totals(0, 2, 5)
    with database.session() as session:
        first, second = session.scalars(select(RentAccount).order_by(RentAccount.reference))
        assert (first.occupancy, first.began_on, first.frequency) == (Occupancy.TENANCY, date(2026, 9, 14), Frequency.WEEKLY)
        assert balance(session, first, TODAY) == 2840 + 10 * 1420
        assert (second.occupancy, second.charges_imported, second.benefit_pays_rent) == (Occupancy.LICENCE, True, False)
        assert balance(session, second, TODAY) == -500


def test_other_terms_are_for_the_desk_and_an_end_is_news(database: Database, cast: Cast, send: Send) -> None:
    row = f"WH 1,{cast.amina.sign_in_name},,14/09/2026,%s,weekly,18/09/2026,221.50,%s,,,"
    send("\n".join([ACCOUNTS, row % ("", "14.20")]).encode())

    assert send("\n".join([ACCOUNTS, row % ("", "15.20")]).encode()) == Totals(0, 0, 1)
    assert send("\n".join([ACCOUNTS, row % ("30/11/2026", "14.20")]).encode()) == Totals(1, 0, 0)
    assert send("\n".join([ACCOUNTS, row % ("", "14.20")]).encode()) == Totals(0, 1, 0)
    with database.session() as session:
        assert session.scalars(select(RentAccount)).one().ended_on == date(2026, 11, 30)


def test_rents_rise_by_file(session: Session, account: RentAccount, send: Send, problems: list[Problem]) -> None:
    head = "Rent Account Reference,Charge Start Date,Eligible Rent,Service Charge\n"
    content = f"{head}WH 0042,05/04/2027,230.00,15.10\nWH 9,05/04/2027,1,1\nWH 0042,01/01/2020,1,1\n".encode()

    assert send(content) == Totals(1, 0, 2)
    assert told(problems) == [(3, Why.ACCOUNT), (4, Why.LONG_AGO)]
    assert send(content) == Totals(0, 1, 2)
    assert session.scalars(select(ChargePeriod.service_charge_pence)).all() == [1510]
