"""A believable house of people, lived in for six weeks before it opens; everything goes through the rules."""

from __future__ import annotations

from typing import Any, TypedDict

from sqlalchemy import func, select

from tenant_app import clock
from tenant_app.accounts.models import Person, Tenant, Worker
from tenant_app.accounts.second_step import open_totp
from tenant_app.database import Database
from tenant_app.demo import people
from tenant_app.demo.history import settle_in
from tenant_app.keys import Keys, open_keys
from tenant_app.migrations import upgrade
from tenant_app.settings import Settings


class DemoPerson(TypedDict):
    """How to be one of the people of the demo."""

    name: str
    role: str
    sign_in: str
    secret: str
    totp_secret: str


def prepare(settings: Settings) -> list[DemoPerson]:
    """Make sure that the demo's database is there and lived in; returns how to sign in as each of its people."""
    keys = open_keys(settings.instance)
    database = Database(settings.database)
    upgrade(database.engine)
    with database.step() as session:
        if not session.scalar(select(func.count()).select_from(Person)):
            settle_in(session, settings, keys, clock.now())
    found = everyone(database, keys)
    database.close()
    return found


def everyone(database: Database, keys: Keys) -> list[DemoPerson]:
    """How to sign in as each person, staff first."""
    with database.session() as session:
        staff = session.scalars(select(Worker).order_by(Worker.joined_at, Worker.id)).all()
        tenants = session.scalars(select(Tenant).order_by(Tenant.joined_at, Tenant.id)).all()
        return [
            *(
                DemoPerson(name=worker.name, role=worker.role, sign_in=worker.email, secret=people.PASSWORD,
                           totp_secret=open_totp(worker, keys.seal))
                for worker in staff
            ),
            *(
                DemoPerson(name=tenant.name, role="tenant", sign_in=tenant.sign_in_name, secret=people.PIN,
                           totp_secret="")
                for tenant in tenants
            ),
        ]  # fmt: skip


def welcome(settings: Settings, found: list[DemoPerson]) -> str:
    """What `homeward demo` prints: two addresses, and how to come in by each."""

    def rows(chosen: list[DemoPerson]) -> list[str]:
        widest = max(len(person["name"]) for person in chosen)
        return [f"    {person['name']:<{widest}}  {person['sign_in']:<26} {person['role']}" for person in chosen]

    tenants = [person for person in found if person["role"] == "tenant"]
    staff = [person for person in found if person["role"] != "tenant"]
    lines: list[Any] = [
        "",
        f"  Tenants:  {settings.tenant_url}/",
        f"    Sign in with a name below and the PIN {people.PIN}",
        *rows(tenants),
        "",
        f"  Staff:    {settings.staff_url}/",
        f"    Sign in with an address below and the password: {people.PASSWORD}",
        "    The page for the second step shows the demo's code.",
        *rows(staff),
        "",
        "  Stop with Ctrl-C. What you do is kept; start with --fresh to begin again.",
        "",
    ]
    return "\n".join(lines)
