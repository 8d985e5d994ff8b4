"""The demo house, lived in once for the whole run: pages with something on them, for tests that look at them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tenant_app import demo
from tenant_app.accounts.entry import Visit
from tenant_app.accounts.gate import COOKIES
from tenant_app.accounts.models import Person, Role, Tenant, Worker
from tenant_app.database import Database
from tenant_app.settings import Settings
from tests.crawl import crawl
from tests.standing import translated

TENANTS = ("Amina Warsame", "Salma Haddad", "Delroy Grant")
"""One with much to see, one who writes in another script, and one who moved in last week and has nothing yet."""


@dataclass
class LivedIn:
    """An address of a database with six weeks in it, and both doors upon it."""

    settings: Settings
    database: Database
    spoken: dict[UUID, str]
    """What everybody reads of their own accord, by person: kept, because tickets may change it in the database."""

    def doors(self, **changes: object) -> tuple[Flask, Flask]:
        """The tenants' and the staff's door, with settings changed."""
        from staff_portal import create_app as open_staff_door
        from tenant_app import create_app as open_tenant_door

        settings = replace(self.settings, **changes)  # type: ignore[arg-type]
        return open_tenant_door(settings), open_staff_door(settings)

    def people(self) -> list[Person]:
        """Those who crawl: three tenants, and one worker of each role."""
        with self.database.session() as session:
            tenants = list(session.scalars(select(Tenant).where(Tenant.name.in_(TENANTS)).order_by(Tenant.name)))
            workers = {
                worker.role: worker for worker in session.scalars(select(Worker).order_by(Worker.joined_at.desc()))
            }
            return [*tenants, *(workers[role] for role in Role)]

    def ticket(self, person: Person, language: str | None = None) -> tuple[str, str]:
        """Name and value of a cookie that signs this person in, reading `language` from now on, or else their own."""
        name = "staff" if isinstance(person, Worker) else "tenant"
        with self.database.step() as session:
            found = session.get_one(type(person), person.id)
            found.language = language or self.spoken[person.id]
            visit, secret = Visit.begin(found, name)
            session.add(visit)
        return COOKIES[name], secret

    def at(self, door: Flask, person: Person | None, language: str | None = None) -> FlaskClient:
        client = door.test_client()
        if person is not None:
            client.set_cookie(*self.ticket(person, language))
        return client

    def addresses(self, doors: tuple[Flask, Flask], person: Person | None, each: int = 1) -> list[str]:
        """Pages that this person reaches by links, from the first page of their door."""
        door = doors[1] if isinstance(person, Worker) else doors[0]
        starts = ("/",) if person else ("/sign-in", "/welcome", "/help", "/guides", "/offline")
        reached = crawl(door, self.at(door, person), *starts, each=each)
        return [address for address, answer in reached.items() if answer.mimetype == "text/html"]


@pytest.fixture(scope="session")
def lived_in(tmp_path_factory: pytest.TempPathFactory, compiled_catalogues: Path) -> Iterator[LivedIn]:
    folder = translated(tmp_path_factory.mktemp("lived_in"), compiled_catalogues)
    settings = Settings(
        instance=folder,
        database_url=f"sqlite:///{folder / 'homeward.sqlite'}",
        vapid_contact="mailto:it@wrenfield.org.uk",
    )
    demo.prepare(settings)
    database = Database(settings.database)
    with database.session() as session:
        spoken = {person.id: person.language for person in session.scalars(select(Person))}
    yield LivedIn(settings, database, spoken)
    database.close()
