"""Take one now: calm, true, and never advice."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.medication.models import AsNeededDose, Medicine
from tenant_app.medication.rules import add_as_needed
from tests.cast import Cast
from tests.medication.conftest import LONDON

START = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


@pytest.fixture
def amina(tenant_door: Flask, cast: Cast) -> FlaskClient:
    """With paracetamol: four hours between two, at most two in 24 hours."""
    with cast.database.step() as session:
        add_as_needed(session, session.get_one(Tenant, cast.amina.id), "Paracetamol 500 mg", "2 tablets", LONDON,
                      gap_minutes=240, most_in_24h=2)  # fmt: skip
    return cast.at(tenant_door, cast.amina)


@pytest.fixture
def address(amina: FlaskClient, cast: Cast) -> str:
    with cast.database.session() as session:
        return f"/medicines/{session.scalars(select(Medicine.id)).one()}/take"


def key_on(page: str) -> str:
    found = re.search(r'name="key" value="([0-9a-f-]+)"', page)
    assert found
    return found[1]


def doses(cast: Cast) -> list[datetime]:
    with cast.database.session() as session:
        return list(session.scalars(select(AsNeededDose.taken_at).order_by(AsNeededDose.taken_at)))


def test_a_tap_records_one_and_says_from_when_the_next(amina: FlaskClient, cast: Cast, address: str) -> None:
    page = amina.get(address).text
    assert "None is recorded" in page
    assert "2 left in 24 hours, by what you wrote down." in page

    page = amina.get(amina.post(address, data={"key": key_on(page)}).location).text
    assert "Recorded:" in page
    assert re.search(r"You can record the next from <bdi>1:00\Wpm</bdi>, by what you wrote down.", page)
    assert doses(cast) == [START]


def test_the_same_form_twice_is_one_dose(amina: FlaskClient, cast: Cast, address: str) -> None:
    key = key_on(amina.get(address).text)
    for _ in range(3):
        assert amina.post(address, data={"key": key}).status_code == 303

    assert len(doses(cast)) == 1
    assert amina.post(address, data={"key": "again"}).status_code == 400
    assert amina.post(address).status_code == 400


def test_before_the_last_one_it_says_so(amina: FlaskClient, address: str) -> None:
    amina.post(address, data={"key": key_on(amina.get(address).text)})
    with clock.stopped_at(START + timedelta(hours=5)):
        page = amina.get(address).text

    assert "This is the last one in 24 hours, by what you wrote down." in page
    assert re.search(r"The next is from Tomorrow, <bdi>9:00\Wam</bdi>", page)


def test_beyond_it_asks_calmly_and_keeps_what_is_true(amina: FlaskClient, cast: Cast, address: str) -> None:
    amina.post(address, data={"key": key_on(amina.get(address).text)})
    with clock.stopped_at(START + timedelta(hours=1)):
        asked = amina.post(address, data={"key": key_on(amina.get(address).text)})

        assert asked.status_code == 422
        assert len(doses(cast)) == 1
        for words in ("At least 4 hours between two", "Your pharmacist", "NHS 111", 'href="tel:111"', 'href="/help"',
                      "No, I have not taken it", "Yes, I took it"):  # fmt: skip
            assert words in asked.text, words
        for advice in ("danger", "overdose", "should", "must", "do not take"):
            assert advice not in asked.text.lower(), advice
        kept = amina.post(address, data={"key": key_on(asked.text), "sure": "1"})
        assert kept.status_code == 303
    assert doses(cast) == [START, START + timedelta(hours=1)]


def test_one_taken_earlier_is_recorded_with_its_time(amina: FlaskClient, cast: Cast, address: str) -> None:
    def earlier(**values: str) -> int:
        form = {"key": key_on(amina.get(address).text), "when": "earlier", "day": "2026-11-26", "at": "07:30"}
        return amina.post(address, data=form | values).status_code

    assert earlier(at="23:00") == 422
    assert earlier(at="") == 422
    assert earlier(day="2026-11-01") == 422
    assert earlier(day="") == 422
    assert earlier() == 303
    assert doses(cast) == [START - timedelta(hours=1.5)]
    assert earlier(at="08:30") == 422
    assert earlier(at="08:30", sure="1") == 303


def test_the_time_can_be_put_right_and_the_dose_taken_back(amina: FlaskClient, cast: Cast, address: str) -> None:
    amina.post(address, data={"key": key_on(amina.get(address).text)})
    dose = re.search(r"/medicines/doses/[0-9a-f-]+", amina.get(address).text)
    assert dose

    assert 'value="09:00"' in amina.get(dose[0]).text
    assert amina.post(dose[0], data={"day": "2026-11-26", "at": "09:30"}).status_code == 422
    assert amina.post(dose[0], data={"day": "2026-11-26", "at": "08:30"}).status_code == 303
    assert doses(cast) == [START - timedelta(minutes=30)]
    assert amina.post(f"{dose[0]}/undo").status_code == 303
    assert doses(cast) == []
    assert amina.post(f"{dose[0]}/undo").status_code == 404


def test_nobody_else_sees_or_records_it(amina: FlaskClient, tenant_door: Flask, cast: Cast, address: str) -> None:
    amina.post(address, data={"key": key_on(amina.get(address).text)})
    dose = re.search(r"/medicines/doses/[0-9a-f-]+", amina.get(address).text)
    assert dose
    tomasz = cast.at(tenant_door, cast.tomasz)

    for path in (address, dose[0]):
        assert tomasz.get(path).status_code == 404
        assert tomasz.post(path, data={"key": "0" * 32, "day": "2026-11-26", "at": "08:00"}).status_code == 404
    assert tomasz.post(f"{dose[0]}/undo").status_code == 404
    assert doses(cast) == [START]


def test_today_never_names_it(amina: FlaskClient, address: str) -> None:
    amina.post(address, data={"key": key_on(amina.get(address).text)})

    assert "Paracetamol" in amina.get("/medicines").text
    assert "Paracetamol" not in amina.get("/").text


def test_one_that_is_no_longer_taken_cannot_be_recorded(amina: FlaskClient, address: str) -> None:
    assert amina.post(address.replace("/take", "/stop")).status_code == 303

    assert amina.get(address).status_code == 404
