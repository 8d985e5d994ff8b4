"""S7, small: twenty endpoints that lead inside, one redirect, and each guard taken away."""

from __future__ import annotations

import pytest

from tests.faults.hostile_endpoints import attack, besieged, guards_off, literal

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_no_hostile_endpoint_is_called_and_no_redirect_is_followed(backend: str) -> None:
    with besieged(backend, step=10) as siege:
        found = attack(siege, [302, 308])

    assert len(siege.hostile) == 20
    assert found.refused == sum(not one.listed for one in siege.hostile)
    assert found.redirected == 40
    assert (found.hits, found.follow_ups) == (0, 0)


@pytest.mark.parametrize("guard", ["endpoint_check", "public_addresses", "no_redirects"])
def test_without_any_one_guard_something_is_called_that_must_not_be(backend: str, guard: str) -> None:
    select = literal if guard == "no_redirects" else lambda one: bool(one.host)
    with besieged(backend, select, step=3) as siege, guards_off()[guard]:
        found = attack(siege, [302])

    assert found.hits + found.follow_ups > 0
