"""Planning a series on paper, as it were: questions, every day of it, and then it is put on."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app.groups.models import GroupSession
from tenant_app.groups.programme.series import GroupSeries, Part
from tests.cast import Cast
from tests.programme.series import series


@pytest.fixture
def joana(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.joana)


@pytest.fixture
def nasrin(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.nasrin)


def asked(cast: Cast, **changes: str) -> dict[str, str]:
    """A walk of six weeks on Thursdays, as the form sends it."""
    return {
        "kind": "walk-and-talk", "day": "2027-07-01", "weeks": "6", "starts": "10:30", "ends": "12:00",
        "bank_holidays": "skip", "place": "Front door", "link": "", "capacity": "6", "lead": str(cast.joana.id),
        "building": "", "step_free": "y", "languages": "tr", **changes,
    }  # fmt: skip


def sessions(session: Session) -> list[GroupSession]:
    session.expire_all()
    found = list(session.scalars(select(GroupSession).order_by(GroupSession.starts_at)))
    for each in found:
        session.refresh(each, ["beside"])
    session.commit()  # on SQLite a transaction left open would keep the door waiting
    return found


def key_in(page: str) -> str:
    found = re.search(r'name="idempotency_key" value="(\w+)"', page)
    assert found
    return found[1]


def test_every_day_is_shown_before_anything_is_put_on(joana: FlaskClient, session: Session, cast: Cast) -> None:
    page = joana.get("/programme/new", query_string=asked(cast, day="2026-12-17", bank_holidays="move", weeks="3"))

    assert page.status_code == 200
    assert "3 sessions" in page.text
    assert "Thursday, 24 December 2026" in page.text
    assert sessions(session) == []
    holiday = joana.get("/programme/new", query_string=asked(cast, day="2026-12-18", bank_holidays="move", weeks="2"))
    assert "The session is on Tuesday 29 December." in holiday.text
    skipped = joana.get("/programme/new", query_string=asked(cast, day="2026-12-18", weeks="2"))
    assert "Skipped" in skipped.text
    assert "1 session," in skipped.text


def test_a_series_is_put_on_by_the_wall_clock(joana: FlaskClient, session: Session, cast: Cast) -> None:
    answer = joana.post("/programme/new", data=asked(cast), follow_redirects=True)

    planned = sessions(session)
    assert len(planned) == 6
    assert answer.request.path == f"/programme/{planned[0].id}"
    assert "Walk and talk is planned, 6 sessions." in answer.text
    assert planned[0].starts_at == datetime(2027, 7, 1, 9, 30, tzinfo=UTC)
    assert (planned[0].kind, planned[0].capacity, planned[0].step_free, planned[0].languages) == (
        "walk-and-talk", 6, True, "tr",
    )  # fmt: skip
    assert {each.facilitator_id for each in planned} == {cast.joana.id}


def test_one_week_is_one_session(joana: FlaskClient, session: Session, cast: Cast) -> None:
    joana.post("/programme/new", data=asked(cast, weeks="1"))

    assert [each.series_id for each in sessions(session)] == [None]


def test_a_coordinator_plans_for_colleagues_and_one_home(nasrin: FlaskClient, session: Session, cast: Cast) -> None:
    nasrin.post("/programme/new", data=asked(
        cast, lead=str(cast.marek.id), building=str(cast.mare_street.id), beside_1=str(cast.grace.id), part_1="peer",
        beside_2=str(cast.marek.id), part_2="co", link="https://meet.example/walk", interpreter="so",
        access_note="Ramp at the side",
    ))  # fmt: skip

    planned = sessions(session)[0]
    assert (planned.facilitator_id, planned.building_id) == (cast.marek.id, cast.mare_street.id)
    assert [(each.worker_id, each.part) for each in planned.beside] == [(cast.grace.id, Part.PEER)]
    assert (planned.link, planned.interpreter, planned.access_note) == (
        "https://meet.example/walk", "so", "Ramp at the side",
    )  # fmt: skip


def test_a_facilitator_plans_their_own_sessions_only(joana: FlaskClient, session: Session, cast: Cast) -> None:
    assert joana.post("/programme/new", data=asked(cast, lead=str(cast.marek.id))).status_code == 422
    assert sessions(session) == []


def test_a_second_tap_makes_no_second_series(nasrin: FlaskClient, session: Session, cast: Cast) -> None:
    page = nasrin.get("/programme/new", query_string=asked(cast)).text
    once = {**asked(cast), "idempotency_key": key_in(page)}

    first, second = nasrin.post("/programme/new", data=once), nasrin.post("/programme/new", data=once)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert len(sessions(session)) == 6
    assert session.scalar(select(func.count()).select_from(GroupSeries)) == 1


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("kind", "", "Choose what it is"),
        ("kind", "../../etc", ""),
        ("day", "", "Choose a day"),
        ("day", "soon", "Choose a day from the calendar"),
        ("day", "2026-11-20", "Choose a time that is still to come"),
        ("weeks", "0", "A series is 1 to 53 weeks long."),
        ("weeks", "54", "A series is 1 to 53 weeks long."),
        ("weeks", "many", "Enter a number, such as 8"),
        ("starts", "elevenish", "Enter a time, such as 11:00"),
        ("ends", "10:30", "Enter an end that is later than the start"),
        ("ends", "09:00", "Enter an end that is later than the start"),
        ("place", "  ", "Write where it is, or give a link"),
        ("link", "javascript:alert(1)", "Enter a link that begins with https://"),
        ("link", 'https://x"onclick=', "Enter a link that begins with https://"),
        ("capacity", "0", "Enter a number from 1 to 200"),
        ("capacity", "many", "Enter a number, such as 8"),
        ("building", "elsewhere", ""),
        ("bank_holidays", "never", ""),
        ("beside_1", "nobody-we-know", ""),
    ],
)
def test_what_makes_no_sense_is_asked_again_with_everything_kept(
    joana: FlaskClient, session: Session, cast: Cast, field: str, value: str, problem: str
) -> None:
    for answer in (
        joana.post("/programme/new", data=asked(cast, **{field: value})),
        joana.get("/programme/new", query_string=asked(cast, **{field: value})),
    ):
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert problem in answer.text
        kept = {"place": "Front door", "capacity": "6", "starts": "10:30", "day": "2027-07-01", "weeks": "6"}
        for name, shown in kept.items():
            assert name == field or f'value="{shown}' in answer.text
        assert 'id="languages-tr" name="languages" value="tr" checked' in answer.text
    assert sessions(session) == []


def test_a_time_that_clocks_skip_is_refused_and_the_day_is_named(
    joana: FlaskClient, session: Session, cast: Cast
) -> None:
    answer = joana.get("/programme/new", query_string=asked(cast, day="2027-03-21", starts="01:30", ends="02:30"))

    assert answer.status_code == 422
    assert "On Sunday, 28 March 2027 clocks go forward, and there is no 01:30." in answer.text


def test_what_was_shown_can_be_changed_with_everything_kept(joana: FlaskClient, cast: Cast) -> None:
    preview = joana.get("/programme/new", query_string=asked(cast)).text
    back = re.search(r'href="(/programme/new\?[^"]+)"', preview)
    assert back

    page = joana.get(back[1].replace("&amp;", "&"))

    assert page.status_code == 200
    assert 'value="Front door"' in page.text
    assert 'value="2027-07-01"' in page.text
    assert "There is one thing to change" not in page.text


def test_a_colleague_who_is_busy_is_named_session_by_session_and_nothing_is_planned(
    nasrin: FlaskClient, session: Session, cast: Cast
) -> None:
    series(session, cast, first_on=date(2027, 7, 1), weeks=2, starts=time(11), ends=time(12))
    session.commit()
    wanted = asked(cast)

    preview = nasrin.get("/programme/new", query_string=wanted)
    refused = nasrin.post("/programme/new", data={**wanted, "despite": "1"})

    assert refused.status_code == 422
    for page in (preview.text, refused.text):
        assert "Nobody can be in two places" in page
        assert "Joana Silva runs Cooking together on Thursday 1 July, 11:00" in page.replace("<bdi>", "").replace(
            "</bdi>", ""
        )
        assert "Put all 6 sessions on" not in page
    assert len(sessions(session)) == 2


def test_a_place_that_is_taken_is_shown_and_can_be_confirmed(
    nasrin: FlaskClient, session: Session, cast: Cast
) -> None:
    series(session, cast, first_on=date(2027, 7, 1), weeks=2, starts=time(11), ends=time(12), place="Front Door")
    session.commit()
    wanted = asked(cast, lead=str(cast.marek.id))

    refused = nasrin.post("/programme/new", data=wanted)

    assert refused.status_code == 422
    assert "The place is taken at that time" in refused.text
    assert 'name="despite"' in refused.text
    assert len(sessions(session)) == 2
    assert nasrin.post("/programme/new", data={**wanted, "despite": "1"}).status_code == 303
    assert len(sessions(session)) == 8


def test_a_keyworker_does_not_plan_groups(staff_door: Flask, cast: Cast) -> None:
    grace = cast.at(staff_door, cast.grace)

    assert grace.get("/programme/new").status_code == 403
    assert "/programme/new" not in grace.get("/programme").text
    assert "/programme/new" not in grace.get("/registers").text
