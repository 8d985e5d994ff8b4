"""One account at the desk: payments and corrections are entries, charges change from a day on, each reading is noted."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Look, Tenant
from tenant_app.reminders.models import Schedule
from tenant_app.rent.charging import charge_due
from tenant_app.rent.models import EntryKind, Frequency, RentAccount, RentEntry
from tenant_app.rent.rules import balance, record_payment
from tests.cast import Cast
from tests.rent.conftest import FRIDAY, TODAY, Opened


@pytest.fixture
def account(session: Session, opened: Opened) -> RentAccount:
    found = opened(first_due_on=date(2026, 11, 6))
    charge_due(session, found, TODAY)
    session.commit()
    return found


def entries(session: Session) -> list[RentEntry]:
    session.expire_all()
    return list(session.scalars(select(RentEntry).where(RentEntry.kind != EntryKind.CHARGE).order_by(RentEntry.id)))


PAID = {"sum": "£14.20", "day": "2026-11-25", "reference": "FP 1", "note": "Cash"}


def test_its_page_shows_where_it_stands_and_is_noted(
    session: Session, account: RentAccount, devon: FlaskClient
) -> None:
    page = devon.get(f"/rent/{account.id}").text

    assert "<bdi>£42.60</bdi> behind" in page
    assert "3 weeks" in page
    assert page.count("Service charge") >= 3
    assert [look.what for look in session.scalars(select(Look))] == ["rent"]
    devon.get(f"/rent/{account.id}/statement.csv")
    assert len(session.scalars(select(Look)).all()) == 2


def test_a_payment_is_written_down_once_however_often_sent(
    session: Session, account: RentAccount, devon: FlaskClient, cast: Cast
) -> None:
    for _ in range(2):
        assert devon.post(f"/rent/{account.id}/payments", data=PAID).status_code == 303

    (entry,) = entries(session)
    assert (entry.pence, entry.day, entry.reference, entry.note) == (1420, date(2026, 11, 25), "FP 1", "Cash")
    assert entry.worker_id == cast.devon.id
    assert balance(session, account, TODAY) == 2 * 1420
    assert "This payment was written down already." in devon.get(f"/rent/{account.id}").text


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"sum": ""}, "Write a sum of money"), ({"sum": "0"}, "Write a sum of money"), ({"sum": "-5"}, "Write a sum"),
        ({"sum": "1.234"}, "Write a sum"), ({"sum": "lots"}, "Write a sum"), ({"sum": "=1+1"}, "Write a sum"),
        ({"day": ""}, "Choose the day it came"), ({"day": "2026-11-27"}, "Choose today or an earlier day"),
        ({"day": "1912-01-01"}, "Choose today or an earlier day"), ({"day": "x"}, "Choose a day from the calendar"),
        ({"reference": ""}, "Write the reference"), ({"reference": "=1"}, "without a sign in front"),
        ({"reference": "charge:service:2026-11-27"}, "Write the reference as the bank has it"),
        ({"reference": "FP 1", "sum": "15"}, "Another entry has this reference"),
        ({"note": "x" * 121}, "Use at most 120 letters"),
    ],
)  # fmt: skip
def test_a_slip_is_pointed_out_and_nothing_typed_is_lost(
    session: Session, account: RentAccount, devon: FlaskClient, wrong: dict[str, str], says: str
) -> None:
    record_payment(session, account, 1420, TODAY, "FP 1")
    session.commit()
    answer = devon.post(f"/rent/{account.id}/payments", data=PAID | {"reference": "FP 2", "note": "From her sister"} | wrong)

    assert answer.status_code == 422
    assert says in answer.text
    assert "note" in wrong or "From her sister" in answer.text
    assert len(entries(session)) == 1


def test_a_correction_leaves_what_it_corrects_and_says_why(
    session: Session, account: RentAccount, devon: FlaskClient
) -> None:
    record_payment(session, account, 5000, TODAY, "FP 1")
    session.commit()
    (wrong,) = entries(session)
    address = f"/rent/{account.id}/correct?entry={wrong.id}"
    assert address in devon.get(f"/rent/{account.id}/correct/which").text
    page = devon.get(address).text
    assert "£50.00" in page
    assert 'value="50.00"' in page
    key = re.search(r'name="key" type="hidden" value="([^"]+)"', page)
    assert key is not None
    data = {"key": key[1], "way": "on", "sum": "35.80", "day": "2026-11-26", "reason": "It was 14.20"}

    for _ in range(2):
        assert devon.post(f"/rent/{account.id}/correct", data=data).status_code == 303
    assert [entry.owed for entry in entries(session)] == [-5000, 3580]
    assert devon.post(f"/rent/{account.id}/correct", data=data | {"sum": "1"}).status_code == 422
    assert devon.post(f"/rent/{account.id}/correct", data=data | {"key": "x"}).status_code == 422
    refused = devon.post(f"/rent/{account.id}/correct", data=data | {"reason": " ", "sum": "7.77"})
    assert refused.status_code == 422
    assert "Write the reason" in refused.text
    assert "7.77" in refused.text
    assert "It was 14.20" in devon.get(f"/rent/{account.id}").text


def test_charges_change_from_a_day_on(session: Session, account: RentAccount, devon: FlaskClient) -> None:
    data = {"begins_on": "2026-12-04", "rent": "230.00", "service": "16", "benefit": "y"}

    assert devon.post(f"/rent/{account.id}/charges", data=data).status_code == 303
    page = devon.get(f"/rent/{account.id}").text
    assert "From 4 December 2026" in page
    assert "£16.00" in page
    session.expire_all()
    assert balance(session, account, FRIDAY + timedelta(days=7)) == 4 * 1420 + 1600


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"begins_on": "2026-11-20"}, "Choose a later day"), ({"begins_on": ""}, "Choose the day"),
     ({"begins_on": "2020-01-01"}, "on which the account has begun"), ({"service": ""}, "or 0"), ({"rent": "x"}, "12.50")],
)  # fmt: skip
def test_what_was_charged_cannot_be_changed(
    session: Session, account: RentAccount, devon: FlaskClient, wrong: dict[str, str], says: str
) -> None:
    data = {"begins_on": "2026-12-04", "rent": "0", "service": "16.05"} | wrong
    answer = devon.post(f"/rent/{account.id}/charges", data=data)

    assert answer.status_code == 422
    assert says in answer.text
    assert "service" in wrong or "16.05" in answer.text


def test_an_account_ends_once_and_reminds_no_more(session: Session, account: RentAccount, devon: FlaskClient) -> None:
    assert devon.post(f"/rent/{account.id}/end", data={"ended_on": "2026-11-15"}).status_code == 303
    session.expire_all()

    assert account.ended_on == date(2026, 11, 15)
    assert balance(session, account, TODAY) == 2 * 1420
    assert session.scalars(select(Schedule)).all() == []
    assert "Taken off: after the end" in devon.get(f"/rent/{account.id}").text
    for day in ("2026-11-16", "2020-01-01", ""):
        assert devon.post(f"/rent/{account.id}/end", data={"ended_on": day}).status_code == 422


def test_an_account_is_opened_for_somebody_without(
    session: Session, account: RentAccount, devon: FlaskClient, cast: Cast, tomasz: Tenant
) -> None:
    page = devon.get("/rent/open").text
    assert "Tomasz Wójcik" in page
    assert "Amina Warsame" not in page
    data = {"reference": "WH 0050", "occupancy": "tenancy", "begins_on": "2026-09-14", "frequency": "monthly",
            "first_due_on": "2026-12-01", "rent": "900", "service": "61.53", "benefit": "y"}  # fmt: skip

    for wrong in ({"reference": "WH 0042"}, {"first_due_on": "2026-09-01"}, {"service": ""}, {"frequency": "yearly"}):
        answer = devon.post(f"/rent/open/{tomasz.id}", data=data | wrong)
        assert answer.status_code == 422, wrong
    opened = devon.post(f"/rent/open/{tomasz.id}", data=data)
    assert opened.status_code == 303
    made = session.scalars(RentAccount.of(tomasz)).one()
    assert opened.location == f"/rent/{made.id}"
    assert (made.frequency, made.service_charge_pence, made.reference) == (Frequency.MONTHLY, 6153, "WH 0050")
    assert devon.get(f"/rent/open/{tomasz.id}").status_code == 404
    assert devon.get(f"/rent/open/{cast.amina.id}").status_code == 404


def test_an_unknown_account_or_entry_is_not_there(account: RentAccount, devon: FlaskClient) -> None:
    for address in (f"/rent/{uuid4()}", f"/rent/{uuid4()}/charges", f"/rent/{account.id}/correct?entry={uuid4()}"):
        assert devon.get(address).status_code == 404
