"""What became of reminders whose workers were killed, counted at the push service."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tests.faults.push_service import PushService, Try


@dataclass
class Outcome:
    """What came of it."""

    reminders: int
    kills: int = 0
    kills_in_flight: int = 0
    """Kills of workers that had pushes on their way."""
    in_flight: int = 0
    """Pushes on their way at the moment of a kill, all kills together."""
    seconds: float = 0.0
    lost: int = 0
    """Reminders that no phone was sent."""
    unsettled: int = 0
    """Reminders that still wait at the end."""
    repeats: int = 0
    most_repeats_of_a_kill: int = 0
    most_repeats_of_a_reminder: int = 0
    repeats_without_a_kill: int = 0
    repeats_after_a_time_out: int = 0
    """Of pushes whose worker lived and had given up waiting for the answer, as on a machine with too much to do."""
    visible_repeats: int = 0
    """Repeats with another topic or tag than their twin's: the tenant would see both."""
    topics: int = 0
    problems: list[str] = field(default_factory=list)
    """Pushes that the service could not take, and why."""
    early: int = 0
    """Times that a phone was tried again before its push service allowed it."""
    answers: Counter[int] = field(default_factory=Counter)
    """How many of each status; 0 where none was given."""

    @property
    def share_of_bad_answers(self) -> float:
        """0 to 1."""
        return 1 - sum(count for status, count in self.answers.items() if 200 <= status < 300) / self.answers.total()

    def figures(self, prefix: str) -> dict[str, Any]:
        """All of it by name."""
        plain = {name: value for name, value in vars(self).items() if name not in ("problems", "answers")}
        told = {"problems": len(self.problems), "repeats_a_kill": self.repeats / max(self.kills, 1)}
        answered = {str(status): count for status, count in sorted(self.answers.items())}
        return {f"{prefix}_{name}": value for name, value in {**plain, **told, "answers": answered}.items()}


def count(found: Outcome, service: PushService, phones: Sequence[str], killed: Mapping[str, float]) -> None:
    """Make figures of what the push service saw.

    `phones` are the paths of those that each had one reminder to come; `killed` says when which worker died.
    """
    pushes: defaultdict[str, list[Try]] = defaultdict(list)
    of_a_kill: Counter[str] = Counter()
    for one in service.tries:
        found.answers[one.status] += 1
        pushes[one.path].append(one)
    for tries in pushes.values():
        tries.sort(key=lambda one: one.came)
        found.early += sum(
            any(earlier.answered <= later.came < (earlier.not_before or 0.0) for earlier in tries) for later in tries
        )
        taken = [one for one in tries if one.taken]
        found.repeats += max(len(taken) - 1, 0)
        found.most_repeats_of_a_reminder = max(found.most_repeats_of_a_reminder, len(taken) - 1)
        for twin, repeat in pairwise(taken):
            of_a_kill[twin.worker] += 1
            if repeat.came < killed.get(twin.worker, float("inf")):
                found.repeats_without_a_kill += twin.heard
                found.repeats_after_a_time_out += not twin.heard
            found.visible_repeats += (twin.topic, twin.tag) != (repeat.topic, repeat.tag)
    found.most_repeats_of_a_kill = max((of_a_kill[worker] for worker in killed), default=0)
    found.lost = sum(not any(one.taken for one in pushes[phone]) for phone in phones)
    found.topics = len({one.topic for one in service.tries})
    found.problems = list(service.problems)
