"""A file is read as it was written, whatever wrote it; what cannot be read for certain is refused with what to do."""

from __future__ import annotations

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_app.rent.importing.columns import COLUMNS, Kind, describe, example_of
from tenant_app.rent.importing.files import Row, open_file
from tenant_app.rent.importing.problems import FileRefused, Problem, Why

HEAD = "Rent Account Reference,Transaction Date,Transaction Type,Transaction Amount,Transaction Description"
ROW = "WH 0042,26/11/2026,payment,£14.20,Café"


def read(content: bytes) -> list[Row | Problem]:
    return list(open_file(io.BytesIO(content)).rows())


@pytest.mark.parametrize(
    ("encoding", "known_as"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("cp1252", "cp1252")],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends(encoding: str, known_as: str, delimiter: str, end: str) -> None:
    content = end.join([HEAD, ROW, ""]).replace(",", delimiter).encode(encoding)
    opened = open_file(io.BytesIO(content))

    assert (opened.encoding, opened.delimiter) == (known_as, delimiter)
    (row,) = opened.rows()
    assert row == Row(2, {"account": "WH 0042", "day": "26/11/2026", "type": "payment", "amount": "£14.20", "note": "Café"})


def test_big_endian_with_its_mark_is_read_too() -> None:
    assert len(read(b"\xfe\xff" + f"{HEAD}\n{ROW}\n".encode("utf-16-be"))) == 1


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"), (b"\n \n,,\n", "empty"), (b"\xef\xbb\xbf", "empty"),
        (f"{HEAD}\n{ROW}".encode("utf-16-le"), "CSV UTF-8"), (f"{HEAD}\n{ROW}".encode("utf-32"), "CSV UTF-8"),
        (HEAD.encode() + b"\n\x81\x8d", "CSV UTF-8"), (HEAD.encode() + b"\nA\x00B", "CSV UTF-8"),
        (b"\xff\xfe" + b"A", "CSV UTF-8"), (b"PK\x03\x04rest", "xlsx"), (b"\xd0\xcf\x11\xe0rest", "xls"),
        (b"%PDF-1.7", "pdf"),
        (b"Rent Account Reference,Transaction Date,Transaction Amount\n", "Transaction Type"),
        (b"Name,Colour\nAmina,green\n", "needs these headings"),
        (HEAD.encode() + b",Transaction Date\n", "Two columns say the same: Transaction Date, Transaction Date"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_with_what_to_do(content: bytes, says: str) -> None:
    with pytest.raises(FileRefused, match=says):
        open_file(io.BytesIO(content))


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    content = f'{HEAD}\n{ROW}\n\n"WH\n0042",26/11/2026,payment,1,"two\nlines"\n,,,,\n{ROW}\n'
    rows = read(content.encode())

    assert [row.line for row in rows] == [2, 4, 8]
    assert isinstance(rows[1], Row)
    assert rows[1].cells["note"] == "two\nlines"


def test_a_row_with_too_many_cells_is_a_problem_and_the_next_is_not() -> None:
    rows = read(f"{HEAD}\nWH 0042,26/11/2026,payment,1,234.50,x,y\n{ROW}\n{ROW},,\nWH 0042,26/11/2026\n".encode())

    assert [type(row) for row in rows] == [Problem, Row, Row, Row]
    assert rows[0] == Problem(2, Why.CELLS)


def test_quotation_marks_that_make_no_sense_are_named_by_their_line() -> None:
    rows = read(f'{HEAD}\n{ROW}\n"WH" 42,x,y,1,z\n{ROW}\n"never closed\n'.encode())

    assert [row.line for row in rows] == [2, 3, 4, 5]
    assert [type(row) for row in rows] == [Row, Problem, Row, Problem]


def test_other_names_and_other_columns_are_no_trouble() -> None:
    opened = open_file(io.BytesIO(b"\n\nDate;AMOUNT;Colour;type;Rent-Account\n26/11/2026;1;red;payment;WH\n"))
    assert opened.kind is Kind.TRANSACTIONS
    assert opened.ignored == ["Colour"]


def test_its_own_heading_goes_before_another_name_for_the_same() -> None:
    opened = open_file(io.BytesIO(f"{HEAD},Posting Date,Details\n{ROW},1/1/2020,no\n".encode()))

    (row,) = opened.rows()
    assert isinstance(row, Row)
    assert (row.cells["day"], row.cells["note"]) == ("26/11/2026", "Café")
    assert opened.ignored == ["Posting Date", "Details"]


@pytest.mark.parametrize("kind", Kind)
def test_the_example_of_each_kind_is_such_a_file(kind: Kind) -> None:
    opened = open_file(io.BytesIO(example_of(kind).encode()))

    assert opened.kind is kind
    assert [type(row) for row in opened.rows()] == [Row]
    assert all(column.heading in describe() for column in COLUMNS[kind])


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for start in (b"", HEAD.encode() + b"\n"):
        with contextlib.suppress(FileRefused):
            assert all(row.line > 0 for row in read(start + content))
