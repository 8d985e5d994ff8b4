"""Times that Grace and Devon keep open."""

from __future__ import annotations

from datetime import date, time
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tenant_app.accounts.models import Worker
from tenant_app.chats.models import OpenTime
from tenant_app.chats.open_times import keep_open

LONDON = ZoneInfo("Europe/London")
MONDAY = date(2026, 11, 30)


def two_times(session: Session, worker: Worker) -> list[OpenTime]:
    """On Monday at 10:00 and at 10:30."""
    return keep_open(session, worker, MONDAY, time(10), time(11), 30, LONDON)
