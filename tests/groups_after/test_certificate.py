"""A certificate: what the register says, in a name of one's own, and nothing of where one lives."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Property, Tenant
from tenant_app.groups.models import Attendance
from tenant_app.groups.rules import call_off
from tenant_app.settings import HOUSE
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups_after.after import booked, came
from tests.questions import counted

PAGE = "/groups/certificate"
ASKED = {"kind": "cooking-together", "first": "2026-10-01", "last": "2026-11-26", "name": "Amina Warsame", "code": "en"}
HOSTILE = '#import "@preview/x:0.1" *bold* _it_ $x^2$ \\ \\u{41} <label> @ref `raw` // note [x]'


@pytest.fixture
def been(session: Session, cast: Cast, amina: Tenant) -> None:
    """Three times an hour and a half of cooking, in her own house, and one of mindfulness."""
    home = session.get_one(Property, cast.alma_road.id)
    for days in (30, 16, 2):
        came(session, cast, amina, days_ago=days, building=home)
    came(session, cast, amina, days_ago=5, kind="mindfulness")
    session.commit()


def read(client: FlaskClient, **changes: str) -> tuple[PdfReader, str]:
    """The PDF, and its text without line ends and the marks that keep names in one piece."""
    answer = client.post(PAGE, data={**ASKED, **changes})
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/pdf"
    found = PdfReader(io.BytesIO(answer.data))
    text = " ".join(" ".join(page.extract_text() for page in found.pages).split())
    return found, text.replace("\u2068", "").replace("\u2069", "")


def test_it_says_who_what_how_often_and_how_long(phone: FlaskClient, been: None) -> None:
    found, text = read(phone)

    for words in ("Certificate of attendance", "Amina Warsame", "Cooking together", "4 hours 30 minutes",
                  "3 sessions between 27 October 2026 and 24 November 2026", "Wrenfield Homes, 26 November 2026"):  # fmt: skip
        assert words in text, (words, text)
    assert len(found.pages) == 1


def test_days_narrow_it(phone: FlaskClient, been: None) -> None:
    assert "1 session on 24 November 2026" in read(phone, first="2026-11-11")[1]
    assert "2 sessions between 27 October 2026 and 10 November 2026" in read(phone, last="2026-11-10")[1]


def test_it_tells_nothing_of_where_they_live(phone: FlaskClient, been: None) -> None:
    found, text = read(phone)

    metadata = str(found.metadata) + found.root_object["/Metadata"].get_data().decode()  # type: ignore[attr-defined]
    for word in ("support", "housing", "mental", "health", "alma", "kitchen", "tenan", "keyworker", "joana", "flat", "islington", "homeward"):
        assert word not in (text + metadata).lower(), word


def test_it_is_tagged_and_says_its_title_and_language(phone: FlaskClient, been: None) -> None:
    found, _ = read(phone)

    assert found.metadata is not None
    assert found.metadata.title == "Certificate of attendance"
    assert found.root_object["/Lang"] == "en"
    assert found.root_object["/MarkInfo"]["/Marked"] == True  # type: ignore[index]  # noqa: E712
    assert b"pdfuaid:part" in found.root_object["/Metadata"].get_data()  # type: ignore[attr-defined]


def test_it_comes_in_their_language_or_in_english(
    tenant_door: Flask, session: Session, cast: Cast, been: None
) -> None:
    session.get_one(Tenant, cast.amina.id).language = "ar"
    session.commit()
    phone = cast.at(tenant_door, cast.amina)

    own, _ = read(phone, code="ar", name="أمينة ورسمه")
    english, text = read(phone, code="en", name="أمينة ورسمه")

    assert own.root_object["/Lang"] == "ar"
    fonts = own.pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]
    assert any("Arabic" in str(font.get_object()["/BaseFont"]) for font in fonts)
    assert english.root_object["/Lang"] == "en"
    assert "Certificate of attendance" in text
    assert phone.post(PAGE, data={**ASKED, "code": "tr"}).status_code == 422


def test_a_name_is_printed_as_it_was_written_and_never_read_as_markup(phone: FlaskClient, been: None) -> None:
    assert "Amina W." in read(phone, name="Amina W.")[1]
    assert HOSTILE[:70] in read(phone, name=HOSTILE[:80])[1]


def test_a_letter_that_no_font_has_is_said_at_the_name(phone: FlaskClient, been: None) -> None:
    answer = phone.post(PAGE, data={**ASKED, "name": "Amina 药"})

    assert answer.status_code == 422
    assert "We have no print letters for this: Amina 药" in answer.text


def test_only_what_the_register_says_counts(phone: FlaskClient, session: Session, cast: Cast, amina: Tenant) -> None:
    came(session, cast, amina, days_ago=9, mark=Attendance.NOT_HERE)
    came(session, cast, amina, days_ago=8, mark=Attendance.SENT_WORD)
    booked(session, cast, amina, starts_at=THURSDAY - timedelta(days=7))
    call_off(session, came(session, cast, amina, days_ago=6))
    session.commit()

    assert "Once the register says that you came" in phone.get(PAGE).text
    assert phone.post(PAGE, data=ASKED).status_code == 422

    came(session, cast, amina, days_ago=5, mark=Attendance.LATE)
    session.commit()
    assert "1 session on 21 November 2026" in read(phone)[1]


def test_without_a_session_between_the_days_the_answer_says_so(phone: FlaskClient, been: None) -> None:
    answer = phone.post(PAGE, data={**ASKED, "first": "2026-11-25", "last": "2026-11-26", "name": "A. Warsame"})

    assert answer.status_code == 422
    assert "The register does not say that you came to this group between these two days." in answer.text
    assert 'value="A. Warsame"' in answer.text


@pytest.mark.parametrize(
    "changes", [{"kind": "../../etc"}, {"kind": "nutrition"}, {"kind": ""}, {"first": "soon"}, {"last": "2026-02-30"},
                {"first": "2026-11-26", "last": "2026-11-01"}, {"name": ""}, {"name": " "}, {"name": "x" * 81},
                {"code": "xx"}, {"first": "0001-01-01"}],
)  # fmt: skip
def test_what_cannot_be_is_asked_again_with_all_that_was_typed(
    phone: FlaskClient, been: None, changes: dict[str, str]
) -> None:
    answer = phone.post(PAGE, data={**ASKED, **changes})

    assert answer.status_code == 422
    assert 'class="errors"' in answer.text


def test_it_is_about_oneself_alone(tenant_door: Flask, cast: Cast, been: None) -> None:
    tomasz = cast.at(tenant_door, cast.tomasz)

    assert "Once the register says" in tomasz.get(PAGE).text
    assert tomasz.post(PAGE, data=ASKED).status_code == 422


def test_a_group_whose_name_tells_where_people_live_is_on_no_paper(
    phone: FlaskClient, session: Session, cast: Cast, amina: Tenant, been: None
) -> None:
    came(session, cast, amina, days_ago=4, kind="house-meeting")
    session.commit()

    assert "House meeting" not in phone.get(PAGE).text
    assert phone.post(PAGE, data={**ASKED, "kind": "house-meeting"}).status_code == 422
    assert "House meeting" in phone.get("/groups/been").text


def test_no_name_of_a_group_that_may_be_printed_tells_of_housing_or_health() -> None:
    titles = []
    for page in (HOUSE / "content" / "groups").glob("*/en.md"):
        text = page.read_text()
        if "certificate: false" not in text:
            titles.append(text.split('title: "')[1].split('"')[0].lower())

    assert titles
    telling = ("house", "housing", "mental", "health", "recovery", "tenan", "addiction")
    assert [title for title in titles if any(word in title for word in telling)] == []


def test_the_file_has_a_name_that_gives_nothing_away(phone: FlaskClient, been: None) -> None:
    answer = phone.post(PAGE, data=ASKED)

    assert answer.headers["Content-Disposition"] == 'attachment; filename="certificate.pdf"'
    assert answer.headers["Cache-Control"] == "no-store"


def test_more_sessions_ask_no_more_of_the_database(
    phone: FlaskClient, tenant_door: Flask, session: Session, cast: Cast, amina: Tenant, been: None
) -> None:
    numbers = []
    for days in (3, 4):
        with counted(tenant_door) as asked:
            phone.get(PAGE)
        numbers.append(len(asked))
        came(session, cast, amina, days_ago=days, kind="budgeting")
        session.commit()

    assert numbers[0] == numbers[1]
