"""Run by Alembic: in the product with the engine it was handed, on a developer's command line with the settings'."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection, Engine

from tenant_app import tables
from tenant_app.accounts.read_log_guard import begin_chains, lift_guard, set_guard
from tenant_app.database import open_engine
from tenant_app.settings import Settings

LOCK = 7_206_914_113
"""PostgreSQL advisory lock: of several processes that start together, one migrates and the others wait."""


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=tables.metadata,
        # SQLite cannot alter most of a table in place; Alembic then copies it.
        render_as_batch=True,
        compare_type=True,
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
        guarded = lift_guard(connection)
        context.run_migrations()
        if set_guard(connection) and not guarded:
            begin_chains(connection)


@contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """Let SQLite rebuild tables without following their foreign keys.

    To change a table, Alembic copies it and drops the old one; and a dropped table takes with it every row that hangs
    on it by ON DELETE CASCADE. SQLite only listens to this outside a transaction, so it is said before the first one.
    """
    raw = connection.connection.dbapi_connection
    if connection.dialect.name != "sqlite" or raw is None:
        yield
        return
    raw.cursor().execute("PRAGMA foreign_keys = OFF")
    try:
        yield
        broken = raw.cursor().execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"rows that lead nowhere after migrating: {broken[:5]}")
    finally:
        raw.cursor().execute("PRAGMA foreign_keys = ON")


def run() -> None:
    engine: Engine | None = context.config.attributes.get("engine")
    own = engine or open_engine(Settings.from_environment().database)
    with own.connect() as connection, without_foreign_keys(connection):
        migrate(connection)
        connection.commit()
    if engine is None:
        own.dispose()


run()
