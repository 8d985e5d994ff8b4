"""Places in the tenant's own calendar: one session at a time, or a feed that keeps itself up to date."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.accounts.rules import Locked, count_try
from tenant_app.groups.feeds import CalendarFeed
from tenant_app.groups.ics import calendar_of, fingerprint
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.web.audience import ANYONE, TENANT, open_to
from tenant_app.web.calendars import calendar_file
from tenant_app.web.forms import stated
from tenant_app.web.house import house, session
from tenant_app.web.locale import speaking

room = Blueprint("group_calendar", __name__, template_folder="templates")

LOOKS_BACK = timedelta(days=60)
"""How long a session that is over stays in the feed: a calendar throws away what is in it no more."""
MOST_ASKED, ASKED_WITHIN = 12, timedelta(minutes=15)
"""How often a feed is written out for one address in so long a time. Calendars look every few minutes at the most."""


@room.get("/groups/<uuid:session_id>/session.ics")
@open_to(TENANT)
def one(session_id: UUID) -> Response:
    """One session as a file for a calendar; given back or called off, it says so there too.

    It names the group if the tenant's locked phone may: calendars are shown there as well.
    """
    booking = session().scalars(Booking.of(tenant()).where(Booking.session_id == session_id)).one_or_none()
    if booking is None or not booking.times_booked:
        abort(404)
    return _file([booking], named=tenant().named_on_lock_screen, file_name="session.ics")


@room.get("/groups/feed/<token>.ics")
@open_to(ANYONE)
def feed(token: str) -> Response:
    """All places of whoever this address was given to: a calendar comes alone and cannot sign in.

    One that has it already is told so (304), which costs two questions and writes nothing; only what is written out
    anew is counted, and too much of it is a 429 that says when to come again.
    """
    found = CalendarFeed.behind(session(), token)
    if found is None:
        abort(404)
    booked = Booking.of(found.tenant).where(
        Booking.standing == Standing.PLACE, GroupSession.ends_at > clock.now() - LOOKS_BACK
    )
    with speaking(found.tenant.language):
        bookings = session().scalars(booked).all()
        tag = fingerprint(bookings, named=found.named, **_here())
        if request.if_none_match.contains_weak(tag):
            return _kept(Response(status=304), tag)
        try:
            # Reading ends first: on SQLite whoever still reads would keep the count from being written.
            session().commit()
            with house().database.step() as counting:
                count_try(counting, f"feed:{found.token_hash}", MOST_ASKED, ASKED_WITHIN)
        except Locked as locked:
            return _come_again(locked.until)
        return _kept(_file(bookings, named=found.named, file_name="calendar.ics"), tag)


@room.get("/groups/calendar")
@open_to(TENANT)
def show() -> str:
    """Whether there is a feed, what it says, and the way to end it."""
    return render_template("groups/calendar.html", feed=CalendarFeed.of(session(), tenant()), address="")


@room.post("/groups/calendar")
@open_to(TENANT)
def make() -> str:
    """Make an address, or a new one in place of the old: `named` states whether entries say what they are.

    The address is in the answer and nowhere else, so this POST answers with a whole page.
    """
    token = CalendarFeed.make(session(), tenant(), named=stated("named"))
    address = house().settings.tenant_url + url_for("group_calendar.feed", token=token)
    return render_template("groups/calendar.html", feed=CalendarFeed.of(session(), tenant()), address=address)


@room.post("/groups/calendar/end")
@open_to(TENANT)
def end() -> AnyResponse:
    """The address leads nowhere from now on."""
    CalendarFeed.revoke(session(), tenant())
    flash(gettext("The address leads nowhere now. You can take the calendar off your phone."))
    return redirect(url_for("group_calendar.show"), 303)


def _file(bookings: Sequence[Booking], *, named: bool, file_name: str) -> Response:
    written = calendar_of(bookings, named=named, **_here())
    return calendar_file(written, file_name)


def _here() -> dict[str, str]:
    settings = house().settings
    return {"address": settings.tenant_url, "name": settings.app_name}


def _kept(answer: Response, tag: str) -> Response:
    """A calendar may keep this, and asks each time whether it still holds: an address that was ended is ended."""
    answer.headers["Cache-Control"] = "private, no-cache"
    # Weak: when it was written stands in it, and is no change.
    answer.set_etag(tag, weak=True)
    return answer


def _come_again(at: datetime) -> Response:
    seconds = max(math.ceil((at - clock.now()).total_seconds()), 1)
    return Response(render_template("error.html", kind=429), status=429, headers={"Retry-After": str(seconds)})
