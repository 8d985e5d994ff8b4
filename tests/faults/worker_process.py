"""Worker processes that start in a moment, and that can be made to differ from `homeward worker` in named ways.

They are forked from a server that has imported everything already: `homeward worker` needs a second or two of a
processor for that, and a hundred of them in a row would measure little else. What they then run is the same.
"""

from __future__ import annotations

import ctypes
import functools
import multiprocessing
import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess
from types import ModuleType
from typing import Any

from tenant_app import worker
from tenant_app.reminders import answers, outbox, push
from tenant_app.settings import Settings
from tests.faults.guards import swapped

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.faults.warm"])


@dataclass(frozen=True)
class Changes:
    """What is different in a worker, times in seconds; None where it is as in the product."""

    lease: float | None = None
    longest_push: float | None = None
    idle: float | None = None
    first_pause: float | None = None
    longest_pause: float | None = None
    in_flight: int | None = None
    """Pushes on their way at once to one push service: as many as there are connections to it, at most."""
    heeds_retry_after: bool = True

    @contextmanager
    def made(self) -> Iterator[None]:
        """The house with these changes, in this process, until the block ends."""
        postman = {"total": self.longest_push, "in_flight": self.in_flight}
        given: dict[str, Any] = {name: value for name, value in postman.items() if value is not None}
        wanted: list[tuple[ModuleType, str, Any]] = [
            (outbox, "LEASE", self.lease and timedelta(seconds=self.lease)),
            (outbox, "FIRST_PAUSE", self.first_pause and timedelta(seconds=self.first_pause)),
            (outbox, "LONGEST_PAUSE", self.longest_pause and timedelta(seconds=self.longest_pause)),
            (worker, "LONGEST_PAUSE", self.idle),
            (push, "Postman", functools.partial(push.Postman, **given) if given else None),
            (answers, "read_wait", None if self.heeds_retry_after else lambda _header: None),
        ]
        with ExitStack() as changed:
            for home, name, value in wanted:
                if value is not None:
                    changed.enter_context(swapped(home, name, value))
            yield


def get_ready() -> None:
    """Have the server for forks start now, beside whatever else is to be prepared."""
    forkserver.ensure_running()


def start(settings: Settings, changes: Changes) -> BaseProcess:
    """A new worker process, which works until it is killed or told to stop."""
    process = _forks.Process(target=_work, args=(settings, changes), daemon=True)
    process.start()
    return process


def _work(settings: Settings, changes: Changes) -> None:
    if sys.platform == "linux":
        set_parent_death_signal = 1
        ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGKILL)
    # What it logs must not end up in the middle of a report.
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    with changes.made():
        worker.run(settings)
