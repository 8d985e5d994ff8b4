"""Where a repair is, and what can happen to it."""

from __future__ import annotations

import enum


class State(enum.StrEnum):
    """Where a repair is."""

    DRAFT = "draft"
    """Begun by the tenant and not sent; nobody else sees it."""
    REPORTED = "reported"
    SEEN = "seen"
    BOOKED = "booked"
    """Somebody comes, on a day both sides know."""
    FIXED = "fixed"
    """We say that it is fixed; the tenant may say that it is not."""
    CLOSED = "closed"


OPEN = (State.REPORTED, State.SEEN, State.BOOKED)
"""States in which something is still to do."""


class Event(enum.StrEnum):
    """What a line of a repair's story tells."""

    CHANGE = "change"
    """It was reported, or came to another state."""
    MESSAGE = "message"
    """One side wrote to the other."""
    OFFERED = "offered"
    """The desk offered times to choose from."""
    CHOSEN = "chosen"
    CANCELLED = "cancelled"
    """The tenant called the visit off."""
    CALLED_OFF = "called_off"
    """We did."""
    NONE_FITS = "none_fits"
    """None of the times suited the tenant."""
    NO_ACCESS = "no_access"
    """Somebody came and could not get in."""
    FIXED_YES = "fixed_yes"
    """The tenant says that it is fixed."""
    TIME = "time"
    """Nobody said otherwise for some time, and it was closed."""
    GIVEN = "given"
    """It was given to a contractor."""
    TAKEN_BACK = "taken_back"
    """It was taken back from them."""
    PHOTOS = "photos"
    """Photos came after it was sent: those since this line, as far as the next such line."""
