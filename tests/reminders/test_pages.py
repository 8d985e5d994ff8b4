"""The list of reminders, and the page where a tenant says how they want to be reminded."""

from __future__ import annotations

import base64
import re
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.reminders.models import LostChannel, Notice, Subscription
from tenant_app.reminders.notices import TEST
from tenant_app.reminders.rules import announce
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.pwa.test_door import on_a_shared_phone
from tests.questions import counted

ENDPOINT = "https://fcm.googleapis.com/fcm/send/amina"


def browser(endpoint: str = ENDPOINT) -> dict[str, Any]:
    """What `PushSubscription.toJSON()` gives."""
    point = ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )  # fmt: skip
    text = lambda given: base64.urlsafe_b64encode(given).rstrip(b"=").decode()  # noqa: E731
    return {"endpoint": endpoint, "expirationTime": None, "keys": {"p256dh": text(point), "auth": text(b"s" * 16)}}


def say(session: Session, cast: Cast, many: int, kind: str = TEST) -> None:
    for number in range(many):
        with clock.stopped_at(THURSDAY - timedelta(hours=number)):
            announce(session, cast.now(session, cast.amina), kind, source=f"said:{number}", lasts=timedelta(hours=1))
    session.commit()


def rows(session: Session, what: Any) -> list[Any]:
    """All rows, as they are now; the transaction ends, or SQLite would let nobody else write."""
    found = list(session.scalars(select(what)))
    session.rollback()
    return found


def test_everything_said_is_listed_by_day_newest_first(session: Session, tenant_door: Flask, cast: Cast) -> None:
    say(session, cast, 12)
    page = cast.at(tenant_door, cast.amina).get("/reminders").text
    assert page.count("This is your test") == 12
    assert re.findall(r'<h2 id="day-[^>]*>([^<]*)', page) == ["Today", "Yesterday"]
    assert page.index("9:00") < page.index("8:00")


def test_one_reminder_at_most_is_lit(session: Session, tenant_door: Flask, cast: Cast) -> None:
    say(session, cast, 5)
    page = cast.at(tenant_door, cast.amina).get("/reminders").text
    assert page.count("pane on") == 1
    assert page.count('class="tag now"') == 1


def test_reading_one_goes_where_it_leads_and_unlights_it(session: Session, tenant_door: Flask, cast: Cast) -> None:
    say(session, cast, 1)
    notice = rows(session, Notice.id)[0]
    amina = cast.at(tenant_door, cast.amina)
    for _ in range(2):
        answer = amina.post(f"/reminders/{notice}", data={"seen": "1"})
        assert (answer.status_code, answer.location) == (303, "/settings/reminders")
    assert rows(session, Notice.seen_at) == [THURSDAY]
    assert "pane on" not in amina.get("/reminders").text


def test_somebody_elses_reminder_does_not_exist(session: Session, tenant_door: Flask, cast: Cast) -> None:
    say(session, cast, 1)
    notice = rows(session, Notice.id)[0]
    assert cast.at(tenant_door, cast.tomasz).post(f"/reminders/{notice}", data={"seen": "1"}).status_code == 404
    assert rows(session, Notice.seen_at) == [None]


def test_a_long_list_is_shown_fifty_at_a_time(session: Session, tenant_door: Flask, cast: Cast) -> None:
    say(session, cast, 70)
    amina = cast.at(tenant_door, cast.amina)
    assert amina.get("/reminders").text.count("This is your test") == 50
    assert amina.get("/reminders?page=2").text.count("This is your test") == 20


def test_a_page_that_is_none_is_not_found(tenant_door: Flask, cast: Cast) -> None:
    amina = cast.at(tenant_door, cast.amina)
    for page in ("0", "-1", "x", "", "9" * 400, "²", "٢٢٢٢٢٢"):
        assert amina.get("/reminders", query_string={"page": page}).status_code == 404, page


def test_the_list_is_complete_even_where_a_room_has_no_words(session: Session, tenant_door: Flask, cast: Cast) -> None:
    say(session, cast, 1, kind="nobody.knows")
    assert "A reminder" in cast.at(tenant_door, cast.amina).get("/reminders").text


def test_a_longer_list_asks_the_database_no_more(session: Session, tenant_door: Flask, cast: Cast) -> None:
    amina = cast.at(tenant_door, cast.amina)
    counts = []
    for many in (2, 40):
        say(session, cast, many)
        with counted(tenant_door) as statements:
            amina.get("/reminders")
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_a_browser_that_agrees_is_woken_for_this_tenant(session: Session, tenant_door: Flask, cast: Cast) -> None:
    amina = cast.at(tenant_door, cast.amina)
    chrome = {"User-Agent": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"}
    for _ in range(2):
        assert amina.post("/push/subscription", json=browser(), headers=chrome).json == {"done": True}
    kept = session.scalars(select(Subscription)).one()
    assert (kept.person_id, kept.endpoint, kept.device) == (cast.amina.id, ENDPOINT, "Chrome, Android")
    assert "Chrome, Android" in amina.get("/settings/reminders").text


def test_whoever_signs_in_on_a_browser_takes_it_over(session: Session, tenant_door: Flask, cast: Cast) -> None:
    cast.at(tenant_door, cast.amina).post("/push/subscription", json=browser())
    cast.at(tenant_door, cast.tomasz).post("/push/subscription", json=browser())
    assert rows(session, Subscription.person_id) == [cast.tomasz.id]


KEYS = browser()["keys"]


HOSTILE: list[Any] = [
    None, [], 5, "x", {}, {"endpoint": ENDPOINT}, {"endpoint": ENDPOINT, "keys": []}, {"endpoint": 5, "keys": KEYS},
    {"endpoint": "http://fcm.googleapis.com/x", "keys": KEYS},
    {"endpoint": "https://169.254.169.254/x", "keys": KEYS},
    {"endpoint": "https://fcm.googleapis.com/\ud800", "keys": KEYS},
    {"endpoint": "https://fcm.googleapis.com/\x00", "keys": KEYS},
    {"endpoint": ENDPOINT, "keys": {"p256dh": "AAAA", "auth": "AAAA"}},
    {"endpoint": ENDPOINT, "keys": {"p256dh": "\ud800", "auth": "\x00"}},
    {"endpoint": ENDPOINT, "keys": {**KEYS, "auth": 7}},
]  # fmt: skip


def test_a_subscription_that_cannot_work_is_refused_in_words(session: Session, tenant_door: Flask, cast: Cast) -> None:
    amina = cast.at(tenant_door, cast.amina)
    for given in HOSTILE:
        answer = amina.post("/push/subscription", json=given)
        assert answer.status_code == 422, given
        assert answer.json["problem"].endswith(".")  # type: ignore[index]
    assert rows(session, Subscription.id) == []


def test_a_body_that_is_no_subscription_does_no_harm(tenant_door: Flask, cast: Cast) -> None:
    amina = cast.at(tenant_door, cast.amina)
    for body, status in ((b"[" * 15_000, 422), (b"{", 422), (b"\xff", 422), (b" " * 20_000, 413)):
        for address in ("/push/subscription", "/push/subscription/remove"):
            assert amina.post(address, data=body, content_type="application/json").status_code == status, body[:5]


def test_a_phone_that_others_use_is_never_woken(session: Session, tenant_door: Flask, cast: Cast) -> None:
    amina = on_a_shared_phone(cast, tenant_door)
    assert amina.post("/push/subscription", json=browser()).status_code == 422
    assert "data-turn-on" not in amina.get("/settings/reminders").text


def test_a_browser_can_be_forgotten_there_and_from_the_list(session: Session, tenant_door: Flask, cast: Cast) -> None:
    amina, tomasz = cast.at(tenant_door, cast.amina), cast.at(tenant_door, cast.tomasz)
    amina.post("/push/subscription", json=browser())
    assert tomasz.post("/push/subscription/remove", json={"endpoint": ENDPOINT}).json == {"done": False}
    assert amina.post("/push/subscription/remove", json={"endpoint": ENDPOINT}).json == {"done": True}
    assert amina.post("/push/subscription/remove", json={"endpoint": "\x00"}).json == {"done": False}
    amina.post("/push/subscription", json=browser())
    kept = rows(session, Subscription.id)[0]
    assert tomasz.post(f"/settings/reminders/phones/{kept}").status_code == 404
    assert amina.post(f"/settings/reminders/phones/{kept}").status_code == 303
    assert rows(session, Subscription.id) == []


def test_signing_out_stops_the_reminders_of_that_browser(session: Session, tenant_door: Flask, cast: Cast) -> None:
    amina = cast.at(tenant_door, cast.amina)
    amina.post("/push/subscription", json=browser())
    amina.post("/push/subscription", json=browser(f"{ENDPOINT}/tablet"))
    amina.post("/sign-out", data={"endpoint": ENDPOINT})
    assert rows(session, Subscription.endpoint) == [f"{ENDPOINT}/tablet"]


def test_our_public_key_is_given_to_tenants_alone(tenant_door: Flask, cast: Cast) -> None:
    key = cast.at(tenant_door, cast.amina).get("/push/key").json["key"]  # type: ignore[index]
    assert re.fullmatch(r"B[\w-]{86}", key)
    assert tenant_door.test_client().get("/push/key", headers={"Sec-Fetch-Mode": "cors"}).status_code == 401


def test_the_lock_screen_says_more_only_where_it_was_chosen(session: Session, tenant_door: Flask, cast: Cast) -> None:
    amina = cast.at(tenant_door, cast.amina)
    named = select(Tenant.named_on_lock_screen).where(Tenant.id == cast.amina.id)
    assert session.scalar(named) is False
    for choice in ("1", "0"):
        session.rollback()
        assert amina.post("/settings/reminders/lock-screen", data={"named": choice}).status_code == 303
        assert session.scalar(named) is (choice == "1")
        assert f'value="{choice}" checked' in amina.get("/settings/reminders").text
    session.rollback()
    assert amina.post("/settings/reminders/lock-screen", data={}).status_code == 400


def test_a_phone_that_was_lost_is_told_until_the_tenant_knows(session: Session, tenant_door: Flask, cast: Cast) -> None:
    session.add(LostChannel(person_id=cast.amina.id, device="Safari, iPhone"))
    session.commit()
    amina = cast.at(tenant_door, cast.amina)
    for page in ("/reminders", "/settings/reminders"):
        assert "Safari, iPhone" in amina.get(page).text
        assert "Safari, iPhone" not in cast.at(tenant_door, cast.tomasz).get(page).text
    for _ in range(2):
        assert amina.post("/settings/reminders/lost").status_code == 303
    assert "Safari, iPhone" not in amina.get("/settings/reminders").text


@pytest.mark.parametrize("how", ["from the list", "by signing out"])
def test_a_phone_that_was_lost_once_and_turned_off_by_its_owner_does_not_turn_itself_on(
    session: Session, tenant_door: Flask, cast: Cast, how: str
) -> None:
    phone = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/140.0"}
    session.add(LostChannel(person_id=cast.amina.id, device="Chrome, Android"))
    session.commit()
    amina = cast.at(tenant_door, cast.amina)
    assert amina.post("/push/subscription", json=browser(), headers=phone).status_code == 200
    if how == "from the list":
        [known] = rows(session, Subscription.id)
        assert amina.post(f"/settings/reminders/phones/{known}").status_code == 303
    else:
        amina.post("/sign-out", data={"endpoint": ENDPOINT})
        amina = cast.at(tenant_door, cast.amina)
    assert rows(session, Subscription.id) == []

    asked = amina.post("/push/subscription/check", json={"endpoint": ENDPOINT, "signedWith": ""}, headers=phone)

    assert asked.get_json() == {"standing": "over"}


def test_a_test_is_sent_once_a_minute_however_often_it_is_asked_for(
    session: Session, tenant_door: Flask, cast: Cast
) -> None:
    amina = cast.at(tenant_door, cast.amina)
    for _ in range(3):
        amina.post("/settings/reminders/test")
    assert rows(session, Notice.kind) == [TEST]
    assert "No phone is turned on yet" in amina.get("/settings/reminders").text
    with clock.stopped_at(THURSDAY + timedelta(minutes=1)):
        amina.post("/settings/reminders/test")
    assert len(rows(session, Notice.kind)) == 2
