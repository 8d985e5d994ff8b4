"""What is written to an e-mail address or in a text message. It passes on words that the one gate has let through.

Anyone may read it on the way, so it leads to the list of reminders and never to the page of one: `/medicines` would
say what is kept quiet.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace

from flask_babel import gettext

from tenant_app.keys import Keys
from tenant_app.reminders.addresses import Carrier
from tenant_app.reminders.messages import Message
from tenant_app.settings import Settings
from tenant_app.web.locale import language, speaking

LONGEST_SUBJECT = 120
LONGEST_SAYING = 240
"""Characters of a text message beside its link: two or three parts, however long the name of a group is."""

RLM = "\N{RIGHT-TO-LEFT MARK}"
_ISOLATES = dict.fromkeys(map(ord, "\u2066\u2067\u2068\u2069"))


@dataclass(frozen=True)
class Letter:
    """Something to send, in one language, ready worded."""

    subject: str
    """Of an e-mail; text messages have none."""
    text: str
    language: str
    direction: str
    mark: str
    """The same for every try at saying this to this address, and for nothing else."""
    stops_at: str
    """Address of the page where one can stop such letters; empty for what is written once, about work."""


def reminder_letter(
    settings: Settings, keys: Keys, carrier: Carrier, value: str, message: Message, spoken: str = ""
) -> Letter:
    """A reminder as a letter, in the language of this code or the message's own. Needs an app context.

    `message` has passed `wording.lock_screen_words`; its own title, if it has one, is what its tenant lets out.
    """
    own = message.title != settings.app_name
    with speaking(spoken or message.language):
        opens = f"{settings.tenant_url}/reminders"
        if carrier is Carrier.SMS:
            said = f"{message.title}. {message.body}" if own else message.body
            text = _texted(settings.app_name, said, opens)
        else:
            stop = gettext("This came because no phone of yours took the reminder, and you agreed to it. To stop it:")
            said = f"{message.title}\n{message.body}" if own else message.body
            text = _written(said, opens, f"{stop}\n{_stops_at(settings)}")
        mark = _mark(keys, value, f"{message.source}:{message.expires_at.isoformat()}")
        return _letter(settings, message.title, text, mark)


def code_letter(settings: Settings, keys: Keys, carrier: Carrier, value: str, numbers: str) -> Letter:
    """Six numbers that prove an address, in the language being spoken. Needs an app context."""
    name = settings.app_name
    said = gettext("Your numbers are %(numbers)s. Type them in within 30 minutes.", numbers=numbers)
    stranger = gettext("If you did not ask for them, you need do nothing.")
    text = _texted(name, f"{said} {stranger}", "") if carrier is Carrier.SMS else _written(said, "", stranger)
    subject = gettext("Your numbers for %(name)s", name=name)
    return _letter(settings, subject, text, _mark(keys, value, f"code:{numbers}"))


def work_letter(settings: Settings, keys: Keys, value: str, subject: str, said: str, opens: str, foot: str) -> Letter:
    """Work for somebody who has no account here, in the language being spoken. Needs an app context."""
    letter = _letter(settings, subject, _written(said, opens, foot), _mark(keys, value, f"work:{opens}"))
    return replace(letter, stops_at="")


def _letter(settings: Settings, subject: str, text: str, mark: str) -> Letter:
    spoken, subject = language(), " ".join(subject.split())[:LONGEST_SUBJECT]
    turned = RLM + subject if spoken.rtl else subject
    return Letter(turned, text, spoken.code, spoken.direction, mark, _stops_at(settings))


def _written(said: str, opens: str, foot: str) -> str:
    """The text of an e-mail. A line of a right-to-left language says so, or a name at its start would turn it."""
    lines = "\n\n".join(part for part in (said, opens, foot) if part).replace("\r", "\n").split("\n")
    turned = language().rtl
    return "".join(f"{RLM if turned and line and '://' not in line else ''}{line}\n" for line in lines)


def _texted(name: str, said: str, opens: str) -> str:
    """The text of an SMS. One letter outside the old alphabet of telephones halves what fits, so isolates and
    no-break spaces go where nothing needs them."""
    said = " ".join(said.split())
    said = said if len(said) <= LONGEST_SAYING else said[: LONGEST_SAYING - 3].rstrip() + "..."
    text = f"{name}: {said} {opens}".strip()
    return RLM + text if language().rtl else text.translate(_ISOLATES).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def _stops_at(settings: Settings) -> str:
    return f"{settings.tenant_url}/settings/reminders"


def _mark(keys: Keys, value: str, what: str) -> str:
    """Keyed, so that nobody who sees it can try out what it stands for."""
    return hmac.new(keys.seal.encode(), f"letter:{value}:{what}".encode(), hashlib.sha256).hexdigest()[:40]
