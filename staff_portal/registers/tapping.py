"""What a page of a register sends: marks, and when they were made."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import abort, request

from tenant_app import clock
from tenant_app.groups.models import Attendance
from tenant_app.web.forms import EARLIEST, LATEST

MARK, WAS = "mark-", "was-"
"""Radios of the register are named `mark-<tenant's id>`; beside each stands what the page showed, as `was-<id>`."""
NONE = "none"
"""Nothing is said of them: as a mark, that one is taken back."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def made_at() -> datetime | None:
    """When what is sent was done, by our clock: None for now. A phone that kept it says when it was tapped and what its
    clock shows as it sends; by how much that is wrong, the tap is too. What cannot be read is long ago."""
    said = request.form.get("tapped_at")
    if said is None:
        return None
    tapped, shows = _moment(said), _moment(request.headers.get("X-Homeward-Clock", ""))
    if tapped is None:
        return LONG_AGO
    return tapped if shows is None else clock.now() - max(shows - tapped, timedelta())


def seen_at() -> datetime:
    """When the page that was tapped on was made, as it says itself; now, if it does not."""
    return _moment(request.form.get("since", "")) or clock.now()


def a_mark(said: str | None) -> Attendance | None:
    """The mark that is meant by one of the words a register sends; 400 for any other."""
    if said == NONE:
        return None
    try:
        return Attendance(said or "")
    except ValueError:
        abort(400)


def changed_marks() -> list[tuple[UUID, Attendance | None]]:
    """(tenant, mark) of each radio that says something else than the page did. The others' marks may have been changed
    by somebody else since, and are not this page's to change back."""
    try:
        return [
            (UUID(name.removeprefix(MARK)), a_mark(chosen))
            for name, chosen in request.form.items()
            if name.startswith(MARK) and chosen != request.form.get(WAS + name.removeprefix(MARK))
        ]
    except ValueError:
        abort(400)


def _moment(said: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        return None
    # Beyond these years nothing can be added to it or taken from it.
    return moment if moment.tzinfo is not None and EARLIEST < moment.date() < LATEST else None
