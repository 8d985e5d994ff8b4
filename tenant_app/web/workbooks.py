"""Tables that are taken home as a workbook (XLSX), with nothing in them that a spreadsheet would run."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

from flask import Response, abort
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, TYPE_STRING, Cell
from openpyxl.styles import Font

from tenant_app.web.locale import language
from tenant_app.web.spreadsheets import csv_answer, neutral

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_answer(suffix: str, rows: Iterable[Sequence[object]], name: str, *, title: str) -> Response:
    """The rows as a file of the kind that an address ends with, `csv` or `xlsx`; 404 for any other. `name` is the
    file's, without the ending."""
    if suffix == "csv":
        return csv_answer(rows, f"{name}.csv")
    if suffix != "xlsx":
        abort(404)
    return workbook_answer(rows, f"{name}.xlsx", title=title, rtl=language().rtl)


def workbook_answer(rows: Iterable[Sequence[object]], file_name: str, *, title: str, rtl: bool = False) -> Response:
    """The rows as a file to keep, the first of them as its head; numbers stay numbers, all else is text."""
    book = Workbook()
    sheet = book.active
    # What a sheet may not be called is refused by Excel when the file is opened, not here.
    sheet.title = "".join(letter for letter in title if letter not in r"[]:*?/\ ".strip())[:31] or "1"
    sheet.sheet_view.rightToLeft = rtl
    sheet.freeze_panes = "A2"
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value == "":
                continue
            _fill(sheet.cell(number, column), value, head=number == 1)
    out = io.BytesIO()
    book.save(out)
    answer = Response(out.getvalue(), mimetype=XLSX)
    answer.headers.set("Content-Disposition", "attachment", filename=file_name)
    return answer


def _fill(cell: Cell, value: object, *, head: bool) -> None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        cell.value = value
    else:
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", neutral(value))
        # Whatever the library takes a text for, it is one.
        cell.data_type = TYPE_STRING
    if head:
        cell.font = Font(bold=True)
