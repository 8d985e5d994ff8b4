"""S14: everybody's reminder is due at the same moment, and one `homeward worker` runs as it does in real life.

Lateness is measured where it matters, at the push service: from when a reminder was due to when it was accepted.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.faults import worker_process
from tests.faults.post import Post, environment, post, wait_for
from tests.faults.stage import Options
from tests.faults.worker_process import Changes
from tests.figures import at_least, at_most, percentile, report, tell

REMINDERS, ROUNDS, ANSWERS_IN, LATEST = 1000, 3, 0.05, 30.0
SECONDS_TO_START = 60.0
SHARES = {"p50": 0.5, "p95": 0.95, "p99": 0.99, "max": 1.0}


def run(options: Options) -> dict[str, Any]:
    """Three times nine o'clock on each database; and once with a worker that sends one push after the other."""
    figures: dict[str, Any] = {"reminders": REMINDERS, "answer_seconds": ANSWERS_IN}
    budgets: dict[str, Any] = {}
    for backend in options.backends:
        with post(backend, REMINDERS, seconds=ANSWERS_IN) as house:
            tell(f"{backend}: {REMINDERS} tenants have a phone each")
            with the_command(house):
                rounds = [nine_oclock(house, f"round {number}", 2 * LATEST) for number in range(ROUNDS)]
            problems = len(house.service.problems)
        everything = [late for one in rounds for late in one]
        figures |= {f"{backend}_{name}_seconds": percentile(everything, share) for name, share in SHARES.items()}
        # The worst round counts: a tenant lives through one of them, not through the median.
        budgets[f"{backend}_p99_seconds"] = at_most(max(percentile(one, 0.99) for one in rounds), LATEST)
        budgets[f"{backend}_lost"] = at_most(sum(late == float("inf") for late in everything), 0)
        budgets[f"{backend}_problems"] = at_most(problems, 0)
    tell("the control: one push after the other")
    with post(options.backends[0], REMINDERS, seconds=ANSWERS_IN) as house, one_by_one(house):
        late = nine_oclock(house, "control", LATEST)
    on_time = sum(one <= LATEST for one in late)
    figures["control_on_time"] = on_time
    budgets["control_late"] = at_least(REMINDERS - on_time, REMINDERS // 100 + 1)
    return report("S14", ROUNDS, figures, budgets)


def nine_oclock(house: Post, occurrence: str, patience: float) -> list[float]:
    """Let all be due in three seconds. Returns by how many seconds each was late; infinite if later than `patience`."""
    house.announce(occurrence)
    due = datetime.now(UTC) + timedelta(seconds=3)
    house.fall_due(occurrence, due)
    before = len(house.service.tries)
    wait_for(lambda: len(house.service.tries) - before >= len(house.owners), due.timestamp() + patience - time.time())
    accepted: dict[str, float] = {}
    for one in house.service.tries[before:]:
        if one.taken:
            accepted.setdefault(one.path, one.answered)
    late = [accepted.get(phone.path, float("inf")) - due.timestamp() for phone in house.phones]
    tell(f"   {occurrence}: {len(accepted)} accepted, p99 {percentile(late, 0.99):.2f} s, last {max(late):.2f} s")
    wait_for(house.all_settled, due.timestamp() + patience - time.time())
    return late


@contextmanager
def the_command(house: Post) -> Iterator[None]:
    """`homeward worker`, running until the block ends."""
    command = [sys.executable, "-m", "tenant_app.cli", "worker"]
    process = subprocess.Popen(command, env=environment(house.settings), stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: house.workers_heard_of() or process.poll() is not None, SECONDS_TO_START)
        if not house.workers_heard_of():
            raise RuntimeError(f"homeward worker gave no sign of life; its exit status is {process.poll()}")
        yield
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def one_by_one(house: Post) -> Iterator[None]:
    """A worker with a single connection."""
    process = worker_process.start(house.settings, Changes(in_flight=1))
    try:
        wait_for(house.workers_heard_of, SECONDS_TO_START)
        yield
    finally:
        process.kill()
        process.join()
