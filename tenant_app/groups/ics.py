"""Places as calendar entries (RFC 5545), for a tenant's own calendar. Nobody is named in them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from flask_babel import gettext

from tenant_app.groups.models import Booking
from tenant_app.groups.titles import title
from tenant_app.web import calendars


def calendar_of(bookings: Sequence[Booking], *, named: bool, address: str, name: str) -> bytes:
    """A calendar with an entry for each booking; `address` is the tenants' door, `name` what the calendar is called.

    Unless `named`, an entry says only that something is planned, and when; it leads to the start page.
    """
    return calendars.calendar_of((_entry(booking, named=named, address=address) for booking in bookings), name=name)


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


def _entry(booking: Booking, *, named: bool, address: str) -> calendars.Entry:
    it = booking.group_session
    off = it.cancelled or not booking.has_place
    # Calendars show addresses, too, and often to family.
    page = f"{address}/groups/{it.id}" if named else f"{address}/"
    # The link tells what it is about as plainly as a name does, and is for those who have a place.
    link = it.link if named and not off else ""
    return calendars.Entry(
        uid=f"{booking.id}@{address.partition('://')[2]}", sequence=sequence(booking), starts_at=it.starts_at,
        ends_at=it.ends_at, zone=it.zone, off=off, summary=title(it.kind) if named else gettext("Something is planned"),
        url=link or page, location=(it.place or link) if named else "", description=page if link else "",
    )  # fmt: skip
