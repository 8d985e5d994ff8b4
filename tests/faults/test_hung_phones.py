"""The run of phones that never answer, small: a real worker, and two of twenty-four that hang."""

from __future__ import annotations

import random

import pytest

from tests.faults.hung_phones import Plan, play


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_phones_that_never_answer_keep_no_reminder_from_the_others(backend: str) -> None:
    found = play(backend, Plan(phones=24, hung=2, rounds=1), random.Random(25))

    assert [len(one) for one in found.late] == [22]
    assert (found.lost, found.problems) == (0, 0)
    assert found.fewest_knocks >= 1
