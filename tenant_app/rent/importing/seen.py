"""What a run has met already, kept out of memory: a file may have any number of rows."""

from __future__ import annotations

import sqlite3
from types import TracebackType
from typing import Self


class Seen:
    """A scratch table that lives on disk for as long as a run, and is gone with it."""

    def __init__(self) -> None:
        # The empty name is a temporary database, which spills to disk by itself and is deleted when closed.
        self._table = sqlite3.connect("", isolation_level=None)
        self._table.execute("CREATE TABLE times (key BLOB PRIMARY KEY, times INTEGER) WITHOUT ROWID")
        self._table.execute("CREATE TABLE said (key TEXT PRIMARY KEY, what TEXT) WITHOUT ROWID")
        self._table.execute("BEGIN")

    def count(self, key: bytes) -> int:
        """How often this was counted, this time included."""
        self._table.execute(
            "INSERT INTO times VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET times = times + 1", (key,)
        )
        return int(self._table.execute("SELECT times FROM times WHERE key = ?", (key,)).fetchone()[0])

    def first_said(self, key: str, what: str) -> str | None:
        """What was said of `key` first, or None if this is the first time."""
        before = self._table.execute("SELECT what FROM said WHERE key = ?", (key,)).fetchone()
        if before is None:
            self._table.execute("INSERT INTO said VALUES (?, ?)", (key, what))
            return None
        return str(before[0])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._table.close()
