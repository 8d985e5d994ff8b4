"""The page where a tenant says how they want to be reminded: each section a form, each works without script."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.reminders.models import Delivery, Notice, State, Subscription
from tenant_app.reminders.notices import TEST
from tenant_app.reminders.preferences import EVERYTHING, Group, Lead, Preference, preference_of
from tenant_app.reminders.subscriptions import subscribe
from tenant_app.settings import Settings
from tests.cast import Cast
from tests.conftest import THURSDAY
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
