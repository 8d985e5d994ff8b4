"""Twenty phones of five hundred never answer, and everybody's reminder is due at the same moment, three times over.

The twenty are tried again beside each later round, so every round but the first begins with some of them on their way.
What counts is how late the others are: from when a reminder was due to when the push service accepted it.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.faults import worker_process
from tests.faults.nine_oclock import SECONDS_TO_START, the_command
from tests.faults.post import Post, post, wait_for
from tests.faults.stage import Options
from tests.faults.worker_process import Changes
from tests.figures import at_least, at_most, percentile, report, tell

ANSWERS_IN, LATEST = 0.05, 5.0


@dataclass(frozen=True)
class Plan:
    """How many phones there are, how many of them never answer, and how long is waited for the others."""

    phones: int = 500
    hung: int = 20
    rounds: int = 3
    patience: float = 60.0
    """Seconds after which a push that was not accepted counts as lost."""


@dataclass
class Outcome:
    """What came of it."""

    late: list[list[float]] = field(default_factory=list)
    """Seconds, of the phones that answer, for each round; infinite where nothing was accepted."""
    fewest_knocks: int = 0
    """How often the hung phone that was tried least was tried."""
    problems: int = 0

    @property
    def lost(self) -> int:
        """How many reminders of phones that answer were not accepted in time."""
        return sum(late == float("inf") for one in self.late for late in one)

    @property
    def p95(self) -> float:
        """Of the worst round: a tenant lives through one of them, not through the median."""
        return max(percentile(one, 0.95) for one in self.late)


def run(options: Options) -> dict[str, Any]:
    """On each database; and once with so few turns that those which hang take all of them."""
    plan = Plan()
    figures: dict[str, Any] = {"seed": options.seed, "phones": plan.phones, "hung": plan.hung}
    budgets: dict[str, Any] = {}
    for backend in options.backends:
        tell(backend)
        found = play(backend, plan, random.Random(options.seed))
        for number, late in enumerate(found.late):
            figures[f"{backend}_{number}_p50_seconds"] = percentile(late, 0.5)
            figures[f"{backend}_{number}_p95_seconds"] = percentile(late, 0.95)
        budgets |= {
            f"{backend}_p95_seconds": at_most(found.p95, LATEST),
            f"{backend}_lost": at_most(found.lost, 0),
            f"{backend}_hung_phones_were_tried": at_least(found.fewest_knocks, 1),
            f"{backend}_problems": at_most(found.problems, 0),
        }
    tell("the control: four turns")
    short = Plan(rounds=1, patience=4 * LATEST)
    control = play(options.backends[0], short, random.Random(options.seed), four_turns)
    too_late = sum(late > LATEST for late in control.late[0])
    budgets["control_late"] = at_least(too_late, len(control.late[0]) // 20 + 1)
    return report("hung-phones", plan.rounds, figures, budgets)


def play(
    backend: str, plan: Plan, chance: random.Random,
    worker: Callable[[Post], AbstractContextManager[None]] = the_command,
) -> Outcome:  # fmt: skip
    """Let everybody's reminder be due so many times, with one worker there."""
    found = Outcome()
    with post(backend, plan.phones, seconds=ANSWERS_IN) as house:
        hung = chance.sample(house.phones, plan.hung)
        for phone in hung:
            phone.hangs = True
        with worker(house):
            found.late = [_round(house, f"round {number}", plan.patience) for number in range(plan.rounds)]
        found.fewest_knocks = min(phone.knocks for phone in hung)
        found.problems = len(house.service.problems)
    return found


@contextmanager
def four_turns(house: Post) -> Iterator[None]:
    """A worker that has four pushes on their way at most."""
    process = worker_process.start(house.settings, Changes(in_flight=4))
    try:
        wait_for(house.workers_heard_of, SECONDS_TO_START)
        yield
    finally:
        process.kill()
        process.join()


def _round(house: Post, occurrence: str, patience: float) -> list[float]:
    house.announce(occurrence)
    due = datetime.now(UTC) + timedelta(seconds=2)
    house.fall_due(occurrence, due)
    before = len(house.service.tries)
    well = {phone.path for phone in house.phones if not phone.hangs}

    def accepted() -> dict[str, float]:
        return {one.path: one.answered for one in reversed(house.service.tries[before:]) if one.taken}

    wait_for(lambda: accepted().keys() >= well, due.timestamp() + patience - time.time())
    told = accepted()
    late = [told.get(path, float("inf")) - due.timestamp() for path in sorted(well)]
    tell(f"   {occurrence}: {len(told)} accepted, p95 {percentile(late, 0.95):.2f} s, last {max(late):.2f} s")
    return late
