"""Documents: looked at with suspicion, private unless shown, saved and never run, gone when taken away."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Look, Tenant
from tenant_app.key_work.documents import Document
from tenant_app.key_work.keeping import LARGEST_PDF
from tenant_app.settings import Settings
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.key_work.conftest import rows
from tests.repairs.pictures import jpeg

PDF = b"%PDF-1.7\n1 0 obj\n<</OpenAction<</S/JavaScript>>>>\nendobj\ntrailer\n%%EOF\n"


def paper(content: bytes = PDF, name: str = "letter.pdf", **given: str) -> dict[str, Any]:
    return {"title": "A letter", "kind": "benefit", "file": (BytesIO(content), name)} | given


def test_a_tenants_paper_is_private_until_shown_and_private_again_at_once(
    desk: FlaskClient, phone: FlaskClient, session: Session, cast: Cast
) -> None:
    assert phone.post("/documents/new", data=paper(title="CANARY letter")).status_code == 303
    (document,) = rows(session, select(Document))
    address, list_of_desk = f"/documents/{document.id}", f"/caseload/{cast.amina.id}/documents"
    assert "CANARY" in phone.get("/documents").text
    assert "CANARY" not in desk.get(list_of_desk).text
    assert desk.get(address).status_code == 404

    phone.post(f"/documents/{document.id}/share", data={"shared": "1"})
    assert "CANARY" in desk.get(list_of_desk).text
    assert desk.get(address).data == PDF
    assert desk.post(f"/documents/{document.id}/remove", data={"kept": "0"}).status_code == 404
    phone.post(f"/documents/{document.id}/share", data={"shared": "0"})
    assert desk.get(address).status_code == 404
    assert "documents" in [look.what for look in rows(session, select(Look))]


def test_a_pdf_is_saved_and_never_run_as_a_page_of_ours(phone: FlaskClient, session: Session) -> None:
    phone.post("/documents/new", data=paper(title='../../"Brief"\u202e <script>'))
    (document,) = rows(session, select(Document))
    answer = phone.get(f"/documents/{document.id}")

    assert answer.mimetype == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename=")
    assert ".." not in answer.headers["Content-Disposition"]
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer.headers["Cache-Control"]
    assert "<script>" not in phone.get("/documents").text.replace("<script src", "")


def test_a_photo_is_made_anew_and_shown(phone: FlaskClient, session: Session, settings: Settings) -> None:
    phone.post("/documents/new", data=paper(jpeg(), "card.exe", kind="identity"))
    (document,) = rows(session, select(Document))
    answer = phone.get(f"/documents/{document.id}")

    assert answer.mimetype == "image/jpeg"
    assert (settings.photos / document.file).is_file()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (paper(b"", "empty.pdf"), "We cannot open this file"),
        (paper(b"<html><script>", "page.pdf"), "We cannot open this file"),
        (paper(b"%PDF-1.7 and then the phone was lost", "half.pdf"), "We cannot open this file"),
        (paper(b"MZ\x90" + PDF, "program.pdf"), "We cannot open this file"),
        (paper(b"%PDF-1.7" + b"0" * LARGEST_PDF + b"%%EOF", "big.pdf"), "A PDF can have 10 MB"),
        (paper(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.svg"), "We cannot open this file"),
        (paper(PDF, ""), "Choose a file"),
        (paper(kind="poem"), ""),
        (paper(title="t" * 100_000), "Use at most 120 letters"),
        (paper(title="\x00 "), "Write what it is"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_what_is_no_paper_is_refused_and_the_rest_stays_typed(
    phone: FlaskClient, session: Session, settings: Settings, given: dict[str, Any], said: str
) -> None:
    answer = phone.post("/documents/new", data=given)

    assert answer.status_code == 422
    assert said in answer.text
    if given["title"] == "A letter":
        assert 'value="A letter"' in answer.text
    assert rows(session, select(Document)) == []
    kept = [file for folder in (settings.documents, settings.photos) if folder.is_dir() for file in folder.iterdir()]
    assert kept == []


def test_what_is_taken_away_is_gone_from_the_disk_and_only_by_who_put_it(
    desk: FlaskClient, phone: FlaskClient, staff_door: Flask, session: Session, cast: Cast, settings: Settings
) -> None:
    for _ in range(2):
        assert desk.post(f"/caseload/{cast.amina.id}/documents", data=paper()).status_code == 303
    (document,) = rows(session, select(Document))
    assert [file.name for file in settings.documents.iterdir()] == [document.file]
    assert "A letter" in phone.get("/documents").text
    assert phone.get(f"/documents/{document.id}").data == PDF

    for refused in ("remove", "share"):
        fields = {"kept": "0", "shared": "1"}
        assert phone.post(f"/documents/{document.id}/{refused}", data=fields).status_code == 404
    session.get_one(Tenant, cast.amina.id).keyworker_id = cast.marek.id
    session.commit()
    marek = cast.at(staff_door, cast.marek)
    assert marek.get(f"/documents/{document.id}").status_code == 200
    for other in (desk, marek):
        assert other.post(f"/documents/{document.id}/remove", data={"kept": "0"}).status_code == 404
    session.get_one(Tenant, cast.amina.id).keyworker_id = cast.grace.id
    session.commit()
    assert desk.post(f"/documents/{document.id}/remove", data={"kept": "0"}).status_code == 303
    assert rows(session, select(Document)) == []
    assert list(settings.documents.iterdir()) == []


def test_papers_of_another_tenant_do_not_exist(
    tenant_door: Flask, phone: FlaskClient, desk: FlaskClient, session: Session, cast: Cast
) -> None:
    phone.post("/documents/new", data=paper(shared="1"))
    (document,) = rows(session, select(Document))
    tomasz = cast.at(tenant_door, cast.tomasz)

    assert tomasz.get(f"/documents/{document.id}").status_code == 404
    for deed in ("share", "remove"):
        answer = tomasz.post(f"/documents/{document.id}/{deed}", data={"shared": "1", "kept": "0"})
        assert answer.status_code == 404
    assert desk.get(f"/caseload/{cast.salma.id}/documents").status_code == 404
    assert desk.post(f"/caseload/{cast.salma.id}/documents", data=paper()).status_code == 404


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_there_is_an_end_to_how_many(phone: FlaskClient, session: Session, settings: Settings, amina: Tenant) -> None:
    session.add_all(
        Document(
            tenant=amina, title=f"{number}", kind="other", file=f"{number}.pdf", bytes=1, digest="0",
            added_at=THURSDAY - timedelta(days=1),
        )
        for number in range(200)
    )  # fmt: skip
    session.commit()
    answer = phone.post("/documents/new", data=paper())

    assert answer.status_code == 422
    assert "There are 200 documents here already" in answer.text
    assert list(settings.documents.iterdir()) == []
