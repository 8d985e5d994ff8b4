"""E-mail by SMTP. All that is known of smtplib stands here."""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from urllib.parse import parse_qs, unquote, urlsplit

from tenant_app import clock
from tenant_app.reminders.addresses import BadAddress, read_email
from tenant_app.reminders.answers import Kind, Outcome
from tenant_app.reminders.letters import Letter
from tenant_app.settings import Settings

SECONDS_EACH = 5.0
"""For each word that the server is to say."""
SECONDS_FOR_GOODBYE = 1.0

_ENHANCED = re.compile(rb"5\.([0-9]{1,3})\.([0-9]{1,3})\b")


@dataclass(frozen=True)
class MailServer:
    """Where e-mail is handed in, and as whom."""

    host: str
    port: int
    tls: str
    """`whole` from the first byte, `starttls` before anything is said, or `off`."""
    name: str
    password: str
    sender: str
    sender_name: str
    greets_as: str
    authority: str

    @property
    def trust(self) -> ssl.SSLContext:
        """Whose certificates are believed. Raises `OSError` if the authority cannot be read."""
        return ssl.create_default_context(cafile=self.authority or None)


def read_server(settings: Settings) -> MailServer | None:
    """The mail server of the settings; None if there is none. Raises `ValueError` saying what is wrong with them."""
    if not settings.smtp:
        return None
    try:
        url = urlsplit(settings.smtp)
        host, port = url.hostname or "", url.port
    except ValueError:
        raise ValueError("HOMEWARD_SMTP is not an address; like smtp://name:password@mail.example.org:587") from None
    if url.scheme not in ("smtp", "smtps") or not host:
        raise ValueError("HOMEWARD_SMTP is not an address; like smtp://name:password@mail.example.org:587")
    tls = "whole" if url.scheme == "smtps" else parse_qs(url.query).get("tls", ["starttls"])[-1]
    if tls not in ("whole", "starttls", "off"):
        raise ValueError("HOMEWARD_SMTP: tls is starttls or off")
    if tls == "off" and url.username and host not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError("HOMEWARD_SMTP would send its password in clear; leave out tls=off, or the password")
    try:
        sender = read_email(settings.mail_from)
    except BadAddress:
        raise ValueError(
            "HOMEWARD_MAIL_FROM is not an e-mail address; it is who e-mails come from: homeward@your-association.org"
        ) from None
    return MailServer(
        host, port or {"whole": 465, "starttls": 587, "off": 25}[tls], tls, unquote(url.username or ""),
        unquote(url.password or ""), sender, settings.app_name, _greeting(settings), settings.smtp_ca,
    )  # fmt: skip


def compose(server: MailServer, to: str, letter: Letter) -> EmailMessage:
    """The e-mail: plain text in its language, from a machine, with a way to stop it. Raises `ValueError` or
    `BadAddress` for what would break a header; nothing that was typed becomes one."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(server.sender_name, addr_spec=server.sender)
    mail["To"] = Address(addr_spec=read_email(to))
    mail["Subject"] = "".join(sign for sign in letter.subject if sign.isprintable() or sign in "\u200f\u2068\u2069")
    mail["Date"] = format_datetime(clock.now())
    # The same for each try, so that a repeat is known as one.
    mail["Message-ID"] = f"<{letter.mark}@{server.sender.rpartition('@')[2]}>"
    if letter.stops_at:
        mail["List-Unsubscribe"] = f"<{letter.stops_at}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(letter.text, cte="quoted-printable")
    mail["Content-Language"] = letter.language  # after the content, which sweeps away what was said of it before
    return mail


class Call:
    """One conversation with the mail server, in a thread of its own, that another thread can cut short."""

    def __init__(self) -> None:
        self.outcome: Outcome | None = None
        """What the server said of the letter, as soon as it has; whatever becomes of the goodbyes."""
        self._line: socket.socket | None = None
        self._cut = False

    def deliver(self, server: MailServer, to: str, letter: Letter) -> Outcome:
        """Hand in one e-mail. Blocks; never raises for anything that a server can do."""
        try:
            mail = compose(server, to, letter)
        except (ValueError, BadAddress):
            return Outcome(Kind.REFUSED)
        try:
            with self._talk(server) as smtp:
                smtp.send_message(mail, server.sender, [to])  # to one: it is taken, or something is raised
                self.outcome = Outcome(Kind.ACCEPTED, 250)
        except (OSError, smtplib.SMTPException) as error:  # SMTPException is an OSError, but only by history
            self.outcome = self.outcome or judge(error)
        return self.outcome or Outcome(Kind.LATER)

    def probe(self, server: MailServer) -> None:
        """Knock and say who we are, without handing anything in. Raises `OSError` or `SMTPException`."""
        with self._talk(server) as smtp:
            smtp.noop()

    def cut(self) -> None:
        """End it at once, whatever it waits for."""
        self._cut = True
        with contextlib.suppress(OSError, AttributeError):
            self._line.shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]

    @contextlib.contextmanager
    def _talk(self, server: MailServer) -> Iterator[smtplib.SMTP]:
        trust, call = server.trust, self

        class Line(smtplib.SMTP):
            def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
                line = socket.create_connection((host, port), timeout)
                # A second handle on the same connection: the first one changes hands when TLS begins.
                call._line = line.dup()
                if call._cut:
                    call.cut()
                return trust.wrap_socket(line, server_hostname=host) if server.tls == "whole" else line

        try:
            with Line(server.host, server.port, server.greets_as, SECONDS_EACH) as smtp:
                if server.tls == "starttls":
                    smtp.starttls(context=trust)
                if server.name:
                    smtp.login(server.name, server.password)
                yield smtp
                if smtp.sock is not None:
                    smtp.sock.settimeout(SECONDS_FOR_GOODBYE)
        finally:
            if self._line is not None:
                self._line.close()


def judge(error: Exception) -> Outcome:
    """What a failure to hand in an e-mail means: for the address, for us, or for later (RFC 5321, RFC 3463)."""
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _about_address(*next(iter(error.recipients.values())))
        case smtplib.SMTPDataError() if _ENHANCED.match(_bytes(error.smtp_error)):
            return _about_address(error.smtp_code, _bytes(error.smtp_error))
        case smtplib.SMTPResponseException():  # greeting, name and password, sender, or the letter as such
            temporary = 400 <= error.smtp_code < 500 or error.smtp_code < 0
            return Outcome(Kind.LATER if temporary else Kind.OPERATOR, error.smtp_code)
        case smtplib.SMTPNotSupportedError() | ssl.SSLError():
            return Outcome(Kind.OPERATOR)
        case _:
            return Outcome(Kind.LATER)


def _about_address(code: int, words: bytes) -> Outcome:
    if not 500 <= code < 600:
        return Outcome(Kind.LATER, code)
    found = _ENHANCED.match(_bytes(words))
    subject, detail = found.groups() if found else (b"7" if code == 554 else b"2" if code == 552 else b"1", b"2")
    if subject in (b"5", b"7"):  # how we speak, or whether we may: nothing that the address could help
        return Outcome(Kind.OPERATOR, code)
    if subject == b"3" or (subject, detail) == (b"2", b"2"):  # their machine, or a mailbox that is full
        return Outcome(Kind.LATER, code)
    return Outcome(Kind.REFUSED, code)


def _bytes(words: bytes | str) -> bytes:
    return words.encode(errors="replace") if isinstance(words, str) else words


def _greeting(settings: Settings) -> str:
    host = urlsplit(settings.tenant_url).hostname or "localhost"
    with contextlib.suppress(ValueError):
        return f"[{ip_address(host)}]"
    return host
