"""Letters: what stands in them, over which lines they go, and what each answer of a mail server means."""

from __future__ import annotations

import re
import socket
from datetime import timedelta

import pytest

from tenant_app import clock
from tenant_app.reminders.answers import Kind, Outcome
from tests.conftest import THURSDAY
from tests.reminders.conftest import message
from tests.reminders.letterbox import MailServer, Provider
from tests.reminders.posting import AMINA, EMAIL, NUMBER, SMS, Post, door, post, provider, server
from tests.reminders.receiver import Receiver

__all__ = ["door", "post", "provider", "server"]


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
