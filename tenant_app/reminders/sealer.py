"""The worker's side of the process that encrypts beside it (see `sealing.py`)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections import deque
from collections.abc import Awaitable, Callable

import structlog

from tenant_app.reminders.sealing import CannotSeal, answers, job, seal

log = structlog.get_logger()

_READ_AT_ONCE = 1 << 16
_SECONDS_TO_END = 5.0
_PATIENCE = 2.0
"""Seconds without an answer to what was asked, after which the process beside is ended."""


class Sealer:
    """Seals messages: here, and after `begin()` in a process beside, which uses a second core.

    At nine o'clock encryption is half of the work of sending. On an ordinary day it is nothing, and a process that
    stands by would be a waste of memory: so it is begun when much is to be done, and ended when that is over.
    Whatever becomes of that process, what it was asked is then done here.
    """

    def __init__(self) -> None:
        self._beginning: asyncio.Task[None] | None = None
        self._process: Process | None = None
        self._unsent: list[bytes] = []
        self._asked: deque[asyncio.Future[bytes | None]] = deque()
        self._answered = 0

    @property
    def beside(self) -> bool:
        """Whether a process beside takes jobs."""
        return self._process is not None

    def begin(self, workers: int = 1) -> None:
        """Have a process beside, unless there is one or there is no core for it: `workers` of this machine keep one
        each. Returns at once; it is used as soon as it is there."""
        if self._beginning is None and _cores() > workers:
            self._beginning = asyncio.create_task(self._begin())

    async def end(self) -> None:
        """Do without it again. What it was asked is answered first."""
        beginning, self._beginning = self._beginning, None
        process, self._process = self._process, None
        if beginning is None:
            return
        if process is not None:
            self._flush_to(process)
            _close(process)
        try:
            async with asyncio.timeout(_SECONDS_TO_END):
                await beginning
        except TimeoutError:
            beginning.cancel()
        self._give_back()

    def ask(self, point: bytes, secret: bytes, plain: bytes) -> Callable[[], Awaitable[bytes]]:
        """Have a message sealed. What this gives is to be called once the encrypted body is wanted; it raises
        `CannotSeal`.

        A process beside has it ready by then. Here it is sealed only then, so that what is on its way is not kept
        waiting by what is not.
        """
        asked: asyncio.Future[bytes | None] | None = None
        if self._process is not None:
            asked = asyncio.get_running_loop().create_future()
            if not self._unsent:  # several that ask in one turn of the loop are written at once
                asyncio.get_running_loop().call_soon(self._flush)
            self._unsent.append(job(point, secret, plain))
            self._asked.append(asked)

        async def sealed() -> bytes:
            answer = None if asked is None else await asked
            if answer is None:
                return seal(point, secret, plain)
            if not answer:
                raise CannotSeal("the process beside")
            return answer

        return sealed

    async def _begin(self) -> None:
        """Start the process, and read what it answers until it ends."""
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tenant_app.reminders.sealing", stdin=PIPE, stdout=PIPE, stderr=DEVNULL
            )
        except OSError as error:
            log.warning("sealing_here", why=type(error).__name__)
            return
        assert process.stdout is not None
        why = "the process beside has ended"
        try:
            if self._beginning is asyncio.current_task():
                self._process = process
                self._watch(process, self._answered)
            else:  # no longer wanted
                _close(process)
            told = bytearray()
            while some := await process.stdout.read(_READ_AT_ONCE):
                told += some
                for sealed in answers(told):
                    self._answered += 1
                    answer = self._asked.popleft()
                    if not answer.done():
                        answer.set_result(sealed)
        except Exception as error:
            why = type(error).__name__
            _kill(process)
        except asyncio.CancelledError:
            _kill(process)
            raise
        finally:
            if self._process is process:
                # It was not told to end.
                log.warning("sealing_here", why=why)
                self._process = None
            self._give_back()
            await process.wait()

    def _watch(self, process: Process, answered: int) -> None:
        """See now and then that answers come: from a process that was stopped they never would, and all that waits for
        them would wait with it, the worker's own end as well."""
        if process.returncode is None:
            if self._asked and self._answered == answered:
                _kill(process)
            asyncio.get_running_loop().call_later(_PATIENCE, self._watch, process, self._answered)

    def _flush(self) -> None:
        if self._process is not None:
            self._flush_to(self._process)

    def _flush_to(self, process: Process) -> None:
        assert process.stdin is not None
        # Where it has just died, its end is read in a moment, and what it was asked is done here.
        with contextlib.suppress(RuntimeError, OSError):
            process.stdin.write(b"".join(self._unsent))
        self._unsent.clear()

    def _give_back(self) -> None:
        """Whoever waits for the process does it here."""
        self._unsent.clear()
        for answer in self._asked:
            if not answer.done():
                answer.set_result(None)
        self._asked.clear()


def _cores() -> int:
    """Those that this process may use, where the system says so."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _close(process: Process) -> None:
    """It ends once it has answered."""
    assert process.stdin is not None
    with contextlib.suppress(RuntimeError, OSError):
        process.stdin.close()


def _kill(process: Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        process.kill()
