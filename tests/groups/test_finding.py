"""Finding a session: this week and what is coming, by kind, day, place and language, all of it in the address."""

from __future__ import annotations

import re
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.groups.booking import book_place
from tenant_app.groups.filters import ENOUGH, Choice, Line, Options, choose, page_of
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import neighbours, plan
from tests.questions import counted

TODAY = THURSDAY.date()


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


def _cards(page: str) -> list[str]:
    return re.findall(r'<article[^>]*id="session-([^"]+)"', page)


def _line(days: int, kind: str = "cooking-together", **given: object) -> Line:
    at = THURSDAY + timedelta(days=days)
    values: dict[str, object] = {"id": uuid4(), "place": "Kitchen", "languages": (), "booked": False, **given}
    return Line(starts_at=at, day=at.date(), kind=kind, **values)  # type: ignore[arg-type]


@pytest.fixture
def programme(session: Session, cast: Cast) -> dict[str, UUID]:
    """Friday's cooking, Monday's walk, and a cooking in Somali two weeks on."""
    planned = {
        "cooking": plan(session, cast).id,
        "walk": plan(session, cast, "walk-and-talk", starts_at=THURSDAY + timedelta(days=4), place="Front door").id,
        "later": plan(session, cast, starts_at=THURSDAY + timedelta(days=15), languages=["so"]).id,
    }
    session.commit()
    return planned


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("", ["cooking", "walk"]),
        ("?show=all", ["cooking", "walk", "later"]),
        ("?kind=walk-and-talk", ["walk"]),
        ("?day=fri&show=all", ["cooking", "later"]),
        ("?place=Front+door", ["walk"]),
        ("?language=so&show=all", ["later"]),
        ("?kind=cooking-together&day=mon", []),
        ("?from=2026-12-08", ["later"]),
        ("?kind=", ["cooking", "walk"]),
    ],
)
def test_sessions_are_found_by_what_stands_in_the_address(
    phone: FlaskClient, programme: dict[str, UUID], asked: str, found: list[str]
) -> None:
    assert _cards(phone.get(f"/groups{asked}").text) == [str(programme[name]) for name in found]


def test_what_nothing_has_is_left_out_and_said_so(phone: FlaskClient, programme: dict[str, UUID]) -> None:
    page = phone.get("/groups?kind=chess%3Cscript%3E&day=someday&show=nonsense&from=soon&language=xx").text

    for value in ("chess&lt;script&gt;", "someday", "nonsense", "soon", "xx"):
        assert f"There is no “<bdi>{value}</bdi>” to choose here" in page
    assert len(_cards(page)) == 3


def test_a_choice_stays_through_booking_and_back(phone: FlaskClient, programme: dict[str, UUID]) -> None:
    page = phone.get("/groups?show=all&kind=cooking-together&day=fri").text
    assert '<input type="hidden" name="list_kind" value="cooking-together">' in page

    answer = phone.post(
        f"/groups/{programme['later']}/place",
        data={"booked": "1", "list_show": "all", "list_kind": "cooking-together", "list_day": "fri"},
    )

    assert answer.location == f"/groups?show=all&kind=cooking-together&day=fri#session-{programme['later']}"


def test_an_empty_choice_says_what_to_do_next(phone: FlaskClient, programme: dict[str, UUID]) -> None:
    this_week = phone.get("/groups?language=so").text
    assert "Nothing fits what you chose" in this_week
    assert 'href="/groups?show=all&amp;language=so"' in this_week

    nowhere = phone.get("/groups?show=all&kind=walk-and-talk&day=fri").text
    assert "Show everything" in nowhere


def test_each_choice_can_be_taken_away_by_itself(phone: FlaskClient, programme: dict[str, UUID]) -> None:
    page = phone.get("/groups?show=all&kind=cooking-together&day=fri").text

    assert 'href="/groups?show=all&amp;day=fri"' in page
    assert 'href="/groups?show=all&amp;kind=cooking-together"' in page


def test_pages_are_whole_weeks_and_nothing_falls_between_them() -> None:
    lines = [_line(days) for days in sorted([*range(0, 300, 3), 12, 13, 14, 250])]
    seen: list[Line] = []
    choice, pages = Choice(show="all"), 0
    while True:
        page = page_of(lines, choice, TODAY)
        seen += page.lines
        pages += 1
        assert len(page.lines) <= ENOUGH + 7
        if page.later is None:
            break
        choice = Choice(show="all", since=page.later)

    assert seen == lines
    assert pages > 5


def test_empty_weeks_are_passed_over_both_ways() -> None:
    lines = [_line(1), _line(40), _line(90)]

    first = page_of(lines, Choice(), TODAY)
    assert (first.lines, first.earlier, first.later) == (lines[:1], None, lines[1].day)
    second = page_of(lines, Choice(since=first.later), TODAY)
    assert (second.lines, second.later) == (lines[1:2], lines[2].day)
    back = page_of(lines, Choice(since=second.earlier), TODAY)
    assert back.lines == lines[:1]


def test_a_day_that_has_gone_is_today() -> None:
    assert page_of([_line(1)], Choice(since=date(2020, 1, 1)), TODAY).earlier is None


def test_what_can_be_chosen_is_what_something_ahead_has() -> None:
    options = Options.of([_line(1, languages=("so", "bn")), _line(4, "walk-and-talk", place="Door")])

    assert options == Options(("cooking-together", "walk-and-talk"), ("mon", "fri"), ("Door", "Kitchen"), ("bn", "so"))
    assert choose({"kind": "walk-and-talk", "day": "tue"}, options) == Choice(kind="walk-and-talk")


def test_the_thousandth_session_costs_the_database_no_more_questions_than_the_first(
    phone: FlaskClient, session: Session, cast: Cast, tenant_door: Flask, programme: dict[str, UUID]
) -> None:
    phone.get("/groups?show=all")
    with counted(tenant_door) as few:
        phone.get("/groups?show=all")
    for days in range(1000):
        plan(session, cast, starts_at=THURSDAY + timedelta(days=1 + days % 300, hours=days % 8))
    amina = session.get_one(Tenant, cast.amina.id)
    book_place(session, amina, plan(session, cast, starts_at=THURSDAY + timedelta(days=2)))
    session.commit()
    with counted(tenant_door) as many:
        page = phone.get("/groups?show=all").text

    assert len(many) == len(few)
    assert len(_cards(page)) < 50
    assert 'rel="next"' in page


def test_no_filter_ever_offers_another_tenants_name(
    phone: FlaskClient, session: Session, cast: Cast, programme: dict[str, UUID]
) -> None:
    neighbours(session, cast, 3)
    session.commit()

    assert "Canary" not in phone.get("/groups?show=all&kind=cooking-together").text


@pytest.mark.parametrize("day", ["9999-12-31", "2100-01-02", "1899-12-31", "0001-01-01"])
@pytest.mark.parametrize("show", ["week", "all", "booked"])
def test_a_day_that_nobody_means_is_told_and_left_out(
    phone: FlaskClient, programme: dict[str, UUID], day: str, show: str
) -> None:
    answer = phone.get(f"/groups?show={show}&from={day}")

    assert answer.status_code == 200
    assert day in answer.text
