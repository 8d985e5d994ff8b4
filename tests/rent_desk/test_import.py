"""A file at the desk is looked through first, and lands only when somebody has seen what would come of it."""

from __future__ import annotations

import io

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session, undefer
from werkzeug.test import TestResponse

from tenant_app.rent.importing.files import open_file
from tenant_app.rent.importing.kinds import Kind
from tenant_app.rent.importing.models import RentImport
from tenant_app.rent.models import RentAccount, RentEntry
from tenant_app.rent.rules import balance
from tests.rent.conftest import TODAY

HEAD = "Rent Account Reference,Transaction Date,Transaction Type,Transaction Amount,Colour\n"
GOOD = f"{HEAD}WH 0042,26/11/2026,payment,14.20,red\nWH 0042,26/11/2026,payment,14.20,red\nWH 9,26/11/2026,payment,1,red\n"


def send(client: FlaskClient, content: bytes, name: str = "november.csv") -> TestResponse:
    return client.post("/rent/import", data={"file": (io.BytesIO(content), name)})


def test_nothing_lands_before_somebody_says_so(session: Session, account: RentAccount, devon: FlaskClient) -> None:
    sent = send(devon, GOOD.encode())
    assert sent.status_code == 303
    page = devon.get(sent.location).text

    assert "Import 2 new rows" in page
    assert "Line 4: no account has the reference “WH 9”." in page
    assert "Columns that say nothing to us: <bdi>Colour</bdi>" in page
    assert session.scalars(select(RentEntry)).all() == []
    session.commit()
    for _ in range(2):
        assert devon.post(sent.location).status_code == 303
    session.expire_all()
    assert balance(session, account, TODAY) == -2840
    assert not account.reminders_behind
    done = session.scalars(select(RentImport).options(undefer(RentImport.content))).one()
    assert (done.new, done.known, done.refused, done.content) == (2, 0, 1, None)
    assert done.finished_at is not None
    assert "What came of it" in devon.get(sent.location).text


def test_what_was_sent_before_is_not_counted_again(session: Session, account: RentAccount, devon: FlaskClient) -> None:
    devon.post(send(devon, GOOD.encode()).location)
    page = devon.get(send(devon, GOOD.replace("£", "").encode("utf-16")).location).text

    assert "There is nothing new in it." in page
    assert "Import " not in page.split("<main")[1].split("</h2>")[1].split("Leave it")[0].replace("Import a file", "")


def test_a_file_that_was_only_looked_at_can_be_left(session: Session, account: RentAccount, devon: FlaskClient) -> None:
    sent = send(devon, GOOD.encode())

    assert devon.post(f"{sent.location}/leave").status_code == 303
    assert session.scalars(select(RentImport)).all() == []
    assert devon.get(sent.location).status_code == 404


def test_what_was_imported_cannot_be_made_to_vanish(session: Session, account: RentAccount, devon: FlaskClient) -> None:
    sent = send(devon, GOOD.encode())
    devon.post(sent.location)
    devon.post(f"{sent.location}/leave")

    assert len(session.scalars(select(RentImport)).all()) == 1


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [(b"", "x.csv", "The file is empty."), (b"PK\x03\x04", "x.xlsx", "save it as “CSV UTF-8”"),
     (b"Name\nAmina\n", "x.csv", "needs these headings"), (b"x" * (1024 * 1024 + 1), "x.csv", "larger than 1 MB"),
     (b"", "", "Choose a file")],
)  # fmt: skip
def test_a_file_that_cannot_be_read_is_refused_with_what_to_do(
    session: Session, devon: FlaskClient, content: bytes, name: str, says: str
) -> None:
    answer = send(devon, content, name)

    assert answer.status_code == 422
    assert says in answer.text
    assert session.scalars(select(RentImport)).all() == []


def test_no_file_at_all_is_asked_for(devon: FlaskClient) -> None:
    assert "Choose a file" in devon.post("/rent/import").text


def test_many_refused_rows_are_named_up_to_a_hundred(account: RentAccount, devon: FlaskClient) -> None:
    page = devon.get(send(devon, (HEAD + "WH 9,1/1/2026,payment,1,x\n" * 150).encode()).location).text

    assert page.count("Line ") == 100
    assert "These are the first 100." in page
    assert "<dd class=\"num\">150</dd>" in page


def test_hostile_names_and_cells_are_only_text(account: RentAccount, devon: FlaskClient) -> None:
    sent = send(devon, f"{HEAD}<script>x</script>,1/1/2026,payment,1,x\n".encode(), "<img src=x>.csv")
    page = devon.get(sent.location).text + devon.get("/rent/import").text

    assert "<script>x" not in page
    assert "<img src=x>" not in page


@pytest.mark.parametrize("kind", Kind)
def test_an_example_of_each_kind_can_be_taken_and_is_such_a_file(devon: FlaskClient, kind: Kind) -> None:
    example = devon.get(f"/rent/import/example/{kind}")

    assert example.mimetype == "text/csv"
    assert open_file(io.BytesIO(example.data)).kind is kind
    assert devon.get("/rent/import/example/nonsense").status_code == 404
