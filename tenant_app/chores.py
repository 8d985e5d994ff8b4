"""Work done for many, one after the other: what goes wrong with one is undone and logged, and the others go on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

log = structlog.get_logger()


@contextmanager
def apart(session: Session, chore: str, which: UUID) -> Iterator[None]:
    """What is done for one of many. If it fails, it alone is undone, and its id goes to the log.

    Otherwise one account that nobody foresaw would keep the rent of all others from being charged, every minute anew.
    A database that went away concerns everybody, and is raised.
    """
    try:
        with session.begin_nested():
            yield
    except OperationalError:
        raise
    except Exception as error:
        log.exception("chore_failed_for_one", chore=chore, which=str(which), error=type(error).__name__)
