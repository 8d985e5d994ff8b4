"""Files that no row names: a picture is written before its row, and between the two anything may happen."""

from __future__ import annotations

from pathlib import Path

import structlog
from sqlalchemy import String, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.database import Base
from tenant_app.settings import Settings
from tenant_app.support.record.ways import folders_of, is_file

log = structlog.get_logger()

OLD = 24 * 60 * 60
"""Seconds after which no request that wrote a file can still be on its way to write its row."""
MANY = 50
"""So many at once, and more of them than files with a row, are no accident of requests: it is another association's
folder, or an older copy of the database. Then nothing is swept."""


def sweep_orphans(session: Session, settings: Settings) -> int:
    """Take away what has lain in the folders of files for a day and is named by no row, unfinished files too. Returns
    how many went."""
    # Looked at before the rows are asked for: what is written meanwhile is not among them.
    old = [path for folder in folders_of(settings) for path in _old_files(folder)]
    if not old:
        return 0
    named = _named(session)
    orphans = [path for path in old if path.name not in named]
    if len(orphans) >= MANY and len(orphans) > len(old) / 2:
        log.error("orphans_are_too_many", orphans=len(orphans), files=len(old))
        return 0
    gone = 0
    for path in orphans:
        try:
            path.unlink(missing_ok=True)
            gone += 1
        except OSError as error:  # the others can go all the same
            log.error("orphan_stays", error=type(error).__name__)
    if gone:
        log.info("orphans_swept", files=gone)
    return gone


def _old_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    before = clock.now().timestamp() - OLD
    found = []
    for path in folder.iterdir():
        try:
            if path.is_file() and not path.is_symlink() and path.stat().st_mtime < before:
                found.append(path)
        except OSError:  # gone while we looked
            continue
    return found


def _named(session: Session) -> set[str]:
    """Every name of a file that any row has."""
    columns = [
        column for table in Base.metadata.tables.values() for column in table.columns
        if is_file(column) and isinstance(column.type, String)
    ]  # fmt: skip
    return {name for column in columns for name in session.scalars(select(column).where(column != "")) if name}
