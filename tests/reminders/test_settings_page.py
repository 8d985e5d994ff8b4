"""The page where a tenant says how they want to be reminded: each section a form, each works without script."""

from __future__ import annotations

import dataclasses
import re
import threading
from collections.abc import Iterator
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.database import Database
from tenant_app.door import create_app
from tenant_app.reminders.addresses import MOST_CODES, MOST_GUESSES, Address, Carrier
from tenant_app.reminders.models import Delivery, LostChannel, Notice, State, Subscription
from tenant_app.reminders.notices import TEST
from tenant_app.reminders.preferences import EVERYTHING, Group, Lead, Preference, preference_of
from tenant_app.reminders.subscriptions import subscribe
from tenant_app.settings import Settings
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.reminders.letterbox import Provider
from tests.reminders.receiver import Receiver
from tests.reminders.test_pages import browser

PAGE = "/settings/reminders"
KINDS = sorted(group.value for group in EVERYTHING)


@pytest.fixture
def client(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


def choice(session: Session, cast: Cast) -> Preference:
    session.rollback()
    found = preference_of(session, cast.now(session, cast.amina))  # type: ignore[arg-type]
    session.rollback()
    return found


def phone(session: Session, person: Tenant, name: str = "one", **more: Any) -> Subscription:
    made = Subscription(
        person_id=person.id, endpoint=f"https://fcm.googleapis.com/{name}", p256dh="", auth="", device="Chrome, Android", **more
    )
    session.add(made)
    session.commit()
    return made


def test_a_kind_that_is_turned_off_stays_off_and_can_come_back(session: Session, client: FlaskClient, cast: Cast) -> None:
    kept = [kind for kind in KINDS if kind != "rent"]
    for _ in range(2):
        answer = client.post(f"{PAGE}/kinds", data={"kind": kept})
        assert (answer.status_code, answer.location) == (303, f"{PAGE}#kinds")
    assert choice(session, cast).muted == {Group.RENT}
    page = client.get(PAGE).text
    assert re.search(r'value="goals" id="kind-goals" checked', page)
    assert re.search(r'value="rent" id="kind-rent">', page)
    client.post(f"{PAGE}/kinds", data={"kind": [*KINDS, "other", "nonsense"]})
    assert choice(session, cast).muted == frozenset()


def test_medicines_are_asked_about_before_they_fall_silent(session: Session, client: FlaskClient, cast: Cast) -> None:
    answer = client.post(f"{PAGE}/kinds", data={"kind": ["groups"]})
    assert answer.location == f"{PAGE}/medicines"
    assert choice(session, cast).muted == EVERYTHING - {Group.GROUPS, Group.MEDICINES}
    assert "Shall your phones say nothing of medicines" in client.get(f"{PAGE}/medicines").text
    assert client.post(f"{PAGE}/medicines", data={"muted": "1"}).status_code == 303
    assert Group.MEDICINES in choice(session, cast).muted
    assert client.post(f"{PAGE}/kinds", data={"kind": ["groups"]}).location == f"{PAGE}#kinds", "asked once"
    client.post(f"{PAGE}/medicines", data={"muted": "0"})
    assert Group.MEDICINES not in choice(session, cast).muted
    assert client.post(f"{PAGE}/medicines", data={}).status_code == 400


def test_how_early_a_group_is_told_of_is_chosen(session: Session, client: FlaskClient, cast: Cast) -> None:
    assert client.post(f"{PAGE}/groups", data={"lead": "hour"}).status_code == 303
    assert choice(session, cast).leads == {Group.GROUPS: Lead.HOUR}
    assert 'value="hour" id="lead-hour" checked' in client.get(PAGE).text
    assert client.post(f"{PAGE}/groups", data={"lead": "week"}).status_code == 400


def test_quiet_hours_are_set_changed_and_ended(session: Session, client: FlaskClient, cast: Cast) -> None:
    assert "There are none now" in client.get(PAGE).text
    assert client.post(f"{PAGE}/quiet", data={"quiet_from": "21:30", "quiet_to": "06:45"}).location == f"{PAGE}#quiet"
    found = choice(session, cast)
    assert (found.quiet_from, found.quiet_to) == (time(21, 30), time(6, 45))
    page = client.get(PAGE).text
    assert 'value="21:30"' in page and "Every night from" in page  # noqa: PT018
    with clock.stopped_at(THURSDAY.replace(hour=23)):
        assert "Quiet until" in client.get(PAGE).text
    for _ in range(2):
        assert client.post(f"{PAGE}/quiet/end").status_code == 303
    assert choice(session, cast) == Preference()


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [("", "", "Write the time like 22:00"), ("25:00", "07:00", "Write the time like 22:00"), ("x\x00", "07:00", "Write the time"),
     ("22:00", "22:00", "Choose another time than the first")],
)  # fmt: skip
def test_quiet_hours_that_cannot_be_are_asked_for_again(
    session: Session, client: FlaskClient, cast: Cast, begins: str, ends: str, words: str
) -> None:
    answer = client.post(f"{PAGE}/quiet", data={"quiet_from": begins, "quiet_to": ends})
    assert answer.status_code == 422
    assert words in answer.text
    assert 'id="errors"' in answer.text
    assert "Not a valid" not in answer.text
    assert choice(session, cast) == Preference()


def test_a_phone_is_called_what_its_owner_calls_it_until_someone_else_has_it(
    session: Session, tenant_door: Flask, client: FlaskClient, cast: Cast, settings: Settings
) -> None:
    client.post("/push/subscription", json=browser())
    kept = session.scalars(select(Subscription)).one()
    address = f"{PAGE}/phones/{kept.id}/name"
    session.rollback()
    assert cast.at(tenant_door, cast.tomasz).post(address, data={"name": "Mine"}).status_code == 404
    assert client.post(address, data={"name": "  My <b>old</b>\n phone\x00 " + "x" * 60}).status_code == 303
    assert "My &lt;b&gt;old&lt;/b&gt; phone" in client.get(PAGE).text
    client.post("/push/subscription", json=browser())
    session.refresh(kept)
    assert kept.own_name.startswith("My <b>old</b> phone x")
    assert len(kept.own_name) == 40
    tomasz = cast.now(session, cast.tomasz)
    keys = browser()["keys"]
    assert subscribe(session, tomasz, kept.endpoint, keys["p256dh"], keys["auth"], "Chrome, Android", settings).own_name == ""


def test_each_phone_says_when_it_was_last_reached(session: Session, client: FlaskClient, cast: Cast) -> None:
    phone(session, cast.amina, "one", worked_at=THURSDAY - timedelta(hours=1))
    phone(session, cast.amina, "two", failing_since=THURSDAY - timedelta(days=2))
    page = client.get(PAGE).text
    assert "Last reached on Thursday 26 November" in page
    assert "We have not reached it since Tuesday 24 November" in page


@pytest.mark.parametrize(
    ("outcome", "state", "words"),
    [("accepted", State.SENT, "took it at"), ("later", State.WAITING, "did not answer at"),
     ("operator", State.WAITING, "That is our fault"), ("refused", State.UNDELIVERED, "did not take it"),
     ("later", State.MISSED, "did not take it"), (None, State.WAITING, "It is on its way"),
     (None, State.UNDELIVERED, "No phone took it")],
)  # fmt: skip
def test_the_page_tells_what_became_of_a_test(
    session: Session, client: FlaskClient, cast: Cast, outcome: str | None, state: State, words: str
) -> None:
    one = phone(session, cast.amina)
    client.post(f"{PAGE}/test")
    notice = session.scalars(select(Notice).where(Notice.kind == TEST)).one()
    notice.state = state
    if outcome:
        session.add(Delivery(notice_id=notice.id, subscription_id=one.id, outcome=outcome, answer=None))
    session.commit()
    page = client.get(PAGE).text
    assert words in page
    assert ("Look again" in page) == (state is State.WAITING)
    with clock.stopped_at(THURSDAY + timedelta(hours=2)):
        assert words not in client.get(PAGE).text


def test_the_page_asks_as_much_for_ten_phones_as_for_one(session: Session, tenant_door: Flask, client: FlaskClient, cast: Cast) -> None:
    from tests.questions import counted

    counts = []
    for numbers in (range(1), range(1, 10)):
        for number in numbers:
            phone(session, cast.amina, str(number))
        with counted(tenant_door) as statements:
            client.get(PAGE)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_no_address_is_asked_for_where_nothing_could_be_sent(client: FlaskClient) -> None:
    assert "If no phone can be reached" not in client.get(PAGE).text
    for way in ("email", "sms", "pigeon"):
        assert client.get(f"{PAGE}/{way}").status_code == 404


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
