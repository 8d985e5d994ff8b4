"""How far a goal has come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from tenant_app.goals.models import Step

StepState = Literal["did", "here", "to-come", "rest"]


@dataclass(frozen=True)
class Progress:
    """How far a goal has come: numbers, the stones of its path, and what is next."""

    done: int
    total: int
    stones: list[StepState]
    next: Step | None

    @classmethod
    def along(cls, steps: Sequence[Step], *, paused: bool, reached: bool) -> Progress:
        """Steps done and to come. The first step not done is next, unless the goal rests or was reached."""
        ahead = [step for step in steps if step.done_at is None]
        following = None if paused or reached or not ahead else ahead[0]
        stones: list[StepState] = []
        for step in steps:
            if step.done_at:
                stones.append("did")
            elif paused:
                stones.append("rest")
            else:
                stones.append("here" if step is following else "to-come")
        # The road is drawn as far as one has come, so what is done comes first, in whatever order it was done.
        stones.sort(key=lambda state: state != "did")
        return cls(len(steps) - len(ahead), len(steps), stones, following)
