"""The desk's side: who counts, who signs, who may not even know."""

from __future__ import annotations

import re
from decimal import Decimal
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.medication.auditing import rules as auditing_rules
from tenant_app.medication.auditing.models import AuditEntry, MedicationAudit, SelfAdministration
from tenant_app.medication.models import Medicine
from tenant_app.medication.rules import stop_medicine
from tenant_app.medication.sharing.rules import stop_sharing
from tests.cast import Cast
from tests.medication_audit.conftest import LONDON, kept, share, shelf


def said(page: str) -> str:
    """A page's text without its markup."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))


def counted(session: Session, client: FlaskClient, tenant: Tenant, *quantities: str, **words: str) -> MedicationAudit:
    answer = client.post(f"/medication/{tenant.id}/count", data=shelf(session, tenant, *quantities, **words))
    assert answer.status_code == 303, answer.text
    found: MedicationAudit = kept(session, MedicationAudit.of(tenant))[0]
    return found


def test_unshared_medicines_do_not_exist(
    session: Session, at_grace: FlaskClient, at_nasrin: FlaskClient, cast: Cast, shared: Tenant, tomasz: Tenant
) -> None:
    for client in (at_grace, at_nasrin):
        for address in (f"/medication/{tomasz.id}", f"/medication/{tomasz.id}/count", f"/medication/{tomasz.id}/level",
                        f"/medication/{uuid4()}"):  # fmt: skip
            assert client.get(address).status_code == 404
            assert client.post(address).status_code in (404, 405)
    assert kept(session, select(Look)) == []


def test_shared_ones_are_read_and_each_reading_is_written_down(
    session: Session, at_grace: FlaskClient, shared: Tenant
) -> None:
    for _ in range(3):
        page = at_grace.get(f"/medication/{shared.id}").text
        assert "Metformin 500 mg" in page
    at_grace.get(f"/medication/{shared.id}/count")

    looks = kept(session, select(Look.what).order_by(Look.looked_at, Look.id))
    assert sorted(looks) == ["audit", "medication", "medication", "medication"]


def test_stopped_sharing_shuts_five_open_visits_at_once(
    session: Session, staff_door: Flask, cast: Cast, shared: Tenant, grace: Worker
) -> None:
    clients = [cast.at(staff_door, cast.grace) for _ in range(5)]
    assert {client.get(f"/medication/{shared.id}").status_code for client in clients} == {200}

    stop_sharing(session, shared, grace)
    session.commit()

    assert {client.get(f"/medication/{shared.id}").status_code for client in clients} == {404}


def test_another_keyworker_ends_the_old_ones_reading(
    session: Session, at_grace: FlaskClient, cast: Cast, shared: Tenant
) -> None:
    audit = counted(session, at_grace, shared, "25", "13")

    shared.keyworker_id = cast.marek.id
    session.commit()

    addresses = (f"/medication/{shared.id}", f"/medication/{shared.id}/count", f"/medication/counts/{audit.id}",
                 f"/medication/counts/{audit.id}/again")  # fmt: skip
    assert {at_grace.get(address).status_code for address in addresses} == {404}
    assert "Amina" not in at_grace.get("/medication").text


@pytest.mark.parametrize("who", ["joana", "devon", "priya"])
def test_other_roles_have_no_such_room(staff_door: Flask, cast: Cast, shared: Tenant, who: str) -> None:
    other = cast.at(staff_door, getattr(cast, who))

    assert other.get("/medication").status_code == 403
    # An administrator has no such room either, and opens one record for somebody's safety at most.
    assert other.get(f"/medication/{shared.id}").status_code == (404 if who == "priya" else 403)
    assert "/medication" not in other.get("/", follow_redirects=True).text


def test_what_is_expected_is_not_told_before_the_count(
    at_grace: FlaskClient, shared: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing_rules, "expected_stock", lambda *_: Decimal("777"))

    page = at_grace.get(f"/medication/{shared.id}/count").text
    assert not re.search(r"(?<![\w-])777(?![\w-])", page), "and not as a part of an id"


def test_a_difference_is_told_and_asks_what_was_done(
    session: Session, at_grace: FlaskClient, shared: Tenant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auditing_rules, "expected_stock", lambda _session, medicine, _at: {
        "Metformin 500 mg": Decimal("22.00")}.get(medicine.name))  # fmt: skip
    address = f"/medication/{shared.id}/count"

    answer = at_grace.post(address, data=shelf(session, shared, "25", "13", found="Two boxes"))
    assert answer.status_code == 422
    assert "Counted 25, expected 22. Count once more" in answer.text
    assert "Two boxes" in answer.text
    assert 'value="13"' in answer.text
    assert kept(session, select(MedicationAudit)) == []

    audit = counted(session, at_grace, shared, "25", "13", action="Rang the pharmacy")
    page = said(at_grace.get(f"/medication/counts/{audit.id}").text)
    assert "3 more than expected" in page
    assert "We do not know how many to expect" in page


@pytest.mark.parametrize("typed", ["", "x", "-1", "1e3", "1.234", "12345", "NaN", "٢٤x", "1,2,3", "9" * 400, "\x00"])
def test_what_is_no_quantity_is_asked_for_again(
    session: Session, at_grace: FlaskClient, shared: Tenant, typed: str
) -> None:
    answer = at_grace.post(f"/medication/{shared.id}/count", data=shelf(session, shared, typed, "13"))

    assert answer.status_code == 422
    assert 'value="13"' in answer.text
    assert kept(session, select(MedicationAudit)) == []
    assert kept(session, select(Look.what)) == ["audit"]  # it was read all the same


@pytest.mark.parametrize(("typed", "meant"), [("٢٤", "24"), (" 2,5 ", "2.50"), ("0", "0"), ("9999.99", "9999.99")])
def test_a_quantity_is_read_as_it_was_meant(
    session: Session, at_grace: FlaskClient, shared: Tenant, typed: str, meant: str
) -> None:
    audit = counted(session, at_grace, shared, typed, "13")

    assert audit.latest.counts[0].counted == Decimal(meant)


def test_a_count_of_other_medicines_than_there_are_now_is_not_kept(
    session: Session, at_grace: FlaskClient, shared: Tenant
) -> None:
    data = shelf(session, shared, "25", "13")
    data.popitem()

    assert at_grace.post(f"/medication/{shared.id}/count", data=data).status_code == 422
    assert kept(session, select(AuditEntry)) == []


def test_a_double_tap_keeps_one_and_a_second_counter_is_told(
    session: Session, at_grace: FlaskClient, at_nasrin: FlaskClient, shared: Tenant
) -> None:
    data = shelf(session, shared, "25", "13")
    first, again = (at_grace.post(f"/medication/{shared.id}/count", data=data) for _ in range(2))
    late = at_nasrin.post(f"/medication/{shared.id}/count", data={**data, "found": "I counted too"})

    assert (first.status_code, again.status_code, late.status_code) == (303, 303, 409)
    assert first.location == again.location
    assert "I counted too" in late.text
    assert first.location in late.text
    assert at_nasrin.get(f"/medication/{shared.id}/count").location == first.location


def test_two_people_vouch_for_a_count(
    session: Session, at_grace: FlaskClient, at_nasrin: FlaskClient, cast: Cast, shared: Tenant
) -> None:
    audit = counted(session, at_grace, shared, "25", "13")
    address = f"/medication/counts/{audit.id}"
    assert "I saw the same" not in at_grace.get(address).text
    assert "Nasrin Begum" in at_grace.get(address).text  # who could be the second person
    assert at_grace.post(f"{address}/signature", data={"number": "1", "agreed": "1"}).status_code == 409

    assert "I saw the same" in at_nasrin.get(address).text
    assert "Amina Warsame" in said(at_nasrin.get("/medication").text).split("Still to do")[0]
    assert at_nasrin.post(f"{address}/signature", data={"number": "1", "agreed": "1"}).status_code == 303
    assert at_nasrin.post(f"{address}/signature", data={"number": "1", "agreed": "1"}).status_code == 303

    kept(session, select(MedicationAudit))
    assert (audit.latest.second_id, audit.latest.agreed) == (cast.nasrin.id, True)
    assert "Nasrin Begum saw the same" in said(at_grace.get(address).text)


def test_disagreement_needs_words_and_opens_the_count_again(
    session: Session, at_grace: FlaskClient, at_nasrin: FlaskClient, shared: Tenant
) -> None:
    audit = counted(session, at_grace, shared, "25", "13")
    address = f"/medication/counts/{audit.id}"

    assert at_nasrin.post(f"{address}/signature", data={"number": "1", "agreed": "0"}).status_code == 422
    said_so = {"number": "1", "agreed": "0", "words": "I saw 24 of them"}
    assert at_nasrin.post(f"{address}/signature", data=said_so).status_code == 303
    assert "I saw 24 of them" in at_grace.get(address).text

    data = shelf(session, shared, "24", "13", number="1", because="One had rolled away")
    assert at_grace.post(f"{address}/again", data={**data, "because": " "}).status_code == 422
    assert at_grace.post(f"{address}/again", data=data).status_code == 303
    assert at_nasrin.post(f"{address}/again", data={**data, "found": "Other"}).status_code == 409
    kept(session, select(MedicationAudit))
    assert [entry.agreed for entry in audit.entries] == [None, False]


@pytest.mark.parametrize("data", [{}, {"agreed": "2", "number": "1"}, {"agreed": "toggle"}])
def test_a_signature_that_states_nothing_is_refused(
    session: Session, at_grace: FlaskClient, at_nasrin: FlaskClient, shared: Tenant, data: dict[str, str]
) -> None:
    audit = counted(session, at_grace, shared, "25", "13")

    assert at_nasrin.post(f"/medication/counts/{audit.id}/signature", data=data).status_code == 400
    kept(session, select(MedicationAudit))
    assert audit.latest.agreed is None


@pytest.mark.parametrize("number", ["", "0", "2", "x", "9" * 5000, "-1", "²"])
def test_a_signature_for_another_entry_signs_nothing(
    session: Session, at_grace: FlaskClient, at_nasrin: FlaskClient, shared: Tenant, number: str
) -> None:
    audit = counted(session, at_grace, shared, "25", "13")

    answer = at_nasrin.post(f"/medication/counts/{audit.id}/signature", data={"number": number, "agreed": "1"})
    assert answer.status_code == 409
    kept(session, select(MedicationAudit))
    assert audit.latest.agreed is None


def test_a_second_person_sees_the_count_and_nothing_else(
    session: Session, at_grace: FlaskClient, at_marek: FlaskClient, cast: Cast, shared: Tenant
) -> None:
    share(session, shared, cast.marek)
    audit = counted(session, at_grace, shared, "25", "13")

    assert "Amina Warsame" in at_marek.get("/medication").text
    page = at_marek.get(f"/medication/counts/{audit.id}")
    assert page.status_code == 200
    assert "/again" not in page.text
    closed = (f"/medication/{shared.id}", f"/medication/{shared.id}/count", f"/medication/{shared.id}/level",
              f"/medication/counts/{audit.id}/again")  # fmt: skip
    assert {at_marek.get(address).status_code for address in closed} == {404}
    agreed = {"number": "1", "agreed": "1"}
    assert at_marek.post(f"/medication/counts/{audit.id}/signature", data=agreed).status_code == 303
    looks = kept(session, select(Look.what).where(Look.worker_id == cast.marek.id))
    assert set(looks) == {"audit"}


def test_a_level_is_agreed_at_the_desk(session: Session, at_grace: FlaskClient, shared: Tenant) -> None:
    address = f"/medication/{shared.id}/level"
    data = {"level": "2", "worker_words": "She keeps a list.", "review_on": "2027-02-26", "agreed": "y"}

    for missing in data:
        rest = {name: value for name, value in data.items() if name != missing}
        answer = at_grace.post(address, data=rest)
        assert answer.status_code == 422
        assert missing == "worker_words" or "She keeps a list." in answer.text
    for wrong in ({"level": "9"}, {"review_on": "2026-11-26"}, {"review_on": "2031-01-01"}, {"review_on": "x"}):
        assert at_grace.post(address, data={**data, **wrong}).status_code == 422
    assert kept(session, select(SelfAdministration)) == []
    assert at_grace.post(address, data=data).status_code == 303
    assert "Level 2" in at_grace.get(f"/medication/{shared.id}").text
    assert "Level 2" in at_grace.get("/medication").text


def test_a_medicine_that_is_stopped_is_not_on_the_form(
    session: Session, at_grace: FlaskClient, shared: Tenant
) -> None:
    for medicine in kept(session, Medicine.of(shared)):
        stop_medicine(session, medicine, LONDON)
    session.commit()

    assert "there is nothing to count" in at_grace.get(f"/medication/{shared.id}/count").text
    assert at_grace.post(f"/medication/{shared.id}/count", data={}).status_code == 409
