"""What other rooms do when a device is signed out. They lean on this room, so it cannot call them: they leave word."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from tenant_app.accounts.entry import Visit

Farewell = Callable[[Session, Visit, str], None]
"""Called with the visit that has just ended and the push endpoint of its browser, empty where the browser did not say:
without script, or when it was signed out from another phone."""

on_leaving: list[Farewell] = []


def leave(session: Session, visit: Visit, endpoint: str = "") -> None:
    """End a visit, and let every room do its part."""
    visit.end()
    for farewell in on_leaving:
        farewell(session, visit, endpoint)
