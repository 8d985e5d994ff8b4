"""A file as rows of cells: how it is encoded, what parts its cells, and on which line each row begins.

It is read twice from end to end and never held whole: once to be sure how it is encoded, once for its rows.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import BinaryIO

from flask_babel import gettext

from tenant_app.rent.importing.cells import folded
from tenant_app.rent.importing.columns import keys_of, missing_from
from tenant_app.rent.importing.kinds import Kind
from tenant_app.rent.importing.problems import FileRefused, Problem, Why

CHUNK = 1 << 16
DELIMITERS = (",", ";", "\t")
ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}
"""Encodings that are taken, and what people call them."""
_NOT_TEXT = {b"PK\x03\x04": "xlsx", b"\xd0\xcf\x11\xe0": "xls", b"%PDF": "pdf"}
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROLS = {chr(code) for code in range(32)} - {"\t", "\n", "\r"}


@dataclass(frozen=True)
class Row:
    """One row: the line on which it begins, and its cells by the keys of their columns."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class OpenedFile:
    """A file that can be read. `encoding` is Python's name of it; `ignored` are headings that say nothing to us."""

    file: BinaryIO
    sha256: str
    encoding: str
    delimiter: str
    kind: Kind
    keys: list[str]
    ignored: list[str]

    def rows(self) -> Iterator[Row | Problem]:
        """Each row, or what is amiss with it. Lines without anything on them are passed over."""
        headed = False
        for line, cells in _records(self.file, self.encoding, self.delimiter):
            if cells is None:
                yield Problem(line, Why.BROKEN)
            elif not any(cell.strip() for cell in cells):
                continue
            elif not headed:
                headed = True
            elif any(cell.strip() for cell in cells[len(self.keys) :]):
                yield Problem(line, Why.CELLS)
            else:
                yield Row(line, {key: cell for key, cell in zip(self.keys, cells, strict=False) if key})


def open_file(file: BinaryIO) -> OpenedFile:
    """Look a seekable file through. Raises `FileRefused`, which says what to do, if it cannot be read."""
    encoding, sha256 = _look_through(file)
    found = max((_headings(file, encoding, delimiter) for delimiter in DELIMITERS), key=_recognised)
    delimiter, headings = found
    if not any(map(folded, headings)):
        raise FileRefused(gettext("The file is empty."))
    kind = _kind_of(headings)
    keys = keys_of(headings, kind)
    twice = {key for key in keys if key and keys.count(key) > 1}
    if twice:
        names = [heading for heading, key in zip(headings, keys, strict=True) if key in twice]
        raise FileRefused(gettext("Two columns say the same: %(names)s. Keep one of them.", names=", ".join(names)))
    ignored = [heading for heading, key in zip(headings, keys, strict=True) if not key and heading.strip()]
    return OpenedFile(file, sha256, encoding, delimiter, kind, keys, ignored)


def _look_through(file: BinaryIO) -> tuple[str, str]:
    """(encoding, SHA-256). What is no text, or text in an encoding that cannot be told for certain, is refused."""
    file.seek(0)
    digest, start = hashlib.sha256(), file.read(4)
    if start in _NOT_TEXT:
        raise FileRefused(
            gettext("This is a %(kind)s file. Open it in your spreadsheet and save it as “CSV UTF-8”.",
                    kind=_NOT_TEXT[start])
        )  # fmt: skip
    marked = next((name for mark, name in _MARKS if start.startswith(mark)), "")
    candidates = [marked] if marked else ["utf-8", "cp1252"]
    decoders = {name: codecs.getincrementaldecoder(name)() for name in candidates}
    file.seek(0)
    while True:
        chunk = file.read(CHUNK)
        digest.update(chunk)
        for name in list(decoders):
            try:
                text = decoders[name].decode(chunk, final=not chunk)
            except UnicodeDecodeError:
                del decoders[name]
                continue
            if not _CONTROLS.isdisjoint(text):
                del decoders[name]
        if not chunk:
            break
    if not decoders:
        raise FileRefused(
            gettext("We cannot tell how this file is encoded. Save it as “CSV UTF-8” and send it again.")
        )
    return next(iter(decoders)), digest.hexdigest()


def _headings(file: BinaryIO, encoding: str, delimiter: str) -> tuple[str, list[str]]:
    with closing(_records(file, encoding, delimiter)) as records:
        for _, cells in records:
            if cells is None:
                break
            if any(cell.strip() for cell in cells):
                return delimiter, cells
    return delimiter, []


def _recognised(found: tuple[str, list[str]]) -> tuple[int, int]:
    _, headings = found
    return max(_known(headings, kind) for kind in Kind), len(headings)


def _kind_of(headings: list[str]) -> Kind:
    missing = {kind: missing_from(headings, kind) for kind in Kind}
    complete = [kind for kind in Kind if not missing[kind]]
    if complete:
        return max(complete, key=lambda kind: _known(headings, kind))
    nearest = min(Kind, key=lambda kind: (-_known(headings, kind), len(missing[kind])))
    raise FileRefused(
        gettext("The first line needs these headings as well: %(names)s.", names=", ".join(missing[nearest]))
    )


def _known(headings: list[str], kind: Kind) -> int:
    return sum(map(bool, keys_of(headings, kind)))


def _records(file: BinaryIO, encoding: str, delimiter: str) -> Generator[tuple[int, list[str] | None], None, None]:
    """(line, cells) of each record; no cells where its quotation marks make no sense."""
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        # Strict, or a quotation mark that is never closed would swallow the rest of the file without a word.
        reader = csv.reader(text, delimiter=delimiter, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                yield line, next(reader)
            except csv.Error:
                yield line, None
            except StopIteration:
                return
    finally:
        text.detach()
