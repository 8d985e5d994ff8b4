"""How a clock that counts hours is told: in hours while they say something, then in days."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from tenant_app import clock
from tenant_app.repairs.clocks.counting import Unit
from tenant_app.repairs.clocks.words import next_of, tag
from tenant_app.web.locale import speaking
from tests.conftest import THURSDAY
from tests.repairs.conftest import Reported


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("hours_after", "words"),
    [
        (-747, "31 days left"), (-72, "3 days left"), (-71, "2 days left"), (-48, "2 days left"),
        (-47, "47 hours left"), (-1, "1 hour left"), (0, "Less than an hour left"),
        (1, "1 hour late"), (47, "47 hours late"), (48, "2 days late"), (71, "2 days late"), (72, "3 days late"),
        (747, "31 days late"),
    ],
)  # fmt: skip
def test_two_days_and_more_of_hours_are_told_in_days(
    tenant_door: Flask, reported: Reported, hours_after: int, words: str
) -> None:
    repair = reported(kind="heating", urgent="no-heat-water")
    (row,) = repair.clocks
    assert row.unit is Unit.HOURS
    row.due_at = THURSDAY + timedelta(days=40)

    at = row.due_at + timedelta(hours=hours_after)
    with tenant_door.test_request_context(), speaking("en"), clock.stopped_at(at):
        each = next_of(repair)
        assert each is not None
        assert str(tag(each)[0]) == words
