"""A number that texts go to: agreed to, proven, taken away, and what is said of it when it fails."""

from __future__ import annotations

import dataclasses
import re
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.database import Database
from tenant_app.door import create_app
from tenant_app.reminders.addresses import MOST_CODES, MOST_GUESSES, Address, Carrier
from tenant_app.reminders.models import LostChannel
from tenant_app.settings import Settings
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.reminders.letterbox import Provider
from tests.reminders.receiver import Receiver

PAGE = "/settings/reminders"


@pytest.fixture
def provider(push_service: Receiver) -> Iterator[Provider]:
    with Provider(push_service.certificate) as running:
        yield running


@pytest.fixture
def texting_door(settings: Settings, provider: Provider, push_service: Receiver) -> Iterator[Flask]:
    """The tenants' door of an association that sends texts."""
    door = create_app(
        dataclasses.replace(
            settings, sms_webhook=f"https://127.0.0.1:{provider.port}/", sms_webhook_key="k" * 40,
            sms_webhook_ca=str(push_service.authority),
        )
    )  # fmt: skip
    yield door
    door.extensions["homeward"].database.close()


@pytest.fixture
def texter(texting_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(texting_door, cast.amina)


GIVEN = {"value": "07700 900123", "agreed": "y"}


def numbers(provider: Provider) -> str:
    found = re.search(r"\b[0-9]{6}\b", provider.got[-1].json["text"])
    assert found is not None
    return found[0]


def kept(session: Session) -> list[Address]:
    session.rollback()
    found = list(session.scalars(select(Address).execution_options(populate_existing=True)))
    session.expunge_all()  # or looking at one later would begin a transaction that keeps everybody else waiting
    session.rollback()
    return found


def test_a_number_is_agreed_to_proven_and_taken_away_again(session: Session, texter: FlaskClient, provider: Provider) -> None:
    assert "Add a mobile number" in texter.get(PAGE).text
    assert texter.get(f"{PAGE}/sms").status_code == 200
    answer = texter.post(f"{PAGE}/sms", data=GIVEN)
    assert (answer.status_code, answer.location) == (303, f"{PAGE}/sms/numbers")
    assert provider.got[-1].json["to"] == "+447700900123"
    assert "Not in use yet" in texter.get(PAGE).text
    assert [address.usable for address in kept(session)] == [False]
    assert texter.get(f"{PAGE}/sms/numbers").status_code == 200
    assert texter.post(f"{PAGE}/sms/numbers", data={"numbers": numbers(provider)}).status_code == 303
    assert [address.usable for address in kept(session)] == [True]
    assert "Ready. Nothing was sent yet." in texter.get(PAGE).text
    assert texter.get(f"{PAGE}/sms/numbers").status_code == 303
    for _ in range(2):
        assert texter.post(f"{PAGE}/sms/remove").status_code == 303
    assert kept(session) == []


@pytest.mark.parametrize(
    ("given", "words"),
    [({"value": "07700 900123"}, "Tick the box if you agree"), ({"value": "999", "agreed": "y"}, "Write a mobile number"),
     ({}, "Write a mobile number"), ({"value": "\x00\ud800".encode(errors="replace").decode(), "agreed": "y"}, "Write a mobile")],
)  # fmt: skip
def test_without_a_number_and_an_agreement_nothing_is_sent_or_kept(
    session: Session, texter: FlaskClient, provider: Provider, given: dict[str, str], words: str
) -> None:
    answer = texter.post(f"{PAGE}/sms", data=given)
    assert answer.status_code == 422
    assert words in answer.text
    assert provider.got == []
    assert kept(session) == []


def test_wrong_numbers_are_counted_though_they_are_refused(session: Session, texter: FlaskClient, provider: Provider) -> None:
    texter.post(f"{PAGE}/sms", data=GIVEN)
    right = numbers(provider)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    for _ in range(MOST_GUESSES):
        answer = texter.post(f"{PAGE}/sms/numbers", data={"numbers": wrong})
        assert answer.status_code == 422
        assert "not the numbers we sent" in answer.text
    answer = texter.post(f"{PAGE}/sms/numbers", data={"numbers": right})
    assert answer.status_code == 422
    assert "one try too many" in answer.text
    assert not kept(session)[0].usable
    assert texter.post(f"{PAGE}/sms/again").status_code == 303
    assert texter.post(f"{PAGE}/sms/numbers", data={"numbers": numbers(provider)}).status_code == 303
    assert kept(session)[0].usable


def test_numbers_are_sent_three_times_an_hour(texter: FlaskClient, provider: Provider) -> None:
    texter.post(f"{PAGE}/sms", data=GIVEN)
    for _ in range(MOST_CODES + 2):
        answer = texter.post(f"{PAGE}/sms/again")
    assert answer.status_code == 429
    assert "You can ask for more at" in answer.text
    assert len(provider.got) == MOST_CODES
    answer = texter.post(f"{PAGE}/sms", data=GIVEN)
    assert answer.status_code == 429


def test_a_number_that_the_provider_refuses_is_not_kept_and_the_one_before_stays(
    session: Session, texter: FlaskClient, provider: Provider
) -> None:
    provider.status = 422
    answer = texter.post(f"{PAGE}/sms", data=GIVEN)
    assert answer.status_code == 422
    assert "Nothing can be sent there" in answer.text
    assert kept(session) == []
    provider.status = 200
    texter.post(f"{PAGE}/sms", data=GIVEN)
    texter.post(f"{PAGE}/sms/numbers", data={"numbers": numbers(provider)})
    provider.status = 422
    texter.post(f"{PAGE}/sms", data={**GIVEN, "value": "07700 900999"})
    assert [(address.value, address.usable) for address in kept(session)] == [("+447700900123", True)]


def test_a_provider_that_is_down_is_said_plainly(session: Session, texter: FlaskClient, provider: Provider) -> None:
    provider.status = 503
    assert texter.post(f"{PAGE}/sms", data=GIVEN).status_code == 303
    assert "We could not send the numbers just now" in texter.get(f"{PAGE}/sms/numbers").text
    assert len(kept(session)) == 1


def test_nobody_waits_in_the_database_while_a_code_is_sent(
    database: Database, texter: FlaskClient, provider: Provider, cast: Cast
) -> None:
    provider.hangs = True
    asking = threading.Thread(target=lambda: texter.post(f"{PAGE}/sms", data=GIVEN))
    asking.start()
    while not provider.got:
        assert asking.is_alive()
    with database.step() as session:
        session.get_one(Tenant, cast.tomasz.id).known_as = "Tomek"  # on SQLite this would wait for the other to end
    assert asking.is_alive()
    provider.let_go()
    asking.join(20)


def test_anothers_address_is_none_of_mine(session: Session, texting_door: Flask, texter: FlaskClient, cast: Cast) -> None:
    texter.post(f"{PAGE}/sms", data=GIVEN)
    tomasz = cast.at(texting_door, cast.tomasz)
    assert tomasz.get(f"{PAGE}/sms/numbers").status_code == 404
    assert tomasz.post(f"{PAGE}/sms/again").status_code == 404
    assert tomasz.post(f"{PAGE}/sms/remove").status_code == 303
    assert "900123" not in tomasz.get(PAGE).text
    assert len(kept(session)) == 1


def test_an_address_that_fails_or_came_back_says_so(session: Session, texter: FlaskClient, cast: Cast) -> None:
    address = Address(person_id=cast.amina.id, carrier=Carrier.SMS, value="+447700900123", agreed_at=THURSDAY, confirmed_at=THURSDAY)
    session.add(address)
    session.commit()
    for change, words in (
        ({"worked_at": THURSDAY}, "We last wrote there on"),
        ({"failing_since": THURSDAY}, "We have not reached it since"),
        ({"refused_at": THURSDAY}, "comes back since"),
    ):
        for name, value in change.items():
            setattr(address, name, value)
        session.commit()
        assert words in texter.get(PAGE).text


def test_the_keyworker_sees_who_is_reached_no_more_and_nothing_of_what(
    session: Session, staff_door: Flask, cast: Cast
) -> None:
    session.add(LostChannel(person_id=cast.amina.id, device="Safari, iPhone", lost_at=THURSDAY - timedelta(days=2)))
    session.commit()
    worker: Worker = cast.grace
    grace = cast.at(staff_door, worker)
    for address in ("/caseload", f"/caseload/{cast.amina.id}"):
        page = grace.get(address).text
        assert "Reminders have not reached <bdi>Amina</bdi>’s phone since Tue" in page
        assert "Safari" not in page
    assert "Reminders have not" not in grace.get(f"/caseload/{cast.tomasz.id}").text
    assert "Reminders have not" not in cast.at(staff_door, cast.marek).get("/caseload").text
