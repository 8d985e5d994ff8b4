"""S1, small: processes that all reach for the same last places, with the guards and without."""

from __future__ import annotations

import pytest

from tests.faults.last_places import Plan, play

FEW = Plan(processes=4, sessions=6)


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_each_last_place_is_given_once_and_nobody_meets_an_error(backend: str) -> None:
    found = play(backend, FEW, seed=1)

    assert (found.attempts, found.sold, found.oversold, found.miscounted, found.errors) == (24, 6, 0, 0, 0)


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_without_the_guards_places_are_sold_that_there_are_not(backend: str) -> None:
    assert play(backend, FEW, seed=1, guarded=False).oversold > 0
