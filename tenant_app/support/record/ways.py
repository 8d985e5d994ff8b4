"""Which rows of which tables are one tenant's, found by walking the tables' own foreign keys from `tenant`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, LargeBinary, Table, and_, select

from tenant_app.accounts.models import Tenant
from tenant_app.database import Base
from tenant_app.settings import Settings
from tenant_app.support.record.declared import LEADS, NOT_THEIRS, SECRET_NAMES, TOLD_BY, WITHHELD

PEOPLE = ("tenant", "person")


@dataclass(frozen=True)
class Way:
    """How a row of a table leads to the tenant whose it is."""

    table: Table
    column: Column[Any]
    parent: str
    """Table that `column` points to and that is the tenant's itself; empty where it holds the tenant's own id."""


def undeclared() -> list[str]:
    """Tables of which nobody said whose they are. There must be none: what is in them would be missing from every
    copy of a record, and would stay behind when one is erased."""
    return sorted(set(Base.metadata.tables) - set(all_ways()) - set(NOT_THEIRS))


def ways() -> dict[str, Way]:
    """Every table with rows of a tenant's, those that others hang on before those that hang on them."""
    return all_ways()


@cache
def all_ways() -> dict[str, Way]:
    """`ways`, found once: when it is asked for the first time all tables are known."""
    found: dict[str, Way] = {}
    tables = [table for table in Base.metadata.sorted_tables if table.name not in NOT_THEIRS]
    for table in tables:
        if table.name in LEADS:
            found[table.name] = Way(table, table.c[LEADS[table.name]], "")
    waiting = [table for table in tables if table.name not in found]
    while True:
        reached = {table.name: way for table in waiting if (way := _way_of(table, found)) is not None}
        if not reached:
            break
        found |= reached
        waiting = [table for table in waiting if table.name not in found]
    order = [table.name for table in Base.metadata.sorted_tables]
    return dict(sorted(found.items(), key=lambda each: order.index(each[0])))


def _way_of(table: Table, found: dict[str, Way]) -> Way | None:
    keys = [(column, key) for column in table.columns for key in column.foreign_keys]
    for column, key in keys:
        if key.column.table.name == "tenant":
            return Way(table, column, "")
    for column, key in keys:
        if key.column.table.name == "person" and key.ondelete == "CASCADE":
            return Way(table, column, "")
    for column, key in keys:
        parent = key.column.table.name
        if parent in found and parent not in PEOPLE and key.ondelete == "CASCADE":
            return Way(table, column, parent)
    return None


def rows_of(name: str, subject: UUID, told_to: Tenant | None = None) -> ColumnElement[bool]:
    """Condition of a query on table `name`: whether a row is this tenant's. With `told_to`, only what they may read."""
    way = all_ways()[name]
    if way.parent:
        parent = all_ways()[way.parent].table
        key = next(iter(way.column.foreign_keys)).column
        condition: ColumnElement[bool] = way.column.in_(
            select(parent.c[key.name]).where(rows_of(way.parent, subject, told_to))
        )
    else:
        condition = way.column == subject
    model = model_of(name)
    said = getattr(model, TOLD_BY.get(name, ""), None)
    if told_to is None or said is None:
        return condition
    may_read = said(told_to).with_only_columns(way.table.c.id).order_by(None).correlate(None)
    return and_(condition, way.table.c.id.in_(may_read.scalar_subquery()))


@cache
def _models() -> dict[str, type[Base]]:
    return {str(getattr(mapper.local_table, "name", "")): mapper.class_ for mapper in Base.registry.mappers}


def model_of(name: str) -> type[Base] | None:
    """The class whose table this is."""
    return _models().get(name)


def part_of_house(name: str) -> str:
    """The room a table belongs to: `goals`, `rent`. What is about the account itself is `accounts`."""
    model = model_of(name)
    return model.__module__.split(".")[1] if model is not None else ""


def is_withheld(column: Column[Any]) -> bool:
    """Whether what stands there never leaves: it opens something, or is bytes that nobody reads."""
    table = column.table.name
    return (
        column.name in WITHHELD.get(table, ())
        or any(mark in column.name for mark in SECRET_NAMES)
        or isinstance(column.type, LargeBinary)
    )


def is_file(column: Column[Any]) -> bool:
    """Whether it names a picture or a paper in one of `folders_of`."""
    return column.name == "file" or column.name.endswith("_file") or column.name == "photo"


def folders_of(settings: Settings) -> tuple[Path, ...]:
    """Every folder in which files of tenants lie. Their names are random, so that none is in two of them."""
    return settings.photos, settings.documents
