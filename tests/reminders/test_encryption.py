"""A push arrives as it was meant, and gives nothing away on the road."""

from __future__ import annotations

import asyncio
import random
import re
import socket
from datetime import timedelta
from pathlib import Path

from tenant_app import clock
from tenant_app.keys import open_keys
from tenant_app.reminders.answers import Kind
from tenant_app.reminders.push import Postman
from tenant_app.reminders.wire import Address
from tenant_app.reminders.wording import Action
from tenant_app.settings import Settings
from tests.reminders.conftest import Office, message, send
from tests.reminders.receiver import Receiver


def test_a_phone_decrypts_what_was_sent(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    words = message(title="هوموورد", body="Coś jest zaplanowane na 9:00 \N{FIRST STRONG ISOLATE}ü", language="pl")
    assert send(office.house.settings, office.house.keys, phone, words).kind is Kind.ACCEPTED
    shown = phone.pushes[0].shown
    assert shown["title"] == words.title
    assert shown["body"] == words.body
    assert (shown["address"], shown["lang"], shown["dir"]) == ("/", "pl", "ltr")


def test_the_longest_words_still_fit_into_a_push(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    huge = message(title="🏡" * 5000, body='"' * 5000, address="/" + "a" * 5000)
    assert send(office.house.settings, office.house.keys, phone, huge).kind is Kind.ACCEPTED
    assert phone.pushes[0].shown["address"] == "/"
    assert int(phone.pushes[0].headers["Content-Length"]) < 4096


def test_buttons_travel_along_and_are_left_out_where_there_is_no_room(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    button = Action("taken", "Done", "Done", "/medicines/slots/2026-11-26/0900", {"answer": "taken"})
    largest = Action("taken", "\N{HOUSE BUILDING}" * 30, "", "/" + "a" * 200, {"answer": "taken"})
    no_room = Action("taken", "\N{HOUSE BUILDING}" * 300, "", "/" + "a" * 3000, {"answer": "taken"})
    long = {"title": "\N{HOUSE BUILDING}" * 120, "body": "\N{HOUSE BUILDING}" * 400, "address": "/" + "a" * 399}
    for words in (
        message(actions=(button, button, button), whose="a-tag"),
        message(actions=(largest, largest), whose="a" * 24, **long),
        message(actions=(no_room,), whose="a" * 24, **long),
    ):
        assert send(office.house.settings, office.house.keys, phone, words).kind is Kind.ACCEPTED

    shown = [push.shown for push in phone.pushes]
    assert shown[0]["actions"] == [{  # type: ignore[comparison-overlap]
        "name": "taken", "title": "Done", "address": "/medicines/slots/2026-11-26/0900", "fields": {"answer": "taken"},
    }] * 2  # fmt: skip
    assert shown[0]["whose"] == "a-tag"
    assert len(shown[1]["actions"]) == 2
    assert "actions" not in shown[2]
    assert all(int(push.headers["Content-Length"]) < 4096 for push in phone.pushes)


def test_half_a_letter_does_not_stop_a_push(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    broken = message(body="half an emoji: \ud83c")
    assert send(office.house.settings, office.house.keys, phone, broken).kind is Kind.ACCEPTED


def test_a_tap_never_leads_out_of_the_house(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    for address in ("//elsewhere.example", "https://elsewhere.example", "javascript:alert(1)", ""):
        send(office.house.settings, office.house.keys, phone, message(address=address))
    assert {push.shown["address"] for push in phone.pushes} == {"/"}


def test_time_to_live_is_what_is_left_of_the_window(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    for seconds in (1, 59, 60, 3599.9, 86400, 10**8):
        left = message(expires_at=clock.now() + timedelta(seconds=seconds))
        send(office.house.settings, office.house.keys, phone, left)
    assert [push.headers["TTL"] for push in phone.pushes] == ["1", "59", "60", "3599", "86400", str(28 * 86400)]


def test_a_thousand_pushes_each_live_as_long_as_what_is_left_of_their_window(
    push_service: Receiver, tmp_path: Path
) -> None:
    chance, keys = random.Random(23), open_keys(tmp_path)
    settings = Settings(
        instance=tmp_path, vapid_contact="mailto:it@wrenfield.org.uk", push_receiver=push_service.address,
        push_receiver_ca=str(push_service.authority),
    )  # fmt: skip
    phone, began = push_service.phone(keys.vapid_public), clock.now()
    windows = [chance.choice((90.0, 7200.0, 86400.0, 40 * 86400.0)) * chance.random() + 1 for _ in range(1000)]

    async def go() -> None:
        async with Postman(settings, keys) as postman:
            for first in range(0, 1000, 100):
                # Ten claims, each half an hour after the one before, of windows that all end later.
                now = began + timedelta(minutes=30 * first / 100)
                due = [(number, now + timedelta(seconds=windows[number])) for number in range(first, first + 100)]
                with clock.stopped_at(now):
                    await asyncio.gather(*(
                        postman.send(phone.endpoint, phone.p256dh, phone.auth,
                                     message(address=f"/{number}", source=f"dose {number}", expires_at=ends))
                        for number, ends in due
                    ))  # fmt: skip

    asyncio.run(go())
    four_weeks = 28 * 86400
    asked = {push.shown["address"]: push.headers["TTL"] for push in phone.pushes}
    assert len(phone.pushes) == 1000
    assert asked == {f"/{number}": str(min(int(left), four_weeks)) for number, left in enumerate(windows)}
    assert str(four_weeks) in asked.values()


def test_nothing_is_sent_once_its_window_has_closed(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    late = message(expires_at=clock.now())
    assert send(office.house.settings, office.house.keys, phone, late).kind is Kind.UNTRIED
    assert phone.knocks == 0


def test_urgent_words_wake_a_sleeping_phone_and_others_do_not(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    for urgent in (True, False):
        send(office.house.settings, office.house.keys, phone, message(urgent=urgent))
    assert [push.headers["Urgency"] for push in phone.pushes] == ["high", "normal"]


def test_a_repeat_replaces_its_twin_and_its_topic_tells_nothing(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    for source in ("medication:amina:09:00", "medication:amina:09:00", "medication:amina:21:00"):
        send(office.house.settings, office.house.keys, phone, message(source=source))
    topics = [push.headers["Topic"] for push in phone.pushes]
    assert topics[0] == topics[1] != topics[2]
    assert topics == [push.shown["tag"] for push in phone.pushes]
    for topic in topics:
        assert re.fullmatch(r"[A-Za-z0-9_-]{1,32}", topic)


def test_a_signature_serves_an_hour_and_no_longer(office: Office) -> None:
    phone = office.phone(office.cast.amina)

    async def three_pushes() -> None:
        async with Postman(office.house.settings, office.house.keys) as postman:
            for minutes in (0, 59, 61):
                with clock.stopped_at(clock.now() + timedelta(minutes=minutes)):
                    await postman.send(phone.endpoint, phone.p256dh, phone.auth, message())

    asyncio.run(three_pushes())
    first, second, third = (push.headers["Authorization"] for push in phone.pushes)
    assert first == second != third
    assert phone.pushes[0].claims["sub"] == "mailto:it@wrenfield.org.uk"


def test_pushes_share_kept_alive_connections(office: Office) -> None:
    phone = office.phone(office.cast.amina).answers(201, body=b"thank you")
    opened: list[Address] = []

    def dial(to: Address) -> object:
        opened.append(to)
        return socket.socket(to.family, to.socktype, to.protocol)

    async def pushes() -> None:
        async with Postman(office.house.settings, office.house.keys, dial=dial) as postman:
            for _ in range(5):
                assert (await postman.send(phone.endpoint, phone.p256dh, phone.auth, message())).kind is Kind.ACCEPTED

    asyncio.run(pushes())
    assert len(opened) == 1
