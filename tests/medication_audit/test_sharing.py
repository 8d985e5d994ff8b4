"""The tenant's side: who sees it, until when, stop; what was counted; and who looked without asking."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.consent import Consent
from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.accounts.safeguarding import SafeguardingOverride
from tenant_app.medication.auditing.models import MedicationAudit
from tenant_app.medication.auditing.rules import Counting, count_month, medicines_to_count
from tenant_app.reminders.models import Notice
from tests.cast import Cast
from tests.medication_audit.conftest import LONDON, kept

WORRIED = "He did not open his door since Monday and rang about his tablets."


def said(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def test_nothing_is_shared_unless_one_says_so(at_amina: FlaskClient, cast: Cast) -> None:
    page = said(at_amina.get("/medicines/sharing").text)

    assert "Only you see your medicines. That is fine, and it can stay so." in page
    assert page.index("Grace Okafor") < page.index("Nasrin Begum") < page.index("Marek Nowak")
    assert "Only you see this page." in said(at_amina.get("/medicines").text)


def test_one_shares_with_a_person_and_stops(at_amina: FlaskClient, cast: Cast, session: Session) -> None:
    address = f"/medicines/sharing/{cast.grace.id}"
    assert "What Grace would see" in said(at_amina.get(address).text)

    answer = at_amina.post(address, data={"share": "1", "months": "3"}, follow_redirects=True)
    assert "Grace can see your medicines until Friday 26 February." in said(answer.text)
    assert "You and Grace Okafor" in said(at_amina.get("/medicines").text)
    assert at_amina.post(address, data={"share": "1", "months": "3"}).status_code == 303
    assert len(kept(session, select(Consent))) == 1

    for _ in range(2):
        answer = at_amina.post(address, data={"share": "0"}, follow_redirects=True)
        assert "Grace can no longer see your medicines." in said(answer.text)
    assert [consent.withdrawn_at is None for consent in kept(session, select(Consent))] == [False]
    assert "Only you see this page." in said(at_amina.get("/medicines").text)


@pytest.mark.parametrize("months", ["", "0", "13", "24", "-1", "x", "6; drop"])
def test_how_long_is_one_of_those_offered(
    at_amina: FlaskClient, cast: Cast, session: Session, months: str
) -> None:
    answer = at_amina.post(f"/medicines/sharing/{cast.grace.id}", data={"share": "1", "months": months})

    assert answer.status_code == 422
    assert "Choose for how long" in answer.text
    assert kept(session, select(Consent)) == []


@pytest.mark.parametrize("stated", ["", "2", "toggle"])
def test_a_button_that_states_nothing_is_refused(
    at_amina: FlaskClient, cast: Cast, session: Session, stated: str
) -> None:
    assert at_amina.post(f"/medicines/sharing/{cast.grace.id}", data={"share": stated}).status_code == 400
    assert kept(session, select(Consent)) == []


def test_nobody_else_can_be_chosen(at_amina: FlaskClient, cast: Cast, session: Session) -> None:
    for stranger in (cast.joana.id, cast.devon.id, cast.priya.id, cast.tomasz.id, uuid4()):
        address = f"/medicines/sharing/{stranger}"
        assert at_amina.get(address).status_code == 404
        for share in ("0", "1"):
            assert at_amina.post(address, data={"share": share, "months": "6"}).status_code == 404
    assert kept(session, select(Consent)) == []


def test_who_is_no_longer_her_keyworker_is_said_so_and_can_be_stopped(
    at_amina: FlaskClient, session: Session, cast: Cast, shared: Tenant
) -> None:
    shared.keyworker_id = cast.marek.id
    session.get_one(Worker, cast.grace.id).property_id = cast.mare_street.id
    session.commit()

    page = said(at_amina.get("/medicines/sharing").text)
    assert "Grace does something else now, and cannot see them." in page
    assert "Grace" not in said(at_amina.get("/medicines").text)
    assert at_amina.post(f"/medicines/sharing/{cast.grace.id}", data={"share": "0"}).status_code == 303
    assert "does something else" not in said(at_amina.get("/medicines/sharing").text)


@pytest.fixture
def audit(session: Session, shared: Tenant, grace: Worker) -> MedicationAudit:
    counts = {medicine.id: 7 for medicine in medicines_to_count(session, shared, LONDON)}
    audit = count_month(session, grace, shared, Counting(counts, found="Two boxes"), LONDON)  # type: ignore[arg-type]
    session.commit()
    return audit


def test_she_reads_her_counts_and_adds_her_own_words(
    at_amina: FlaskClient, at_grace: FlaskClient, session: Session, audit: MedicationAudit
) -> None:
    assert "November 2026" in at_amina.get("/medicines/counts").text
    page = said(at_amina.get(f"/medicines/counts/{audit.id}").text)
    assert "Counted 7." in page
    assert "Two boxes" in page

    answer = at_amina.post(f"/medicines/counts/{audit.id}", data={"words": "<b>Sundays</b> are better"})
    assert answer.status_code == 303
    assert "&lt;b&gt;Sundays" in at_grace.get(f"/medication/counts/{audit.id}").text
    assert at_amina.post(f"/medicines/counts/{audit.id}", data={"words": "x" * 1001}).status_code == 422
    kept(session, select(MedicationAudit))
    assert audit.tenant_words == "<b>Sundays</b> are better"


def test_somebody_elses_count_does_not_exist(tenant_door: Flask, cast: Cast, audit: MedicationAudit) -> None:
    at_tomasz = cast.at(tenant_door, cast.tomasz)

    assert at_tomasz.get(f"/medicines/counts/{audit.id}").status_code == 404
    assert at_tomasz.post(f"/medicines/counts/{audit.id}", data={"words": "Mine"}).status_code == 404
    assert "November" not in at_tomasz.get("/medicines/counts").text


def test_looking_for_someones_safety_takes_a_reason_that_they_read(
    tenant_door: Flask, at_grace: FlaskClient, session: Session, cast: Cast, tomasz: Tenant
) -> None:
    address = f"/medication/safety/{tomasz.id}"
    assert "Tomasz" in at_grace.get("/medication/safety?q=wojcik").text or "Tomasz" in at_grace.get(
        "/medication/safety?q=tomasz"
    ).text
    assert at_grace.get(address).status_code == 200
    for reason in ("", "worried"):
        assert at_grace.post(address, data={"reason": reason}).status_code == 422
    assert kept(session, select(SafeguardingOverride)) == []
    assert at_grace.get(f"/medication/{tomasz.id}").status_code == 404

    opened = at_grace.post(address, data={"reason": WORRIED}, follow_redirects=True)
    assert "You opened this for safety, until Friday 27 November" in said(opened.text)
    assert at_grace.get(f"/medication/{tomasz.id}/count").status_code == 404  # to read, not to act

    page = said(cast.at(tenant_door, cast.tomasz).get("/settings/looks").text)
    assert "Grace Okafor opened your medicines for your safety, without asking you first" in page
    assert page.count(WORRIED) == 2
    assert set(kept(session, select(Look.reason))) == {WORRIED}
    told = cast.at(tenant_door, cast.tomasz).get("/reminders")
    assert "Somebody looked at your record" in said(told.text)
    assert WORRIED not in told.text
    assert kept(session, select(Notice.kind)) == ["record.opened"]


def test_an_ordinary_look_gives_no_reason(
    at_amina: FlaskClient, at_grace: FlaskClient, session: Session, shared: Tenant
) -> None:
    at_grace.get(f"/medication/{shared.id}")

    assert kept(session, select(Look.reason)) == [""]
    assert "The reason" not in at_amina.get("/settings/looks").text


def test_nobody_overrides_for_somebody_elses_tenant(
    at_grace: FlaskClient, at_nasrin: FlaskClient, session: Session, salma: Tenant
) -> None:
    assert "Salma" not in at_grace.get("/medication/safety").text
    assert at_grace.get(f"/medication/safety/{salma.id}").status_code == 404
    assert at_grace.post(f"/medication/safety/{salma.id}", data={"reason": WORRIED}).status_code == 404
    assert at_nasrin.post(f"/medication/safety/{salma.id}", data={"reason": WORRIED}).status_code == 303
    assert len(kept(session, select(Look))) == 1
