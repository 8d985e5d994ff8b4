"""What became of a tap on a place, in words: on its card, and for the phone that sent it when there was a signal."""

from __future__ import annotations

from flask_babel import gettext
from markupsafe import Markup

from tenant_app.groups.models import Booking, GroupSession
from tenant_app.groups.places import Cancelled, Full, NoPlace, NoSecondPlace
from tenant_app.web.locale import isolate, say


def done_words(booking: Booking | None, *, asked: str) -> str:
    """What the tenant has now. `asked` is what was tapped: `booked`, `waiting` or `supporter`."""
    if booking is not None and booking.has_place:
        if asked == "supporter" and not booking.supporter:
            return gettext("You come on your own.")
        return gettext("You and your supporter have a place.") if booking.supporter else gettext("You have a place.")
    if booking is not None and booking.waiting:
        return gettext("You are on the waiting list.")
    if booking is not None and booking.offered:
        return gettext("A place is held for you")
    if asked == "booked":
        return gettext("Somebody else can have your place now.")
    return gettext("You do not wait any more.")


def refused_words(refusal: NoPlace, group_session: GroupSession, *, gives_back: bool = False) -> Markup:
    """Why it cannot be, and what one can do. `gives_back` tells a place that came too late to be given back."""
    name = isolate(group_session.facilitator.known_as)
    if isinstance(refusal, Full):
        return say("The last place has gone. Join the waiting list?")
    if isinstance(refusal, NoSecondPlace):
        return say("There is no place left for a supporter. You can still come on your own.")
    if isinstance(refusal, Cancelled):
        return say("It is called off. See what else is on.")
    if group_session.over:
        return say("It is over. See what else is on.")
    if gives_back:
        return say("It has begun, so the place stays yours. If you cannot come, ring %(name)s.", name=name)
    return say("It has begun. Ring %(name)s if you would like to come.", name=name)


def plain(words: Markup) -> str:
    """The same as text, names still kept apart from their neighbours."""
    return words.replace("<bdi>", "\u2068").replace("</bdi>", "\u2069").striptags()
