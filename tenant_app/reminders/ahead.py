"""When one is reminded of what lies ahead: the same evening hour for everything that comes tomorrow."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from tenant_app import clock

EVENING = time(18)
"""Wall time of the reminder on the day before."""
EVENING_LASTS = timedelta(hours=4)
"""After ten nobody is woken for tomorrow."""


def evening_before(starts_at: datetime, zone: ZoneInfo) -> datetime:
    """The evening before the day on which it begins by the clock of `zone`, in UTC."""
    return clock.at(starts_at.astimezone(zone).date() - timedelta(days=1), EVENING, zone)
