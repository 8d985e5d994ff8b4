"""Who talks with whom and when: open times, times that are suggested, and what the tenant is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.chats.models import Chat, Kind, OpenTime, State, Way
from tenant_app.chats.open_times import Taken, close_time, keep_open
from tenant_app.chats.rules import (
    MOST_OPEN,
    SOONEST,
    Clash,
    Enough,
    NotToBeAsked,
    TooLate,
    agreed_between,
    answer,
    ask,
    call_off,
    call_off_with_earlier,
    chats_waiting,
    last_talked,
    may_be_asked,
    move,
    note_held,
    propose,
    to_answer,
)
from tenant_app.reminders.models import Notice
from tenant_app.reminders.models import State as Said
from tests.cast import Cast
from tests.chats.offered import LONDON, MONDAY, two_times

AT_TEN = datetime(2026, 11, 30, 10, tzinfo=UTC)


@pytest.fixture
def times(session: Session, grace: Worker) -> list[OpenTime]:
    return two_times(session, grace)


def asked(session: Session, tenant: Tenant, worker: Worker, **more: object) -> Chat:
    return ask(session, tenant, worker, Way.MEET, **{"open_time": None, **more})  # type: ignore[arg-type]


def to_come(session: Session, chat: Chat) -> dict[str, datetime]:
    waiting = select(Notice).where(Notice.source == chat.source, Notice.state == Said.WAITING)
    return {notice.kind: notice.due_at for notice in session.scalars(waiting)}


def test_a_tenant_may_ask_their_keyworker_and_the_housing_officers_and_nobody_else(
    session: Session, cast: Cast, amina: Tenant
) -> None:
    assert [worker.known_as for worker in session.scalars(may_be_asked(amina))] == ["Grace", "Devon"]
    with pytest.raises(NotToBeAsked):
        asked(session, amina, session.get_one(Worker, cast.marek.id))
    session.get_one(Worker, cast.grace.id).leave()
    assert [worker.known_as for worker in session.scalars(may_be_asked(amina))] == ["Devon"]


def test_an_open_time_is_agreed_at_once_and_reminded_of_the_evening_and_the_hour_before(
    session: Session, amina: Tenant, grace: Worker, times: list[OpenTime]
) -> None:
    chat = asked(session, amina, grace, open_time=times[0].id)

    assert (chat.state, chat.kind, chat.starts_at) == (State.AGREED, Kind.KEY_WORK, AT_TEN)
    assert to_come(session, chat) == {
        "chats.day_before": datetime(2026, 11, 29, 18, tzinfo=UTC), "chats.hour_before": AT_TEN - timedelta(hours=1),
    }  # fmt: skip


def test_an_open_time_is_one_persons(
    session: Session, amina: Tenant, tomasz: Tenant, grace: Worker, times: list[OpenTime]
) -> None:
    first = asked(session, amina, grace, open_time=times[0].id)

    assert asked(session, amina, grace, open_time=times[0].id) is first
    with pytest.raises(Taken):
        asked(session, tomasz, grace, open_time=times[0].id)
    assert session.scalars(OpenTime.free_of(grace, clock.now())).all() == [times[1]]
    with pytest.raises(Taken):
        close_time(session, times[0])


def test_the_database_itself_gives_an_open_time_to_one_chat(
    session: Session, amina: Tenant, tomasz: Tenant, grace: Worker, times: list[OpenTime]
) -> None:
    asked(session, amina, grace, open_time=times[0].id)
    other = asked(session, tomasz, grace)
    other.open_time = times[0]

    with pytest.raises(IntegrityError):
        session.flush()


def test_a_time_that_is_too_near_or_another_workers_is_nobodys(
    session: Session, amina: Tenant, grace: Worker, times: list[OpenTime], cast: Cast
) -> None:
    devons = two_times(session, session.get_one(Worker, cast.devon.id))

    with pytest.raises(Taken):
        asked(session, amina, grace, open_time=devons[0].id)
    with clock.stopped_at(AT_TEN - SOONEST), pytest.raises(Taken):
        asked(session, amina, grace, open_time=times[0].id)


def test_moving_a_chat_frees_the_time_before_and_reminds_of_the_new_one(
    session: Session, amina: Tenant, tomasz: Tenant, grace: Worker, times: list[OpenTime]
) -> None:
    chat = asked(session, amina, grace, open_time=times[0].id)

    move(session, chat, times[1].id)

    assert to_come(session, chat)["chats.hour_before"] == AT_TEN - timedelta(minutes=30)
    assert asked(session, tomasz, grace, open_time=times[0].id).agreed


def test_a_time_that_is_suggested_waits_for_the_tenants_answer(session: Session, amina: Tenant, grace: Worker) -> None:
    chat = asked(session, amina, grace, about="My brother", suits="Mornings")
    assert asked(session, amina, grace, about="My brother and the heating") is chat
    assert chats_waiting(session, grace) == 1

    propose(session, chat, AT_TEN, 30, LONDON, place="The office")
    assert (chats_waiting(session, grace), to_answer(session, amina)) == (0, [chat])
    assert set(to_come(session, chat)) == {"chats.proposed"}

    answer(session, chat, accepted=True)
    answer(session, chat, accepted=True)
    assert set(to_come(session, chat)) == {"chats.day_before", "chats.hour_before"}
    assert agreed_between(session, amina, AT_TEN, AT_TEN + timedelta(hours=1)) == [chat]


def test_another_time_can_be_asked_for_and_a_later_answer_is_too_late(
    session: Session, amina: Tenant, grace: Worker
) -> None:
    chat = asked(session, amina, grace)
    propose(session, chat, AT_TEN, 30, LONDON, place="")

    answer(session, chat, accepted=False, suits="After four")

    assert (chat.state, chat.suits, chat.starts_at, to_come(session, chat)) == (State.ASKED, "After four", None, {})
    with pytest.raises(TooLate):
        answer(session, chat, accepted=True)


def test_a_worker_is_not_in_two_chats_at_once(
    session: Session, amina: Tenant, tomasz: Tenant, grace: Worker, times: list[OpenTime]
) -> None:
    asked(session, amina, grace, open_time=times[0].id)
    other = asked(session, tomasz, grace)

    with pytest.raises(Clash):
        propose(session, other, AT_TEN + timedelta(minutes=15), 30, LONDON, place="")
    propose(session, other, AT_TEN + timedelta(minutes=30), 30, LONDON, place="")


@pytest.mark.parametrize(
    ("later", "minutes"), [(timedelta(), 30), (timedelta(days=181), 30), (timedelta(days=1), 5), (timedelta(1), 181)]
)
def test_a_time_that_makes_no_sense_is_not_suggested(
    session: Session, amina: Tenant, grace: Worker, later: timedelta, minutes: int
) -> None:
    chat = asked(session, amina, grace)

    with pytest.raises(ValueError):
        propose(session, chat, clock.now() + later, minutes, LONDON, place="")


def test_calling_off_tells_the_one_who_did_not(
    session: Session, amina: Tenant, grace: Worker, times: list[OpenTime]
) -> None:
    mine, theirs = (asked(session, amina, grace, open_time=each.id) for each in times)

    for _ in range(2):
        call_off(session, mine, by_tenant=True, why="I feel better")
    call_off(session, theirs, by_tenant=False, why="I am ill")

    assert (to_come(session, mine), set(to_come(session, theirs))) == ({}, {"chats.called_off"})
    assert len(session.scalars(OpenTime.free_of(grace, clock.now())).all()) == 2


def test_more_than_three_ahead_with_one_person_are_a_thing_to_talk_about(
    session: Session, amina: Tenant, grace: Worker
) -> None:
    times = keep_open(session, grace, MONDAY, time(9), time(12), 30, LONDON)
    for each in times[:MOST_OPEN]:
        asked(session, amina, grace, open_time=each.id)

    with pytest.raises(Enough):
        asked(session, amina, grace, open_time=times[MOST_OPEN].id)


def test_key_work_is_seen_by_the_keyworker_of_now_and_called_off_when_they_change(
    session: Session, cast: Cast, amina: Tenant, grace: Worker, times: list[OpenTime]
) -> None:
    chat = asked(session, amina, grace, open_time=times[0].id)
    marek = session.get_one(Worker, cast.marek.id)
    amina.keyworker = marek
    session.flush()

    assert session.scalars(Chat.with_worker(grace)).all() == []
    assert session.scalars(Chat.with_worker(marek)).all() == []
    assert call_off_with_earlier(session, [amina]) == 1
    assert (chat.state, chat.off_by_tenant) == (State.OFF, False)


def test_whether_they_talked_is_noted_afterwards(
    session: Session, amina: Tenant, grace: Worker, times: list[OpenTime]
) -> None:
    chat = asked(session, amina, grace, open_time=times[0].id)
    with pytest.raises(TooLate):
        note_held(session, chat, held=True)

    with clock.stopped_at(AT_TEN):
        note_held(session, chat, held=True)

    assert last_talked(session, [amina.id]) == {amina.id: AT_TEN}


def test_open_times_keep_their_wall_time_and_leave_out_bank_holidays_and_what_overlaps(
    session: Session, grace: Worker
) -> None:
    friday_before_christmas = date(2026, 12, 18)
    made = keep_open(session, grace, friday_before_christmas, time(10), time(11), 30, LONDON, weeks=3)
    again = keep_open(session, grace, friday_before_christmas, time(10, 15), time(11, 45), 30, LONDON)

    # 25 December and 1 January are bank holidays in England.
    assert [each.day for each in made] == [friday_before_christmas] * 2
    assert [each.starts_at.time() for each in again] == [time(11, 15)]
    over_spring = keep_open(session, grace, date(2027, 3, 24), time(9), time(9, 30), 30, LONDON, weeks=2)
    assert [each.starts_at.hour for each in over_spring] == [9, 8]
    with pytest.raises(ValueError):
        keep_open(session, grace, MONDAY, time(11), time(10), 30, LONDON)
