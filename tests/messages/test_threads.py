"""Who reads what of a thread, whoever the keyworker is by now; and what becomes of what is written."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category, give_consent, withdraw_consent
from tenant_app.accounts.models import Role, Tenant, Worker
from tenant_app.messages.models import Message, threads_of
from tenant_app.messages.rules import (
    A_PAGE,
    ANSWERED,
    NotTheirKeyworker,
    answer,
    need_no_answer,
    opened,
    page_of,
    send_on,
    waiting_threads,
    write,
)
from tenant_app.reminders.models import Notice, State
from tests.cast import Cast
from tests.conftest import THURSDAY

LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def marek(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.marek.id)


def hand_over(session: Session, tenant: Tenant, worker: Worker | None) -> None:
    tenant.keyworker = worker
    session.flush()


def reads(session: Session, worker: Worker, tenant: Tenant) -> list[str]:
    return [message.words for message in opened(session, worker, tenant, LONDON).messages]


def told(session: Session) -> list[Notice]:
    return list(session.scalars(select(Notice).where(Notice.kind == ANSWERED, Notice.state != State.WITHDRAWN)))


def test_a_new_keyworker_reads_from_the_handover_on(
    session: Session, amina: Tenant, grace: Worker, marek: Worker
) -> None:
    write(session, amina, grace.id, "To Grace", "en")
    answer(session, grace, amina, "From Grace", "en")
    hand_over(session, amina, marek)
    write(session, amina, marek.id, "To Marek", "en")

    assert reads(session, marek, amina) == ["To Marek"]
    assert session.scalars(threads_of(grace).where(Tenant.id == amina.id)).all() == []
    assert [m.words for m in page_of(session, Message.of(amina), None).messages] == ["To Grace", "From Grace", "To Marek"]


def test_what_was_before_is_read_only_where_the_tenant_lets_them_and_up_to_that_moment(
    session: Session, amina: Tenant, grace: Worker, marek: Worker
) -> None:
    write(session, amina, grace.id, "To Grace", "en")
    hand_over(session, amina, marek)
    with clock.stopped_at(THURSDAY + timedelta(hours=1)):
        give_consent(session, amina, Category.MESSAGES, marek, LONDON)
    assert reads(session, marek, amina) == ["To Grace"]

    with clock.stopped_at(THURSDAY + timedelta(hours=2)):
        hand_over(session, amina, grace)
        write(session, amina, grace.id, "To Grace again", "en")
        hand_over(session, amina, marek)
        assert reads(session, marek, amina) == ["To Grace"]
        withdraw_consent(session, amina, Category.MESSAGES, marek)
        assert reads(session, marek, amina) == []


def test_a_keyworker_who_comes_back_reads_their_own_and_nothing_between(
    session: Session, amina: Tenant, grace: Worker, marek: Worker
) -> None:
    write(session, amina, grace.id, "To Grace", "en")
    hand_over(session, amina, marek)
    write(session, amina, marek.id, "To Marek", "en")
    hand_over(session, amina, grace)

    assert reads(session, grace, amina) == ["To Grace"]


def test_the_leave_to_read_lasts_six_months(session: Session, amina: Tenant, grace: Worker, marek: Worker) -> None:
    write(session, amina, grace.id, "To Grace", "en")
    hand_over(session, amina, marek)
    give_consent(session, amina, Category.MESSAGES, marek, LONDON)
    with clock.stopped_at(THURSDAY + timedelta(days=190)):
        assert reads(session, marek, amina) == []


def test_what_was_meant_for_another_is_held_and_read_by_nobody_until_its_writer_sends_it_on(
    session: Session, amina: Tenant, grace: Worker, marek: Worker
) -> None:
    hand_over(session, amina, marek)
    message = write(session, amina, grace.id, "To Grace", "en")
    give_consent(session, amina, Category.MESSAGES, marek, LONDON)
    assert message.held
    assert reads(session, marek, amina) == []
    assert waiting_threads(session, marek) == 0
    hand_over(session, amina, grace)
    assert reads(session, grace, amina) == []
    hand_over(session, amina, None)
    with pytest.raises(NotTheirKeyworker):
        send_on(session, message)
    hand_over(session, amina, marek)

    send_on(session, message)
    send_on(session, message)
    assert reads(session, marek, amina) == ["To Grace"]
    assert waiting_threads(session, marek) == 1


def test_nobody_reads_for_a_keyworker_who_has_left(session: Session, amina: Tenant, grace: Worker) -> None:
    grace.leave()
    session.flush()
    assert write(session, amina, grace.id, "Hello", "en").held
    assert session.scalars(threads_of(grace)).all() == []


def test_a_worker_of_another_role_reads_no_thread(session: Session, amina: Tenant, grace: Worker) -> None:
    grace.role = Role.ADMINISTRATOR
    session.flush()
    assert session.scalars(threads_of(grace)).all() == []
    assert write(session, amina, grace.id, "Hello", "en").held


def test_a_tenant_who_moved_out_is_on_nobodys_list(session: Session, amina: Tenant, grace: Worker) -> None:
    write(session, amina, grace.id, "Hello", "en")
    amina.leave()
    session.flush()
    assert amina not in session.scalars(threads_of(grace)).all()
    assert waiting_threads(session, grace) == 0


def test_only_the_keyworker_of_the_day_answers(session: Session, amina: Tenant, grace: Worker, marek: Worker) -> None:
    hand_over(session, amina, marek)
    with pytest.raises(NotTheirKeyworker):
        answer(session, grace, amina, "Late", "en")


def test_an_answer_answers_everything_that_waited(session: Session, amina: Tenant, grace: Worker) -> None:
    write(session, amina, grace.id, "One", "en")
    write(session, amina, grace.id, "Two", "en")
    assert waiting_threads(session, grace) == 1
    answer(session, grace, amina, "Both", "en")
    assert waiting_threads(session, grace) == 0
    write(session, amina, grace.id, "Thank you", "en")
    assert waiting_threads(session, grace) == 1
    need_no_answer(session, grace, amina)
    assert waiting_threads(session, grace) == 0


def test_what_was_taken_back_waits_for_nothing_and_its_words_are_gone(
    session: Session, amina: Tenant, grace: Worker
) -> None:
    message = write(session, amina, grace.id, "In a hurry", "en")
    message.take_back()
    message.take_back()
    session.flush()
    session.expire_all()
    assert (message.words, message.language, waiting_threads(session, grace)) == ("", "", 0)
    assert [each.taken_back for each in opened(session, grace, amina, LONDON).messages] == [True]


def test_a_double_tap_is_one_message(session: Session, amina: Tenant, grace: Worker) -> None:
    first = write(session, amina, grace.id, "Hello", "en")
    assert write(session, amina, grace.id, "Hello", "en") is first
    reply = answer(session, grace, amina, "Hello", "en")
    assert reply is not first
    assert answer(session, grace, amina, "Hello", "en") is reply
    assert write(session, amina, grace.id, "Hello", "en") is not first
    with clock.stopped_at(THURSDAY + timedelta(minutes=2)):
        assert write(session, amina, grace.id, "Hello", "en").written_at > first.written_at


def test_five_messages_in_an_hour_are_one_notice(session: Session, amina: Tenant, grace: Worker) -> None:
    for minute in range(0, 50, 10):
        with clock.stopped_at(THURSDAY + timedelta(minutes=minute)):
            answer(session, grace, amina, f"Message {minute}", "en")
    assert len(told(session)) == 1
    with clock.stopped_at(THURSDAY + timedelta(minutes=61)):
        answer(session, grace, amina, "Later", "en")
    assert len(told(session)) == 2


def test_whoever_has_read_or_answered_is_told_anew(session: Session, amina: Tenant, grace: Worker) -> None:
    answer(session, grace, amina, "Hello", "en")
    with clock.stopped_at(THURSDAY + timedelta(minutes=5)):
        told(session)[0].see()
        session.flush()
        answer(session, grace, amina, "Still there?", "en")
    assert len(told(session)) == 2
    with clock.stopped_at(THURSDAY + timedelta(minutes=10)):
        write(session, amina, grace.id, "Yes", "en")
        assert [notice.state for notice in told(session) if notice.seen_at is None] == []
    with clock.stopped_at(THURSDAY + timedelta(minutes=11)):
        answer(session, grace, amina, "Good", "en")
    assert len([notice for notice in told(session) if notice.seen_at is None]) == 1


def test_a_notice_holds_no_word_of_the_message(session: Session, amina: Tenant, grace: Worker) -> None:
    answer(session, grace, amina, "CANARY of the quay", "en")
    assert told(session)[0].facts == {"from": "Grace"}


def test_seen_is_a_day_and_the_first_one_stays(session: Session, amina: Tenant, grace: Worker) -> None:
    message = write(session, amina, grace.id, "Hello", "en")
    page_of(session, Message.of(amina), None)
    assert message.seen_on is None
    reads(session, grace, amina)
    with clock.stopped_at(THURSDAY + timedelta(days=3)):
        reads(session, grace, amina)
    assert message.seen_on == THURSDAY.date()


def test_every_message_of_a_long_thread_is_reached_once(session: Session, amina: Tenant, grace: Worker) -> None:
    session.add_all(
        Message(tenant=amina, worker=grace, by_tenant=bool(number % 2), words=f"{number}",
                written_at=THURSDAY + timedelta(minutes=number // 3))
        for number in range(1000)
    )  # fmt: skip
    session.flush()
    stretch, found = page_of(session, Message.of(amina), None), []
    assert stretch.newest
    while True:
        assert len(stretch.messages) <= A_PAGE
        found[:0] = [message.id for message in stretch.messages]
        if stretch.earlier is None:
            break
        stretch = page_of(session, Message.of(amina), stretch.earlier)
    assert len(found) == len(set(found)) == 1000
    assert found == list(session.scalars(Message.of(amina).with_only_columns(Message.id)))[::-1]
