"""How often rent falls due is changed at the desk: every charge is seen first, and the tenant is told discreetly."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.reminders.models import Notice
from tenant_app.reminders.wording import full_words, lock_screen_words
from tenant_app.rent.models import ChargePeriod, Frequency, RentAccount, RentRhythm
from tests.cast import Cast

MONTHLY = {"frequency": "monthly", "begins_on": "2026-12-04", "rent": "", "service": ""}


def test_every_charge_is_seen_before_anything_is_written(
    session: Session, account: RentAccount, devon: FlaskClient
) -> None:
    asked = devon.get(f"/rent/{account.id}/rhythm").text
    assert 'value="2026-11-27"' in asked
    page = devon.get(f"/rent/{account.id}/rhythm", query_string=MONTHLY).text

    for seen in ("27 November 2026", "£14.20", "4 December 2026", "4 January 2027", "£61.53", "£738.36", "£738.40"):
        assert f"{seen}<" in page
    assert session.scalars(select(RentRhythm)).all() == []
    assert session.scalars(select(ChargePeriod)).all() == []
    assert session.scalars(select(Notice).where(Notice.kind == "rent.rhythm")).all() == []


def test_what_was_seen_is_written_down_once_and_the_tenant_is_told(
    session: Session, account: RentAccount, devon: FlaskClient
) -> None:
    for _ in range(2):
        answer = devon.post(f"/rent/{account.id}/rhythm", data=MONTHLY | {"rent": "960.00", "service": "61.50"})
        assert answer.status_code == 303

    (rhythm,) = session.scalars(select(RentRhythm)).all()
    (change,) = session.scalars(select(ChargePeriod)).all()
    assert (rhythm.frequency, change.eligible_rent_pence, change.service_charge_pence) == (Frequency.MONTHLY, 96000, 6150)
    assert change.benefit_pays_rent
    assert len(session.scalars(select(Notice).where(Notice.kind == "rent.rhythm")).all()) == 1
    page = devon.get(f"/rent/{account.id}").text
    assert "<bdi>£61.50</bdi> each month" in page


@pytest.mark.parametrize(
    ("wrong", "says"),
    [({"begins_on": "2026-12-02"}, "The nearest: 27 November 2026, 4 December 2026"),
     ({"begins_on": "2026-11-20"}, "Choose a day after today"), ({"begins_on": "x"}, "Choose a day from the calendar"),
     ({"frequency": "weekly"}, "It is due so already"), ({"frequency": "yearly"}, "Not a valid choice"),
     ({"service": "lots"}, "Write a sum of money")],
)  # fmt: skip
def test_a_slip_is_pointed_out_and_nothing_typed_is_lost(
    session: Session, account: RentAccount, devon: FlaskClient, wrong: dict[str, str], says: str
) -> None:
    for ask in (devon.get, devon.post):
        kept = {"query_string": MONTHLY | {"rent": "12.34"} | wrong} if ask == devon.get else {"data": MONTHLY | {"rent": "12.34"} | wrong}
        answer = ask(f"/rent/{account.id}/rhythm", **kept)
        assert answer.status_code == 422
        assert says in answer.text
        assert 'value="12.34"' in answer.text
    assert session.scalars(select(RentRhythm)).all() == []


def test_the_lock_screen_shows_no_figure_and_the_rent_page_all_of_them(
    tenant_door: Flask, session: Session, account: RentAccount, devon: FlaskClient, cast: Cast, amina: Tenant
) -> None:
    devon.post(f"/rent/{account.id}/rhythm", data=MONTHLY)
    notice = session.scalars(select(Notice).where(Notice.kind == "rent.rhythm")).one()
    session.commit()
    with tenant_door.test_request_context():
        quiet, named = lock_screen_words(notice, named=False), lock_screen_words(notice, named=True)
        assert full_words(notice).title == "How often your rent is due will change"
    for words in (quiet, named):
        assert not any(letter.isdigit() for letter in words.title + words.body)
    assert "rent" not in (quiet.title + quiet.body).lower()
    page = cast.at(tenant_door, cast.amina).get("/rent").text
    assert "From Friday 4 December your rent is due each month." in page
    assert "<bdi>£61.53</bdi> each time" in page


def test_what_was_shown_can_be_looked_at_again(account: RentAccount, devon: FlaskClient) -> None:
    page = devon.get(f"/rent/{account.id}/rhythm", query_string=MONTHLY | {"service": "61.50", "change": "1"})

    assert page.status_code == 200
    assert 'value="61.50"' in page.text
    assert "Show what is charged" in page.text
