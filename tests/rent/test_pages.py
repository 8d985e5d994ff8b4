"""The rent pages: the next payment first, in plain words, without blame."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Flask

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.rules import charge_due, open_account, record_payment
from tests.cast import Cast
from tests.rent.conftest import FRIDAY, LONDON, TODAY


def opened(cast: Cast, *payments: int, first_due_on: date = FRIDAY, service: int = 1420) -> None:
    with cast.database.step() as session:
        account: RentAccount = open_account(
            session, session.get_one(Tenant, cast.amina.id), frequency=Frequency.WEEKLY, first_due_on=first_due_on,
            service_charge_pence=service, eligible_rent_pence=22150, zone=LONDON, reference="WH 0042",
        )  # fmt: skip
        charge_due(session, account, TODAY)
        for number, pence in enumerate(payments):
            record_payment(session, account, pence, TODAY, f"bank:{number}")


def test_the_next_payment_is_lit_with_what_it_is_made_of(tenant_door: Flask, cast: Cast) -> None:
    opened(cast, 920, first_due_on=FRIDAY - timedelta(days=7))

    page = cast.at(tenant_door, cast.amina).get("/rent").text

    assert page.count("card lit") == 1
    assert '<h2 class="sum" id="due"><bdi>£19.20</bdi></h2>' in page
    assert "by tomorrow, Friday 27 November" in page
    assert "Service charge, one week" in page
    assert "Still to pay from before" in page
    assert "You are <bdi>£5.00</bdi> behind." in page
    assert "Rent, <bdi>£221.50</bdi> each week" in page
    assert "Housing Benefit pays this to us." in page
    assert not {"arrears", "overdue", "debt", "late"} & set(page.lower().replace(".", " ").split())


def test_what_falls_due_today_is_to_pay_and_nobody_is_behind_with_it_yet(tenant_door: Flask, cast: Cast) -> None:
    opened(cast, first_due_on=TODAY)
    amina = cast.at(tenant_door, cast.amina)

    assert "by today, Thursday 26 November" in amina.get("/rent").text
    assert "You are up to date." in amina.get("/rent").text
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        assert "You are <bdi>£14.20</bdi> behind." in amina.get("/rent").text


def test_paid_ahead_is_said_as_that(tenant_door: Flask, cast: Cast) -> None:
    opened(cast, 2000)
    page = cast.at(tenant_door, cast.amina).get("/rent").text

    assert "You are <bdi>£20.00</bdi> ahead." in page
    assert "by Friday 4 December" in page
    assert "<bdi>-£5.80</bdi>" in page


def test_everything_paid_for_asks_for_nothing(tenant_door: Flask, cast: Cast) -> None:
    opened(cast, service=0)
    page = cast.at(tenant_door, cast.amina).get("/rent").text

    assert "Nothing to pay at the moment" in page
    assert "card lit" not in page


def test_without_an_account_there_is_a_way_to_get_one(tenant_door: Flask, cast: Cast) -> None:
    opened(cast)
    page = cast.at(tenant_door, cast.tomasz).get("/rent").text

    assert "Would you like to see your rent here?" in page
    assert "£" not in page
    assert "WH 0042" not in cast.at(tenant_door, cast.tomasz).get("/rent/ways-to-pay").text


def test_ways_to_pay_can_be_called_and_quote_the_reference(tenant_door: Flask, cast: Cast) -> None:
    opened(cast)
    page = cast.at(tenant_door, cast.amina).get("/rent/ways-to-pay").text

    assert '<a href="tel:02079460142"><bdi dir="ltr">020 7946 0142</bdi></a>' in page
    assert "<bdi>WH 0042</bdi>" in page
    assert 'lang="en" dir="ltr"' in page


def test_who_pays_is_explained(tenant_door: Flask, cast: Cast) -> None:
    assert "Who pays the rent?" in cast.at(tenant_door, cast.amina).get("/rent/who-pays").text


def test_a_number_can_be_called_in_every_language(tenant_door: Flask, cast: Cast) -> None:
    page = cast.at(tenant_door, cast.salma).get("/rent/ways-to-pay").text

    assert 'href="tel:02079460142"' in page
    assert 'dir="rtl"' in page
