"""An empty house for each test, or one with the cast in it, as a copy of a template that is made once a process."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self
from uuid import uuid4

from tenant_app import tables
from tenant_app.database import Database
from tests.cast import Cast
from tests.machine import postgres


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
        self._end: list[Callable[[], None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *unused: type[BaseException] | BaseException | TracebackType | None) -> None:
        for end in reversed(self._end):
            end()

    def on_sqlite(self, path: Path, *, with_cast: bool) -> str:
        """Copy a template to `path`. Returns its address."""
        shutil.copy(self._sqlite_with_cast[0] if with_cast else self.sqlite_template, path)
        return f"sqlite:///{path}"

    @contextmanager
    def on_postgres(self, *, with_cast: bool) -> Iterator[str]:
        """A database that is a copy of a template, gone when the block ends."""
        template = self._postgres_with_cast[0] if with_cast else self._postgres_template
        name = f"test_{uuid4().hex}"
        yield postgres.fresh_database(self._admin, name, template=template)
        postgres.drop_database(self._admin, name)

    def cast(self, backend: str, database: Database) -> Cast:
        """The cast of a copy that was made with them."""
        remembered = self._sqlite_with_cast[1] if backend == "sqlite" else self._postgres_with_cast[1]
        return Cast.recalled(database, remembered)

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

    @cached_property
    def _postgres_template(self) -> str:
        name = f"template_{uuid4().hex}"
        build(postgres.fresh_database(self._admin, name))
        self._end.append(lambda: postgres.drop_database(self._admin, name))
        return name

    @cached_property
    def _postgres_with_cast(self) -> tuple[str, bytes]:
        name = f"cast_{uuid4().hex}"
        remembered = furnish(postgres.fresh_database(self._admin, name, template=self._postgres_template))
        self._end.append(lambda: postgres.drop_database(self._admin, name))
        return name, remembered

    @property
    def _admin(self) -> str:
        return os.environ["HOMEWARD_TEST_POSTGRES"]
