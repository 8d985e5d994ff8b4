"""The worker goes its round, survives what goes wrong in it, and ends when asked."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from tenant_app import books, clock, worker
from tenant_app.accounts.models import Tenant
from tenant_app.reminders.delivery import InHand
from tenant_app.reminders.models import Heartbeat, Notice, State
from tenant_app.reminders.outbox import LEASE, claim
from tenant_app.reminders.push import Postman
from tenant_app.reminders.rules import schedule, workers_silent
from tenant_app.worker import Worker, run
from tests.reminders.conftest import DOSE, STUMBLE, Office


@pytest.fixture
def second(office: Office) -> Iterator[Worker]:
    made = Worker(office.house.settings)
    yield made
    made.house.database.close()


def _round(one: Worker) -> bool:
    async def go() -> bool:
        async with Postman(one.house.settings, one.house.keys) as postman:
            with one.app.app_context():
                in_hand = InHand(one.house, one.name, postman)
                more = await one.go_round(in_hand)
                await in_hand.finish()
                return more

    return asyncio.run(go())


def test_one_run_plans_closes_sends_and_shows_that_it_lives(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    with clock.stopped_at(clock.now() - timedelta(hours=2)):
        late = office.dose(office.cast.amina, "late")
    due = office.dose(office.cast.amina, "due")
    with office.database.step() as session:
        plan = schedule(
            session, session.get_one(Tenant, office.cast.amina.id), DOSE, source="daily", wall_time=time(21),
            zone=ZoneInfo("Europe/London"), starts_on=date(2026, 11, 26), lasts=timedelta(hours=1),
            facts={"medicine": "", "strength": ""},
        )  # fmt: skip
        plan.planned_to = date(2026, 11, 26)
    run(office.house.settings, once=True)
    assert [office.notice(one).state for one in (late, due)] == [State.MISSED, State.SENT]
    assert len(phone.pushes) == 2  # the one that is due, and that something came while nobody worked
    with office.database.session() as session:
        assert len(session.scalars(select(Notice).where(Notice.source == "daily")).all()) == 3
        assert workers_silent(session) is False


def test_each_step_says_whether_work_remains(office: Office) -> None:
    assert (office.worker.plan(), office.worker.expire(), office.worker.beat()) == (False, False, False)
    assert asyncio.run(office.worker.deliver(None)) is False


def test_staff_are_told_within_ninety_seconds_that_no_worker_lives(office: Office) -> None:
    with office.database.session() as session:
        assert workers_silent(session) is True
    office.worker.beat()
    for seconds, silent in ((0, False), (90, False), (91, True)):
        with clock.stopped_at(clock.now() + timedelta(seconds=seconds)), office.database.session() as session:
            assert workers_silent(session) is silent


def test_a_sign_of_life_is_written_every_quarter_of_a_minute_and_not_more_often(office: Office, second: Worker) -> None:
    beats = []
    for seconds in (0, 5, 14, 15, 29, 30, -3600):
        with clock.stopped_at(clock.now() + timedelta(seconds=seconds)):
            office.worker.beat()
            with office.database.session() as session:
                beats.append((session.get_one(Heartbeat, "first").beat_at - clock.now()).total_seconds())
    assert beats == [0, -5, -14, 0, -14, 0, 0]
    with clock.stopped_at(clock.now() + timedelta(days=2)):
        second.beat()
    with office.database.session() as session:
        assert [beat.name for beat in session.scalars(select(Heartbeat))] == [second.name]


def test_a_step_that_fails_does_not_keep_the_others_from_their_work(
    office: Office, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> bool:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(office.worker, "plan", fail)
    monkeypatch.setattr(office.worker, "beat", fail)
    notice = office.dose(office.cast.amina)
    assert _round(office.worker) is False
    assert office.notice(notice).state is State.UNDELIVERED
    assert capsys.readouterr().out.count("worker_step_failed") == 2


@pytest.mark.parametrize("contact", ["", "mailto:root@localhost", "it@wrenfield.org.uk"])
def test_without_a_contact_it_plans_and_closes_and_says_loudly_that_it_cannot_send(
    office: Office, contact: str, capsys: pytest.CaptureFixture[str]
) -> None:
    phone = office.phone(office.cast.amina)
    with clock.stopped_at(clock.now() - timedelta(hours=2)):
        late = office.dose(office.cast.amina, "late")
    due = office.dose(office.cast.amina, "due")
    run(replace(office.house.settings, vapid_contact=contact), once=True)
    assert [office.notice(one).state for one in (late, due)] == [State.MISSED, State.WAITING]
    assert phone.knocks == 0
    assert "reminders_cannot_be_sent" in capsys.readouterr().out


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_it_finish_its_batch_and_then_ends_it(office: Office, number: signal.Signals) -> None:
    phone = office.phone(office.cast.amina)
    notice = office.dose(office.cast.amina)
    answer = phone.answer

    def ask_it_to_end() -> object:
        os.kill(os.getpid(), number)
        return answer()

    phone.answer = ask_it_to_end  # type: ignore[assignment]
    office.worker.run()
    assert office.notice(notice).state is State.SENT
    assert signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler)


def test_it_can_be_ended_from_another_thread_while_it_rests(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    rests = threading.Event()
    real = asyncio.wait_for

    async def wait(waiting: object, _seconds: float) -> object:
        rests.set()
        return await real(waiting, 600)  # type: ignore[arg-type]

    monkeypatch.setattr(worker.asyncio, "wait_for", wait)
    thread = threading.Thread(target=office.worker.run)
    thread.start()
    assert rests.wait(30)
    office.worker.stop()
    thread.join(30)
    assert not thread.is_alive()
    office.worker.stop()  # and once more, when it has ended already


def test_a_clock_set_forward_does_not_send_twice_what_another_worker_is_sending(
    office: Office, second: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = office.phone(office.cast.amina)
    notice = office.dose(office.cast.amina, minutes=240)
    _round(second)
    notice = office.dose(office.cast.amina, "again", minutes=240)
    with office.database.step() as session:
        ids = claim(session, "first")
    with clock.stopped_at(clock.now() + timedelta(hours=1)):
        _round(second)
        assert phone.knocks == 1
        office.deliver("first", ids)
        _round(second)
    assert office.notice(notice).state is State.SENT
    assert len(phone.pushes) == 2


def test_after_a_clock_was_set_a_dead_workers_notices_are_taken_over_a_lease_later(
    office: Office, second: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = 1000.0
    monkeypatch.setattr(worker.time, "monotonic", lambda: now)
    phone = office.phone(office.cast.amina)
    _round(second)
    office.dose(office.cast.amina, minutes=240)
    with office.database.step() as session:
        claim(session, "the late worker")
    later = clock.now() + timedelta(hours=1)
    for seconds, knocks in ((0, 0), (30, 0), (61, 1)):
        now = 1000.0 + seconds
        with clock.stopped_at(later + timedelta(seconds=seconds)):
            _round(second)
        assert phone.knocks == knocks


def test_a_clock_set_back_repeats_nothing(office: Office, second: Worker) -> None:
    phone = office.phone(office.cast.amina)
    office.dose(office.cast.amina)
    _round(office.worker)
    with clock.stopped_at(clock.now() - timedelta(hours=1)):
        for one in (office.worker, second):
            _round(one)
    for one in (office.worker, second):
        _round(one)
    assert len(phone.pushes) == 1


def test_nothing_is_begun_that_could_outlast_the_lease(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    notice = office.dose(office.cast.amina)
    office.deliver(total=LEASE.total_seconds())
    assert phone.knocks == 0
    kept = office.notice(notice)
    assert (kept.state, kept.try_at, kept.leased_until) == (State.WAITING, clock.now(), None)
    office.deliver()
    assert office.notice(notice).state is State.SENT


def test_a_run_ends_although_something_has_to_be_tried_again(office: Office) -> None:
    office.phone(office.cast.amina).answers(503)
    office.dose(office.cast.amina)
    office.dose(office.cast.amina, "stumbles", kind=STUMBLE)
    run(office.house.settings, once=True)
    with office.database.session() as session:
        assert {one.state for one in session.scalars(select(Notice))} == {State.WAITING}


def test_a_worker_wakes_when_the_next_reminder_is_due(office: Office) -> None:
    made = Worker(office.house.settings)
    try:
        assert made.pause() == worker.LONGEST_PAUSE
        office.phone(office.cast.amina)
        with clock.stopped_at(clock.now() + timedelta(seconds=1)):
            office.dose(office.cast.amina)
        assert made.pause() == pytest.approx(1.0)
        with clock.stopped_at(clock.now() - timedelta(minutes=1)):
            assert made.pause() == worker.LONGEST_PAUSE
        with clock.stopped_at(clock.now() + timedelta(minutes=1)):
            # Due, and taken by nobody yet: soon, but not without a pause.
            assert made.pause() == worker.SHORTEST_PAUSE
            with office.database.step() as session:
                assert claim(session, "another")
            assert made.pause() == worker.LONGEST_PAUSE
    finally:
        made.house.database.close()


def test_a_chore_that_fails_keeps_no_other_from_being_done(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    done = []

    def breaks(*_: object) -> bool:
        raise LookupError("nobody foresaw this")

    def notes(*_: object) -> bool:
        done.append("restock_due")
        return False

    monkeypatch.setattr(books, "charge_all_due", breaks)
    monkeypatch.setattr(books, "restock_due", notes)
    assert not office.worker.keep_books()
    assert done == ["restock_due"]
    assert not office.worker.keep_books()
    assert done == ["restock_due"]  # not at once again


def test_workers_of_one_machine_know_of_each_other(office: Office, second: Worker) -> None:
    second.beat()
    assert second.workers_here == 1
    machine = second.name.rpartition(f"{os.getpid()}-")[0]
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as alive:
        with office.database.step() as session:
            for name in (f"{machine}{alive.pid}-abc", "elsewhere-1-abc", f"{machine}worker-abc"):
                session.add(Heartbeat(name=name, beat_at=clock.now()))
        with clock.stopped_at(clock.now() + worker.BEAT_EVERY):
            second.beat()
            assert second.workers_here == 2
        with clock.stopped_at(clock.now() + timedelta(minutes=10)):
            second.beat()
            assert second.workers_here == 1  # it is there and does not beat
    with clock.stopped_at(clock.now() + 2 * worker.BEAT_EVERY):
        second.beat()
        assert second.workers_here == 1  # it beat a moment ago, and has ended
