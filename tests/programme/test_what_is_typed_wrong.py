"""What cannot be planned or changed is answered at its field, in the worker's language, and nothing typed is lost."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.models import GroupSession
from tenant_app.groups.rules import book_place
from tests.cast import Cast
from tests.programme.series import series
from tests.programme.test_changing_pages import form_of
from tests.programme.test_planning_pages import asked


@pytest.fixture(params=["en", "ar"])
def language(request: pytest.FixtureRequest) -> str:
    chosen: str = request.param
    return chosen


@pytest.fixture
def nasrin(staff_door: Flask, session: Session, cast: Cast, language: str) -> FlaskClient:
    session.get_one(Worker, cast.nasrin.id).language = language
    session.commit()
    return cast.at(staff_door, cast.nasrin)


@pytest.fixture
def cooking(session: Session, cast: Cast, amina: Tenant, tomasz: Tenant) -> list[GroupSession]:
    """Three Fridays; two people have a place in the second."""
    planned = series(session, cast)
    for tenant in (amina, tomasz):
        book_place(session, tenant, planned[1])
    session.commit()
    return planned


def problem(page: str, field: str) -> str:
    """What the summary says of a field; the field itself must say the same."""
    found = re.search(rf'<a href="#{field}">(.*?)</a>', page, re.S)
    assert found, field
    beside = re.search(rf'id="{field}-error"[^>]*>(.*?)</p>', page, re.S)
    assert beside
    assert found[1] in beside[1]
    return re.sub(r"<[^>]+>", "", found[1])


def shows(page: str, sent: dict[str, str], *names: str) -> bool:
    """Whether fields stand there as they were typed."""
    return all(re.search(rf'name="{name}"[^>]*value="{re.escape(sent[name])}', page) for name in names)


def count(session: Session) -> int:
    found = session.scalar(select(func.count()).select_from(GroupSession)) or 0
    session.commit()
    return found


TWICE = {"en": "Clocks go back that night.", "ar": "تُؤخَّر الساعات"}
TYPED = ("day", "weeks", "starts", "ends", "place", "capacity", "access_note")


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"weeks": "54"}, "weeks", "53"),
        ({"weeks": "99999999999999999999"}, "weeks", "53"),
        ({"weeks": "-1"}, "weeks", "53"),
        ({"day": "2027-03-28", "weeks": "1", "starts": "01:30", "ends": "02:30"}, "starts", "01:30"),
        ({"day": "2027-03-21", "weeks": "4", "starts": "00:30", "ends": "01:15"}, "ends", "01:15"),
        ({"day": "2027-03-14", "weeks": "6", "every": "2", "starts": "01:00", "ends": "01:59"}, "starts", "01:00"),
        ({"link": "http://meet.example/walk"}, "link", "https://"),
        ({"link": "javascript:alert(1)"}, "link", "https://"),
    ],
)
def test_a_plan_that_cannot_be_is_answered_at_its_field(
    nasrin: FlaskClient, session: Session, cast: Cast, language: str, changes: dict[str, str], field: str, said: str
) -> None:
    sent = asked(cast, access_note="Ramp at the side", **changes)

    answer = nasrin.post("/programme/new", data=sent)

    assert answer.status_code == 422
    assert f'lang="{language}"' in answer.text
    assert said in problem(answer.text, field)
    assert shows(answer.text, sent, *TYPED)
    assert re.search(r'value="walk-and-talk"[^>]*checked', answer.text)
    assert count(session) == 0


def test_a_time_that_clocks_show_twice_is_planned_at_the_first_and_it_is_said_before(
    nasrin: FlaskClient, session: Session, cast: Cast, language: str
) -> None:
    sent = asked(cast, day="2027-10-31", weeks="1", starts="01:30", ends="02:30")

    assert TWICE[language] in nasrin.get("/programme/new", query_string=sent).text
    assert nasrin.post("/programme/new", data=sent).status_code == 303
    planned = session.scalars(select(GroupSession)).one()
    assert (planned.starts_at.hour, planned.starts_at.minute, planned.ends_at.hour) == (0, 30, 2)


def test_a_change_to_such_a_time_says_so_too(nasrin: FlaskClient, cooking: list[GroupSession], language: str) -> None:
    address = f"/programme/{cooking[0].id}/change"
    sent = form_of(nasrin, cooking[0], day="2027-10-31", starts="01:30", ends="02:30")

    assert TWICE[language] in nasrin.get(address, query_string=sent).text
    sent = form_of(nasrin, cooking[0], day="2027-10-31", starts="02:30", ends="03:30")
    assert TWICE[language] not in nasrin.get(address, query_string=sent).text


def test_a_change_into_the_night_when_clocks_go_forward_is_answered_at_its_field(
    nasrin: FlaskClient, session: Session, cooking: list[GroupSession], language: str
) -> None:
    sent = form_of(nasrin, cooking[0], day="2027-03-28", starts="01:30", ends="03:00", place="Garden room")

    answer = nasrin.post(f"/programme/{cooking[0].id}/change", data=sent)

    assert answer.status_code == 422
    assert "01:30" in problem(answer.text, "starts")
    assert shows(answer.text, sent, "day", "starts", "ends", "place")
    session.refresh(cooking[0])
    assert cooking[0].place == "Kitchen, ground floor"


def test_a_rest_of_which_one_falls_into_that_night_is_answered_too(
    nasrin: FlaskClient, session: Session, cast: Cast, language: str
) -> None:
    walks = series(session, cast, first_on=date(2027, 3, 14), weeks=4)
    session.commit()
    sent = form_of(nasrin, walks[0], starts="01:15", ends="02:15", rest="1")

    answer = nasrin.post(f"/programme/{walks[0].id}/change", data=sent)

    assert answer.status_code == 422
    assert "01:15" in problem(answer.text, "starts")
    assert "28" in problem(answer.text, "starts")


def test_fewer_places_than_people_are_answered_at_the_field_with_how_many(
    nasrin: FlaskClient, session: Session, cooking: list[GroupSession], language: str
) -> None:
    sent = form_of(nasrin, cooking[0], capacity="1", rest="1", place="Garden room", access_note="Side door")

    answer = nasrin.post(f"/programme/{cooking[0].id}/change", data=sent)

    assert answer.status_code == 422
    assert "2" in problem(answer.text, "capacity")
    assert shows(answer.text, sent, "capacity", "place", "access_note", "day")
    assert re.search(r'name="rest" value="1"[^>]*checked', answer.text)


def test_a_page_that_is_not_the_newest_keeps_what_was_typed_in_any_language(
    nasrin: FlaskClient, staff_door: Flask, cast: Cast, session: Session, cooking: list[GroupSession], language: str
) -> None:
    address = f"/programme/{cooking[0].id}/change"
    sent = form_of(nasrin, cooking[0], place="Garden room", access_note="Side door", capacity="12")
    joana = cast.at(staff_door, cast.joana)
    joana.post(address, data=form_of(joana, cooking[0], place="Lounge"))

    answer = nasrin.post(address, data=sent)

    assert answer.status_code == 409
    assert "Joana Silva" in answer.text
    assert "<bdi>Lounge</bdi>" in answer.text
    assert shows(answer.text, sent, "place", "access_note", "capacity")
