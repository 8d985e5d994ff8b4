"""What a page reaches for: this house's settings and keys, and the request's one database session."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from flask import Response, abort, current_app, g, request
from sqlalchemy import Select
from sqlalchemy.orm import Session

from tenant_app.database import Database
from tenant_app.keys import Keys
from tenant_app.settings import Settings

Record = TypeVar("Record")


@dataclass(frozen=True)
class House:
    """What one process of one instance holds for as long as it lives."""

    settings: Settings
    keys: Keys
    database: Database


def house() -> House:
    """The house that the current app serves."""
    found: House = current_app.extensions["homeward"]
    return found


def session() -> Session:
    """The request's session, opened when first asked for.

    A GET at the tenants' door is refused any write by the database itself; staff pages may write, because each
    reading of a record is written down.
    """
    if "session" not in g:
        reads_only = request.method in ("GET", "HEAD", "OPTIONS") and current_app.config["READS_ONLY_GETS"]
        g.session = house().database.session(reads_only=reads_only)
    found: Session = g.session
    return found


def keep_now() -> None:
    """Commit at once, for what must be remembered even if the answer is a refusal: a try at a PIN."""
    session().commit()


def find(query: Select[Record], record_id: UUID) -> Record:
    """The record with this id among those that `query` may see, or 404.

    What is not yours does not exist: the answer for a foreign id is the same as for one that was never given.
    """
    entity: Any = query.column_descriptions[0]["entity"]
    record = session().scalars(query.where(entity.id == record_id)).unique().first()
    if record is None:
        abort(404)
    return record


def before_keeping(note: Callable[[Response], None]) -> None:
    """Have `note` look at the answer just before what this request wrote is kept, and write something more with it."""
    g.setdefault("notes_before_keeping", []).append(note)


def settle(response: Response) -> None:
    """End the request's transaction: kept if the answer is below 400, undone otherwise."""
    open_session: Session | None = g.get("session")
    if open_session is not None:
        if response.status_code < 400:
            for note in g.get("notes_before_keeping", ()):
                note(response)
            open_session.commit()
        else:
            open_session.rollback()


def close() -> None:
    """Give the request's session back."""
    open_session: Session | None = g.pop("session", None)
    if open_session is not None:
        open_session.close()
        # After a write that failed it would have to be read again, and the page that says so could not be made.
        g.pop("visit", None)
