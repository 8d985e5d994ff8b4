"""The stage for every test: a house on SQLite and on PostgreSQL, an empty database for each test, and the doors."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.database import Database
from tenant_app.settings import Settings
from tenant_app.web.catalogues import compile_catalogues
from tests.cast import Cast
from tests.houses import Houses
from tests.machine import postgres
from tests.standing import StandingDoors, compiled_once, nothing_to_lose, one_vocabulary, translated

pytest_plugins = ["tests.machine.plugin", "tests.live", "tests.lived_in"]

THURSDAY = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
"""Nine o'clock on an ordinary morning, when most tests take place."""


hypothesis.settings.register_profile("long", max_examples=1000, deadline=None)
"""For `--hypothesis-profile=long`: ten times the usual examples, for a night rather than for every change. A property
whose examples each live days in the database takes its share of the profile's number, and says so."""


def pytest_configure(config: pytest.Config) -> None:
    postgres.for_session(config)


def pytest_collection_finish() -> None:
    """Everything that has been imported and collected stays until the end. To look through it for what could be thrown
    away takes a tenth of the time of all tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(params=["sqlite", "postgresql"])
def backend(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="session")
def houses(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Houses]:
    with Houses(tmp_path_factory.mktemp("houses")) as opened:
        yield opened


@pytest.fixture(scope="session")
def sqlite_template(houses: Houses) -> Path:
    """An SQLite file with all tables and no rows, to be copied."""
    return houses.sqlite_template


@pytest.fixture
def lived_in_by_cast(request: pytest.FixtureRequest, thursday: None) -> bool:
    """Whether this test's database has the cast in it from the start: where the test asks for them on that Thursday."""
    return "cast" in request.fixturenames and clock.now() == THURSDAY


@pytest.fixture
def database_url(backend: str, tmp_path: Path, houses: Houses, lived_in_by_cast: bool) -> str:
    """Where this test's own database is."""
    if backend == "sqlite":
        return houses.on_sqlite(tmp_path / "homeward.sqlite", with_cast=lived_in_by_cast)
    return houses.on_postgres(with_cast=lived_in_by_cast)


@pytest.fixture(scope="session")
def compiled_catalogues(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The catalogues as a door would compile them when it opens. Anew for each test, that takes most of its time."""
    return compile_catalogues(Settings().translations, tmp_path_factory.mktemp("catalogues"))


@pytest.fixture
def settings(tmp_path: Path, database_url: str, compiled_catalogues: Path) -> Settings:
    return Settings(instance=translated(tmp_path, compiled_catalogues), database_url=database_url, vapid_contact="mailto:it@wrenfield.org.uk")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def session(database: Database) -> Iterator[Session]:
    with database.session() as opened:
        yield opened


@pytest.fixture(autouse=True)
def thursday(request: pytest.FixtureRequest) -> Iterator[None]:
    """Stop the clock, except for tests that drive a real browser or need real time."""
    if request.node.get_closest_marker("browser"):
        yield
    else:
        with clock.stopped_at(THURSDAY):
            yield


@pytest.fixture(autouse=True)
def no_loop_of_playwrights(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let tests without a browser run loops of their own in a process that had one.

    Playwright's loop only rests between its calls, but stays marked as this thread's running one until the session
    ends; `asyncio.run` would refuse to start beside it.
    """
    if request.node.get_closest_marker("browser"):
        yield
        return
    resting = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(resting)


@pytest.fixture(scope="session")
def base_url() -> None:
    """Each house has an address of its own. pytest-playwright's own answer is one that pytest is about to refuse."""


@pytest.fixture(scope="session", autouse=True)
def vocabulary() -> Iterator[None]:
    with one_vocabulary(), nothing_to_lose(), compiled_once():
        yield


@pytest.fixture(scope="session")
def standing_doors(tmp_path_factory: pytest.TempPathFactory, compiled_catalogues: Path) -> StandingDoors:
    return StandingDoors(tmp_path_factory.mktemp("doors"), compiled_catalogues)


@pytest.fixture
def tenant_door(standing_doors: StandingDoors, settings: Settings) -> Iterator[Flask]:
    """The tenants' app. An error is answered as it would be for a tenant, and so seen by a test as a 500.

    It stands from test to test, each time before another house. A test that adds a route builds a door of its own.
    """
    with standing_doors.before("tenant_app", settings) as door:
        yield door


@pytest.fixture
def staff_door(standing_doors: StandingDoors, settings: Settings) -> Iterator[Flask]:
    with standing_doors.before("staff_portal", settings) as door:
        yield door


@pytest.fixture
def cast(backend: str, database: Database, houses: Houses, lived_in_by_cast: bool) -> Cast:
    """The people of the house, and the way to be one of them at a door."""
    return houses.cast(backend, database) if lived_in_by_cast else Cast.gather(database)


# The cast in the test's own session. A room whose tests walk through pages makes clients of these names instead.


@pytest.fixture
def amina(session: Session, cast: Cast) -> Tenant:
    return session.get_one(Tenant, cast.amina.id)


@pytest.fixture
def tomasz(session: Session, cast: Cast) -> Tenant:
    return session.get_one(Tenant, cast.tomasz.id)


@pytest.fixture
def salma(session: Session, cast: Cast) -> Tenant:
    return session.get_one(Tenant, cast.salma.id)


@pytest.fixture
def grace(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.grace.id)


@pytest.fixture
def joana(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.joana.id)
