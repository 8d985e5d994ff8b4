"""S3: the same kills, and three answers in ten are no good: 429, 5xx, or nothing at all until the worker gives up.

Whoever says `Retry-After`, in seconds or as a date, is not to be asked again before. The push service notes when it
said so and when the next push for that phone came, with no tolerance: both are moments of one machine's clock.

`Retry-After` is shorter here than what is left of a lease when an answer comes. A worker that is killed between such
an answer and writing it down takes the knowledge with it, and its successor keeps to the lease alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from tests.faults.killed_workers import QUICK, SMALL, Plan, budgets_of, play
from tests.faults.push_service import Answer
from tests.faults.stage import Options
from tests.figures import at_least, report, tell

WITHIN = 120.0
BUSY = (
    Answer(429, wait=1), Answer(429, wait=2), Answer(429, wait=1, as_date=True), Answer(429, wait=2, as_date=True),
)  # fmt: skip
BROKEN = (Answer(500), Answer(502), Answer(503, wait=1), Answer(503, wait=2, as_date=True), Answer(504))
SILENT = (Answer(hangs=True),)
# A push that hangs is given up after this.
CHANGES = replace(QUICK, longest_push=3.0, lease=12.0)


def run(options: Options) -> dict[str, Any]:
    """The whole run on each database, and one in which `Retry-After` goes unread."""
    plan = Plan(within=WITHIN, respite=0.5, changes=CHANGES)
    figures: dict[str, Any] = {"seed": options.seed}
    budgets: dict[str, Any] = {}
    for backend in options.backends:
        tell(backend)
        chance = random.Random(options.seed)
        found = play(backend, plan, chance, answer=badly(chance))
        figures |= {**found.figures(backend), f"{backend}_share_of_bad_answers": found.share_of_bad_answers}
        budgets |= budgets_of(backend, plan, found)
        budgets[f"{backend}_share_of_bad_answers"] = at_least(found.share_of_bad_answers, 0.25)
    tell("the control: Retry-After goes unread, and no kill")
    chance = random.Random(options.seed)
    deaf = replace(SMALL, kills=0, changes=replace(CHANGES, first_pause=0.1, heeds_retry_after=False))
    control = play(options.backends[0], deaf, chance, answer=badly(chance))
    figures |= control.figures("control_deaf")
    budgets["control_deaf_early"] = at_least(control.early, 1)
    return report("S3", 1, figures, budgets)


def badly(chance: random.Random) -> Callable[[], Answer]:
    """Three answers in ten of another kind than 201, each kind as often as the others."""

    def answer() -> Answer:
        if chance.random() >= 0.3:
            return Answer()
        return chance.choice(chance.choice((BUSY, BROKEN, SILENT)))

    return answer
