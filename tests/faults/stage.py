"""A house of a run's own: its folder, its database with this release's tables, its tenants; gone at the end."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from tenant_app import migrations, tables
from tenant_app.accounts.models import Property, Tenant
from tenant_app.database import Database
from tenant_app.settings import Settings
from tests.machine import postgres

BACKENDS = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Options:
    """How a run was asked for."""

    seed: int
    backends: tuple[str, ...] = BACKENDS


@contextmanager
def empty_house(backend: str, **given: Any) -> Iterator[Settings]:
    """The settings of a house with all tables and nobody in it. `given` are further fields of `Settings`."""
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="homeward-")))
        if backend == "postgresql":
            server = opened.enter_context(postgres.PrivatePostgres())
            url = postgres.fresh_database(server.url(), "faults")
        else:
            url = f"sqlite:///{folder / 'homeward.sqlite'}"
        database = Database(url)
        lay_tables(database.engine)
        database.close()
        contact = {"vapid_contact": "mailto:it@wrenfield.org.uk"}
        yield Settings(**{"instance": folder, "database_url": url, **contact, **given})


def lay_tables(engine: Engine) -> None:
    """All tables at once, marked as this release's, so that `homeward worker` finds what it looks for."""
    tables.metadata.create_all(engine)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as connection:
        MigrationContext.configure(connection).stamp(ScriptDirectory.from_config(config), "head")


def tenants(database: Database, count: int) -> list[Tenant]:
    """So many tenants of one home. What is returned is detached."""
    home = Property(name="Alma Road", address="12 Alma Road, London N1", borough="Islington")
    people = [
        # Written at once: looking for a free name for each of thousands takes longer than the run.
        Tenant(name=f"Tenant {number}", known_as="Tenant", building=home, flat=f"Flat {number}",
               sign_in_name=f"tenant{number}", moved_in_on=date(2026, 1, 5))
        for number in range(count)
    ]  # fmt: skip
    with database.step() as session:
        session.add_all([home, *people])
    return people
