"""Three tenants with a row in every table there is, each text of it theirs and to be found by its sign."""

from __future__ import annotations

import enum
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Enum,
    Integer,
    LargeBinary,
    Numeric,
    String,
    Table,
    Time,
    Uuid,
    insert,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tenant_app.database import Base, UtcDateTime, new_id
from tenant_app.support.record.ways import ways
from tests.cast import Cast

FITS: dict[tuple[str, str], Any] = {
    ("visit", "door"): "tenant",
    ("agreement", "arrears_pence"): 9,
    ("medication_audit_entry", "second_id"): None,
    ("medication_audit_entry", "agreed"): None,
    ("medicine_count", "counted"): Decimal(1),
}
"""What a column takes and a sign would not do for."""
NOT_PLANTED = ("person", "tenant", "worker", "erasure")


@dataclass
class Planted:
    """What was planted: sign to (whose, table, column)."""

    signs: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    """Tables whose own rules refused such a row."""

    def of(self, whose: str) -> Iterator[tuple[str, str, str]]:
        """(sign, table, column) of one tenant."""
        for sign, (name, table, column) in self.signs.items():
            if name == whose:
                yield sign, table, column


def plant(session: Session, cast: Cast) -> Planted:
    """Write it all into the house, and say where it is."""
    planted = Planted()
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    tables = [table for table in Base.metadata.sorted_tables if table.name not in NOT_PLANTED]
    for number, table in enumerate(tables):
        for letter, name in zip("ABC", ("amina", "tomasz", "salma"), strict=True):
            if table.name not in ways() and name != "amina":
                continue  # one of each thing that is the house's
            who: UUID = getattr(cast, name).id
            values, signs = {}, {}
            for place, column in enumerate(table.columns):
                value = _value(table, column, f"Z{number:02d}{place:02d}{letter}q", who, rows, name, cast)
                values[column.name] = value
                if isinstance(column.type, (String, JSON)) and f"Z{number:02d}{place:02d}{letter}q" in str(value):
                    signs[f"Z{number:02d}{place:02d}{letter}q"] = (name, table.name, column.name)
            try:
                with session.begin_nested():
                    session.execute(insert(table).values(values))
            except DBAPIError as error:
                planted.refused[table.name] = str(error.orig)
                continue
            rows[table.name, name] = values
            if table.name in ways():
                planted.signs |= signs
    session.flush()
    return planted


def _value(table: Table, column: Column[Any], sign: str, who: UUID, rows: dict[Any, Any], name: str, cast: Cast) -> Any:
    if (table.name, column.name) in FITS:
        return FITS[table.name, column.name]
    way = ways().get(table.name)
    for key in column.foreign_keys:
        target = key.column.table.name
        if way is not None and column is way.column and not way.parent:
            return who
        if target in ("tenant", "person"):
            return who if way is not None else cast.grace.id
        if target == "worker":
            return cast.grace.id
        if target == "property":
            return cast.alma_road.id
        found = rows.get((target, name)) or rows.get((target, "amina") if target not in ways() else None)
        return found[key.column.name] if found else None
    return _plain(column, sign)


def _plain(column: Column[Any], sign: str) -> Any:
    kind = column.type
    match kind:
        case UtcDateTime():
            return datetime(2026, 11, 20, 9, int(sign[3:5]) % 60, tzinfo=UTC)
        case Enum():
            first = next(iter(kind.enum_class)) if kind.enum_class else kind.enums[0]
            return first if isinstance(first, enum.Enum) else str(first)
        case String():
            return sign if (kind.length or 99) >= len(sign) else ""
        case Boolean():
            return False
        case Integer() | Numeric():
            return 1
        case Date():
            return date(2026, 11, 20)
        case Time():
            return time(9)
        case Uuid():
            return new_id()
        case LargeBinary():
            return sign.encode()
        case JSON():
            return [sign]
    python = getattr(kind, "python_type", None)
    return 1 if python is int else None
