"""A sheet of medicines as a PDF: tagged for screen readers, with fonts of its own.

A character that none of the fonts has is refused. A box where a strength should stand could be read as anything.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, Final

import fontpkg
import typst
from markupsafe import Markup

from tenant_app import clock
from tenant_app.medication.sheet.contents import Column, Sheet

TEMPLATES = Path(__file__).parents[1] / "templates" / "medication"
FONTS = ("noto-sans", "noto-sans-arabic")
# Beside tags, a title and languages PDF/UA-1 demands that every character can be shown: without it, typst draws a box.
STANDARD: Final = "ua-1"


class Unprintable(ValueError):
    """Some of the text holds a character that no font has. `texts` are those pieces, as written."""

    def __init__(self, texts: list[str]) -> None:
        super().__init__(f"{len(texts)} pieces of text cannot be printed")
        self.texts = texts


def to_pdf(sheet: Sheet) -> bytes:
    """The PDF. Raises `Unprintable` where a character would be missing."""
    facts = {
        "title": _bare(sheet.columns[0].title),
        "association": sheet.association,
        "tenant": _isolated(sheet.tenant),
        "names": [_isolated(name) for name in sheet.names],
        "columns": [_column(column) for column in sheet.columns],
    }
    try:
        return _compile("list.typ", facts)
    except typst.TypstError:
        texts = [text for text in _texts(sheet) if not _printable(text)]
        if texts:
            raise Unprintable(texts) from None
        raise


def _column(column: Column) -> dict[str, Any]:
    return {
        "code": column.language.code.partition("-")[0],
        "dir": column.language.direction,
        "name": column.language.name,
        "title": _plain(column.title),
        "note": column.note,
        "printed": _plain(column.printed),
        "lines": [[[line.label, _plain(line.words)] for line in lines] for lines in column.lines],
    }


def _texts(sheet: Sheet) -> list[str]:
    """Every piece of text on the sheet once, in the order of reading."""
    found = [sheet.association, sheet.tenant]
    for column in sheet.columns:
        found += [column.language.name, column.title, column.note, column.printed]
    for number, name in enumerate(sheet.names):
        found.append(name)
        for column in sheet.columns:
            found += [text for line in column.lines[number] for text in (line.label, line.words)]
    return list(dict.fromkeys(_bare(text) for text in found))


def _printable(text: str) -> bool:
    try:
        _compile("piece.typ", {"text": text})
    except typst.TypstError:
        return False
    return True


def _compile(template: str, facts: dict[str, Any]) -> bytes:
    # What people wrote goes in as data and is never read as markup of the typesetter.
    return typst.compile(
        TEMPLATES / template, root=TEMPLATES, font_paths=_fonts(), ignore_system_fonts=True, format="pdf",
        sys_inputs={"facts": json.dumps(facts)}, pdf_standards=STANDARD, timestamp=int(clock.now().timestamp()),
    )  # fmt: skip


@cache
def _fonts() -> typst.Fonts:
    # Not the machine's own: what can be printed must not depend on which machine it is.
    folders: list[Any] = [fontpkg.path(name).parent for name in FONTS]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _plain(text: str) -> str:
    """Of markup, `<bdi>` becomes its two characters and entities are undone."""
    if not isinstance(text, Markup):
        return text
    opened = text.replace("<bdi>", "\N{FIRST STRONG ISOLATE}")
    return opened.replace("</bdi>", "\N{POP DIRECTIONAL ISOLATE}").unescape()


def _isolated(text: str) -> str:
    return f"\N{FIRST STRONG ISOLATE}{text}\N{POP DIRECTIONAL ISOLATE}"


def _bare(text: str) -> str:
    return _plain(text).replace("\N{FIRST STRONG ISOLATE}", "").replace("\N{POP DIRECTIONAL ISOLATE}", "")
