"""S7, small: twenty endpoints that lead inside, one redirect, and each guard taken away."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.addresses import hostile_endpoints
from tests.faults.hostile_endpoints import Siege, attack, besieged, guards_off

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
TWENTY = hostile_endpoints()[::10]


@pytest.fixture
def siege(backend: str) -> Iterator[Siege]:
    with besieged(backend, TWENTY) as laid:
        yield laid


def test_no_hostile_endpoint_is_called_and_no_redirect_is_followed(siege: Siege) -> None:
    found = attack(siege, [302, 308])

    assert found.refused == sum(not one.listed for one in TWENTY)
    assert found.redirected == 2 * len(TWENTY) == 40
    assert (found.hits, found.follow_ups) == (0, 0)


@pytest.mark.parametrize("guard", ["endpoint_check", "public_addresses", "no_redirects"])
def test_without_any_one_guard_something_inside_is_called(siege: Siege, guard: str) -> None:
    with guards_off()[guard]:
        found = attack(siege, [302])

    assert found.hits + found.follow_ups > 0
