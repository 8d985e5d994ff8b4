"""The rent desk: agreements proposed and agreed, tenants answered, Breathing Space noted, and who may see any of it."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.reminders.models import Notice, State
from tenant_app.rent.agreeing import ask_for_other, propose
from tenant_app.rent.agreements import Agreement, AgreementState
from tenant_app.rent.breathing_space import BreathingSpace
from tenant_app.rent.cannot_pay import tell_us
from tenant_app.rent.hardship import About, Hardship, HardshipState
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.plans import Terms
from tests.cast import Cast
from tests.rent.conftest import FRIDAY, TODAY, Agreed, Opened

TERMS = {"instalment": "5", "frequency": "weekly", "first_on": "2026-12-01"}
FIVE = Terms(4260, 500, Frequency.WEEKLY, FRIDAY)


@pytest.fixture
def running(session: Session, agreed: Agreed) -> Agreement:
    found = agreed(500)
    session.commit()
    return found


@pytest.fixture
def told(session: Session, behind: RentAccount) -> Hardship:
    found, _ = tell_us(session, behind, About.RENT, FRIDAY, words="The letter is late", can_pay_pence=1000)
    session.commit()
    return found


def waiting(session: Session, kind: str) -> int:
    found = session.scalars(select(Notice).where(Notice.kind == kind, Notice.state == State.WAITING)).all()
    session.commit()
    return len(found)


def test_only_housing_officers_come_in(staff_door: Flask, cast: Cast, behind: RentAccount, told: Hardship) -> None:
    for worker in (cast.grace, cast.nasrin, cast.joana, cast.priya):
        client = cast.at(staff_door, worker)
        for address in (f"/rent/{behind.id}/agreement", "/rent/cannot-pay", f"/rent/cannot-pay/{told.id}",
                        f"/rent/{behind.id}/breathing-space"):  # fmt: skip
            assert client.get(address).status_code == 403


def test_each_reading_is_written_down(devon: FlaskClient, session: Session, behind: RentAccount, told: Hardship) -> None:
    for address in (f"/rent/{behind.id}/agreement", f"/rent/{behind.id}/agreement/new", f"/rent/cannot-pay/{told.id}",
                    f"/rent/{behind.id}/breathing-space"):  # fmt: skip
        assert devon.get(address).status_code == 200

    assert session.scalars(select(Look.what)).all() == ["rent"] * 4


def test_terms_are_proposed_with_the_whole_plan_in_view(
    devon: FlaskClient, session: Session, behind: RentAccount
) -> None:
    address = f"/rent/{behind.id}/agreement/new"
    shown = devon.get(address, query_string=TERMS)
    assert "9 payments. The last one is on Tuesday, 26 January 2027." in shown.text
    assert devon.get(address, query_string=TERMS | {"instalment": "x"}).status_code == 422
    assert devon.post(address, data=TERMS | {"arrears": "4000"}).status_code == 409
    assert session.scalars(select(Agreement)).all() == []
    session.commit()

    assert devon.post(address, data=TERMS | {"arrears": "4260"}).status_code == 303
    found = session.scalars(select(Agreement)).one()
    assert (found.state, found.by_tenant) == (AgreementState.PROPOSED, False)
    assert waiting(session, "rent.agreement") == 1
    assert "Waits for <bdi>Amina</bdi> to agree." in devon.get(f"/rent/{behind.id}/agreement").text


def test_a_tenants_proposal_is_agreed_here(
    devon: FlaskClient, session: Session, behind: RentAccount, amina: Tenant
) -> None:
    found = propose(session, behind, amina, FIVE, TODAY)
    session.commit()
    page = devon.get(f"/rent/{behind.id}/agreement").text
    assert "<bdi>Amina</bdi> proposes this plan." in page
    for _ in range(2):
        assert devon.post(f"/rent/{behind.id}/agreement/{found.id}/agree", data={"done": "1"}).status_code == 303
    session.refresh(found)

    assert found.state is AgreementState.ACTIVE
    assert [move.state for move in found.moves] == ["proposed", "active"]


def test_what_the_tenant_would_rather_have_stands_beside_the_new_terms(
    devon: FlaskClient, session: Session, behind: RentAccount, officer: Worker
) -> None:
    found = propose(session, behind, officer, FIVE, TODAY)
    ask_for_other(found, "Three pounds is what I have", "en", 300)
    session.commit()

    assert "Three pounds is what I have" in devon.get(f"/rent/{behind.id}/agreement").text
    page = devon.get(f"/rent/{behind.id}/agreement/new").text
    assert "Three pounds is what I have" in page
    assert 'value="3.00"' in page


def test_it_is_paused_with_a_reason_and_goes_on(
    devon: FlaskClient, session: Session, behind: RentAccount, running: Agreement
) -> None:
    address = f"/rent/{behind.id}/agreement/{running.id}"
    for bad in ({}, {"reason": " "}, {"reason": "In hospital", "until": "2026-11-26"}, {"reason": "x", "until": "soon"}):
        assert devon.post(f"{address}/pause", data=bad).status_code == 422
    session.refresh(running)
    assert running.state is AgreementState.ACTIVE
    session.commit()
    devon.post(f"{address}/pause", data={"reason": "In hospital", "until": "2026-12-10"})
    session.refresh(running)
    assert (running.state, running.paused_until) == (AgreementState.PAUSED, date(2026, 12, 10))
    session.commit()
    assert "In hospital" in devon.get(f"/rent/{behind.id}/agreement").text
    devon.post(f"{address}/resume")
    session.refresh(running)
    assert (running.state, running.paused_until) == (AgreementState.ACTIVE, None)


def test_it_ends_with_a_reason(devon: FlaskClient, session: Session, behind: RentAccount, running: Agreement) -> None:
    address = f"/rent/{behind.id}/agreement/{running.id}/end"
    assert devon.post(address).status_code == 422
    assert devon.post(address, data={"why": "We wrote it off."}).status_code == 303
    assert devon.post(address, data={"why": "We wrote it off."}).status_code == 303
    session.refresh(running)

    assert running.state is AgreementState.CANCELLED
    assert [move.words for move in running.moves][-1] == "We wrote it off."
    assert len(running.moves) == 3


def test_an_agreement_is_reached_through_its_own_account(
    devon: FlaskClient, session: Session, opened: Opened, behind: RentAccount, running: Agreement
) -> None:
    for account in (uuid4(), running.id):
        assert devon.get(f"/rent/{account}/agreement").status_code == 404
        assert devon.post(f"/rent/{account}/agreement/{running.id}/resume").status_code == 404


# Told us they cannot pay


def test_who_waits_longest_comes_first_and_an_answer_takes_them_off_the_list(
    devon: FlaskClient, session: Session, told: Hardship
) -> None:
    listed = devon.get("/rent/cannot-pay").text
    assert "Amina Warsame" in listed
    assert "Mon 30 Nov" in listed
    page = devon.get(f"/rent/cannot-pay/{told.id}").text
    assert "The letter is late" in page
    assert "<bdi>£10</bdi>" in page

    answered = devon.post(f"/rent/cannot-pay/{told.id}", data={"state": "agreed", "reply": "Pay on the 4th."})
    assert answered.status_code == 303
    session.refresh(told)
    assert (told.state, told.reply, told.worker and told.worker.known_as) == (
        HardshipState.AGREED, "Pay on the 4th.", "Devon"
    )  # fmt: skip
    assert waiting(session, "rent.answered") == 1
    assert "Everybody has an answer" in devon.get("/rent/cannot-pay").text
    assert "Amina Warsame" in devon.get("/rent/cannot-pay?show=all").text


@pytest.mark.parametrize(
    "bad", [{}, {"state": "agreed"}, {"state": "agreed", "reply": "  "}, {"reply": "Hello"},
            {"state": "open", "reply": "Hello"}],
)  # fmt: skip
def test_an_answer_has_words_and_says_where_it_leaves_it(
    devon: FlaskClient, session: Session, told: Hardship, bad: dict[str, str]
) -> None:
    refused = devon.post(f"/rent/cannot-pay/{told.id}", data=bad)

    assert refused.status_code == 422
    session.refresh(told)
    assert told.state is HardshipState.OPEN
    assert session.scalars(select(Look)).all() != []  # a refusal is a reading all the same


# Breathing Space


def test_noting_it_silences_at_once(
    devon: FlaskClient, session: Session, behind: RentAccount, officer: Worker
) -> None:
    propose(session, behind, officer, FIVE, TODAY)
    session.commit()
    assert waiting(session, "rent.agreement") == 1
    address = f"/rent/{behind.id}/breathing-space"
    noted = devon.post(address, data={"kind": "standard", "starts_on": "2026-11-26", "reference": "BS-7"})

    assert noted.status_code == 303
    space = session.scalars(select(BreathingSpace)).one()
    assert (space.ends_on, space.reference, space.noted_by_id) == (date(2027, 1, 24), "BS-7", officer.id)
    assert waiting(session, "rent.agreement") == 0
    page = devon.get(f"/rent/{behind.id}/agreement").text
    assert "Breathing Space until Sunday, 24 January 2027." in page
    assert "Propose terms" not in page
    assert devon.get(f"/rent/{behind.id}/agreement/new", query_string=TERMS).status_code == 303
    assert devon.post(f"/rent/{behind.id}/agreement/new", data=TERMS | {"arrears": "4260"}).status_code == 303
    assert len(session.scalars(select(Agreement)).all()) == 1


@pytest.mark.parametrize(
    "bad",
    [
        {}, {"kind": "standard"}, {"kind": "other", "starts_on": "2026-11-26"},
        {"kind": "standard", "starts_on": "2026-11-26", "ends_on": "2026-11-25"},
        {"kind": "crisis", "starts_on": "tomorrow"},
        {"kind": "crisis", "starts_on": "2026-11-26", "reference": "x" * 61},
    ],
)
def test_what_cannot_be_is_asked_for_again(
    devon: FlaskClient, session: Session, behind: RentAccount, bad: dict[str, str]
) -> None:
    assert devon.post(f"/rent/{behind.id}/breathing-space", data=bad).status_code == 422
    assert session.scalars(select(BreathingSpace)).all() == []


def test_a_second_one_on_the_same_days_is_refused(devon: FlaskClient, session: Session, behind: RentAccount) -> None:
    address = f"/rent/{behind.id}/breathing-space"
    devon.post(address, data={"kind": "crisis", "starts_on": "2026-11-26"})

    assert devon.post(address, data={"kind": "standard", "starts_on": "2027-06-01"}).status_code == 422
    assert len(session.scalars(select(BreathingSpace)).all()) == 1


def test_the_end_of_treatment_begins_its_last_thirty_days(
    devon: FlaskClient, session: Session, behind: RentAccount
) -> None:
    devon.post(f"/rent/{behind.id}/breathing-space", data={"kind": "crisis", "starts_on": "2026-11-26"})
    space = session.scalars(select(BreathingSpace)).one()
    session.commit()
    address = f"/rent/{behind.id}/breathing-space/{space.id}/end"
    for bad in ({}, {"what": "treatment"}, {"what": "treatment", "day": "2026-10-01"}, {"what": "x", "day": "2026-12-01"}):
        assert devon.post(address, data=bad).status_code == 422
    assert devon.post(address, data={"what": "treatment", "day": "2026-12-01"}).status_code == 303
    session.refresh(space)

    assert (space.treatment_ended_on, space.ends_on) == (date(2026, 12, 1), date(2026, 12, 31))
    session.commit()
    assert devon.get(address).status_code == 200
