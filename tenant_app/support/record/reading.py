"""The copy that people read: one page in their own language, without scripts, with the pictures beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import groupby
from typing import Any

from flask import current_app
from sqlalchemy import Column, Date, Time

from tenant_app import clock
from tenant_app.database import UtcDateTime
from tenant_app.support.record.archive import PICTURES
from tenant_app.support.record.copying import Copy, Row
from tenant_app.support.record.ways import Way, is_file, is_withheld, part_of_house
from tenant_app.support.record.words import column_name, part_name, table_name
from tenant_app.web.house import house
from tenant_app.web.locale import language, tell_date, tell_money, tell_time

UNREAD = frozenset({"id", "version", "position", "edition", "zone", "number", "key", "scheme", "kind_of", "width",
                    "height", "bytes", "facts", "occurrence", "source", "tries"})  # fmt: skip
"""Columns that only the app itself reads. They are in `record.json`."""
BEHIND = frozenset({"replay", "delivery", "one_time_code", "calendar_feed", "rent_wishes", "medicine_draft"})
"""Tables of which the same is true."""
FIRST = ("accounts", "goals", "check_ins", "safety_plan")


@dataclass(frozen=True)
class Said:
    """One line of an entry."""

    label: str
    """Empty: `plain` says it, in English."""
    plain: str
    value: object
    language: str = ""
    picture: str = ""


@dataclass(frozen=True)
class Section:
    """Rows of one table."""

    name: str
    plain: str
    entries: Iterator[list[Said]]


def page_of(copy: Copy) -> Iterator[str]:
    """The page, piece by piece."""
    template = current_app.jinja_env.get_template("record/record.html")
    return template.generate(
        parts=_parts(copy), tenant=copy.tenant, made_at=clock.now(), settings=house().settings, language=language,
    )  # fmt: skip


def _parts(copy: Copy) -> Iterator[tuple[str, Iterator[Section]]]:
    def place(way: Way) -> tuple[int, str]:
        part = part_of_house(way.table.name)
        return (FIRST.index(part) if part in FIRST else len(FIRST), part)

    shown = [way for way in copy.tables() if way.table.name not in BEHIND]
    for (_number, part), tables in groupby(sorted(shown, key=place), key=place):
        yield part_name(part), (_section(copy, way) for way in tables)


def _section(copy: Copy, way: Way) -> Section:
    name = way.table.name
    return Section(
        table_name(name), name.replace("_", " "), (_entry(way, row) for row in copy.rows(way))
    )


def _entry(way: Way, row: Row) -> list[Said]:
    columns = {column.name: column for column in way.table.columns}
    said = []
    for name, value in row.items():
        column = columns.get(name)
        spelled = name.endswith("language") and way.table.name != "person"
        if name in UNREAD or spelled or value in (None, "", [], {}) or (column is not None and column.foreign_keys):
            continue
        told = _told(column, name, value)
        if told is not None:
            picture = f"{PICTURES}/{value}" if column is not None and is_file(column) else ""
            spoken = str(row.get("language") or "") if isinstance(value, str) else ""
            said.append(Said(column_name(name), name.replace("_", " ").capitalize(), told, spoken, picture))
    return said


def _told(column: Column[Any] | None, name: str, value: Any) -> object:
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part not in (None, "tenant"))
    if column is not None and is_withheld(column):
        return None
    if name.endswith("_pence") or name == "pence":
        return tell_money(int(value), exact=True)
    if isinstance(value, bool):
        return "\N{CHECK MARK}" if value else None
    if isinstance(value, list):
        return ", ".join(map(str, value))
    kind = column.type if column is not None else None
    if isinstance(kind, UtcDateTime):
        moment = datetime.fromisoformat(value)
        return f"{tell_date(moment.astimezone(house().settings.zone).date())}, {tell_time(moment).striptags()}"
    if isinstance(kind, Date):
        return tell_date(date.fromisoformat(value))
    if isinstance(kind, Time):
        return tell_time(time.fromisoformat(value)).striptags()
    return str(value)
