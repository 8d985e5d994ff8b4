"""A tenant's rows as they leave the house: every one of theirs, nobody else's, nothing that opens a door."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.groups.models import GroupSession
from tenant_app.repairs.contractors.models import Contractor
from tenant_app.support.record.ways import Way, is_file, is_withheld, rows_of, ways

AT_A_TIME = 200
"""Rows held at once, however long a record is."""

Row = dict[str, Any]


class Copy:
    """All of one tenant's rows, read table by table in one transaction of `session`."""

    def __init__(self, session: Session, tenant: Tenant) -> None:
        self.session, self.tenant = session, tenant
        self._people: dict[UUID, Row | None] = {tenant.id: {"name": tenant.name, "role": "tenant"}}
        self._around: dict[tuple[str, UUID], Row | None] = {}

    def tables(self) -> Iterator[Way]:
        """Each table with rows of theirs."""
        yield from ways().values()

    def rows(self, way: Way) -> Iterator[Row]:
        """Their rows of one table, oldest first where ids tell; a few at a time."""
        table = way.table
        shown = [column for column in table.columns if not is_withheld(column)]
        asked = select(*shown).where(rows_of(table.name, self.tenant.id, self.tenant))
        asked = asked.order_by(*table.primary_key.columns).execution_options(yield_per=AT_A_TIME)
        for part in self.session.execute(asked).partitions():
            found = [dict(zip((column.name for column in shown), row, strict=True)) for row in part]
            self._look_up(table, found)
            for row in found:
                yield self._told(table, row)

    def files(self) -> Iterator[str]:
        """Names of their pictures and papers."""
        for way in self.tables():
            for column in way.table.columns:
                if is_file(column):
                    mine = rows_of(way.table.name, self.tenant.id, self.tenant)
                    yield from (name for name in self.session.scalars(select(column).where(mine)) if name)

    def _told(self, table: Table, row: Row) -> Row:
        told: Row = {}
        for column in table.columns:
            if column.name not in row:
                continue
            value, leads = row[column.name], _leads_to(column)
            if column is ways()[table.name].column:
                told[column.name] = plainly(value)
                continue
            if value is not None and leads in _PEOPLE:
                person = self._people.get(value)
                # Somebody else who lives here is nobody in this copy.
                told[column.name] = str(value) if person else None
                told[_named(column)] = person
                continue
            told[column.name] = plainly(value)
            if value is not None and leads in _AROUND:
                told[_named(column)] = self._around.get((leads, value))
        return told

    def _look_up(self, table: Table, rows: list[Row]) -> None:
        """Names of staff who wrote, and what sessions and buildings are called: one question a table and kind."""
        for column in table.columns:
            leads = _leads_to(column)
            if leads not in _PEOPLE and leads not in _AROUND:
                continue
            ids = {row[column.name] for row in rows if row.get(column.name) is not None}
            if leads in _PEOPLE:
                ids -= set(self._people)
                if ids:
                    known = self.session.execute(select(Worker.id, Worker.name, Worker.role).where(Worker.id.in_(ids)))
                    self._people |= dict.fromkeys(ids)
                    self._people |= {key: {"name": name, "role": role.value} for key, name, role in known}
            else:
                ids -= {key for kind, key in self._around if kind == leads}
                columns = _AROUND[leads]
                if ids:
                    known = self.session.execute(select(*columns).where(columns[0].in_(ids)))
                    for key, *rest in known:
                        names = [column.key for column in columns[1:]]
                        self._around[leads, key] = dict(zip(names, map(plainly, rest), strict=True))


_PEOPLE = ("person", "tenant", "worker")
_AROUND: dict[str, tuple[Any, ...]] = {
    "group_session": (GroupSession.id, GroupSession.kind, GroupSession.starts_at, GroupSession.place),
    "property": (Property.id, Property.name, Property.address),
    "contractor": (Contractor.id, Contractor.name, Contractor.trade),
}
"""What is told of a thing that is not the tenant's and that a row of theirs points to."""


def _leads_to(column: Column[Any]) -> str:
    return next((key.column.table.name for key in column.foreign_keys), "")


def _named(column: Column[Any]) -> str:
    return column.name.removesuffix("_id") if column.name.endswith("_id") else f"{column.name}_is"


def plainly(value: Any) -> Any:
    """A value as JSON has it: moments in ISO 8601 and UTC, sums of money in pence, exact decimals as text."""
    match value:
        case enum.Enum():
            return value.value
        case datetime() | date() | time():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
        case timedelta():
            return value.total_seconds()
        case bytes():
            return None
    return value
