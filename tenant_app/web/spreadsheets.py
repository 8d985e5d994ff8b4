"""Tables that are taken home as CSV, with nothing in them that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Response

STARTS_A_FORMULA = frozenset("=+-@\t\r\n＝＋－＠")
"""First letters that Excel, LibreOffice or Google Sheets take for the beginning of a formula, or skip to find one.
Source: OWASP, "CSV Injection"."""


def neutral(cell: object) -> str:
    """The text of a cell. One that a spreadsheet would run as a formula is given an apostrophe, which it shows
    instead."""
    text = str(cell)
    return f"'{text}" if text[:1] in STARTS_A_FORMULA else text


def csv_text(rows: Iterable[Sequence[object]]) -> str:
    """Rows as CSV: every cell quoted, and neutral."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([neutral(cell) for cell in row] for row in rows)
    return out.getvalue()


def csv_answer(rows: Iterable[Sequence[object]], file_name: str) -> Response:
    """The rows as a file to keep. It begins with a byte order mark, without which Excel reads `£` as two letters."""
    answer = Response(csv_text(rows).encode("utf-8-sig"), mimetype="text/csv")
    answer.headers.set("Content-Disposition", "attachment", filename=file_name)
    return answer
