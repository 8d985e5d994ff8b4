"""A stretch of a thread as either door shows it: day by day, and where another keyworker begins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from zoneinfo import ZoneInfo

from tenant_app.messages.models import Message


@dataclass(frozen=True)
class Line:
    """One message, and whether it is the first with another keyworker than the one above."""

    message: Message
    turn: bool


def by_day(messages: Iterable[Message], zone: ZoneInfo) -> list[tuple[date, list[Line]]]:
    """The messages, which are oldest first, by the days of the clock of `zone`."""
    lines, with_whom = [], None
    for message in messages:
        turn = not message.held and with_whom is not None and message.worker_id != with_whom
        with_whom = with_whom if message.held else message.worker_id
        lines.append(Line(message, turn))
    days = groupby(lines, key=lambda line: line.message.written_at.astimezone(zone).date())
    return [(day, list(found)) for day, found in days]
