"""How full the programme is and who came: pictures with tables, and files that hold no name and run nothing."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.models import Attendance, Booking, GroupSession
from tenant_app.groups.programme.figures import by_kind, by_week, figures, total
from tenant_app.groups.register.attendance import add_walk_in
from tenant_app.groups.rules import book_place, call_off, join_waiting_list
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import plan

SPAN = "first=2026-11-01&last=2026-12-06"


@pytest.fixture
def lived(session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, salma: Tenant) -> list[GroupSession]:
    """Last week's cooking, in which two of three came and one walked in, and tomorrow's; one is called off."""
    with clock.stopped_at(THURSDAY - timedelta(days=20)):
        past = plan(session, cast, starts_at=THURSDAY - timedelta(days=7), capacity=2)
        for tenant in (amina, tomasz):
            book_place(session, tenant, past)
        off = plan(session, cast, starts_at=THURSDAY - timedelta(days=6))
        call_off(session, off)
    with clock.stopped_at(past.starts_at):
        add_walk_in(session, session.get_one(Worker, cast.joana.id), past, salma)
        marks = {amina.id: Attendance.HERE, tomasz.id: Attendance.NOT_HERE}
        for booking in session.scalars(Booking.expected_at(past)):
            booking.attendance = marks.get(booking.tenant_id, booking.attendance)
    walk = plan(session, cast, "walk-and-talk", capacity=1, place="=HYPERLINK(1)")
    book_place(session, amina, walk)
    join_waiting_list(session, tomasz, walk)
    session.commit()
    return [past, walk]


@pytest.fixture
def nasrin(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.nasrin)


def test_what_is_counted(session: Session, cast: Cast, lived: list[GroupSession]) -> None:
    worker = session.get_one(Worker, cast.nasrin.id)

    found = figures(session, worker, THURSDAY - timedelta(days=30), THURSDAY + timedelta(days=30))

    cooking, walking = by_kind(found)
    assert (cooking.of, cooking.sessions, cooking.places, cooking.booked, cooking.fill) == (
        "cooking-together", 1, 2, 2, 100,
    )  # fmt: skip
    assert (cooking.came, cooking.not_here, cooking.sent_word, cooking.unmarked, cooking.each) == (2, 1, 0, 0, 2.0)
    assert (walking.over, walking.came, walking.unmarked, walking.each) == (0, 0, 0, 0)
    assert [each.waiting for each in found] == [0, 1]
    weeks = by_week(found, date(2026, 11, 12), date(2026, 11, 29))
    assert [(each.of, each.came) for each in weeks] == [
        (date(2026, 11, 9), 0), (date(2026, 11, 16), 2), (date(2026, 11, 23), 0),
    ]  # fmt: skip
    assert total([]).fill == 0


def test_a_facilitator_counts_their_own(session: Session, cast: Cast, lived: list[GroupSession]) -> None:
    marek, joana = (session.get_one(Worker, each.id) for each in (cast.marek, cast.joana))
    span = THURSDAY - timedelta(days=30), THURSDAY + timedelta(days=30)

    assert figures(session, marek, *span) == []
    assert len(figures(session, joana, *span)) == 2


def test_each_picture_says_what_it_shows_and_has_a_table(nasrin: FlaskClient, lived: list[GroupSession]) -> None:
    page = nasrin.get(f"/programme/figures?{SPAN}").text

    assert 'aria-label="How many came, week by week' in page
    assert "The most in one week: 2." in page
    assert page.count("<table") == 2
    assert "2 sessions" in page
    assert "People came 2 times." in page
    assert "100%" in page


def test_without_asking_it_is_the_last_twelve_weeks_and_nothing_on_is_no_error(nasrin: FlaskClient) -> None:
    page = nasrin.get("/programme/figures").text

    assert 'value="2026-09-04"' in page
    assert "Which days would you like to look at?" in page


@pytest.mark.parametrize(
    ("span", "problem"),
    [
        ("first=2026-11-02&last=2026-11-01", "Choose a day that is not before the first"),
        ("first=2025-01-01&last=2026-11-01", "Choose at most a year and a week"),
        ("first=soon&last=2026-11-01", "Choose a day from the calendar"),
        ("last=2026-11-01", "Choose a day"),
    ],
)
def test_a_span_that_makes_no_sense_is_asked_again(nasrin: FlaskClient, span: str, problem: str) -> None:
    answer = nasrin.get(f"/programme/figures?{span}")

    assert answer.status_code == 422
    assert problem in answer.text
    assert nasrin.get(f"/programme/figures.csv?by=kind&{span}").status_code == 400


@pytest.mark.parametrize("by", ["kind", "session"])
def test_files_hold_the_same_counts_no_name_and_no_formula(
    nasrin: FlaskClient, lived: list[GroupSession], by: str
) -> None:
    text = nasrin.get(f"/programme/figures.csv?by={by}&{SPAN}")
    book = nasrin.get(f"/programme/figures.xlsx?by={by}&{SPAN}")

    rows = list(csv.reader(io.StringIO(text.get_data().decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(book.get_data())).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert [["" if cell is None else str(cell) for cell in row] for row in cells] == rows
    assert len(rows) == 3
    assert all(cell.data_type in ("s", "n") for row in sheet.iter_rows() for cell in row)
    if by == "session":
        assert "'=HYPERLINK(1)" in rows[2]
        assert cells[1][:8] == ["Cooking together", "2026-11-19", "09:00", "Kitchen, ground floor", 2, 2, 0, 2]
    else:
        assert cells[1][:7] == ["Cooking together", 1, 1, 2, 2, 100, 2]
    assert book.headers["Content-Disposition"] == (
        f"attachment; filename=programme-by-{by}-2026-11-01-2026-12-06.xlsx"
    )
    for name in ("Amina", "Tomasz", "Salma", "Joana"):
        assert name not in text.text
        assert name not in str(cells)


def test_a_file_of_something_else_is_refused(nasrin: FlaskClient) -> None:
    assert nasrin.get(f"/programme/figures.csv?by=tenant&{SPAN}").status_code == 400
    assert nasrin.get(f"/programme/figures.pdf?by=kind&{SPAN}").status_code == 404


def test_an_arabic_workbook_reads_from_the_right(staff_door: Flask, session: Session, cast: Cast) -> None:
    session.get_one(Worker, cast.nasrin.id).language = "ar"
    plan(session, cast)
    session.commit()

    book = cast.at(staff_door, cast.nasrin).get(f"/programme/figures.xlsx?by=kind&{SPAN}")

    assert load_workbook(io.BytesIO(book.get_data())).active.sheet_view.rightToLeft
