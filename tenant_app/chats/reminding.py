"""What tenants are told about their chats, and when. How it is worded stands in `notices.py`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.chats.models import Chat
from tenant_app.reminders.ahead import EVENING_LASTS, evening_before
from tenant_app.reminders.rules import announce

DAY_BEFORE = "chats.day_before"
HOUR_BEFORE = "chats.hour_before"
PROPOSED = "chats.proposed"
"""Kind of notice: the worker named a time, and waits for an answer."""
CALLED_OFF = "chats.called_off"
"""Kind of notice: the worker cannot, after all."""

HOUR = timedelta(hours=1)
NEWS_LASTS = timedelta(days=3)


def remind(session: Session, chat: Chat) -> None:
    """Plan both reminders of an agreed chat, as far as they are still to come."""
    assert chat.starts_at is not None
    zone = ZoneInfo(chat.zone)
    evening = evening_before(chat.starts_at, zone)
    if clock.now() < evening:
        _say(session, chat, DAY_BEFORE, due_at=evening, lasts=EVENING_LASTS)
    if clock.now() < chat.starts_at - HOUR:
        _say(session, chat, HOUR_BEFORE, due_at=chat.starts_at - HOUR, lasts=HOUR)


def tell(session: Session, chat: Chat, kind: str) -> None:
    """Say now what the worker did; worth it until the chat would have begun."""
    lasts = min(NEWS_LASTS, chat.starts_at - clock.now()) if chat.starts_at else NEWS_LASTS
    if lasts > timedelta():
        _say(session, chat, kind, due_at=clock.now(), lasts=lasts)


def _say(session: Session, chat: Chat, kind: str, *, due_at: datetime, lasts: timedelta) -> None:
    facts: dict[str, Any] = {"chat": str(chat.id), "with": chat.worker.known_as, "way": chat.way.value}
    if chat.starts_at is not None:
        facts["starts_at"] = chat.starts_at.isoformat()
    # What was said of an earlier time must not keep the same from being said of this one.
    announce(
        session, chat.tenant, kind, source=chat.source, occurrence=f"{kind}:{chat.revision}", due_at=due_at,
        lasts=lasts, facts=facts,
    )  # fmt: skip
