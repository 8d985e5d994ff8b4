"""Places in the tenant's own calendar: one session at a time, or a feed that keeps itself up to date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.groups.feeds import CalendarFeed
from tenant_app.groups.ics import calendar_of
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.web.audience import ANYONE, TENANT, open_to
from tenant_app.web.forms import stated
from tenant_app.web.house import house, session
from tenant_app.web.locale import speaking

room = Blueprint("group_calendar", __name__, template_folder="templates")

LOOKS_BACK = timedelta(days=60)
"""How long a session that is over stays in the feed: a calendar throws away what is in it no more."""


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
    """All places of whoever this address was given to: a calendar comes alone and cannot sign in."""
    found = CalendarFeed.behind(session(), token)
    if found is None:
        abort(404)
    booked = Booking.of(found.tenant).where(
        Booking.standing == Standing.PLACE, GroupSession.ends_at > clock.now() - LOOKS_BACK
    )
    with speaking(found.tenant.language):
        return _file(session().scalars(booked).all(), named=found.named, file_name="calendar.ics")


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
    settings = house().settings
    written = calendar_of(bookings, named=named, address=settings.tenant_url, name=settings.app_name)
    return Response(
        written, mimetype="text/calendar", headers={"Content-Disposition": f'attachment; filename="{file_name}"'}
    )
