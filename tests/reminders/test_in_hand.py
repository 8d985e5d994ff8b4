"""What one worker holds at once: enough that the line never goes quiet, and never more than it may."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from tenant_app import clock
from tenant_app.reminders import delivery
from tenant_app.reminders.answers import Kind
from tenant_app.reminders.answers import Outcome as Answer
from tenant_app.reminders.delivery import InHand
from tenant_app.reminders.models import Delivery, Notice, State, Subscription
from tenant_app.reminders.outbox import LEASE, Attempt, Tried, claim, settle
from tenant_app.reminders.sealer import Sealer
from tests.reminders.conftest import Office

BATCH, SETTLES_AT, MOST = 4, 2, 8


class Slow:
    """A postman whose pushes end when they are told to."""

    longest = 10.0

    def __init__(self) -> None:
        self.sealer = Sealer()
        self.waiting: list[asyncio.Future[Answer]] = []

    async def send(self, *_: object, **__: object) -> Answer:
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.waiting.append(answer)
        return await answer

    def answer(self, many: int) -> None:
        for answer in self.waiting[:many]:
            answer.set_result(Answer(Kind.ACCEPTED, 201))
        del self.waiting[:many]


@pytest.fixture
def due(office: Office, monkeypatch: pytest.MonkeyPatch) -> Sequence[UUID]:
    for name, value in (("BATCH", BATCH), ("SETTLES_AT", SETTLES_AT), ("MOST_IN_HAND", MOST)):
        monkeypatch.setattr(delivery, name, value)
    monkeypatch.setattr(Sealer, "begin", lambda *_: None)
    office.phone(office.cast.amina)
    notices = []
    for number in range(12):
        # One after the other: of those due at one moment, any may be claimed first, and others the next time.
        with clock.stopped_at(clock.now() - timedelta(seconds=12 - number)):
            notices.append(office.dose(office.cast.amina, f"dose {number}"))
    return notices


def in_hands(office: Office, postman: Slow) -> InHand:
    return InHand(office.house, "first", postman)  # type: ignore[arg-type]


def settled(office: Office, due: Sequence[UUID]) -> int:
    return sum(office.notice(one).state is State.SENT for one in due)


async def begun(postman: Slow, many: int) -> None:
    async with asyncio.timeout(30):
        while len(postman.waiting) < many:
            await asyncio.sleep(0)


def test_the_next_batch_is_claimed_while_one_is_on_its_way(office: Office, due: Sequence[UUID]) -> None:
    async def go() -> None:
        postman = Slow()
        hand = in_hands(office, postman)
        assert await hand.take(BATCH)
        await begun(postman, BATCH)
        # Nothing has ended: with a batch on its way the worker does not wait for it.
        await hand.settle(leave=BATCH, patience=3600)
        assert await hand.take(BATCH)
        await begun(postman, 2 * BATCH)
        postman.answer(BATCH)
        await hand.settle(leave=BATCH, patience=3600)
        assert settled(office, due) == BATCH
        postman.answer(BATCH)
        await hand.finish()

    with office.worker.app.app_context():
        asyncio.run(go())
    assert settled(office, due) == 2 * BATCH


def test_what_hangs_keeps_a_worker_from_claiming_without_end(office: Office, due: Sequence[UUID]) -> None:
    async def go() -> None:
        postman = Slow()
        hand = in_hands(office, postman)
        for _ in range(4):
            assert await hand.take(BATCH)
        await begun(postman, MOST)
        await hand.settle(patience=0)
        assert len(hand) == len(postman.waiting) == MOST
        postman.answer(SETTLES_AT)
        await hand.settle(leave=MOST - SETTLES_AT, patience=3600)
        assert (len(hand), settled(office, due)) == (MOST - SETTLES_AT, SETTLES_AT)
        postman.answer(MOST)
        await hand.finish()
        assert len(hand) == 0

    with office.worker.app.app_context():
        asyncio.run(go())
    assert settled(office, due) == MOST


def test_a_full_batch_calls_for_a_process_beside_and_rest_does_without(
    office: Office, due: Sequence[UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []
    monkeypatch.setattr(Sealer, "begin", lambda _, workers: calls.append(f"begin beside {workers}"))

    async def end(_: Sealer) -> None:
        calls.append("end")

    monkeypatch.setattr(Sealer, "end", end)

    async def go() -> None:
        postman = Slow()
        hand = in_hands(office, postman)
        hand.workers_here = 3
        await hand.take(BATCH - 1)
        assert calls == []
        await hand.take(BATCH)
        await hand.rest()
        assert calls == ["begin beside 3"]
        await begun(postman, 2 * BATCH - 1)
        postman.answer(2 * BATCH)
        await hand.finish()
        await hand.rest()
        assert calls == ["begin beside 3", "end"]

    with office.worker.app.app_context():
        asyncio.run(go())


def test_what_is_claimed_again_while_it_is_in_hand_is_not_sent_twice(office: Office, due: Sequence[UUID]) -> None:
    """A worker that the machine froze for longer than its leases last finds its own notices free to claim."""

    async def go() -> None:
        postman = Slow()
        hand = in_hands(office, postman)
        await hand.take(BATCH)
        await begun(postman, BATCH)
        with clock.stopped_at(clock.now() + 2 * LEASE):
            await hand.take(BATCH)
            assert len(postman.waiting) == BATCH
            postman.answer(BATCH)
            await hand.finish()

    with office.worker.app.app_context():
        asyncio.run(go())
    assert settled(office, due) == BATCH


def test_two_tries_of_one_notice_are_written_down_as_one(office: Office, due: Sequence[UUID]) -> None:
    with office.database.step() as session:
        claim(session, "first", 1)
        notice_id = session.scalars(select(Notice.id).where(Notice.leased_by == "first")).one()
        browser_id = session.scalars(select(Subscription.id)).one()
    tries = [
        Tried(notice_id, [Attempt(browser_id, Answer(kind, status))])
        for kind, status in ((Kind.LATER, 503), (Kind.ACCEPTED, 201))
    ]
    with office.database.step() as session:
        settle(session, "first", tries)
    with office.database.session() as session:
        assert [(one.outcome, one.answer) for one in session.scalars(select(Delivery))] == [("accepted", 201)]
    assert office.notice(notice_id).state is State.SENT
