"""Lines for the structured log about what is kept, said once it is: what was undone never happened."""

from __future__ import annotations

from typing import Any

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session

log = structlog.get_logger()

_LINES = "lines_once_kept"


def once_kept(session: Session, what: str, **facts: Any) -> None:
    """Say this when the session commits: ids, counts and digests, never a name and nothing that anybody wrote."""
    session.info.setdefault(_LINES, []).append((what, facts))


@event.listens_for(Session, "after_commit")
def _say(session: Session) -> None:
    lines = session.info.pop(_LINES, ())
    if structlog.is_configured():  # by a door or a worker: while a demo is made up, nobody reads anything
        for what, facts in lines:
            log.info(what, **facts)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop(_LINES, None)
