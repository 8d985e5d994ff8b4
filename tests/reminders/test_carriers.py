"""E-mail and SMS: what is sent, and what each answer means."""

from __future__ import annotations

import dataclasses
import hashlib
import hmac
import logging
import re
from datetime import timedelta
from typing import Any

import pytest

from tenant_app import clock
from tenant_app.health import problems
from tenant_app.reminders.answers import Kind, Outcome
from tenant_app.reminders.carriers import deliver_now, offered
from tenant_app.reminders.letters import Letter, code_letter
from tenant_app.reminders.mail import compose, read_server
from tenant_app.web.locale import speaking
from tests.conftest import THURSDAY
from tests.reminders.conftest import message
from tests.reminders.letterbox import MailServer, Provider
from tests.reminders.posting import AMINA, EMAIL, KEY, NUMBER, SMS, Post, door, plain_provider, post, provider, server

__all__ = ["door", "plain_provider", "post", "provider", "server"]


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
