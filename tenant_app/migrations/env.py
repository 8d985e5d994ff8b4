"""Run by Alembic: in the product with the engine it was handed, on a developer's command line with the settings'."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, Engine

from tenant_app import tables
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
        context.run_migrations()


def run() -> None:
    engine: Engine | None = context.config.attributes.get("engine")
    own = engine or open_engine(Settings.from_environment().database)
    with own.connect() as connection:
        migrate(connection)
        connection.commit()
    if engine is None:
        own.dispose()


run()
