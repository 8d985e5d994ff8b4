"""Hundreds of rows in one statement: asked for by their ids, or put down at once.

The usual ways cost more than the work itself. `IN` with five hundred values is five hundred parameters, spelled out
anew each time; and a driver that is given five hundred rows sends five hundred statements.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Dialect, FromClause, Table, Uuid, bindparam, func, literal, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Text, TypeDecorator, TypeEngine


class _Ids(TypeDecorator[Sequence[UUID]]):
    """Ids as one parameter: an array, or in SQLite, which has none, the text of one."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        kind: TypeEngine[Any] = postgresql.ARRAY(Uuid()) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Sequence[UUID] | None, dialect: Dialect) -> Any:
        ids = value or ()
        return list(ids) if dialect.name == "postgresql" else json.dumps([one.hex for one in ids])


class _Among(FunctionElement[bool]):
    """A column and a parameter of ids."""

    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """As it stands: SQLite has no booleans, and compared with 1 a condition is no longer found by an index."""
        return self


def among(column: InstrumentedAttribute[UUID], ids: Iterable[UUID]) -> ColumnElement[bool]:
    """Whether a column of ids holds one of `ids`: what `column.in_(ids)` says, at the same price for one or a
    thousand."""
    return _Among(column, literal(list(ids), _Ids()))


@compiles(_Among, "postgresql")
def _any(element: _Among, compiler: SQLCompiler, **names: Any) -> str:
    column, ids = (compiler.process(one, **names) for one in element.clauses)
    return f"({column} = ANY ({ids}))"


@compiles(_Among, "sqlite")
def _in_json(element: _Among, compiler: SQLCompiler, **names: Any) -> str:
    column, ids = (compiler.process(one, **names) for one in element.clauses)
    return f"({column} IN (SELECT value FROM json_each({ids})))"  # noqa: S608 - names of parameters, never values


def put_or_replace(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, all of the same columns, or overwrite those whose primary key is there already. No two of `rows`
    may share one."""
    if not rows:
        return
    names = list(rows[0])
    keys = [column.name for column in table.primary_key]
    if session.get_bind().dialect.name != "postgresql":
        new = sqlite.insert(table)
        later = {name: new.excluded[name] for name in names if name not in keys}
        session.execute(new.on_conflict_do_update(index_elements=keys, set_=later), [dict(row) for row in rows])
        return
    given = _columns(table, names)
    new_rows = postgresql.insert(table).from_select(names, select(*(given.c[name] for name in names)))
    later = {name: new_rows.excluded[name] for name in names if name not in keys}
    columns = {name: [row[name] for row in rows] for name in names}
    session.execute(new_rows.on_conflict_do_update(index_elements=keys, set_=later), columns)


def _columns(table: Table, names: Sequence[str]) -> FromClause:
    """Parameters that hold a column each, side by side as a table."""
    arrays = [bindparam(name, type_=postgresql.ARRAY(table.c[name].type)) for name in names]
    return func.unnest(*arrays).table_valued(*names).render_derived()
