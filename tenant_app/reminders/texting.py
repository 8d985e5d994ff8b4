"""Text messages: through a webhook of the association's own, or a provider that apprise knows. Both stand here."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit

import structlog

from tenant_app import clock
from tenant_app.reminders.answers import Kind, Outcome, judge
from tenant_app.reminders.letters import Letter
from tenant_app.reminders.wire import Wire
from tenant_app.settings import Settings

log = structlog.get_logger()

SIGNATURE = "Homeward-Signature"
"""Header of a webhook's request: `t=<seconds since 1970>,v1=<HMAC-SHA256 of "t.body" in hex>`."""
SHORTEST_KEY = 32
_OURS = frozenset({401, 403, 404, 405, 410, 415})
"""Answers of a webhook that say something of its address or our key, and nothing of the number."""
_ANYONE = "+447700900123"
"""From the range that Ofcom keeps for drama: to try out an address with, never sent to."""


def webhook_problem(settings: Settings) -> str | None:
    """What is wrong with the webhook's settings, in words for an operator, or None."""
    if not settings.sms_webhook:
        return None
    try:
        url = urlsplit(settings.sms_webhook)
        secure = url.scheme == "https" and bool(url.hostname) and url.port != 0 and settings.sms_webhook.isascii()
    except ValueError:
        secure = False
    if not secure:
        return "HOMEWARD_SMS_WEBHOOK is not an https address"
    if len(settings.sms_webhook_key) < SHORTEST_KEY:
        return f"HOMEWARD_SMS_WEBHOOK_KEY has fewer than {SHORTEST_KEY} letters; make one with: openssl rand -hex 32"
    return None


def provider_problems(settings: Settings) -> list[str]:
    """What is wrong with the addresses of SMS providers, without repeating the secrets in them."""
    found = []
    for number, address in enumerate(settings.sms, 1):
        scheme = address.partition("://")[0][:20]
        if "{to}" not in address:
            found.append(f"HOMEWARD_SMS: address {number} ({scheme}) has no {{to}} where the number belongs")
        elif _service(address, _ANYONE) is None:
            found.append(f"HOMEWARD_SMS: address {number} ({scheme}) is none that apprise can read")
    return found


async def call_webhook(wire: Wire, settings: Settings, to: str, letter: Letter, seconds: float) -> Outcome:
    """Hand a text to the association's webhook within so many seconds. Raises `OutOfReach`."""
    url = urlsplit(settings.sms_webhook)
    body = json.dumps({"to": to, "text": letter.text, "id": letter.mark}, ensure_ascii=False).encode()
    headers = ["Content-Type: application/json", f"{SIGNATURE}: {sign(body, settings.sms_webhook_key)}"]
    answer = await wire.post(url.hostname or "", url.port or 443, settings.sms_webhook, headers, body, seconds)
    if answer.status in _OURS or 300 <= answer.status < 400:
        return Outcome(Kind.OPERATOR, answer.status)
    return judge(answer.status, answer.headers.get("retry-after"))


def sign(body: bytes, key: str) -> str:
    """The signature of a webhook's request; the moment is signed too, so that an old one can be refused."""
    moment = str(int(clock.now().timestamp()))
    digest = hmac.new(key.encode(), moment.encode() + b"." + body, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def ask_providers(addresses: Sequence[str], to: str, letter: Letter) -> Outcome:
    """Hand a text to the first provider that takes it. Blocks; apprise says yes or no and never why, so no is later."""
    for number, address in enumerate(addresses, 1):
        service = _service(address, to)
        if service is None:
            log.error("sms_provider_unreadable", address=number, check="HOMEWARD_SMS")
        elif service.notify(body=letter.text, title=""):
            return Outcome(Kind.ACCEPTED)
        else:
            log.warning("sms_not_taken", address=number, service=str(service.service_name))
    return Outcome(Kind.LATER)


def _service(address: str, to: str) -> Any:
    import apprise  # here, because it takes its time and most houses send no texts

    # It would write the number it sends to into the log, and on standard error where there is none.
    quiet = logging.getLogger("apprise")
    quiet.propagate = False
    if not quiet.handlers:
        quiet.addHandler(logging.NullHandler())
    asset = apprise.AppriseAsset(
        http_redirects=False, storage_mode=apprise.PersistentStoreMode.MEMORY, app_id="Homeward", app_desc="Homeward"
    )
    return apprise.Apprise.instantiate(address.replace("{to}", quote(to, safe="")), asset=asset)
