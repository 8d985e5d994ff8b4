"""Imports at the desk: each with the rows it was refused, taken as a table to mend, and settled when they land."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tenant_app.database import Database
from tenant_app.rent.importing.models import RentImport, RentRefusal, Settled
from tenant_app.rent.models import RentAccount
from tenant_app.rent.rules import balance
from tests.cast import Cast
from tests.rent.conftest import TODAY
from tests.rent.sending import paid, table
from tests.rent_desk.test_import import send


def imported(devon: FlaskClient, content: bytes, name: str = "november.csv") -> str:
    """Send a file, say yes to it; the address of its page."""
    address = send(devon, content, name).location
    devon.post(address)
    return str(address)


def rows_of(session: Session) -> list[RentRefusal]:
    return list(session.scalars(select(RentRefusal).order_by(RentRefusal.id)))


def test_no_file_yet_is_said_plainly(devon: FlaskClient) -> None:
    page = devon.get("/rent/imports").text

    assert "No file has been sent yet" in page
    assert "Refused rows" not in devon.get("/rent").text


def test_imports_are_listed_the_newest_first_with_what_waits(account: RentAccount, devon: FlaskClient) -> None:
    imported(devon, table(paid(), paid("x")), "october.csv")
    imported(devon, table(paid(reference="2")), "november.csv")
    send(devon, table(paid(reference="3")), "december.csv")
    page = devon.get("/rent/imports").text

    assert page.index("december.csv") < page.index("november.csv") < page.index("october.csv")
    assert "Looked at, not imported" in page
    assert "1 new, 0 known already, 1 refused" in page
    assert "Devon Hart" in page
    assert page.count("1 row to mend") == 1
    assert "Refused rows: 1 waits" in devon.get("/rent").text


def test_refused_rows_stand_there_with_their_reasons_until_they_land(account: RentAccount, devon: FlaskClient) -> None:
    address = imported(devon, table(paid("1.234,50", reference="FP1"), ["WH 9", *paid()[1:]]))
    page = devon.get(address).text
    assert "Line 2" in page
    assert "“1.234,50” has its comma where we write a point." in page
    assert "no account has the reference “WH 9”." in page
    assert "2 wait to be mended." in page

    imported(devon, table(paid("1,234.50", reference="FP1")), "mended.csv")
    page = devon.get(address).text
    assert "1 waits to be mended." in page
    assert "It came with a later file" in page
    assert "mended.csv" in page


def test_the_table_is_mended_and_sent_as_it_is(session: Session, account: RentAccount, devon: FlaskClient) -> None:
    bad = [["WH 9", *paid("14.20")[1:]], paid("-3.00", kind="gift"), paid("x"), ["=1+1", *paid("2.00")[1:]]]
    address = imported(devon, table(*bad))
    answer = devon.get(f"{address}/refused.csv")
    assert answer.mimetype == "text/csv"
    heading, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert heading[:3] == ["Line", "Reason", "Rent Account Reference"]
    at = {name: place for place, name in enumerate(heading)}
    assert [row[at["Transaction Amount"]] for row in rows] == ["14.20", "(3.00)", "", "2.00"]
    assert not [cell for row in rows for cell in row if cell[:1] in set("=+-@")]

    for row, kind in zip(rows, ("payment", "adjustment", "payment", "payment"), strict=True):
        row[at["Rent Account Reference"]], row[at["Transaction Type"]] = "WH 0042", kind
        row[at["Transaction Amount"]] = row[at["Transaction Amount"]] or "5.00"
    out = io.StringIO()
    csv.writer(out).writerows([heading, *rows])
    imported(devon, out.getvalue().encode(), "mended.csv")

    assert [row.settled for row in rows_of(session)] == [Settled.LANDED] * 4
    assert balance(session, account, TODAY) == -(1420 + 300 + 500 + 200)
    assert "All of them are settled." in devon.get(address).text
    assert len(list(csv.reader(io.StringIO(devon.get(f"{address}/refused.csv").text)))) == 1


def test_a_row_is_dealt_with_by_hand(session: Session, account: RentAccount, devon: FlaskClient) -> None:
    address = imported(devon, table(paid("x")))
    (row,) = rows_of(session)
    for done, says in (("1", "Dealt with by <bdi>Devon Hart</bdi>"), ("1", "Dealt with by"), ("0", "1 waits to be mended.")):
        assert devon.post(f"{address}/refused/{row.id}", data={"done": done}).status_code == 303
        assert says in devon.get(address).text

    assert devon.post(f"{address}/refused/{row.id}", data={"done": "yes"}).status_code == 400
    other = imported(devon, table(paid("y")), "other.csv")
    assert devon.post(f"{other}/refused/{row.id}", data={"done": "1"}).status_code == 404


def test_rows_of_an_import_of_long_ago_are_gone_and_that_is_said(
    session: Session, account: RentAccount, devon: FlaskClient
) -> None:
    address = imported(devon, table(paid("x")))
    for row in rows_of(session):
        session.delete(row)

    assert "Its refused rows are kept no longer." in devon.get(address).text


@pytest.mark.parametrize("who", ["grace", "nasrin", "joana", "priya"])
def test_imports_are_for_housing_officers(
    staff_door: Flask, session: Session, cast: Cast, account: RentAccount, devon: FlaskClient, who: str
) -> None:
    address = imported(devon, table(paid("x")))
    (row,) = rows_of(session)
    session.commit()
    other = cast.at(staff_door, getattr(cast, who))

    assert {other.get(path).status_code for path in ("/rent/imports", address, f"{address}/refused.csv")} <= {403, 404}
    assert other.post(f"{address}/refused/{row.id}", data={"done": "1"}).status_code in (403, 404)


def test_a_page_of_imports_asks_as_much_of_two_as_of_forty(
    database: Database, session: Session, account: RentAccount, devon: FlaskClient, cast: Cast
) -> None:
    def questions() -> int:
        asked: list[str] = []
        listen = lambda *args: asked.append(args[2])  # noqa: E731
        engine = devon.application.extensions["homeward"].database.engine
        event.listen(engine, "before_cursor_execute", listen)
        assert devon.get("/rent/imports").status_code == 200
        event.remove(engine, "before_cursor_execute", listen)
        return len(asked)

    imported(devon, table(paid("x")))
    imported(devon, table(paid("y")))
    few = questions()
    for number in range(40):
        worker = cast.devon.id if number % 2 else cast.marek.id
        session.add(RentImport(file_name=f"{number}.csv", sha256="0" * 64, worker_id=worker))

    assert questions() <= few + 1
