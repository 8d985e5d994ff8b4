"""What one worker holds at once: enough that the line never goes quiet, and never more than it may."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from uuid import UUID

import pytest

from tenant_app.reminders import delivery
from tenant_app.reminders.answers import Kind
from tenant_app.reminders.answers import Outcome as Answer
from tenant_app.reminders.delivery import InHand
from tenant_app.reminders.models import State
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
    monkeypatch.setattr(Sealer, "begin", lambda _: None)
    office.phone(office.cast.amina)
    return [office.dose(office.cast.amina, f"dose {number}") for number in range(12)]


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
    monkeypatch.setattr(Sealer, "begin", lambda _: calls.append("begin"))

    async def end(_: Sealer) -> None:
        calls.append("end")

    monkeypatch.setattr(Sealer, "end", end)

    async def go() -> None:
        postman = Slow()
        hand = in_hands(office, postman)
        await hand.take(BATCH - 1)
        assert calls == []
        await hand.take(BATCH)
        await hand.rest()
        assert calls == ["begin"]
        await begun(postman, 2 * BATCH - 1)
        postman.answer(2 * BATCH)
        await hand.finish()
        await hand.rest()
        assert calls == ["begin", "end"]

    with office.worker.app.app_context():
        asyncio.run(go())
