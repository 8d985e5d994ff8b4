"""S2, small: real worker processes, four of which are killed."""

from __future__ import annotations

import random

import pytest

from tests.faults.killed_workers import Plan, play
from tests.faults.worker_process import Changes


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_killing_workers_in_the_middle_of_sending_loses_no_reminder_and_shows_none_twice(backend: str) -> None:
    quick = Changes(lease=2.0, longest_push=0.6, idle=0.02, first_pause=0.2)

    found = play(backend, Plan(reminders=40, kills=4, changes=quick), random.Random(4))

    assert (found.kills, found.topics, found.problems) == (4, 40, [])
    assert (found.lost, found.unsettled, found.visible_repeats) == (0, 0, 0)
