"""The morning after: a register is asked for, and who was missed twice in a row is asked how they are."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category, give_consent
from tenant_app.accounts.cover import arrange_cover
from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.groups.models import Attendance, GroupSession
from tenant_app.groups.register.attendance import mark_attendance, name_at_door
from tenant_app.groups.register.care import MISSED, chased, morning_round, told_to
from tenant_app.groups.register.records import Missed, NamedAtDoor, RegisterChase
from tenant_app.groups.rules import book_place
from tenant_app.reminders.models import Notice, State
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import LONDON, plan

HERE, LATE, SENT_WORD, NOT_HERE = Attendance
Past = Callable[..., GroupSession]


@pytest.fixture
def past(session: Session, cast: Cast, amina: Tenant, joana: Worker) -> Past:
    """Put on a session so many days ago, and mark Amina in it, if a mark is given."""

    def put_on(days: int, mark: Attendance | None, kind: str = "cooking-together") -> GroupSession:
        starts_at = THURSDAY - timedelta(days=days, hours=-2)
        with clock.stopped_at(starts_at - timedelta(days=1)):
            planned = plan(session, cast, kind, starts_at=starts_at)
            book_place(session, amina, planned)
        if mark:
            with clock.stopped_at(starts_at + timedelta(minutes=5)):
                mark_attendance(session, joana, planned, amina.id, mark)
        return planned

    return put_on


def asked(session: Session) -> int:
    told = select(Notice).where(Notice.kind == MISSED, Notice.state == State.WAITING)
    return len(session.scalars(told).all())


@pytest.mark.parametrize(
    ("marks", "care"),
    [
        ([NOT_HERE, NOT_HERE], 1),
        ([NOT_HERE], 0),
        ([HERE, NOT_HERE], 0),
        ([NOT_HERE, HERE, NOT_HERE], 0),
        ([NOT_HERE, LATE, NOT_HERE], 0),
        ([NOT_HERE, SENT_WORD, NOT_HERE], 0),
        ([NOT_HERE, NOT_HERE, NOT_HERE], 1),
        ([NOT_HERE, NOT_HERE, HERE], 0),
    ],
)
def test_two_in_a_row_of_the_same_kind_are_asked_after_once(
    session: Session, past: Past, marks: list[Attendance], care: int
) -> None:
    for number, mark in enumerate(marks):
        past(7 - number, mark)

    for _ in range(2):
        morning_round(session, LONDON)

    assert asked(session) == care


def test_each_morning_asks_for_what_is_new_and_nobody_is_asked_again_on_the_third(session: Session, past: Past) -> None:
    for days in (5, 4, 3):
        past(days, NOT_HERE)
        with clock.stopped_at(THURSDAY - timedelta(days=days - 1)):
            morning_round(session, LONDON)

    assert session.scalars(select(Notice.due_at).where(Notice.kind == MISSED)).all() == [THURSDAY - timedelta(days=3)]


def test_two_different_groups_are_no_row(session: Session, past: Past) -> None:
    past(3, NOT_HERE)
    past(2, NOT_HERE, "budgeting")
    morning_round(session, LONDON)

    assert asked(session) == 0


@pytest.mark.parametrize("hour", [2, 23])
def test_nobody_is_asked_at_night(session: Session, past: Past, hour: int) -> None:
    past(2, NOT_HERE)
    past(1, NOT_HERE)
    with clock.stopped_at(THURSDAY.replace(hour=hour)):
        morning_round(session, LONDON)

    assert asked(session) == 0


def test_a_mark_put_right_takes_the_question_back(session: Session, past: Past, amina: Tenant, joana: Worker) -> None:
    past(2, NOT_HERE)
    last = past(1, NOT_HERE)
    morning_round(session, LONDON)
    mark_attendance(session, joana, last, amina.id, HERE)
    morning_round(session, LONDON)

    assert asked(session) == 0
    assert session.scalars(select(Missed)).all() == []


def test_the_question_is_taken_back_too_where_the_earlier_of_two_marks_is_put_right(
    session: Session, past: Past, amina: Tenant, joana: Worker
) -> None:
    first, second = past(3, NOT_HERE), past(2, NOT_HERE)
    past(1, NOT_HERE, "mindfulness")
    morning_round(session, LONDON)
    assert asked(session) == 1
    mark_attendance(session, joana, first, amina.id, SENT_WORD)
    assert asked(session) == 0
    assert session.scalars(select(Missed)).all() == []

    # Put back as it was, they are asked after as they would have been: once.
    mark_attendance(session, joana, first, amina.id, NOT_HERE)
    morning_round(session, LONDON)
    assert [each.booking.session_id for each in session.scalars(select(Missed))] == [second.id]


def test_three_in_a_row_stay_two_where_the_first_is_put_right(
    session: Session, past: Past, amina: Tenant, joana: Worker
) -> None:
    first = past(3, NOT_HERE)
    for days in (2, 1):
        past(days, NOT_HERE)
    morning_round(session, LONDON)
    mark_attendance(session, joana, first, amina.id, HERE)
    assert asked(session) == 1


def test_the_question_is_discreet_leads_to_its_page_and_blames_nobody(
    session: Session, past: Past, tenant_door: Flask, cast: Cast
) -> None:
    past(2, NOT_HERE)
    past(1, NOT_HERE)
    morning_round(session, LONDON)
    missed = session.scalars(select(Missed)).one()
    session.commit()
    phone = cast.at(tenant_door, cast.amina)

    page = phone.get(f"/groups/missed/{missed.id}").text
    assert "We missed you. Is everything all right?" in page
    for blame in ("failed", "missed two", "attend", "warning", "twice"):
        assert blame not in page.lower().replace("if we miss", "")
    assert cast.at(tenant_door, cast.tomasz).get(f"/groups/missed/{missed.id}").status_code == 404
    assert "We missed you" in phone.get("/reminders").text


def test_a_keyworker_hears_of_it_only_with_consent_or_when_asked_to_ring(
    session: Session, past: Past, tenant_door: Flask, staff_door: Flask, cast: Cast, amina: Tenant, grace: Worker
) -> None:
    past(2, NOT_HERE)
    past(1, NOT_HERE)
    morning_round(session, LONDON)
    missed = session.scalars(select(Missed)).one()
    session.commit()
    phone, desk = cast.at(tenant_door, cast.amina), cast.at(staff_door, cast.grace)
    assert session.scalars(told_to(grace)).all() == []
    session.commit()
    assert "Missed twice" not in desk.get("/today").text

    phone.post("/groups/if-we-miss-you", data={"told": "1"})
    assert "Missed twice in a row at" in desk.get("/today").text
    phone.post("/groups/if-we-miss-you", data={"told": "0"})
    assert "Missed twice" not in desk.get("/today").text

    phone.post(f"/groups/missed/{missed.id}", data={"call": "1"})
    assert "would like you to ring" in desk.get("/today").text
    assert cast.at(staff_door, cast.marek).post(f"/missed/{missed.id}", data={"read": "1"}).status_code == 404
    desk.post(f"/missed/{missed.id}", data={"read": "1"})
    assert "would like you to ring" not in desk.get("/today").text


def test_whoever_stands_in_hears_of_a_call_and_not_of_what_was_let_to_the_keyworker(
    session: Session, past: Past, amina: Tenant, grace: Worker, cast: Cast
) -> None:
    past(2, NOT_HERE)
    past(1, NOT_HERE)
    morning_round(session, LONDON)
    missed, marek = session.scalars(select(Missed)).one(), session.get_one(Worker, cast.marek.id)
    today = clock.today(LONDON)
    arrange_cover(session, grace, marek, today, today, LONDON, arranged_by=grace)
    give_consent(session, amina, Category.GROUPS, grace, LONDON)
    assert [session.scalars(told_to(one)).all() for one in (grace, marek)] == [[missed], []]
    missed.wants_call_at = clock.now()
    session.flush()
    assert [session.scalars(told_to(one)).all() for one in (grace, marek)] == [[missed], [missed]]


def test_that_a_keyworker_read_of_it_is_written_down_once_a_day(
    session: Session, past: Past, tenant_door: Flask, staff_door: Flask, cast: Cast, amina: Tenant, grace: Worker
) -> None:
    past(2, NOT_HERE)
    past(1, NOT_HERE)
    morning_round(session, LONDON)
    session.commit()

    def looks() -> list[tuple[object, object]]:
        found = session.scalars(select(Look).where(Look.what == "signs")).all()
        session.commit()
        return [(each.worker_id, each.tenant_id) for each in found]

    desk = cast.at(staff_door, cast.grace)
    desk.get("/today")
    assert looks() == []  # Amina has not agreed to it, and nothing is shown
    give_consent(session, amina, Category.GROUPS, grace, LONDON)
    session.commit()

    for _ in range(2):
        desk.get("/today")
    assert looks() == [(cast.grace.id, cast.amina.id)]
    with clock.stopped_at(THURSDAY + timedelta(days=1)):
        cast.at(staff_door, cast.grace).get("/today")
        assert len(looks()) == 2
    assert "read that you may like to be asked how you are" in cast.at(tenant_door, cast.amina).get("/settings/looks").text


def test_a_name_at_the_door_goes_once_its_register_is_no_longer_kept(
    session: Session, past: Past, joana: Worker
) -> None:
    older, newer = past(15, None), past(13, None)
    for it in (older, newer):
        with clock.stopped_at(it.starts_at):
            name_at_door(session, joana, it, "Somebody’s aunt")
    morning_round(session, LONDON)

    assert session.scalars(NamedAtDoor.open_at(older)).all() == []
    assert [each.name for each in session.scalars(NamedAtDoor.open_at(newer))] == ["Somebody’s aunt"]
    kept = select(NamedAtDoor.name).where(NamedAtDoor.session_id == older.id)
    assert session.scalars(kept).all() == [""]


def test_who_is_well_needs_no_call(
    session: Session, past: Past, tenant_door: Flask, cast: Cast, amina: Tenant, grace: Worker
) -> None:
    give_consent(session, amina, Category.GROUPS, grace, LONDON)
    past(2, NOT_HERE)
    past(1, NOT_HERE)
    morning_round(session, LONDON)
    missed = session.scalars(select(Missed)).one()
    assert len(session.scalars(told_to(grace)).all()) == 1
    session.commit()

    page = cast.at(tenant_door, cast.amina).post(
        f"/groups/missed/{missed.id}", data={"well": "1"}, follow_redirects=True
    )
    assert "Good to hear that all is well." in page.text
    session.expire_all()
    assert session.scalars(told_to(grace)).all() == []


def test_a_register_not_taken_is_asked_for_the_next_morning_until_it_is_finished(
    session: Session, past: Past, staff_door: Flask, cast: Cast, amina: Tenant, joana: Worker
) -> None:
    yesterday = past(1, None)
    past(0, None)
    with clock.stopped_at(THURSDAY - timedelta(hours=1)):
        morning_round(session, LONDON)
    assert session.scalars(select(RegisterChase)).all() == []
    for _ in range(2):
        morning_round(session, LONDON)
    assert chased(session, joana) == [yesterday]
    session.commit()

    words = "is still to be finished."
    assert cast.at(staff_door, cast.joana).get("/registers").text.count(words) == 1
    assert cast.at(staff_door, cast.nasrin).get("/today").text.count("Still to be finished") == 1
    assert "Still to be finished" not in cast.at(staff_door, cast.marek).get("/today").text
    mark_attendance(session, joana, yesterday, amina.id, HERE)
    session.commit()
    assert words not in cast.at(staff_door, cast.joana).get("/registers").text
