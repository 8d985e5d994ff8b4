"""Encryption, here and in a process beside: the same, and nothing is lost whatever becomes of that process."""

from __future__ import annotations

import asyncio
import os
import secrets
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import http_ece
import pytest
import uvloop
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tenant_app.reminders import sealer as sealer_module
from tenant_app.reminders.sealer import Sealer
from tenant_app.reminders.sealing import CannotSeal, answers, seal

PRIVATE = ec.generate_private_key(ec.SECP256R1())
POINT = PRIVATE.public_key().public_bytes(
    serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
)  # fmt: skip
SECRET = secrets.token_bytes(16)
NO_POINT = b"\x04" + bytes(64)

# The process beside has this one's standard error, a pipe, which comes to its end once both have.
BEGINS_AND_WAITS = """
import asyncio
from tenant_app.reminders.sealer import Sealer

begin = asyncio.create_subprocess_exec
asyncio.create_subprocess_exec = lambda *command, **how: begin(*command, **{**how, "stderr": None})

async def go():
    sealer = Sealer()
    sealer.begin()
    while not sealer.beside:
        await asyncio.sleep(0)
    print("both are here", flush=True)
    await asyncio.Event().wait()

asyncio.run(go())
"""


def opened(sealed: bytes) -> bytes:
    plain: bytes = http_ece.decrypt(sealed, private_key=PRIVATE, auth_secret=SECRET)
    return plain


@asynccontextmanager
async def beside() -> AsyncIterator[Sealer]:
    sealer = Sealer()
    sealer.begin()
    async with asyncio.timeout(60):
        while not sealer.beside:
            await asyncio.sleep(0)
        try:
            yield sealer
        finally:
            await sealer.end()


def process_of(sealer: Sealer) -> asyncio.subprocess.Process:
    assert sealer._process is not None
    return sealer._process


@pytest.fixture(autouse=True)
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealer_module, "_cores", lambda: 2)


def test_what_is_sealed_beside_opens_like_what_is_sealed_here() -> None:
    texts = [f"{number} ".encode() * number for number in range(1, 400)]

    async def go() -> list[bytes]:
        async with beside() as sealer:
            asked = [sealer.ask(POINT, SECRET, text) for text in texts]
            return [await one() for one in asked]

    assert [opened(sealed) for sealed in asyncio.run(go())] == texts
    assert opened(seal(POINT, SECRET, b"here")) == b"here"


def test_no_two_messages_share_a_key() -> None:
    async def go() -> list[bytes]:
        async with beside() as sealer:
            return [await sealer.ask(POINT, SECRET, b"same")() for _ in range(3)]

    sealed = asyncio.run(go())
    assert len({one[:16] for one in sealed}) == 3  # salts
    assert len({one[21:86] for one in sealed}) == 3  # public keys


def test_a_key_that_is_no_point_spoils_nobody_elses_message() -> None:
    async def go() -> tuple[bytes, bytes]:
        async with beside() as sealer:
            before, bad, after = (sealer.ask(point, SECRET, b"words") for point in (POINT, NO_POINT, POINT))
            with pytest.raises(CannotSeal):
                await bad()
            return await before(), await after()

    assert [opened(one) for one in asyncio.run(go())] == [b"words", b"words"]
    with pytest.raises(CannotSeal):
        seal(NO_POINT, SECRET, b"words")


@pytest.mark.parametrize("leaves", ["killed", "stopped", "told to end"])
@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_what_was_asked_is_answered_whatever_becomes_of_the_process(
    leaves: str, run: Callable[..., tuple[list[bytes], bool]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealer_module, "_PATIENCE", 0.2)

    async def go() -> tuple[list[bytes], bool]:
        async with beside() as sealer:
            asked = [sealer.ask(POINT, SECRET, str(number).encode()) for number in range(300)]
            if leaves == "killed":
                process_of(sealer).kill()
            elif leaves == "stopped":
                process_of(sealer).send_signal(signal.SIGSTOP)
            else:
                await sealer.end()
            found = [await one() for one in asked]
            return [*found, await sealer.ask(POINT, SECRET, b"afterwards")()], sealer.beside

    sealed, still_beside = run(go())
    assert [opened(one) for one in sealed] == [*(str(number).encode() for number in range(300)), b"afterwards"]
    assert not still_beside


@pytest.mark.parametrize("run", [asyncio.run, uvloop.run])
def test_one_that_has_just_died_can_be_ended(run: Callable[..., bytes]) -> None:
    async def go() -> bytes:
        async with beside() as sealer:
            process_of(sealer).kill()
            await process_of(sealer).wait()
            asked = sealer.ask(POINT, SECRET, b"words")
            await sealer.end()
            return await asked()

    assert opened(run(go())) == b"words"


def test_whoever_stops_the_worker_does_not_stop_its_sealing() -> None:
    async def go() -> bytes:
        async with beside() as sealer:
            # Once it has answered, it is past its beginning, and knows what to do with signals.
            await sealer.ask(POINT, SECRET, b"first")()
            for number in (signal.SIGTERM, signal.SIGINT):
                process_of(sealer).send_signal(number)
            sealed = await sealer.ask(POINT, SECRET, b"the last batch")()
            assert sealer.beside
            return sealed

    assert opened(asyncio.run(go())) == b"the last batch"


def test_it_can_be_ended_before_it_has_begun_and_begun_again() -> None:
    async def go() -> bool:
        sealer = Sealer()
        sealer.begin()
        await sealer.end()
        assert not sealer.beside
        async with asyncio.timeout(60):
            sealer.begin()
            sealer.begin()
            while not sealer.beside:
                await asyncio.sleep(0)
            process = process_of(sealer)
            await sealer.end()
            return process.returncode == 0

    assert asyncio.run(go())


@pytest.mark.parametrize(("cores", "workers"), [(1, 1), (2, 2), (2, 5)])
def test_without_a_core_to_spare_there_is_no_process_beside(
    cores: int, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealer_module, "_cores", lambda: cores)

    async def go() -> tuple[bool, Callable[[], Awaitable[bytes]]]:
        sealer = Sealer()
        sealer.begin(workers)
        assert sealer._beginning is None
        return sealer.beside, sealer.ask(POINT, SECRET, b"words")

    async def all_of_it() -> bytes:
        there, sealed = await go()
        assert not there
        return await sealed()

    assert opened(asyncio.run(all_of_it())) == b"words"


def test_a_worker_that_is_killed_leaves_no_process_behind() -> None:
    command = [sys.executable, "-c", BEGINS_AND_WAITS]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as worker:
        assert worker.stdout is not None
        assert worker.stderr is not None
        assert worker.stdout.readline() == b"both are here\n"
        assert not select.select([worker.stderr], [], [], 0)[0]
        worker.kill()
        worker.wait()
        ended, _, _ = select.select([worker.stderr], [], [], 60)
        assert ended
        assert worker.stderr.read() == b""


def test_answers_are_read_as_they_come() -> None:
    told = bytearray(b"\0\0\0\3abc\0\0\0\0\0\0\0\5de")
    assert answers(told) == [b"abc", b""]
    told += b"fgh\0"
    assert answers(told) == [b"defgh"]
    assert told == b"\0"
