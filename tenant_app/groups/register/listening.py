"""Who wants to know when a register says that somebody came, or no longer says so. The register knows none of them."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from tenant_app.chores import apart
from tenant_app.groups.models import Booking

Listener = Callable[[Session, Booking], None]

_listeners: list[Listener] = []


def after_mark(listener: Listener) -> Listener:
    """Have `listener` called with each booking whose mark may have changed, in the transaction that changed it. It may
    be called twice for the same mark. Used as a decorator, once, where the module is imported."""
    _listeners.append(listener)
    return listener


def tell_listeners(session: Session, booking: Booking) -> None:
    """The register says something of this booking. What a listener fails at is undone, and the mark stands."""
    session.flush()
    for listener in _listeners:
        with apart(session, listener.__name__, booking.id):
            listener(session, booking)
