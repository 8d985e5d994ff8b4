"""The database comes to this release's tables by migrations, up and down, with people in it, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, select

from tenant_app import tables
from tenant_app.accounts.models import Tenant
from tenant_app.database import Database
from tenant_app.migrations import downgrade, is_current, upgrade
from tests.cast import Cast
from tests.machine import postgres


@pytest.fixture
def bare(backend: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with nothing in it."""
    if backend == "sqlite":
        database = Database(f"sqlite:///{tmp_path / 'bare.sqlite'}")
        yield database
        database.close()
        return
    admin, name = request.getfixturevalue("postgres_address"), f"bare_{uuid4().hex}"
    database = Database(postgres.fresh_database(admin, name))
    yield database
    database.close()
    postgres.drop_database(admin, name)


def test_migrations_lead_to_exactly_the_tables_of_the_source(bare: Database) -> None:
    upgrade(bare.engine)

    with bare.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), tables.metadata) == []
    assert is_current(bare.engine)


def test_a_bare_database_is_not_current(bare: Database) -> None:
    assert not is_current(bare.engine)


def test_upgrading_twice_changes_nothing(bare: Database) -> None:
    upgrade(bare.engine)
    cast = Cast.gather(bare)
    upgrade(bare.engine)

    with bare.session() as session:
        assert session.scalars(select(Tenant.name).order_by(Tenant.name)).all() == sorted(
            [cast.amina.name, cast.tomasz.name, cast.salma.name]
        )


def test_the_way_back_leaves_nothing_behind(bare: Database) -> None:
    upgrade(bare.engine)
    Cast.gather(bare)

    downgrade(bare.engine, "base")

    assert set(inspect(bare.engine).get_table_names()) <= {"alembic_version"}
    upgrade(bare.engine)
    assert is_current(bare.engine)
