"""Each answer of a push service has its exact state; no answer makes us go anywhere else, or wait for ever."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest
from aiohttp import web
from sqlalchemy import select

from tenant_app import clock
from tenant_app.reminders import wire
from tenant_app.reminders.answers import LONGEST_WAIT, Kind, judge, read_wait
from tenant_app.reminders.models import Delivery, LostChannel, State, Subscription
from tenant_app.reminders.push import Postman
from tenant_app.reminders.wire import LARGEST_ANSWER, Answer
from tests.reminders.conftest import Office, message, send

OUTCOMES = {
    200: Kind.ACCEPTED, 201: Kind.ACCEPTED, 202: Kind.ACCEPTED, 204: Kind.ACCEPTED,
    301: Kind.REFUSED, 302: Kind.REFUSED, 303: Kind.REFUSED, 307: Kind.REFUSED, 308: Kind.REFUSED, 304: Kind.REFUSED,
    400: Kind.REFUSED, 405: Kind.REFUSED, 411: Kind.REFUSED, 413: Kind.REFUSED, 415: Kind.REFUSED,
    401: Kind.OPERATOR, 403: Kind.OPERATOR, 404: Kind.GONE, 410: Kind.GONE,
    406: Kind.LATER, 408: Kind.LATER, 425: Kind.LATER, 429: Kind.LATER,
    500: Kind.LATER, 502: Kind.LATER, 503: Kind.LATER, 504: Kind.LATER, 599: Kind.LATER,
}  # fmt: skip
STATES = {
    Kind.ACCEPTED: State.SENT, Kind.GONE: State.UNDELIVERED, Kind.REFUSED: State.UNDELIVERED,
    Kind.LATER: State.WAITING, Kind.OPERATOR: State.WAITING,
}  # fmt: skip


def test_every_answer_has_its_outcome_and_its_state(office: Office) -> None:
    made = {}
    for tenant, (status, kind) in zip(range(len(OUTCOMES)), OUTCOMES.items(), strict=True):
        # One tenant for all would make one answer decide for another.
        person = office.newcomer(f"Tenant {tenant}")
        phone = office.phone(person).answers(status)
        made[status] = (office.dose(person, f"dose {status}"), phone, kind)
    assert office.deliver() is False
    for status, (notice_id, phone, kind) in made.items():
        notice = office.notice(notice_id)
        assert (status, notice.state) == (status, STATES[kind])
        assert phone.knocks == 1, status
        with office.database.session() as session:
            told = session.scalars(select(Delivery).where(Delivery.notice_id == notice_id)).all()
            left = session.scalar(select(Subscription).where(Subscription.endpoint == phone.endpoint))
        if kind is Kind.GONE:
            assert left is None
            assert told == []
        else:
            assert [(one.outcome, one.answer) for one in told] == [(kind, status)]
            assert left is not None
            assert (left.worked_at, left.failing_since) == (
                (clock.now(), None) if kind is Kind.ACCEPTED else (None, clock.now())
            )
        if notice.state is State.WAITING:
            assert notice.leased_until is None
            assert clock.now() < notice.try_at <= clock.now() + timedelta(seconds=25)


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten_and_its_owner_told(office: Office, status: int) -> None:
    amina = office.cast.amina
    office.phone(amina, "Old phone").answers(status)
    new = office.phone(amina, "New phone")
    notice = office.dose(amina)
    office.deliver()
    assert office.notice(notice).state is State.SENT
    assert len(new.pushes) == 1
    with office.database.session() as session:
        assert [lost.device for lost in session.scalars(LostChannel.of(amina))] == ["Old phone"]
        assert [one.device for one in session.scalars(select(Subscription))] == ["New phone"]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_never_followed(office: Office, status: int) -> None:
    tripwire = office.phone(office.cast.tomasz)
    phone = office.phone(office.cast.amina).answers(status, {"Location": tripwire.endpoint})
    assert send(office.house.settings, office.house.keys, phone).kind is Kind.REFUSED
    assert (phone.knocks, tripwire.knocks) == (1, 0)


@pytest.mark.parametrize("status", [429, 503])
def test_a_push_service_is_not_asked_again_before_it_said(office: Office, status: int) -> None:
    phone = office.phone(office.cast.amina).answers(status, {"Retry-After": "600"})
    notice = office.dose(office.cast.amina)
    office.deliver()
    asked = office.notice(notice).try_at - clock.now()
    assert timedelta(seconds=600) <= asked <= timedelta(seconds=660)
    phone.answers(201)
    with clock.stopped_at(clock.now() + timedelta(seconds=599)):
        office.deliver()
    assert phone.knocks == 1
    with clock.stopped_at(clock.now() + timedelta(seconds=661)):
        office.deliver()
    assert office.notice(notice).state is State.SENT


def test_waiting_ends_with_the_window(office: Office) -> None:
    phone = office.phone(office.cast.amina).answers(429, {"Retry-After": "86400"})
    notice = office.dose(office.cast.amina, minutes=30)
    office.deliver()
    assert office.notice(notice).try_at == office.notice(notice).expires_at
    with clock.stopped_at(clock.now() + timedelta(minutes=30)):
        office.deliver()
        office.worker.expire()
    assert office.notice(notice).state is State.MISSED
    assert phone.knocks == 1


def test_one_phone_that_asks_for_an_hour_does_not_keep_the_other_waiting(office: Office) -> None:
    slow = office.phone(office.cast.amina, "slow").answers(429, {"Retry-After": "1800"})
    shaky = office.phone(office.cast.amina, "shaky").answers(503)
    full = office.phone(office.cast.amina, "full").answers(413)
    notice = office.dose(office.cast.amina)
    office.deliver()
    shaky.answers(201)
    with clock.stopped_at(clock.now() + timedelta(seconds=30)):
        office.deliver()
    assert office.notice(notice).state is State.SENT
    assert [phone.knocks for phone in (slow, shaky, full)] == [1, 2, 1]


def test_tries_grow_further_apart(office: Office) -> None:
    phone = office.phone(office.cast.amina).answers(500)
    notice, now, pauses = office.dose(office.cast.amina, minutes=24 * 60), clock.now(), []
    for _ in range(8):
        with clock.stopped_at(now):
            office.deliver()
            pauses.append((office.notice(notice).try_at - now).total_seconds())
        now = office.notice(notice).try_at
    assert phone.knocks == 8
    assert 15 <= pauses[0] <= 25
    assert 120 <= pauses[3] <= 200
    assert max(pauses) <= 15 * 60 * 1.25


def test_our_own_bad_signature_alerts_the_operator_and_is_tried_again(
    office: Office, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = office.phone(office.cast.amina)
    phone.signed_with = "another association's"
    notice = office.dose(office.cast.amina)
    office.deliver()
    assert office.notice(notice).state is State.WAITING
    assert "vapid_refused" in capsys.readouterr().out + caplog.text
    assert len(office.receiver.problems) == 1
    office.receiver.problems.clear()


def test_a_service_that_hangs_is_left_and_the_others_are_served(office: Office) -> None:
    hung = office.phone(office.cast.amina)
    hung.hangs = True
    waiting = office.dose(office.cast.amina, "hung")
    others = [office.newcomer(f"Tenant {number}") for number in range(20)]
    phones = [office.phone(person) for person in others]
    notices = [office.dose(person, f"dose {person.id}") for person in others]
    office.deliver(total=3)
    assert office.notice(waiting).state is State.WAITING
    assert {office.notice(one).state for one in notices} == {State.SENT}
    assert [len(phone.pushes) for phone in phones] == [1] * 20


@pytest.mark.parametrize("packed", [False, True])
def test_of_a_long_answer_only_a_little_is_read(office: Office, monkeypatch: pytest.MonkeyPatch, packed: bool) -> None:
    long = gzip.compress(b"x" * 50_000_000) if packed else b"x" * 5_000_000
    phone = office.phone(office.cast.amina).answers(201, {"Content-Encoding": "gzip"} if packed else {}, body=long)
    answers: list[Answer] = []

    class Noted(Answer):
        def __init__(self) -> None:
            super().__init__()
            answers.append(self)

    monkeypatch.setattr(wire, "Answer", Noted)
    assert send(office.house.settings, office.house.keys, phone).kind is Kind.ACCEPTED
    # libcurl hands over what it has read at once, 16 KiB at most; the piece that is too much is the last one.
    assert [answer.body_bytes < LARGEST_ANSWER + 16 * 1024 for answer in answers] == [True]


def test_an_answer_with_headers_without_end_is_cut_short(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "LARGEST_HEAD", 500)
    phone = office.phone(office.cast.amina).answers(201, {f"X-{number}": "x" * 60 for number in range(50)})
    assert send(office.house.settings, office.house.keys, phone).kind is Kind.ACCEPTED


def test_an_answer_that_claims_to_be_packed_stays_packed(office: Office) -> None:
    phone = office.phone(office.cast.amina).answers(201, {"Content-Encoding": "gzip"}, b"\x1f\x8b" + b"\0" * 500)
    assert send(office.house.settings, office.house.keys, phone).kind is Kind.ACCEPTED


def test_a_cookie_is_not_kept(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    phone.answer = lambda: web.Response(status=201, headers={"Set-Cookie": "who=amina"})
    office.dose(office.cast.amina, "first")
    office.dose(office.cast.amina, "second")
    office.deliver(in_flight=1)
    heard = [push.headers.get("Cookie") for push in phone.pushes]
    assert heard == [None, None]


@pytest.mark.parametrize("way", ["not listening", "silent", "not TLS", "hangs up", "nonsense", "torn off"])
def test_a_broken_machine_is_tried_again_later(office: Office, way: str) -> None:
    phone = office.phone(office.cast.amina)

    async def misbehave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if way == "silent":
            await reader.read()
        elif way == "not TLS":
            writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
        elif way == "nonsense":
            writer.write(b"\0\1\2 not HTTP\r\n\r\n")
        elif way == "torn off":
            writer.write(b"HTTP/1.1 20")
        writer.close()

    async def go() -> Kind:
        tls = None
        if way in ("nonsense", "torn off", "hangs up"):
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(office.receiver.certificate)
        server = await asyncio.start_server(misbehave, "127.0.0.1", 0, ssl=tls)
        port = server.sockets[0].getsockname()[1]
        if way == "not listening":
            server.close()
        settings = replace(office.house.settings, push_receiver=f"127.0.0.1:{port}")
        async with Postman(settings, office.house.keys, connect=0.3, total=0.5) as postman:
            outcome = await postman.send(f"https://127.0.0.1:{port}/x", phone.p256dh, phone.auth, message())
        server.close()
        return outcome.kind

    assert asyncio.run(go()) is Kind.LATER


def test_waits_are_read_as_seconds_or_dates_and_are_never_absurd() -> None:
    in_a_while = format_datetime(clock.now() + timedelta(seconds=90), usegmt=True)
    assert read_wait("120") == timedelta(seconds=120)
    assert read_wait(" 0 ") == timedelta()
    assert read_wait(in_a_while) == timedelta(seconds=90)
    assert read_wait(format_datetime(clock.now() - timedelta(days=9))) == timedelta()
    assert read_wait("9" * 100) == LONGEST_WAIT
    assert read_wait("Fri, 31 Dec 9999 23:59:59 GMT") == LONGEST_WAIT
    for nonsense in (None, "", "soon", "-5", "1.5", "٣", "1e9", "9" * 5000, "Mon, 99 Foo 2026 99:99:99 GMT", "\0"):
        assert read_wait(nonsense) is None


def test_no_status_is_without_a_meaning() -> None:
    for status in range(100, 1000):
        assert judge(status, None).kind in Kind
    assert judge(429, "7").wait == timedelta(seconds=7)
