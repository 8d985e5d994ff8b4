"""The tenant's pages about a plan and about paydays: the whole of it is seen before anything is agreed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.rent.agreeing import cancel, propose
from tenant_app.rent.agreements import Agreement, AgreementState
from tenant_app.rent.breathing_space import RespiteKind
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.paydays import Payday
from tenant_app.rent.plans import Terms
from tenant_app.rent.respite import note_breathing_space
from tenant_app.rent.rules import record_payment
from tenant_app.web.money import read_money
from tests.cast import Cast
from tests.rent.conftest import FRIDAY, TODAY, Agreed

TERMS = {"instalment": "5", "frequency": "weekly", "first_on": "2026-12-01"}
FIVE = Terms(4260, 500, Frequency.WEEKLY, FRIDAY)


@pytest.fixture
def there(tenant_door: Flask, cast: Cast, session: Session, behind: RentAccount) -> FlaskClient:
    session.commit()
    return cast.at(tenant_door, cast.amina)


@pytest.fixture
def proposed(session: Session, behind: RentAccount, officer: Worker) -> Agreement:
    found = propose(session, behind, officer, FIVE, TODAY)
    session.commit()
    return found


def test_the_whole_plan_is_seen_before_it_is_sent(there: FlaskClient, session: Session) -> None:
    page = there.get("/rent/agreement/new", query_string=TERMS)

    assert page.status_code == 200
    assert "9 payments. The last one is on Tuesday, 26 January 2027." in page.text
    assert page.text.count("<bdi>£5.00</bdi>") == 8
    assert "<bdi>£2.60</bdi>" in page.text
    assert "<bdi>£42.60</bdi>" in page.text
    assert session.scalars(select(Agreement)).all() == []


def test_what_was_seen_is_what_is_sent(there: FlaskClient, session: Session, behind: RentAccount) -> None:
    assert there.post("/rent/agreement/new", data=TERMS | {"arrears": "4260"}).status_code == 303
    found = session.scalars(select(Agreement)).one()
    assert (found.instalment_pence, found.first_on, found.state) == (500, date(2026, 12, 1), "proposed")
    cancel(session, found, behind.tenant)
    record_payment(session, behind, 100, TODAY, "bank:1")
    session.commit()

    moved = there.post("/rent/agreement/new", data=TERMS | {"arrears": "4260"})
    assert moved.status_code == 409
    assert "What you owe has changed" in moved.text
    assert "<bdi>£41.60</bdi>" in moved.text
    assert session.scalars(select(Agreement).where(Agreement.state == "proposed")).all() == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"instalment": ""}, "Write how much each payment is"),
        ({"instalment": "0"}, "Write how much each payment is"),
        ({"instalment": "fifty"}, "Write a sum of money, such as 12.50"),
        ({"instalment": "42.61"}, "Write a sum that is not more than what is owed"),
        ({"instalment": "0.05"}, "Write a larger sum. With this one it would take more than ten years"),
        ({"frequency": "daily"}, ""),
        ({"frequency": ""}, "Choose how often"),
        ({"first_on": "2026-11-25"}, "Choose today or a later day"),
        ({"first_on": "soon"}, "Choose a day from the calendar"),
        ({"initial": "10"}, "Choose a day for it, today or later"),
        ({"initial": "10", "initial_on": "2026-12-02"}, "Choose a day that is not after the day of the next payment"),
        ({"initial": "42.60", "initial_on": "2026-11-27"}, "Write a sum that is less than what is owed"),
    ],
)
def test_terms_that_make_no_plan_are_asked_for_again(
    there: FlaskClient, session: Session, wrong: dict[str, str], words: str
) -> None:
    for page in (
        there.get("/rent/agreement/new", query_string=TERMS | wrong),
        there.post("/rent/agreement/new", data=TERMS | wrong | {"arrears": "4260"}),
    ):
        assert page.status_code == 422
        assert words in page.text
        assert 'role="alert"' in page.text
    assert session.scalars(select(Agreement)).all() == []


def test_a_plan_that_was_shown_can_be_changed(there: FlaskClient) -> None:
    page = there.get("/rent/agreement/new", query_string=TERMS | {"change": "1"})

    assert page.status_code == 200
    assert 'value="5"' in page.text
    assert "Show the plan" in page.text


def test_a_proposal_is_for_the_tenant_to_look_at(there: FlaskClient, proposed: Agreement) -> None:
    page = there.get("/rent/agreement").text

    assert "<bdi>Devon</bdi> proposes a plan" in page
    assert "The last one is on Friday, 22 January 2027." in page
    assert "There is a plan for you to look at" in there.get("/rent").text


def test_agreeing_is_one_tap_and_twice_is_once(there: FlaskClient, session: Session, proposed: Agreement) -> None:
    for _ in range(2):
        assert there.post(f"/rent/agreement/{proposed.id}/agree", data={"done": "1"}).status_code == 303
    session.refresh(proposed)

    assert proposed.state is AgreementState.ACTIVE
    assert len(proposed.moves) == 2
    page = there.get("/rent").text
    assert "<bdi>£0</bdi> of <bdi>£42.60</bdi> paid" in page
    assert "You are <bdi>£42.60</bdi> behind. Your agreement covers it." in page
    assert "Catching up" in page


@pytest.mark.parametrize("data", [{}, {"done": "0"}, {"done": "yes"}])
def test_agreeing_has_to_be_stated(
    there: FlaskClient, session: Session, proposed: Agreement, data: dict[str, str]
) -> None:
    assert there.post(f"/rent/agreement/{proposed.id}/agree", data=data).status_code == 400
    session.refresh(proposed)
    assert proposed.state is AgreementState.PROPOSED


def test_something_else_may_be_asked_for_in_own_words(
    there: FlaskClient, session: Session, proposed: Agreement
) -> None:
    address = f"/rent/agreement/{proposed.id}/other-terms"
    assert there.post(address, data={"words": " "}).status_code == 422
    assert there.post(address, data={"instalment": "lots"}).status_code == 422
    assert there.post(address, data={"words": "Three pounds is what I have", "instalment": "3"}).status_code == 303
    session.refresh(proposed)

    assert (proposed.wish, proposed.wish_pence) == ("Three pounds is what I have", 300)
    assert "Three pounds is what I have" in there.get("/rent/agreement").text


def test_days_that_have_passed_are_said_and_not_agreed(
    there: FlaskClient, session: Session, proposed: Agreement
) -> None:
    with clock.stopped_at(clock.now() + timedelta(days=3)):
        assert "The first day of this plan has passed." in there.get("/rent/agreement").text
        there.post(f"/rent/agreement/{proposed.id}/agree", data={"done": "1"})
        assert "This plan has changed." in there.get("/rent/agreement").text


def test_somebody_elses_plan_is_not_there(tenant_door: Flask, cast: Cast, proposed: Agreement) -> None:
    tomasz = cast.at(tenant_door, cast.tomasz)

    for what, data in (("agree", {"done": "1"}), ("other-terms", {"words": "x"}), ("take-back", {})):
        assert tomasz.post(f"/rent/agreement/{proposed.id}/{what}", data=data).status_code == 404


def test_in_breathing_space_the_page_says_so_and_asks_for_nothing(
    there: FlaskClient, session: Session, agreed: Agreed, behind: RentAccount, officer: Worker
) -> None:
    agreed(500)
    note_breathing_space(session, officer, behind, RespiteKind.STANDARD, TODAY)
    session.commit()
    rent, plan = there.get("/rent").text, there.get("/rent/agreement").text

    for page in (rent, plan):
        assert "You are in Breathing Space until Sunday, 24 January 2027." in page
        assert "Rent that is due from now on is still due." in page
        assert "behind." not in page
    assert '<h2 class="sum" id="due"><bdi>£14.20</bdi></h2>' in rent
    assert "You are up to date." in rent
    assert "Catching up" not in rent
    assert there.get("/rent/agreement/new", query_string=TERMS).status_code == 303
    assert there.post("/rent/agreement/new", data=TERMS | {"arrears": "4260"}).status_code == 303


def test_without_arrears_no_plan_is_needed(tenant_door: Flask, cast: Cast, session: Session, behind: RentAccount) -> None:
    record_payment(session, behind, 4260, TODAY, "bank:1")
    session.commit()

    assert "You are not behind with anything." in cast.at(tenant_door, cast.amina).get("/rent/agreement").text


@given(pence=st.integers(1, 10_000_000))
def test_every_sum_reads_as_it_is_written(pence: int) -> None:
    for written in (f"{pence // 100}.{pence % 100:02d}", f"£{pence // 100:,}.{pence % 100:02d}", f"{pence // 100},{pence % 100:02d}"):
        assert read_money(written) == pence
    if pence % 100 == 0:
        assert read_money(f" {pence // 100} ") == pence


@pytest.mark.parametrize("written", ["", "x", "-5", "5.005", "1.2.3", "1,2,3", "5e3", "∞", "٫", "1,2345"])
def test_what_is_no_sum_is_none(written: str) -> None:
    assert read_money(written) is None


def test_arabic_digits_are_read() -> None:
    assert read_money("٥٫٥٠") == 550


# Paydays


def test_a_payday_is_added_and_removed(there: FlaskClient, session: Session, amina: Tenant) -> None:
    assert there.post("/rent/reminders/payday", data={"kind": "uc", "day": "31"}).status_code == 303
    there.post("/rent/reminders/payday", data={"kind": "wages-four-weekly", "day": "2026-12-04"})
    page = there.get("/rent/reminders").text

    assert "On day 31 of each month" in page
    assert "Every four weeks on Friday" in page
    payday = session.scalars(Payday.of(amina)).first()
    assert payday is not None
    session.commit()
    assert there.post(f"/rent/reminders/payday/{payday.id}/remove").status_code == 303
    assert "On day 31" not in there.get("/rent/reminders").text


@pytest.mark.parametrize(
    "bad",
    [
        {"kind": "uc", "day": "0"}, {"kind": "uc", "day": "32"}, {"kind": "uc"}, {"kind": "uc", "day": "five"},
        {"kind": "wages-weekly", "day": "never"}, {"kind": "wages-weekly"},
    ],
)
def test_a_day_that_is_none_is_asked_for_again(there: FlaskClient, session: Session, bad: dict[str, str]) -> None:
    assert there.post("/rent/reminders/payday", data=bad).status_code == 422
    assert session.scalars(select(Payday)).all() == []


@pytest.mark.parametrize("days", ["0", "8", "", "two", "-1", "999999999999"])
def test_days_before_are_one_to_seven(there: FlaskClient, days: str) -> None:
    assert there.post("/rent/reminders", data={"days": days}).status_code == 422


def test_days_before_are_chosen(there: FlaskClient) -> None:
    assert there.post("/rent/reminders", data={"days": "5"}).status_code == 303
    page = there.get("/rent/reminders").text

    assert '<option selected value="5">' in page
    assert "We remind you 5 days before." in page


def test_a_payday_of_somebody_else_is_not_there(
    there: FlaskClient, tenant_door: Flask, cast: Cast, session: Session, amina: Tenant
) -> None:
    there.post("/rent/reminders/payday", data={"kind": "uc", "day": "5"})
    payday = session.scalars(Payday.of(amina)).one()
    session.commit()

    assert cast.at(tenant_door, cast.tomasz).post(f"/rent/reminders/payday/{payday.id}/remove").status_code == 404
