"""The tenant's page of messages: writing, taking back, and who it is that reads."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.messages.models import LONGEST, Message
from tenant_app.messages.rules import answer, write
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.messages.thread import kept
from tests.questions import counted

CANARY = "Canary of the harbour wall"
NOBODYS = "01890000-0000-7000-8000-000000000000"
"""An id that is nobody's."""


def test_above_the_box_stands_that_nobody_watches_it_and_where_help_is(phone: FlaskClient) -> None:
    page = phone.get("/messages").text
    line = page.index("<bdi>Grace</bdi> reads this when at work. It is not watched around the clock.")
    assert line < page.index('href="/help"', line) < page.index("<textarea")


def test_a_message_is_sent_and_later_seen_on_a_day(
    phone: FlaskClient, staff_door: Flask, cast: Cast, session: Session, to: str
) -> None:
    answered = phone.post("/messages", data={"words": "Could we meet on Friday?", "to": to})
    assert (answered.status_code, answered.location) == (303, "/messages#newest")
    page = phone.get("/messages").text
    assert "Could we meet on Friday?" in page
    assert "Sent" in page
    assert "Seen" not in page
    cast.at(staff_door, cast.grace).get(f"/messages/{cast.amina.id}")
    page = phone.get("/messages").text
    assert "Seen: Today" in page
    assert kept(session)[0].seen_on == THURSDAY.date()


def test_reading_the_thread_writes_nothing(
    phone: FlaskClient, session: Session, amina: Tenant, grace: Worker
) -> None:
    answer(session, grace, amina, "Hello", "en")
    session.commit()
    assert "Hello" in phone.get("/messages").text
    assert kept(session)[0].seen_on is None


@pytest.mark.parametrize("words", ["", "   ", "\x00", "x" * (LONGEST + 1), "x" * 100_000])
def test_what_cannot_be_is_asked_again_and_nothing_typed_is_lost(
    phone: FlaskClient, session: Session, to: str, words: str
) -> None:
    answered = phone.post("/messages", data={"words": words, "to": to})
    assert answered.status_code == 422
    assert 'role="alert"' in answered.text
    assert words.replace("\x00", "").strip() in answered.text
    assert kept(session) == []


def test_two_thousand_letters_are_not_too_many(phone: FlaskClient, session: Session, to: str) -> None:
    words = "ş\r\n" * (LONGEST // 2)
    assert phone.post("/messages", data={"words": words, "to": to}).status_code == 303
    assert kept(session)[0].words == ("ş\n" * (LONGEST // 2)).strip()


def test_nulls_directions_and_scripts_are_only_words(phone: FlaskClient, to: str) -> None:
    phone.post("/messages", data={"words": "tea\x00 \u202eevil <script>alert(1)</script>", "to": to})
    page = phone.get("/messages").text
    assert "<script>alert(1)" not in page
    assert "tea \u202eevil &lt;script&gt;alert(1)" in page


def test_words_run_as_they_were_written(phone: FlaskClient, session: Session, amina: Tenant, to: str) -> None:
    amina.language = "ar"
    session.commit()
    phone.post("/messages", data={"words": "صباح الخير\nكيف الحال", "to": to})
    assert '<p class="own" dir="auto" lang="ar">صباح الخير\nكيف الحال</p>' in phone.get("/messages").text
    assert kept(session)[0].language == "ar"


@pytest.mark.parametrize("to", ["", "x", NOBODYS])
def test_a_message_to_nobody_is_refused(phone: FlaskClient, session: Session, to: str) -> None:
    assert phone.post("/messages", data={"words": "Hello", "to": to}).status_code == 400
    assert kept(session) == []


def test_a_form_sent_twice_is_one_message(phone: FlaskClient, session: Session, to: str) -> None:
    for _ in range(2):
        assert phone.post("/messages", data={"words": "Hello", "to": to}).status_code == 303
    assert len(kept(session)) == 1


def test_what_was_written_offline_arrives_once_and_in_order_however_often_it_is_sent(
    phone: FlaskClient, session: Session, to: str
) -> None:
    sent = [(f"key-{number:08}", {"words": f"Message {number}", "to": to}) for number in range(20)]
    for round_ in range(3):
        for key, form in sent:
            answered = phone.post("/messages", data=form, headers={"Idempotency-Key": key, "Sec-Fetch-Mode": "cors"})
            assert (answered.status_code, answered.headers["X-Homeward-Done"]) == (204, key), round_
            assert answered.headers["X-Homeward-Words"] == "Sent%20to%20Grace"
    assert [message.words for message in kept(session)] == [form["words"] for _, form in sent]
    other = phone.post("/messages", data={"words": "Changed", "to": to}, headers={"Idempotency-Key": sent[0][0]})
    assert other.status_code == 409


def test_what_was_written_to_the_last_keyworker_is_kept_and_can_be_sent_on(
    phone: FlaskClient, staff_door: Flask, cast: Cast, session: Session, amina: Tenant, to: str
) -> None:
    amina.keyworker_id = cast.marek.id
    session.commit()
    headers = {"Idempotency-Key": "written-offline-1", "Sec-Fetch-Mode": "cors"}
    answered = phone.post("/messages", data={"words": CANARY, "to": to}, headers=headers)
    assert answered.headers["X-Homeward-Words"] == "Kept%20for%20you.%20Nobody%20has%20read%20it."
    page = phone.get("/messages").text
    assert "Nobody has read it." in page
    assert "Send it to " in page
    marek = cast.at(staff_door, cast.marek)
    assert CANARY not in marek.get(f"/messages/{amina.id}").text
    message = kept(session)[0]
    for _ in range(2):
        assert phone.post(f"/messages/{message.id}", data={"sent": "1"}).status_code == 303
    assert CANARY in marek.get(f"/messages/{amina.id}").text
    assert len(kept(session)) == 1


def test_a_message_is_taken_back_after_being_asked(
    phone: FlaskClient, staff_door: Flask, cast: Cast, session: Session, to: str
) -> None:
    phone.post("/messages", data={"words": CANARY, "to": to})
    message = kept(session)[0]
    assert CANARY in phone.get(f"/messages/{message.id}").text
    for _ in range(2):
        assert phone.post(f"/messages/{message.id}", data={"kept": "0"}).status_code == 303
    page = phone.get("/messages").text
    assert CANARY not in page
    assert "You took this message back." in page
    assert phone.get(f"/messages/{message.id}").status_code == 404
    read = cast.at(staff_door, cast.grace).get(f"/messages/{cast.amina.id}").text
    assert CANARY not in read
    assert "took this message back." in read
    assert kept(session)[0].words == ""


def test_what_the_keyworker_wrote_is_not_the_tenants_to_take_back(
    phone: FlaskClient, session: Session, amina: Tenant, grace: Worker
) -> None:
    message = answer(session, grace, amina, "Hello", "en")
    session.commit()
    assert phone.get(f"/messages/{message.id}").status_code == 404
    assert phone.post(f"/messages/{message.id}", data={"kept": "0"}).status_code == 404
    assert kept(session)[0].words == "Hello"


@pytest.mark.parametrize("sent", [{}, {"kept": "2"}, {"sent": "yes"}])
def test_a_button_says_what_is_to_be(
    phone: FlaskClient, session: Session, amina: Tenant, grace: Worker, sent: dict[str, str]
) -> None:
    message = write(session, amina, grace.id, "Hello", "en")
    session.commit()
    assert phone.post(f"/messages/{message.id}", data=sent).status_code == 400


def test_another_tenants_message_does_not_exist(
    tenant_door: Flask, cast: Cast, session: Session, amina: Tenant, grace: Worker
) -> None:
    message = write(session, amina, grace.id, CANARY, "en")
    session.commit()
    tomasz = cast.at(tenant_door, cast.tomasz)
    assert CANARY not in tomasz.get("/messages").text
    assert tomasz.get(f"/messages/{message.id}").status_code == 404
    assert tomasz.get(f"/messages?above={message.id}").status_code == 404
    for sent in ({"kept": "0"}, {"sent": "1"}):
        assert tomasz.post(f"/messages/{message.id}", data=sent).status_code == 404
    assert kept(session)[0].words == CANARY


@pytest.mark.parametrize("above", ["", "x", "1", NOBODYS])
def test_a_page_that_is_not_there_is_not_found(phone: FlaskClient, above: str) -> None:
    assert phone.get("/messages", query_string={"above": above}).status_code == 404


def test_a_long_thread_is_read_by_links_and_in_the_same_number_of_questions(
    tenant_door: Flask, phone: FlaskClient, session: Session, amina: Tenant, grace: Worker
) -> None:
    write(session, amina, grace.id, "Message 0.", "en")
    session.commit()
    with counted(tenant_door) as few:
        phone.get("/messages")
    session.add_all(
        Message(tenant=amina, worker=grace, by_tenant=True, words=f"Message {number}.",
                written_at=THURSDAY + timedelta(minutes=number)) for number in range(1, 100)
    )  # fmt: skip
    session.commit()
    with counted(tenant_door) as many:
        page = phone.get("/messages").text
    assert len(many) == len(few)
    assert "Message 99." in page
    for _ in range(3):
        earlier = page.split('href="/messages?above=')[1].split('"')[0]
        page = phone.get(f"/messages?above={earlier}").text
    assert "Message 0." in page
    assert "?above=" not in page


def test_a_new_keyworker_is_let_read_by_one_tap_and_not_before(
    phone: FlaskClient, staff_door: Flask, cast: Cast, session: Session, amina: Tenant, grace: Worker
) -> None:
    write(session, amina, grace.id, CANARY, "en")
    amina.keyworker_id = cast.marek.id
    session.commit()
    marek, address = cast.at(staff_door, cast.marek), f"/messages/{amina.id}"
    assert "only you can read" in phone.get("/messages").text
    assert CANARY not in marek.get(address).text
    phone.post("/messages/earlier", data={"shared": "1"})
    assert CANARY in marek.get(address).text
    phone.post("/messages/earlier", data={"shared": "0"})
    assert CANARY not in marek.get(address).text
    assert phone.post("/messages/earlier", data={"shared": "maybe"}).status_code == 400


def test_without_a_keyworker_the_page_says_so_and_whom_to_call(
    phone: FlaskClient, session: Session, amina: Tenant, grace: Worker
) -> None:
    write(session, amina, grace.id, "Hello", "en")
    amina.keyworker = None
    session.commit()
    page = phone.get("/messages").text
    assert "You have no keyworker at the moment" in page
    assert 'href="tel:116123"' in page
    assert "<textarea" not in page
    assert "Hello" in page
    assert phone.post("/messages/earlier", data={"shared": "1"}).status_code == 409


def test_who_moved_out_sends_nothing_more(phone: FlaskClient, session: Session, amina: Tenant, to: str) -> None:
    amina.leave()
    session.commit()
    headers = {"Idempotency-Key": "written-offline-2", "Sec-Fetch-Mode": "cors"}
    assert phone.post("/messages", data={"words": "Hello", "to": to}, headers=headers).status_code == 401
    assert kept(session) == []
