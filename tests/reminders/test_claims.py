"""Each due notice is in the hands of one worker at a time, and of another one if that worker dies."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, text

from tenant_app import clock
from tenant_app.reminders import delivery
from tenant_app.reminders.answers import Kind, Outcome
from tenant_app.reminders.models import Notice, State
from tenant_app.reminders.outbox import LEASE, Attempt, Tried, claim, expire, settle
from tests.reminders.conftest import Office


def _claim(office: Office, name: str, most: int = 500, *, take_over: bool = True) -> list[UUID]:
    with office.database.step() as session:
        return claim(session, name, most, LEASE, take_over=take_over)


def _doses(office: Office, count: int) -> set[UUID]:
    return {office.dose(office.cast.amina, f"dose {number}") for number in range(count)}


def test_two_workers_that_claim_at_once_never_get_the_same_notice(office: Office) -> None:
    due = _doses(office, 120)
    got: dict[str, list[UUID]] = {"first": [], "second": [], "third": []}
    start = threading.Barrier(len(got))

    def work(name: str) -> None:
        start.wait(30)
        while ids := _claim(office, name, 7):
            got[name] += ids

    workers = [threading.Thread(target=work, args=(name,)) for name in got]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    everything = [notice for ids in got.values() for notice in ids]
    assert len(everything) == len(due)
    assert set(everything) == due


def test_a_second_worker_does_not_wait_for_the_first_to_commit(office: Office, backend: str) -> None:
    _doses(office, 4)
    if backend == "sqlite":
        return  # there, transactions that write queue
    with office.database.session() as one, office.database.session() as other:
        first, second = claim(one, "first", 2), claim(other, "second", 2)
        assert len(first) == len(second) == 2
        assert not set(first) & set(second)


def test_what_is_not_due_is_not_claimed(office: Office) -> None:
    notice = office.dose(office.cast.amina)
    with clock.stopped_at(clock.now() - timedelta(seconds=1)):
        assert _claim(office, "first") == []
    with clock.stopped_at(clock.now() + timedelta(hours=1)):
        assert _claim(office, "first") == []
    assert _claim(office, "first") == [notice]


def test_those_that_wait_longest_come_first(office: Office) -> None:
    notices = []
    for minutes in (3, 1, 2):
        with clock.stopped_at(clock.now() + timedelta(minutes=minutes)):
            notices.append(office.dose(office.cast.amina, f"dose {minutes}"))
    with clock.stopped_at(clock.now() + timedelta(minutes=5)):
        assert [_claim(office, "first", 1) for _ in range(4)] == [[notices[1]], [notices[2]], [notices[0]], []]


def test_a_crash_between_claim_and_settling_is_made_good_when_the_lease_ends(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    notice = office.dose(office.cast.amina)
    assert _claim(office, "the late worker") == [notice]
    with clock.stopped_at(clock.now() + LEASE - timedelta(seconds=1)):
        office.deliver("second")
        assert phone.knocks == 0
    with clock.stopped_at(clock.now() + LEASE):
        office.deliver("second")
    assert office.notice(notice).state is State.SENT
    assert len(phone.pushes) == 1


def test_a_crash_after_sending_means_a_repeat_that_nobody_sees(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    phone = office.phone(office.cast.amina)
    office.dose(office.cast.amina)
    ids = _claim(office, "the late worker")

    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    monkeypatch.setattr(delivery, "settle", die)
    with pytest.raises(Killed):
        office.deliver("the late worker", ids)
    monkeypatch.undo()
    with clock.stopped_at(clock.now() + LEASE):
        office.deliver("second")
    assert len(phone.pushes) == 2
    assert len({push.headers["Topic"] for push in phone.pushes}) == 1
    assert len({push.shown["tag"] for push in phone.pushes}) == 1


def test_a_worker_that_comes_back_from_the_dead_does_not_undo_the_other(office: Office) -> None:
    office.phone(office.cast.amina)
    notice = office.dose(office.cast.amina)
    _claim(office, "slow")
    with clock.stopped_at(clock.now() + LEASE):
        assert _claim(office, "second") == [notice]
        for kind in (Kind.LATER, Kind.REFUSED):
            with office.database.step() as session:
                settle(session, "slow", [Tried(notice, [Attempt(notice, Outcome(kind))])])
            assert office.notice(notice).leased_by == "second"
            assert office.notice(notice).leased_until is not None
            assert office.notice(notice).state is State.WAITING


def test_a_lease_from_before_the_clock_was_set_back_does_not_last_for_ever(office: Office) -> None:
    notice = office.dose(office.cast.amina, minutes=600)
    with clock.stopped_at(clock.now() + timedelta(hours=1)):
        _claim(office, "the late worker")
    assert _claim(office, "second") == [notice]


def test_what_came_too_late_is_missed_and_never_sent(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    notices = _doses(office, 5)
    with clock.stopped_at(clock.now() + timedelta(minutes=60)):
        office.deliver()
        with office.database.step() as session:
            assert expire(session, most=3) is True
        with office.database.step() as session:
            assert expire(session, most=3) is False
        office.deliver()
    assert {office.notice(one).state for one in notices} == {State.MISSED}
    assert [push.shown["body"] for push in phone.pushes] == ["There is something new for you."]


def test_what_a_worker_holds_is_not_closed_under_its_hands(office: Office) -> None:
    notice = office.dose(office.cast.amina, minutes=1)
    with clock.stopped_at(clock.now() + timedelta(seconds=50)):
        _claim(office, "first")
    with clock.stopped_at(clock.now() + timedelta(seconds=61)):
        office.worker.expire()
        assert office.notice(notice).state is State.WAITING
    with clock.stopped_at(clock.now() + timedelta(seconds=111)):
        office.worker.expire()
        assert office.notice(notice).state is State.MISSED


def test_claiming_and_closing_look_only_at_what_waits(office: Office, backend: str) -> None:
    asked: list[tuple[str, object]] = []

    def note(_c: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith(("SELECT", "WITH")):
            asked.append((statement, parameters))

    engine = office.database.engine
    event.listen(engine, "before_cursor_execute", note)
    with office.database.session() as session:
        claim(session, "first")
        expire(session)
    event.remove(engine, "before_cursor_execute", note)
    assert len(asked) == 2
    with engine.connect() as connection:
        if backend == "postgresql":
            # An empty table is read whole, whatever indexes it has.
            connection.execute(text("SET enable_seqscan = off"))
        explain = "EXPLAIN " if backend == "postgresql" else "EXPLAIN QUERY PLAN "
        plans = [
            str(connection.exec_driver_sql(explain + statement, parameters).all())  # type: ignore[arg-type]
            for statement, parameters in asked
        ]
    assert "ix_notice_waiting" in plans[0]
    assert "ix_notice_closing" in plans[1]


def test_a_notice_of_a_tenant_who_was_erased_meanwhile_is_nothing_to_settle(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    office.dose(office.cast.amina)
    ids = _claim(office, "first")
    real = phone.answer

    def erase() -> object:
        with office.database.step() as session:
            for one in ids:
                session.delete(session.get_one(Notice, one))
        return real()

    phone.answer = erase  # type: ignore[assignment]
    office.deliver("first", ids)
    assert len(phone.pushes) == 1
