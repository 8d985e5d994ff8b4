"""Places as calendar entries (RFC 5545), for a tenant's own calendar. Nobody is named in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import timedelta
from zoneinfo import ZoneInfo

from flask_babel import gettext
from icalendar import Calendar, Event

from tenant_app import clock
from tenant_app.groups.models import Booking
from tenant_app.groups.titles import title

REFRESH = timedelta(hours=1)
"""How often calendars are asked to look again. Most look when they like."""


def calendar_of(bookings: Sequence[Booking], *, named: bool, address: str, name: str) -> bytes:
    """A calendar with an entry for each booking; `address` is the tenants' door, `name` what the calendar is called.

    Unless `named`, an entry says only that something is planned, and when; it leads to the start page. Times are wall
    times with their zone, which the calendar carries along, so that an entry stays at its hour when clocks change.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Homeward//Calendar//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", REFRESH)
    for booking in bookings:
        calendar.add_component(_entry(booking, named=named, address=address))
    calendar.add_missing_timezones()
    written: bytes = calendar.to_ical()
    return written


def fingerprint(bookings: Sequence[Booking], *, named: bool, address: str, name: str) -> str:
    """Of what `calendar_of` would say: another one as soon as it would say anything else. Cheaper than saying it."""
    titles = {kind: title(kind) for kind in {booking.group_session.kind for booking in bookings}} if named else {}
    said: list[object] = [named, address, name, gettext("Something is planned")]
    for booking in bookings:
        it = booking.group_session
        said.append([
            str(booking.id), sequence(booking), it.starts_at.isoformat(), it.ends_at.isoformat(), it.zone,
            it.cancelled, booking.has_place, titles.get(it.kind), it.place, it.link,
        ])  # fmt: skip
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


def sequence(booking: Booking) -> int:
    """How often what a calendar must know has changed: the session's own changes, and each time the place was taken or
    given back. Only ever grows, so that the newest entry wins."""
    turns = 2 * booking.times_booked - booking.has_place
    return max(booking.group_session.revision + turns - 1, 0)


def _entry(booking: Booking, *, named: bool, address: str) -> Event:
    group_session = booking.group_session
    zone = ZoneInfo(group_session.zone)
    entry = Event()
    entry.add("uid", f"{booking.id}@{address.partition('://')[2]}")
    entry.add("sequence", sequence(booking))
    entry.add("dtstamp", clock.now())
    entry.add("dtstart", group_session.starts_at.astimezone(zone))
    entry.add("dtend", group_session.ends_at.astimezone(zone))
    off = group_session.cancelled or not booking.has_place
    entry.add("status", "CANCELLED" if off else "CONFIRMED")
    entry.add("summary", title(group_session.kind) if named else gettext("Something is planned"))
    # Calendars show addresses, too, and often to family.
    page = f"{address}/groups/{group_session.id}" if named else f"{address}/"
    # The link tells what it is about as plainly as a name does, and is for those who have a place.
    link = group_session.link if named and not off else ""
    if named and (group_session.place or link):
        entry.add("location", group_session.place or link)
    entry.add("url", link or page)
    if link:
        entry.add("description", page)
    entry.add("class", "PRIVATE")
    entry.add("transp", "TRANSPARENT" if off else "OPAQUE")
    return entry
