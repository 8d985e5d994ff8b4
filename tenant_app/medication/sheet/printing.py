"""A sheet of medicines as a PDF."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tenant_app.medication.sheet.contents import Column, Sheet
from tenant_app.web.paper import Unprintable, bare, isolated, plain, typeset

__all__ = ["Unprintable", "to_pdf"]

TEMPLATE = Path(__file__).parents[1] / "templates" / "medication" / "list.typ"


def to_pdf(sheet: Sheet) -> bytes:
    """The PDF. Raises `Unprintable` where a character would be missing."""
    facts = {
        "title": bare(sheet.columns[0].title),
        "association": sheet.association,
        "tenant": isolated(sheet.tenant),
        "names": [isolated(name) for name in sheet.names],
        "columns": [_column(column) for column in sheet.columns],
    }
    return typeset(TEMPLATE, facts, _texts(sheet))


def _column(column: Column) -> dict[str, Any]:
    return {
        "code": column.language.code.partition("-")[0],
        "dir": column.language.direction,
        "name": column.language.name,
        "title": plain(column.title),
        "note": column.note,
        "printed": plain(column.printed),
        "lines": [[[line.label, plain(line.words)] for line in lines] for lines in column.lines],
    }


def _texts(sheet: Sheet) -> list[str]:
    """Every piece of text on the sheet, in the order of reading."""
    found = [sheet.association, sheet.tenant]
    for column in sheet.columns:
        found += [column.language.name, column.title, column.note, column.printed]
    for number, name in enumerate(sheet.names):
        found.append(name)
        for column in sheet.columns:
            found += [text for line in column.lines[number] for text in (line.label, line.words)]
    return found
