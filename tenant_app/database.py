"""Tables' common ground: the base class, recurring kinds of column, and engines for SQLite and PostgreSQL."""

from __future__ import annotations

import enum
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Annotated, Any, cast
from uuid import UUID

import uuid_utils.compat
from sqlalchemy import CursorResult, DateTime, Engine, Enum, MetaData, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Dialect, make_url
from sqlalchemy.orm import DeclarativeBase, Session, mapped_column, sessionmaker
from sqlalchemy.types import TypeDecorator

READS_ONLY = "homeward_reads_only"
"""Execution option of a connection whose transaction must not write: pages that a GET asks for."""


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite forgets zones, so one is put back on the way out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("a moment without a zone would be stored an hour wrong every summer")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def new_id() -> UUID:
    """A time-ordered identifier (UUIDv7): kind to indexes, and its 74 random bits cannot be guessed in an address."""
    return uuid_utils.compat.uuid7()


Id = Annotated[UUID, mapped_column(primary_key=True, default=new_id)]
"""Primary key of a table."""

UtcTime = Annotated[datetime, mapped_column(UtcDateTime)]
"""A moment: `2026-11-26T09:00Z`."""

Pence = int
"""Money, in whole pence. There are no floats in the house's money."""


def one_of(words: type[enum.StrEnum], longest: int) -> Enum:
    """A column that holds one of an enumeration's words, as text: a new word then needs no migration of a type."""
    return Enum(words, native_enum=False, length=longest, values_callable=lambda found: [word.value for word in found])


class Base(DeclarativeBase):
    """Parent of every table. Constraint names are fixed, or a migration could not name what it drops."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}


def open_engine(url: str) -> Engine:
    """An engine with the settings this house relies on. `url` is an SQLAlchemy URL, driver named.

    Parameters are hidden in errors, because what tenants wrote must not end up in a log.
    """
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        engine = create_engine(
            address, hide_parameters=True, connect_args={"check_same_thread": False, "timeout": 15},
            pool_recycle=3600,  # what was counted since is read where a connection begins
        )  # fmt: skip
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    engine = create_engine(
        address,
        pool_size=8,
        max_overflow=16,
        pool_pre_ping=True,
        hide_parameters=True,
        # The cost is that of a disk without moving parts. By the server's own default a thousand people are looked for
        # among all who live here rather than each by their index.
        connect_args={
            "connect_timeout": 5, "options": "-c timezone=utc -c lock_timeout=15000 -c random_page_cost=1.1"
        },
    )
    event.listen(engine, "begin", _begin_postgres)
    return engine


def wal_is_safe(version: tuple[int, ...] = sqlite3.sqlite_version_info) -> bool:
    """Whether the linked SQLite is free of the WAL-reset bug, which can corrupt a database that is written by two
    connections at once (fixed in 3.51.3)."""
    return version >= (3, 51, 3)


def _prepare_sqlite(raw: sqlite3.Connection, _record: object) -> None:
    raw.isolation_level = None  # the driver would otherwise open its own, deferred, transactions
    raw.execute("PRAGMA foreign_keys = ON")
    raw.execute("PRAGMA busy_timeout = 15000")
    raw.execute(f"PRAGMA journal_mode = {'WAL' if wal_is_safe() else 'DELETE'}")
    raw.execute("PRAGMA synchronous = FULL")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later can be refused halfway when another got in between. So those
    # that may write say so at once and queue for their turn; those that only read are held to it.
    reads_only = connection.get_execution_options().get(READS_ONLY, False)
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reads_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")


def _begin_postgres(connection: Connection) -> None:
    if connection.get_execution_options().get(READS_ONLY, False):
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


def put_if_absent(session: Session, table: type[Base], values: Sequence[dict[str, Any]]) -> int:
    """Insert rows, leaving alone those whose unique key is there already; returns how many are new.

    Two processes that plan the same thing at the same moment then write it once, and neither fails.
    """
    if not values:
        return 0
    session.flush()  # rows that these belong to may not be written yet
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(cast("Table", table.__table__)).on_conflict_do_nothing()
    # Without this the count is thrown away on PostgreSQL, and everything seems to have been there already.
    result = session.execute(statement, list(values), execution_options={"preserve_rowcount": True})
    return max(cast("CursorResult[Any]", result).rowcount, 0)


def put_many_if_absent(session: Session, table: type[Base], rows: Sequence[dict[str, Any]]) -> int:
    """The same for hundreds of rows at a time, all of the same columns, which the driver then sends as one batch:
    to spell them out in one long statement takes ten times as long."""
    if not rows:
        return 0
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    statement = insert(cast("Table", table.__table__)).on_conflict_do_nothing()
    result = session.execute(statement, list(rows), execution_options={"preserve_rowcount": True})
    return max(cast("CursorResult[Any]", result).rowcount, 0)


class Database:
    """One engine and the sessions upon it. Made once a process."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self._writing = sessionmaker(self.engine, expire_on_commit=False)
        self._reading = sessionmaker(self.engine.execution_options(**{READS_ONLY: True}), expire_on_commit=False)

    def session(self, *, reads_only: bool = False) -> Session:
        """A new session; the caller commits and closes. One that only reads is refused any write by the database."""
        return self._reading() if reads_only else self._writing()

    @contextmanager
    def step(self) -> Iterator[Session]:
        """A session that commits when the block ends and rolls back when it raises. For the worker and commands."""
        with self._writing() as session, session.begin():
            yield session

    def take_stock(self) -> None:
        """Let SQLite count roughly what its tables hold, by which it decides how to look for things. PostgreSQL does so
        by itself. Connections that are open go on as they began."""
        if self.engine.dialect.name != "sqlite":
            return
        with self.engine.begin() as connection:
            # So many rows of each index, and not all of them: everybody else waits meanwhile.
            connection.exec_driver_sql("PRAGMA analysis_limit = 400")
            connection.exec_driver_sql("ANALYZE")

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()
