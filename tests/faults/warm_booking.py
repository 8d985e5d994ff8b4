"""Imported by the server that the crowd is forked from: one person books one place, so that what a process does once
(mapping tables, compiling statements) is done for all of them."""

from __future__ import annotations

import psycopg

from tenant_app.accounts.models import Tenant
from tenant_app.database import Database
from tenant_app.groups.booking import book_place
from tenant_app.groups.models import GroupSession
from tests.faults.last_places import one_place_each
from tests.faults.stage import empty_house, tenants

__all__ = ["psycopg"]

with empty_house("sqlite") as _settings:
    _database = Database(_settings.database)
    _people, _sessions = tenants(_database, 1), one_place_each(_database, 1)
    with _database.step() as _session:
        book_place(_session, _session.get_one(Tenant, _people[0].id), _session.get_one(GroupSession, _sessions[0]))
    _database.close()
