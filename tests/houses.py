"""An empty house for each test, or one with the cast in it: on SQLite a copy of a template that is made once a process,
on PostgreSQL a database of the process's own that is emptied before each test."""

from __future__ import annotations

import os
import shutil
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from tenant_app import tables
from tenant_app.database import Database
from tests.cast import Cast
from tests.machine import postgres
from tests.machine.standing import StandingDatabase


def build(url: str) -> None:
    """All tables, no rows."""
    empty = Database(url)
    tables.metadata.create_all(empty.engine)
    empty.close()


def furnish(url: str) -> bytes:
    """Gather the cast. Returns what `Cast.recalled` takes."""
    database = Database(url)
    cast = Cast.gather(database)
    database.close()
    return cast.remembered()


class Houses:
    """Templates of both kinds of database, and the copies that tests live in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._standing: StandingDatabase | None = None
        self._template: str | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: type[BaseException] | BaseException | TracebackType | None) -> None:
        if self._standing is not None:
            self._standing.close()
        if self._template is not None:
            postgres.drop_database(self._admin, self._template)

    def on_sqlite(self, path: Path, *, with_cast: bool) -> str:
        """Copy a template to `path`. Returns its address."""
        shutil.copy(self._sqlite_with_cast[0] if with_cast else self.sqlite_template, path)
        return f"sqlite:///{path}"

    def on_postgres(self, *, with_cast: bool) -> str:
        """This process's database on PostgreSQL, emptied of what stood in it. Returns its address."""
        if self._standing is None or not self._standing.empty(with_furniture=with_cast):
            if self._standing is not None:
                self._standing.close()
            self._standing = StandingDatabase(self._admin, self._postgres_template, furnish)
            self._standing.empty(with_furniture=with_cast)
        return self._standing.url

    def cast(self, backend: str, database: Database) -> Cast:
        """The cast of a copy that was made with them."""
        if backend == "sqlite":
            return Cast.recalled(database, self._sqlite_with_cast[1])
        assert self._standing is not None
        return Cast.recalled(database, self._standing.furnished)

    @cached_property
    def sqlite_template(self) -> Path:
        """An SQLite file with all tables and no rows."""
        path = self._folder / "empty.sqlite"
        build(f"sqlite:///{path}")
        return path

    @cached_property
    def _sqlite_with_cast(self) -> tuple[Path, bytes]:
        path = self._folder / "cast.sqlite"
        return path, furnish(self.on_sqlite(path, with_cast=False))

    @property
    def _postgres_template(self) -> str:
        if self._template is None:
            self._template = f"template_{uuid4().hex}"
            build(postgres.fresh_database(self._admin, self._template))
        return self._template

    @property
    def _admin(self) -> str:
        return os.environ["HOMEWARD_TEST_POSTGRES"]
