"""Who booked is told of what was changed or called off: once, in their language, and nobody else."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.models import Booking
from tenant_app.groups.programme.changing import call_off_sessions
from tenant_app.groups.programme.foreseeing import how_many_told, rest_of
from tenant_app.groups.reminding import ALL_CALLED_OFF, CALLED_OFF, CHANGED, DAY_BEFORE, HOUR_BEFORE
from tenant_app.groups.rules import Started, book_place, join_waiting_list
from tenant_app.reminders.models import Notice, State
from tenant_app.reminders.wording import full_words, lock_screen_words
from tenant_app.web.locale import speaking
from tests.cast import Cast
from tests.programme.changes import change, waiting
from tests.programme.series import series


@pytest.fixture
def nasrin(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.nasrin.id)


@pytest.fixture
def marek(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.marek.id)


def test_who_has_a_place_is_told_once_and_reminded_of_the_new_time(
    session: Session, cast: Cast, nasrin: Worker, amina: Tenant, tomasz: Tenant, salma: Tenant
) -> None:
    _, second, _ = series(session, cast, capacity=1)
    book_place(session, amina, second)
    join_waiting_list(session, tomasz, second)

    for _ in range(2):  # the second time nothing differs, and nothing is said
        change(session, nasrin, second, day=date(2026, 12, 12), starts=time(14), ends=time(15))

    told = waiting(session, amina)
    assert set(told) == {CHANGED, DAY_BEFORE, HOUR_BEFORE}
    assert told[DAY_BEFORE].due_at == datetime(2026, 12, 11, 18, 0, tzinfo=UTC)
    assert told[HOUR_BEFORE].due_at == datetime(2026, 12, 12, 13, 0, tzinfo=UTC)
    assert told[CHANGED].facts["what"] == ["time"]
    assert told[CHANGED].expires_at == second.starts_at
    assert set(waiting(session, tomasz)) == {CHANGED}
    assert waiting(session, salma) == {}


def test_a_second_change_before_the_first_was_said_is_said_instead_of_it(
    session: Session, cast: Cast, nasrin: Worker, amina: Tenant
) -> None:
    first = series(session, cast)[0]
    book_place(session, amina, first)

    change(session, nasrin, first, place="Lounge")
    change(session, nasrin, first, place="Garden room")

    assert waiting(session, amina)[CHANGED].facts["place"] == "Garden room"
    assert waiting(session, amina)[HOUR_BEFORE].facts["place"] == "Garden room"


def test_who_booked_several_of_the_rest_is_told_once_of_all(
    session: Session, cast: Cast, nasrin: Worker, amina: Tenant, tomasz: Tenant
) -> None:
    planned = series(session, cast)
    for each in planned:
        book_place(session, amina, each)
    book_place(session, tomasz, planned[2])

    change(session, nasrin, planned[1], rest=True, place="Lounge")

    found = session.scalars(select(Notice).where(Notice.kind == CHANGED, Notice.state == State.WAITING)).all()
    assert sorted((notice.tenant_id == amina.id, notice.facts["count"]) for notice in found) == [(False, 1), (True, 2)]


def test_a_change_that_nobody_need_know_of_is_not_told(
    session: Session, cast: Cast, nasrin: Worker, marek: Worker, amina: Tenant
) -> None:
    first = series(session, cast)[0]
    book_place(session, amina, first)
    before = {kind: notice.id for kind, notice in waiting(session, amina).items()}

    change(session, nasrin, first, capacity=20, lead=marek, access_note="Ramp at the side", interpreter=("so",))

    assert {kind: notice.id for kind, notice in waiting(session, amina).items()} == before
    assert (first.facilitator, first.interpreted) == (marek, ["so"])


def test_calling_off_the_rest_tells_each_person_once(
    session: Session, cast: Cast, nasrin: Worker, amina: Tenant, tomasz: Tenant, salma: Tenant
) -> None:
    planned = series(session, cast)
    for each in planned[1:]:
        book_place(session, amina, each)
    book_place(session, tomasz, planned[2])
    book_place(session, salma, planned[0])
    assert how_many_told(session, rest_of(session, nasrin, planned[1])) == 2
    seen = planned[1].edition

    for _ in range(2):  # a double tap
        call_off_sessions(session, nasrin, planned[1], rest=True, seen=seen)

    assert [each.cancelled for each in planned] == [False, True, True]
    assert set(waiting(session, amina)) == {ALL_CALLED_OFF}
    assert waiting(session, amina)[ALL_CALLED_OFF].facts["count"] == 2
    assert set(waiting(session, tomasz)) == {CALLED_OFF}
    assert set(waiting(session, salma)) == {DAY_BEFORE, HOUR_BEFORE}


def test_nobody_is_told_of_what_is_over(session: Session, cast: Cast, nasrin: Worker, amina: Tenant) -> None:
    first, second, _ = series(session, cast)
    book_place(session, amina, first)
    book_place(session, amina, second)

    with clock.stopped_at(first.ends_at):
        with pytest.raises(Started):
            call_off_sessions(session, nasrin, first, rest=True, seen=first.edition)
        change(session, nasrin, second, rest=True, place="Lounge")

    told = session.scalars(select(Notice).where(Notice.kind.in_((CHANGED, CALLED_OFF, ALL_CALLED_OFF)))).all()
    assert [notice.facts["session"] for notice in told] == [str(second.id)]


def test_who_gave_a_place_back_or_moved_out_is_not_told(
    session: Session, cast: Cast, nasrin: Worker, amina: Tenant, tomasz: Tenant
) -> None:
    first = series(session, cast)[0]
    for tenant in (amina, tomasz):
        book_place(session, tenant, first)
    session.scalars(select(Booking).where(Booking.tenant_id == amina.id)).one().give_back()
    tomasz.leave()
    session.flush()

    assert how_many_told(session, [first]) == 0
    change(session, nasrin, first, place="Lounge")
    assert CHANGED not in waiting(session, amina) | waiting(session, tomasz)


def test_a_locked_phone_says_nothing_of_it_and_the_app_says_it_in_their_language(
    session: Session, cast: Cast, nasrin: Worker, amina: Tenant, tenant_door: Flask
) -> None:
    planned = series(session, cast)
    for each in planned:
        book_place(session, amina, each)
    change(session, nasrin, planned[0], place="", link="https://meet.example/x", starts=time(10), ends=time(11))
    call_off_sessions(session, nasrin, planned[1], rest=True, seen=planned[1].edition)
    one, off = waiting(session, amina)[CHANGED], waiting(session, amina)[ALL_CALLED_OFF]

    with tenant_door.app_context():
        with speaking("en"):
            words, many = full_words(one), full_words(off)
            locked = lock_screen_words(one, named=False)
        with speaking("ar"):
            arabic = full_words(one)
    assert "Cooking together" in words.title
    assert "10:00" in words.body
    assert "online" in words.body
    assert "2 sessions of yours, from" in many.body
    assert "Friday 11 December" in many.body
    assert "Cooking" not in locked.title + locked.body
    assert locked.body == "There is something new for you."
    assert "نطبخ معًا" in arabic.title


def test_reminders_of_the_old_time_that_were_said_already_are_said_again_for_the_new(
    session: Session, cast: Cast, nasrin: Worker, amina: Tenant
) -> None:
    first = series(session, cast)[0]
    book_place(session, amina, first)
    evening = waiting(session, amina)[DAY_BEFORE]
    evening.state = State.SENT
    session.flush()

    with clock.stopped_at(evening.due_at + timedelta(minutes=5)):
        change(session, nasrin, first, day=date(2026, 12, 9))

    assert waiting(session, amina)[DAY_BEFORE].due_at == datetime(2026, 12, 8, 18, 0, tzinfo=UTC)
