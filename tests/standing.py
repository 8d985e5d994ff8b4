"""What the tests of one process share, because to make it anew takes longer than most tests: the doors, and the words
of SQL. Neither remembers anything of the house that it stood before."""

from __future__ import annotations

import importlib
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import Engine

from tenant_app import database
from tenant_app.database import Database
from tenant_app.keys import open_keys
from tenant_app.settings import Settings
from tenant_app.web.house import House

COOKIE_KEYS = {"tenant_app": "tenant_cookies", "staff_portal": "staff_cookies"}
MOST_DOORS = 8


class Compiled(BytecodeCache):
    """Templates that another door has compiled; kept by what stands in them, so that none is stale."""

    def __init__(self) -> None:
        self._code: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._code:
            bucket.bytecode_from_string(self._code[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._code[bucket.key] = bucket.bytecode_to_string()


def translated(instance: Path, catalogues: Path) -> Path:
    """This instance folder, with the catalogues that the run has compiled. Compiling is most of what opening a door takes.

    Links: a door that compiles something newer replaces its own and no other's.
    """
    shutil.copytree(catalogues, instance / "translations", copy_function=os.link)
    return instance


class StandingDoors:
    """Doors that stay open from test to test, each time before another house.

    A door knows its house by `extensions["homeward"]`, by the key of its cookies and by the settings that its
    templates see. Whatever else settings decide, they decide while a door is built; so each set of them has its own.
    """

    def __init__(self, folder: Path, catalogues: Path) -> None:
        self._folder, self._catalogues = folder, catalogues
        self._free: dict[tuple[str, Settings], Flask] = {}

    @contextmanager
    def before(self, package: str, settings: Settings) -> Iterator[Flask]:
        """The door of `package` before the house of these settings, and as it was built once the block ends."""
        kind = package, replace(settings, instance=self._folder, database_url="sqlite://")
        # Taken out: a second one of its kind in the same test is another door.
        door = self._free.pop(kind, None) or self._build(*kind)
        changing: tuple[dict[str, Any], ...] = (door.config, door.extensions, door.jinja_env.globals)
        as_built = [dict(mapping) for mapping in changing]
        keys = open_keys(settings.instance)
        house = House(settings, keys, Database(settings.database))
        door.extensions["homeward"] = house
        door.config["SECRET_KEY"] = getattr(keys, COOKIE_KEYS[package])
        door.jinja_env.globals["settings"] = settings
        try:
            yield door
        finally:
            house.database.close()
            for mapping, before in zip(changing, as_built, strict=True):
                mapping.clear()
                mapping.update(before)
            if len(self._free) >= MOST_DOORS:
                self._free.pop(next(iter(self._free)))
            self._free[kind] = door

    def _build(self, package: str, settings: Settings) -> Flask:
        if not (self._folder / "translations").exists():
            translated(self._folder, self._catalogues)
        door: Flask = importlib.import_module(package).create_app(settings)
        door.extensions["homeward"].database.close()
        return door


@contextmanager
def compiled_once() -> Iterator[None]:
    """Let all doors of this process share the templates that one of them has compiled, however they are opened: a tenth
    of a second for each page that is shown for the first time."""
    alone = Flask.jinja_options
    Flask.jinja_options = {**alone, "bytecode_cache": Compiled()}
    try:
        yield
    finally:
        Flask.jinja_options = alone


@contextmanager
def nothing_to_lose() -> Iterator[None]:
    """Let SQLite not wait for the disk, as the tests' PostgreSQL does not: every commit would take eight milliseconds
    for files that are thrown away. Processes of their own wait, and each commit is still one that others see."""
    prepare = database._prepare_sqlite

    def prepared(raw: sqlite3.Connection, record: object) -> None:
        prepare(raw, record)
        raw.execute("PRAGMA synchronous = OFF")

    database._prepare_sqlite = prepared
    try:
        yield
    finally:
        database._prepare_sqlite = prepare


@contextmanager
def one_vocabulary() -> Iterator[None]:
    """Let engines of one kind of database share the SQL they have compiled, as all requests to one process do.

    An engine finds compiled SQL by its dialect, which knows the kind and version of a server but nothing of what is
    in it. Without this, each test would compile every statement it makes: a fifth of its time.
    """
    first: dict[str, Engine] = {}
    open_engine = database.open_engine

    def opened(url: str) -> Engine:
        engine = open_engine(url)
        known = first.setdefault(engine.dialect.name, engine)
        # A dialect learns the server's version when it first connects. Until then everyone has their own.
        if known is not engine and getattr(known.dialect, "server_version_info", None):
            engine.dialect, engine._compiled_cache = known.dialect, known._compiled_cache
        return engine

    database.open_engine = opened
    try:
        yield
    finally:
        database.open_engine = open_engine
