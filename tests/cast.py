"""Who plays in the tests: a small house with names, and a way to be any of its people at a door."""

from __future__ import annotations

import pickle
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Self

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app.accounts.entry import Visit
from tenant_app.accounts.gate import COOKIES
from tenant_app.accounts.models import Person, Property, Role, Tenant, Worker
from tenant_app.accounts.rules import choose_pin, welcome_tenant, welcome_worker
from tenant_app.database import Database
from tenant_app.settings import Settings
from tenant_app.training.models import TrainingRecord

PIN = "246813"
"""Every tenant's, so that none of them is still settling in."""


@cache
def _pin_hash() -> str:
    # Made once a run: a hash is slow on purpose.
    someone = Tenant()
    choose_pin(someone, PIN)
    return someone.pin_hash


@dataclass
class Cast:
    """Amina and Tomasz live in Alma Road and Grace supports them; Salma lives in Mare Street and Marek supports her."""

    database: Database
    alma_road: Property
    mare_street: Property
    grace: Worker
    marek: Worker
    nasrin: Worker
    """coordinator"""
    joana: Worker
    """facilitator"""
    devon: Worker
    """housing officer"""
    priya: Worker
    """administrator"""
    amina: Tenant
    tomasz: Tenant
    salma: Tenant

    @classmethod
    def gather(cls, database: Database) -> Self:
        """Write everybody into an empty database. What is returned is detached; look people up again to change them."""
        with database.step() as session:
            alma_road = Property(name="Alma Road", address="12 Alma Road, London N1", borough="Islington")
            mare_street = Property(name="Mare Street", address="301 Mare Street, London E8", borough="Hackney")
            session.add_all([alma_road, mare_street])

            def worker(name: str, role: Role) -> Worker:
                email = name.split()[0].lower() + "@wrenfield.org.uk"
                return welcome_worker(session, name, email, role, building=alma_road)

            def tenant(name: str, flat: str, home: Property, keyworker: Worker, language: str = "en") -> Tenant:
                welcomed = welcome_tenant(
                    session, name, building=home, flat=flat, moved_in_on=date(2026, 9, 14), keyworker=keyworker,
                    language=language,
                )  # fmt: skip
                welcomed.pin_hash = _pin_hash()
                return welcomed

            def trained(*people: Worker, by: Worker) -> None:
                """They have done every course there is, for good: who runs sessions in a test is not what it is about."""
                courses = [folder.name for folder in (Settings().content / "training").iterdir()]
                session.add_all(
                    TrainingRecord(worker=one, course=course, done_on=date(2026, 9, 1), checked_by=by)
                    for one in people for course in courses
                )  # fmt: skip

            grace, marek = worker("Grace Okafor", Role.KEYWORKER), worker("Marek Nowak", Role.KEYWORKER)
            nasrin, joana = worker("Nasrin Begum", Role.COORDINATOR), worker("Joana Silva", Role.FACILITATOR)
            priya = worker("Priya Shah", Role.ADMINISTRATOR)
            trained(grace, marek, nasrin, joana, by=priya)
            return cls(
                database, alma_road, mare_street, grace, marek, nasrin=nasrin, joana=joana,
                devon=worker("Devon Hart", Role.HOUSING_OFFICER), priya=priya,
                amina=tenant("Amina Warsame", "Flat 4", alma_road, grace),
                tomasz=tenant("Tomasz Wójcik", "Flat 7", alma_road, grace),
                salma=tenant("Salma Haddad", "Flat 2", mare_street, marek, "ar"),
            )  # fmt: skip

    def remembered(self) -> bytes:
        """Everybody as they are in this detached state, for `recalled`."""
        return pickle.dumps({name: person for name, person in vars(self).items() if name != "database"})

    @classmethod
    def recalled(cls, database: Database, remembered: bytes) -> Self:
        """The same people again, in a database that is a copy of the one they were gathered in."""
        return cls(database, **pickle.loads(remembered))

    def at(self, door: Flask, person: Person | None, *, complete: bool = True, shared: bool = False) -> FlaskClient:
        """A client at a door, signed in as this person; as nobody, if None."""
        client = door.test_client()
        if person is not None:
            name = "staff" if isinstance(person, Worker) else "tenant"
            with self.database.step() as session:
                visit, secret = Visit.begin(session.get_one(type(person), person.id), name, complete=complete, shared=shared)
                session.add(visit)
            client.set_cookie(COOKIES[name], secret)
        return client

    def now(self, session: Session, person: Person) -> Person:
        """The same person as the database has them now, in this session."""
        return session.get_one(type(person), person.id)
