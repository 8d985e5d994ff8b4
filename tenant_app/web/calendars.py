"""Calendar files (RFC 5545), for a tenant's own calendar. Calendars are shown to family and on locked phones."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flask import Response
from icalendar import Calendar, Event

from tenant_app import clock

REFRESH = timedelta(hours=1)
"""How often calendars are asked to look again. Most look when they like."""


@dataclass(frozen=True)
class Entry:
    """One thing that is planned, as a calendar shows it. All of it must be fit to be seen by others."""

    uid: str
    sequence: int
    """How often it has changed. Only ever grows, so that the newest entry wins."""
    starts_at: datetime
    ends_at: datetime
    zone: str
    off: bool
    """Called off or given back; the calendar is told, and crosses it out."""
    summary: str
    url: str
    location: str = ""
    description: str = ""


def calendar_of(entries: Iterable[Entry], *, name: str) -> bytes:
    """A calendar called `name`. Times are wall times with their zone, which the calendar carries along, so that an
    entry stays at its hour when clocks change."""
    calendar = Calendar()
    calendar.add("prodid", "-//Homeward//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    for entry in entries:
        calendar.add_component(_component(entry))
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def calendar_file(written: bytes, file_name: str) -> Response:
    """The answer that a phone opens with its calendar."""
    return Response(
        written, mimetype="text/calendar", headers={"Content-Disposition": f'attachment; filename="{file_name}"'}
    )


def _component(entry: Entry) -> Event:
    zone = ZoneInfo(entry.zone)
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", clock.now())
    event.add("dtstart", entry.starts_at.astimezone(zone))
    event.add("dtend", entry.ends_at.astimezone(zone))
    event.add("status", "CANCELLED" if entry.off else "CONFIRMED")
    event.add("summary", entry.summary)
    if entry.location:
        event.add("location", entry.location)
    event.add("url", entry.url)
    if entry.description:
        event.add("description", entry.description)
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT" if entry.off else "OPAQUE")
    return event
