"""E-mail and SMS: what is sent, and what each answer means."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import hmac
import logging
import re
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tenant_app import clock
from tenant_app.door import create_app
from tenant_app.health import problems
from tenant_app.keys import open_keys
from tenant_app.reminders.addresses import Carrier
from tenant_app.reminders.answers import Kind, Outcome
from tenant_app.reminders.carriers import Carriers, deliver_now, offered
from tenant_app.reminders.letters import Letter, code_letter
from tenant_app.reminders.mail import compose, read_server
from tenant_app.settings import Settings
from tenant_app.web.locale import speaking
from tests.conftest import THURSDAY
from tests.reminders.conftest import message
from tests.reminders.letterbox import MailServer, Provider
from tests.reminders.receiver import Receiver
from tests.standing import translated

EMAIL, SMS = Carrier.EMAIL, Carrier.SMS
AMINA, NUMBER = "amina@example.org", "+447700900123"
KEY = "k" * 40


@pytest.fixture
def server(push_service: Receiver) -> Iterator[MailServer]:
    with MailServer(push_service.certificate) as running:
        yield running


@pytest.fixture
def provider(push_service: Receiver) -> Iterator[Provider]:
    with Provider(push_service.certificate) as running:
        yield running


@pytest.fixture
def plain_provider() -> Iterator[Provider]:
    with Provider() as running:
        yield running


class Post:
    """A post office that is given its settings piece by piece."""

    def __init__(self, door: Flask, settings: Settings) -> None:
        self.door, self.settings, self.keys = door, settings, open_keys(settings.instance)

    def mails_by(self, server: MailServer, address: str = "smtp://homeward:s%40crets@127.0.0.1:{port}", **more: Any) -> None:
        self.settings = dataclasses.replace(
            self.settings, smtp=address.format(port=server.port), mail_from="homeward@wrenfield.org.uk", **more
        )

    def texts_by(self, provider: Provider) -> None:
        self.settings = dataclasses.replace(
            self.settings, sms_webhook=f"https://127.0.0.1:{provider.port}/texts", sms_webhook_key=KEY
        )

    def send(self, *to: tuple[Carrier, str], what: Any = None, total: float = 8.0, start_by: float = 60) -> list[Outcome]:
        async def go() -> list[Outcome]:
            latest = asyncio.get_running_loop().time() + start_by
            async with Carriers(self.settings, self.keys, total=total) as carriers:
                return await asyncio.gather(
                    *(carriers.send(way, value, what or message(), start_by=latest) for way, value in to)
                )

        with self.door.app_context():
            return asyncio.run(go())


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory, compiled_catalogues: Path) -> Flask:
    """One for all tests here: it lends its languages and keeps nothing."""
    folder = translated(tmp_path_factory.mktemp("post"), compiled_catalogues)
    settings = Settings(instance=folder, vapid_contact="mailto:it@wrenfield.org.uk")
    return create_app(settings)


@pytest.fixture
def post(door: Flask, push_service: Receiver) -> Post:
    settings, authority = door.extensions["homeward"].settings, str(push_service.authority)
    return Post(door, dataclasses.replace(settings, smtp_ca=authority, sms_webhook_ca=authority))


def test_an_email_says_that_something_waits_who_it_is_from_and_how_to_stop(post: Post, server: MailServer) -> None:
    post.mails_by(server)
    assert post.send((EMAIL, AMINA)) == [Outcome(Kind.ACCEPTED, 250)]
    [mail], [envelope] = server.got, server.envelopes
    assert envelope == ("homeward@wrenfield.org.uk", AMINA)
    assert (mail["From"], mail["To"], mail["Subject"]) == ("Homeward <homeward@wrenfield.org.uk>", AMINA, "Homeward")
    assert mail["Date"].datetime == THURSDAY
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"
    assert mail["List-Unsubscribe"] == f"<{post.settings.tenant_url}/settings/reminders>"
    assert mail.get_content_type() == "text/plain"
    text = mail.get_content().replace("\r\n", "\n")
    assert text.startswith("Something is planned for 9:00 am.\n\nhttp://127.0.0.1:8000/reminders\n\n")
    assert text.rstrip().endswith("/settings/reminders")


def test_a_repeat_has_the_same_message_id_and_another_reminder_has_not(post: Post, server: MailServer) -> None:
    post.mails_by(server)
    post.send((EMAIL, AMINA), (EMAIL, AMINA))
    post.send((EMAIL, AMINA), what=message(source="rent"))
    post.send((EMAIL, AMINA), what=message(expires_at=clock.now() + timedelta(days=1)))
    first, second, rent, tomorrow = (mail["Message-ID"] for mail in server.got)
    assert first == second
    assert len({first, rent, tomorrow}) == 3
    assert "rent" not in rent
    assert re.fullmatch(r"<[0-9a-f]{40}@wrenfield\.org\.uk>", first)


def test_where_a_tap_would_lead_is_in_no_letter(post: Post, server: MailServer, provider: Provider) -> None:
    post.mails_by(server)
    post.texts_by(provider)
    post.send((EMAIL, AMINA), (SMS, NUMBER), what=message(address="/medicines/canary"))
    assert "medicines" not in str(server.got[0]) and "medicines" not in provider.got[0].json["text"]  # noqa: PT018


def test_arabic_is_arabic_and_runs_from_right_to_left(post: Post, server: MailServer, provider: Provider) -> None:
    post.mails_by(server)
    post.texts_by(provider)
    arabic = message(language="ar", direction="rtl", title="Homeward", body="هناك شيء جديد لك.")
    post.send((EMAIL, AMINA), (SMS, NUMBER), what=arabic)
    [mail], [text] = server.got, provider.got
    assert mail["Content-Language"] == "ar"
    assert mail["Subject"] == "\u200fHomeward"
    lines = mail.get_content().splitlines()
    assert lines[0] == "\u200fهناك شيء جديد لك."
    assert all(line.startswith(("\u200f", "http")) for line in lines if line)
    assert text.json["text"].startswith("\u200fHomeward: هناك شيء جديد لك.")


def test_no_word_becomes_a_header(post: Post, server: MailServer) -> None:
    post.mails_by(server)
    hostile = "Hello\r\nBcc: everyone@example.org\r\n\r\nBuy\x00 this\u2028X-Evil: 1"
    assert post.send((EMAIL, AMINA), what=message(title=hostile, body=hostile + "\n.\nMAIL FROM:<a@b.c>"))[0].kind is Kind.ACCEPTED
    assert server.envelopes == [("homeward@wrenfield.org.uk", AMINA)]
    assert set(server.got[0].keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Content-Language", "List-Unsubscribe", "Auto-Submitted",
        "X-Auto-Response-Suppress", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert "MAIL FROM" in server.got[0].get_content()


@pytest.mark.parametrize("to", ["amina@example.org\r\nBcc: x@example.org", "a@b", "", "@", "a b@example.org", "<a@b.org>", "a@b.org,c@d.org"])
def test_an_address_that_is_none_is_refused_before_anybody_is_asked(post: Post, server: MailServer, to: str) -> None:
    post.mails_by(server)
    assert post.send((EMAIL, to)) == [Outcome(Kind.REFUSED)]
    assert server.said == []


def test_nothing_is_said_before_the_line_is_locked(post: Post, server: MailServer) -> None:
    post.mails_by(server)
    post.send((EMAIL, AMINA))
    clear = [line for line in server.said if not line.startswith("\N{LOCK}")]
    assert [line.split()[0].upper() for line in clear] == ["EHLO", "STARTTLS"]
    assert any("AUTH" in line for line in server.said)


def test_a_server_that_offers_no_lock_is_told_nothing(post: Post, push_service: Receiver) -> None:
    with MailServer(push_service.certificate, offers_tls=False) as server:
        post.mails_by(server)
        assert post.send((EMAIL, AMINA)) == [Outcome(Kind.OPERATOR)]
        assert not any(line.startswith(("AUTH", "MAIL")) for line in server.said)


def test_a_certificate_that_nobody_vouches_for_is_not_believed(post: Post, server: MailServer) -> None:
    post.mails_by(server, smtp_ca="")
    assert post.send((EMAIL, AMINA)) == [Outcome(Kind.OPERATOR)]
    assert server.got == []


def test_a_line_that_is_locked_from_the_first_byte_works_too(post: Post, push_service: Receiver) -> None:
    with MailServer(push_service.certificate, whole=True) as server:
        post.mails_by(server, "smtps://homeward:secret@127.0.0.1:{port}")
        assert post.send((EMAIL, AMINA)) == [Outcome(Kind.ACCEPTED, 250)]


def test_a_relay_next_door_needs_no_lock(post: Post, server: MailServer) -> None:
    post.mails_by(server, "smtp://127.0.0.1:{port}?tls=off")
    assert post.send((EMAIL, AMINA)) == [Outcome(Kind.ACCEPTED, 250)]
    assert not any("AUTH" in line or "TLS" in line for line in server.said)


MEANINGS = [
    ("RCPT", "550 5.1.1 no such person", Kind.REFUSED),
    ("RCPT", "550 unknown", Kind.REFUSED),
    ("RCPT", "551 gone away", Kind.REFUSED),
    ("RCPT", "553 5.1.3 bad address", Kind.REFUSED),
    ("RCPT", "550 5.2.1 closed", Kind.REFUSED),
    ("RCPT", "552 5.2.2 mailbox full", Kind.LATER),
    ("RCPT", "552 full", Kind.LATER),
    ("RCPT", "450 4.2.1 greylisted", Kind.LATER),
    ("RCPT", "421 too busy", Kind.LATER),
    ("RCPT", "554 5.7.1 relaying denied", Kind.OPERATOR),
    ("RCPT", "554 no", Kind.OPERATOR),
    ("RCPT", "550 5.7.26 you are not who you say", Kind.OPERATOR),
    ("MAIL", "550 we do not know you", Kind.OPERATOR),
    ("MAIL", "451 later", Kind.LATER),
    ("AUTH", "535 5.7.8 wrong", Kind.OPERATOR),
    ("AUTH", "454 4.7.0 later", Kind.LATER),
    ("DATA", "451 later", Kind.LATER),
    ("LETTER", "550 5.1.1 no such person after all", Kind.REFUSED),
    ("LETTER", "554 looks like spam", Kind.OPERATOR),
    ("LETTER", "452 4.3.1 no room", Kind.LATER),
    ("HELLO", "554 go away", Kind.OPERATOR),
    ("HELLO", "421 later", Kind.LATER),
    ("HELLO", "what", Kind.LATER),
    ("STARTTLS", "454 not now", Kind.LATER),
    ("QUIT", "500 what", Kind.ACCEPTED),
]


@pytest.mark.parametrize(("verb", "answer", "meaning"), MEANINGS)
def test_every_answer_of_a_mail_server_means_one_thing(
    post: Post, server: MailServer, verb: str, answer: str, meaning: Kind
) -> None:
    post.mails_by(server)
    server.says[verb] = answer
    assert post.send((EMAIL, AMINA))[0].kind is meaning


@pytest.mark.parametrize("verb", ["HELLO", "EHLO", "STARTTLS", "RCPT", "LETTER"])
def test_a_mail_server_that_falls_silent_is_left(post: Post, server: MailServer, verb: str) -> None:
    post.mails_by(server)
    server.says[verb] = ""
    assert post.send((EMAIL, AMINA), total=0.5) == [Outcome(Kind.LATER)]


def test_a_letter_that_was_taken_stays_taken_though_nobody_says_goodbye(post: Post, server: MailServer) -> None:
    post.mails_by(server)
    server.says["QUIT"] = ""
    assert post.send((EMAIL, AMINA)) == [Outcome(Kind.ACCEPTED, 250)]


def test_a_server_that_is_not_there_is_tried_later(post: Post, server: MailServer) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        server.port = nobody.getsockname()[1]
        post.mails_by(server)
        assert post.send((EMAIL, AMINA)) == [Outcome(Kind.LATER)]


def test_a_text_is_signed_and_short_and_says_where_to_look(post: Post, provider: Provider) -> None:
    post.texts_by(provider)
    said = "Something is planned for \u20689:00\N{NO-BREAK SPACE}am\u2069."
    assert post.send((SMS, NUMBER), what=message(body=said)) == [Outcome(Kind.ACCEPTED, 200)]
    [text] = provider.got
    assert text.path == "/texts"
    assert text.json["to"] == NUMBER
    assert text.json["text"] == "Homeward: Something is planned for 9:00 am. http://127.0.0.1:8000/reminders"
    assert set(text.json) == {"to", "text", "id"}
    moment, signature = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", text.headers["Homeward-Signature"]).groups()  # type: ignore[union-attr]
    assert int(moment) == THURSDAY.timestamp()
    assert signature == hmac.new(KEY.encode(), moment.encode() + b"." + text.body, hashlib.sha256).hexdigest()


def test_a_named_text_is_cut_before_it_becomes_a_letter(post: Post, provider: Provider) -> None:
    post.texts_by(provider)
    post.send((SMS, NUMBER), what=message(title="Cooking together", body="long " * 100))
    said = provider.got[0].json["text"]
    assert said.startswith("Homeward: Cooking together. long long")
    assert said.endswith("... http://127.0.0.1:8000/reminders")
    assert len(said) < 306


@pytest.mark.parametrize(
    ("status", "meaning"),
    [(200, Kind.ACCEPTED), (202, Kind.ACCEPTED), (204, Kind.ACCEPTED), (301, Kind.OPERATOR), (307, Kind.OPERATOR),
     (400, Kind.REFUSED), (422, Kind.REFUSED), (401, Kind.OPERATOR), (403, Kind.OPERATOR), (404, Kind.OPERATOR),
     (405, Kind.OPERATOR), (410, Kind.OPERATOR), (429, Kind.LATER), (500, Kind.LATER), (503, Kind.LATER)],
)  # fmt: skip
def test_every_answer_of_a_webhook_means_one_thing(post: Post, provider: Provider, status: int, meaning: Kind) -> None:
    post.texts_by(provider)
    provider.status, provider.headers = status, {"Location": "/elsewhere"}
    assert post.send((SMS, NUMBER))[0].kind is meaning
    assert [text.path for text in provider.got] == ["/texts"], "a redirect is never followed"


def test_a_webhook_that_asks_for_time_gets_it(post: Post, provider: Provider) -> None:
    post.texts_by(provider)
    provider.status, provider.headers = 429, {"Retry-After": "90"}
    assert post.send((SMS, NUMBER)) == [Outcome(Kind.LATER, 429, timedelta(seconds=90))]


def test_a_webhook_that_nobody_vouches_for_is_told_nothing(post: Post, provider: Provider) -> None:
    post.texts_by(provider)
    post.settings = dataclasses.replace(post.settings, sms_webhook_ca="")
    assert post.send((SMS, NUMBER)) == [Outcome(Kind.LATER)]
    assert provider.got == []


def test_a_webhook_that_hangs_is_left(post: Post, provider: Provider) -> None:
    post.texts_by(provider)
    provider.hangs = True
    assert post.send((SMS, NUMBER), total=0.3) == [Outcome(Kind.LATER)]


def test_apprise_takes_a_text_to_the_number_and_says_nothing_of_it(
    post: Post, plain_provider: Provider, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    provider = plain_provider
    post.settings = dataclasses.replace(post.settings, sms=(f"json://127.0.0.1:{provider.port}/to/{{to}}",))
    with caplog.at_level(logging.DEBUG, "apprise"):
        assert post.send((SMS, NUMBER)) == [Outcome(Kind.ACCEPTED)]
        provider.status = 500
        assert post.send((SMS, NUMBER)) == [Outcome(Kind.LATER)]
    assert provider.got[0].path == f"/to/{NUMBER}"
    assert provider.got[0].json["message"] == "Homeward: Something is planned for 9:00 am. http://127.0.0.1:8000/reminders"
    out, err = capfd.readouterr()
    assert "7700900123" not in out + err + caplog.text


def test_a_second_provider_steps_in_for_the_first_and_redirects_lead_nowhere(post: Post, plain_provider: Provider) -> None:
    provider = plain_provider
    post.settings = dataclasses.replace(
        post.settings,
        sms=(f"json://127.0.0.1:{provider.port}/first/{{to}}", f"json://127.0.0.1:{provider.port}/second/{{to}}"),
    )
    provider.status, provider.headers = 307, {"Location": "/elsewhere"}
    assert post.send((SMS, NUMBER)) == [Outcome(Kind.LATER)]
    assert [text.path for text in provider.got] == [f"/first/{NUMBER}", f"/second/{NUMBER}"]


def test_a_slow_carrier_keeps_only_its_own_letters_waiting(post: Post, server: MailServer, provider: Provider) -> None:
    post.mails_by(server)
    post.texts_by(provider)
    server.says["HELLO"] = ""
    outcomes = post.send(*[(EMAIL, AMINA)] * 12, *[(SMS, NUMBER)] * 12, total=1.5)
    assert [outcome.kind for outcome in outcomes] == [Kind.LATER] * 12 + [Kind.ACCEPTED] * 12
    assert server.most_at_once <= 8
    assert provider.most_at_once <= 8


def test_what_is_too_late_is_not_sent(post: Post, provider: Provider) -> None:
    post.texts_by(provider)
    assert post.send((SMS, NUMBER), what=message(expires_at=clock.now())) == [Outcome(Kind.UNTRIED)]
    assert post.send((SMS, NUMBER), start_by=-1) == [Outcome(Kind.UNTRIED)]
    assert provider.got == []


def test_a_carrier_that_is_not_set_up_is_the_operators_to_mend(post: Post) -> None:
    assert offered(post.settings) == frozenset()
    assert post.send((SMS, NUMBER), (EMAIL, AMINA)) == [Outcome(Kind.OPERATOR)] * 2


def test_numbers_that_prove_an_address_come_at_once(post: Post, server: MailServer, provider: Provider) -> None:
    post.mails_by(server)
    post.texts_by(provider)
    for carrier, value in ((EMAIL, AMINA), (SMS, NUMBER)):
        with post.door.app_context(), speaking("en"):
            letter = code_letter(post.settings, post.keys, carrier, value, "482915")
        assert deliver_now(post.settings, post.keys, carrier, value, letter).kind is Kind.ACCEPTED
    assert "482915" in server.got[0].get_content()
    assert "482915" in provider.got[0].json["text"]
    assert len(provider.got[0].json["text"]) <= 160


def test_a_letter_that_says_nothing_odd_reads_as_it_was_meant(post: Post, server: MailServer) -> None:
    post.mails_by(server)
    found = read_server(post.settings)
    assert found is not None
    letter = Letter("Ünïcode “quoted”", "Größe\n", "en", "ltr", "a" * 40, "http://x/")
    assert compose(found, AMINA, letter)["Subject"] == "Ünïcode “quoted”"
    assert found.password == "s@crets"
    assert "s@crets" not in repr(post.settings)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"smtp": "mail.example.org"}, "HOMEWARD_SMTP is not an address"),
        ({"smtp": "smtp://mail.example.org:x"}, "HOMEWARD_SMTP is not an address"),
        ({"smtp": "smtp://mail.example.org?tls=maybe", "mail_from": AMINA}, "tls is starttls or off"),
        ({"smtp": "smtp://me:secret@mail.example.org?tls=off", "mail_from": AMINA}, "password in clear"),
        ({"smtp": "smtp://mail.example.org"}, "HOMEWARD_MAIL_FROM"),
        ({"smtp": "smtp://127.0.0.1:9?tls=off", "mail_from": AMINA}, "mail server does not answer"),
        ({"smtp": "smtp://127.0.0.1:9", "mail_from": AMINA, "smtp_ca": "/nowhere.pem"}, "HOMEWARD_SMTP_CA"),
        ({"sms_webhook": "http://sms.example.org/"}, "not an https address"),
        ({"sms_webhook": "https://sms.example.org/"}, "openssl rand"),
        ({"sms": ("twilio://a:b@c/+447700900123",)}, "no {to}"),
        ({"sms": ("nonsense://secret/{to}",)}, "none that apprise can read"),
    ],
)
def test_check_says_what_is_wrong_with_the_carriers(post: Post, change: dict[str, Any], words: str) -> None:
    found = [line for line in problems(dataclasses.replace(post.settings, **change)) if words in line]
    assert len(found) == 1
    assert "secret" not in found[0]


def test_check_knocks_at_the_mail_server(post: Post, server: MailServer) -> None:
    post.mails_by(server)
    assert not [line for line in problems(post.settings) if "SMTP" in line or "mail" in line]
    server.says["AUTH"] = "535 5.7.8 wrong"
    assert [line for line in problems(post.settings) if "refuses the name and password" in line]
