"""What a service worker is told of a notice: the words for a lock screen, where a tap leads, and buttons."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from tenant_app.reminders.wording import Action

LONGEST_TITLE, LONGEST_BODY, LONGEST_ADDRESS = 120, 400, 400
"""Characters. An encrypted message has to stay below 4,096 bytes, and a letter may take four."""
LARGEST_PLAIN = 3900
"""Bytes before encryption, which adds 103 of its own."""
MOST_ACTIONS = 2
"""Buttons that a notification shows on Android."""


@dataclass(frozen=True)
class Message:
    """What is to be shown on a lock screen, and how it travels."""

    title: str
    body: str
    address: str
    """Path of the tenants' door that a tap leads to."""
    language: str
    direction: str
    source: str
    """What it is about. Travels only as a digest: as `Topic` and as the notification's tag, so that a repeat
    replaces its twin, at the push service and on the phone."""
    expires_at: datetime
    urgent: bool = False
    silent: bool = False
    """Shown without a sound: it is quiet hours where it goes."""
    actions: tuple[Action, ...] = ()
    """Buttons that answer at once. Left out where there is no room for them."""
    whose: str = ""
    """Tag of the person they answer for."""


def plain(message: Message, topic: str) -> bytes:
    """What the service worker is told, before encryption."""
    address = message.address
    if not address.startswith("/") or address.startswith("//") or len(address) > LONGEST_ADDRESS:
        address = "/"
    shown: dict[str, object] = {
        "title": message.title[:LONGEST_TITLE],
        "body": message.body[:LONGEST_BODY],
        "address": address,
        "tag": topic,
        "lang": message.language,
        "dir": message.direction,
    }
    if message.silent:
        shown["silent"] = True
    if message.actions:
        with_buttons = _encode({**shown, "actions": buttons(message), "whose": message.whose})
        if len(with_buttons) <= LARGEST_PLAIN:
            return with_buttons
    return _encode(shown)


def buttons(message: Message) -> list[dict[str, object]]:
    """What the service worker is told of each: what it says, and the form that it sends."""
    return [
        {"name": action.name, "title": action.title, "address": action.address, "fields": dict(action.fields)}
        for action in message.actions[:MOST_ACTIONS]
    ]


_to_json = json.JSONEncoder(ensure_ascii=False).encode


def _encode(shown: dict[str, object]) -> bytes:
    return _to_json(shown).encode(errors="replace")
