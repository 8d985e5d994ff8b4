"""S4, small: a few rooms of both doors; and every route is declared. The whole walk is `python -m tests.faults S4`."""

from __future__ import annotations

import pytest

from tests.access.conftest import LivedInHouse
from tests.access.matrix import Walk
from tests.faults.access_matrix import open_to_all, unscoped

pytestmark = pytest.mark.xdist_group("lived-in-house")  # or each process would live in one of its own

FEW = frozenset({"goals", "safety_plan", "check_ins", "caseload", "reviews", "read_alerts", "break_glass", "administration"})


def test_every_page_of_a_few_rooms_is_for_those_it_was_declared_for(lived_in_house: LivedInHouse) -> None:
    found = Walk(*lived_in_house, rooms=FEW, each=1).whole()

    assert found.mismatches == []
    assert found.undeclared == []
    assert found.unprobed == []
    assert found.foreign > 20


def test_every_route_of_both_doors_is_declared(lived_in_house: LivedInHouse) -> None:
    assert Walk(*lived_in_house, rooms=frozenset()).undeclared() == []


def test_a_page_whose_scoping_went_is_found(lived_in_house: LivedInHouse) -> None:
    with unscoped():
        found = Walk(*lived_in_house, rooms=frozenset({"goals", "caseload"}), each=1).whole()

    assert any("goals.show" in line for line in found.mismatches)
    assert any("caseload.tenant" in line for line in found.mismatches)


def test_a_page_that_is_marked_for_too_many_is_found(lived_in_house: LivedInHouse) -> None:
    with open_to_all():
        found = Walk(*lived_in_house, rooms=frozenset({"caseload"}), each=1).whole()

    assert any("caseload.index" in line and "is let in" in line for line in found.mismatches)
