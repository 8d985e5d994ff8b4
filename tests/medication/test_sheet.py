"""The list for a pharmacist or an ambulance crew: on a page, in a PDF, in two languages, with nothing left out."""

from __future__ import annotations

import io
import subprocess
import sys
from datetime import date, time, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.medication.models import Food, MedicineForm
from tenant_app.medication.patterns import Pattern, on_weekdays
from tenant_app.medication.rules import Phase, add_as_needed, add_medicine, stop_medicine
from tests.cast import Cast
from tests.medication.conftest import EVENING, LONDON, NINE
from tests.questions import counted

HOSTILE = '#import "@preview/x:0.1" *bold* _it_ $x^2$ \\ \\u{41} <label> @ref `raw` // note [x] = y'


def write_down(cast: Cast, person: Tenant, name: str, *times: time, amount: str = "1 tablet", purpose: str = "",
               ends_on: date | None = None) -> None:  # fmt: skip
    with cast.database.step() as session:
        tenant = session.get_one(Tenant, person.id)
        add_medicine(
            session, tenant, name, amount, times or [NINE], LONDON, clock.today(LONDON), ends_on, purpose=purpose
        )


@pytest.fixture
def amina(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


def read(client: FlaskClient) -> tuple[PdfReader, str]:
    """The PDF that a client gets, and its text without line ends and the marks that keep names in one piece."""
    answer = client.get("/medicines/list.pdf")
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/pdf"
    found = PdfReader(io.BytesIO(answer.data))
    text = " ".join(" ".join(page.extract_text() for page in found.pages).split())
    return found, text.replace("\u2068", "").replace("\u2069", "")


def test_the_pdf_says_what_a_pharmacist_needs(amina: FlaskClient, cast: Cast) -> None:
    write_down(cast, cast.amina, "Metformin 500 mg", NINE, EVENING, amount="1 tablet, with food", purpose="Sugar")
    write_down(cast, cast.amina, "Amoxicillin 250 mg", ends_on=date(2026, 12, 2))

    _, text = read(amina)

    for words in ("Medicines of Amina Warsame", "Wrenfield Homes, printed on 26 November 2026",
                  "Written down by the tenant. This is not a prescription.", "Metformin 500 mg", "1 tablet, with food",
                  "9:00 am, 9:00 pm", "Sugar", "Every day", "Until 2 December 2026"):  # fmt: skip
        assert words in text, words
    assert text.count("Metformin") == 1


def test_days_limits_and_amounts_that_change_are_told(amina: FlaskClient, cast: Cast) -> None:
    today = date(2026, 11, 26)
    with cast.database.step() as session:
        person = session.get_one(Tenant, cast.amina.id)
        add_medicine(session, person, "Alendronic acid", "1 tablet", [NINE], LONDON, today, pattern=on_weekdays([0, 3]),
                     form=MedicineForm.TABLET, food=Food.BEFORE)  # fmt: skip
        add_medicine(session, person, "Fentanyl", "1 patch", [NINE], LONDON, today, pattern=Pattern(every_days=3, anchor=today),
                     form=MedicineForm.PATCH)  # fmt: skip
        add_medicine(session, person, "Prednisolone", "", [NINE], LONDON, today, today + timedelta(days=9),
                     phases=[Phase(today, "6 tablets"), Phase(today + timedelta(days=5), "3 tablets")])  # fmt: skip
        add_as_needed(session, person, "Paracetamol", "2 tablets", LONDON, gap_minutes=240, most_in_24h=4)

    _, text = read(amina)

    for words in ("Comes as Tablet", "Food Before food", "Which days Monday and Thursday",
                  "Every 3 days, next on 26 November 2026", "6 tablets, from 26 November 2026",
                  "3 tablets, from 1 December 2026", "Only when it is needed", "At least 4 hours between two",
                  "At most 4 in 24 hours"):  # fmt: skip
        assert words in text, (words, text)


def test_the_pdf_is_tagged_and_says_its_title_and_language(amina: FlaskClient, cast: Cast) -> None:
    write_down(cast, cast.amina, "Metformin 500 mg")

    found, _ = read(amina)

    assert found.metadata is not None
    assert found.metadata.title == "Medicines of Amina Warsame"
    assert found.root_object["/Lang"] == "en"
    assert found.root_object["/MarkInfo"]["/Marked"] == True  # type: ignore[index]  # noqa: E712
    assert "/StructTreeRoot" in found.root_object
    assert b"pdfuaid:part" in found.root_object["/Metadata"].get_data()  # type: ignore[attr-defined]


@pytest.mark.parametrize(("code", "words"), [("tr", "Ne zaman 09:00"), ("ar", "")])
def test_another_language_stands_beside_english(tenant_door: Flask, cast: Cast, code: str, words: str) -> None:
    with cast.database.step() as session:
        session.get_one(Tenant, cast.salma.id).language = code
    write_down(cast, cast.salma, "Levothyroxine 50 micrograms", purpose="الغدة الدرقية" if code == "ar" else "")

    found, text = read(cast.at(tenant_door, cast.salma))

    assert found.root_object["/Lang"] == code
    assert "When 9:00 am" in text
    assert words in text
    fonts = {name for page in found.pages for name in _fonts(page)}
    assert any("Arabic" in name for name in fonts) is (code == "ar")


def _fonts(page: object) -> list[str]:
    fonts = page["/Resources"]["/Font"]  # type: ignore[index]
    return [str(font.get_object()["/BaseFont"]) for font in fonts.values()]


def test_what_a_tenant_wrote_is_never_read_as_markup(amina: FlaskClient, cast: Cast) -> None:
    write_down(cast, cast.amina, HOSTILE, amount=HOSTILE, purpose="sys.inputs #panic() " + HOSTILE)

    _, text = read(amina)

    assert text.count(HOSTILE) == 3


@pytest.mark.parametrize("letter", ["\N{PILL}", "药", "বড়ি", "\ue000"])
def test_a_letter_that_no_font_has_is_refused_and_its_line_named(amina: FlaskClient, cast: Cast, letter: str) -> None:
    write_down(cast, cast.amina, "Metformin 500 mg", purpose=f"Sugar {letter}")

    answer = amina.get("/medicines/list.pdf")

    assert answer.status_code == 422
    assert f"<bdi>Sugar {letter}</bdi>" in answer.text
    assert "<bdi>Metformin 500 mg</bdi>" not in answer.text
    assert 'href="/medicines/list"' in answer.text
    assert f"Sugar {letter}" in amina.get("/medicines/list").text


def test_a_long_list_goes_over_several_pages(amina: FlaskClient, cast: Cast) -> None:
    for number in range(25):
        write_down(cast, cast.amina, f"Medicine number {number}", purpose="Because the doctor said so")

    found, text = read(amina)

    assert len(found.pages) > 1
    assert all(f"Medicine number {number}" in text for number in range(25))


def test_the_page_shows_both_languages(tenant_door: Flask, cast: Cast) -> None:
    write_down(cast, cast.salma, "Levothyroxine <b>50</b>", amount="1 & 1")

    page = cast.at(tenant_door, cast.salma).get("/medicines/list").text

    assert "<bdi>Levothyroxine &lt;b&gt;50&lt;/b&gt;</bdi>" in page
    assert page.count("<bdi>1 &amp; 1</bdi>") == 2
    assert '<dl class="stack told-of" lang="ar" dir="rtl">' in page
    assert '<dl class="stack told-of" lang="en" dir="ltr">' in page
    assert "<dt>متى</dt>" in page
    assert "<dt>When</dt>" in page


def test_only_what_goes_on_is_listed_and_only_ones_own(amina: FlaskClient, cast: Cast) -> None:
    with clock.stopped_at(clock.now() - timedelta(days=9)), cast.database.step() as session:
        person = session.get_one(Tenant, cast.amina.id)
        old = add_medicine(session, person, "Old pills", "1", [NINE], LONDON, clock.today(LONDON))
        stop_medicine(session, old, LONDON)
    write_down(cast, cast.amina, "New pills")
    write_down(cast, cast.tomasz, "Vitamin D")

    for address in ("/medicines/list", "/medicines/list.pdf"):
        shown = amina.get(address)
        text = shown.text if "html" in shown.mimetype else read(amina)[1]
        assert "New pills" in text
        assert "Old pills" not in text
        assert "Vitamin D" not in text


def test_an_empty_list_is_an_invitation(amina: FlaskClient) -> None:
    assert "Nothing is on your list yet" in amina.get("/medicines/list").text
    assert read(amina)[1].startswith("Medicines of Amina Warsame")


def test_the_file_has_a_name_that_gives_nothing_away(amina: FlaskClient) -> None:
    answer = amina.get("/medicines/list.pdf")

    assert answer.headers["Content-Disposition"] == 'inline; filename="list.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("address", ["/medicines/list", "/medicines/list.pdf"])
def test_a_longer_list_asks_no_more_of_the_database(
    tenant_door: Flask, amina: FlaskClient, cast: Cast, address: str
) -> None:
    asked = []
    for number in range(2):
        for name in "abc":
            write_down(cast, cast.amina, f"{name}{number}")
        amina.get(address)
        with counted(tenant_door) as statements:
            amina.get(address)
        asked.append(len(statements))

    assert asked[0] == asked[1]


def test_nothing_is_typeset_before_somebody_asks() -> None:
    program = "import typst; typst.compile = typst.Fonts = None; import tenant_app.medication.sheet.pages"

    subprocess.run([sys.executable, "-c", program], check=True)
