"""S10, small: two phones that rewrite the same words at the same moment, with the guards and without."""

from __future__ import annotations

import pytest

from tests.faults.edit_conflicts import Plan, play

FEW = Plan(pairs=10)


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_of_two_texts_one_is_saved_and_the_other_is_told_with_both_shown(backend: str) -> None:
    found = play(backend, FEW, seed=1)

    assert (found.pairs, found.told, found.silent, found.hidden, found.errors) == (10, 10, 0, 0, 0)
    assert found.chosen == 2


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_the_version_of_a_goal_alone_loses_nothing(backend: str) -> None:
    found = play(backend, FEW, seed=1, holding=False)

    assert (found.silent, found.hidden, found.errors) == (0, 0, 0)


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_where_nobody_looks_what_somebody_wrote_is_lost(backend: str) -> None:
    assert play(backend, FEW, seed=1, looking=False).silent > 0
