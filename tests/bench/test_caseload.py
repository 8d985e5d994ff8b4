"""The benchmark of the caseload, small: both people find their pages in a house that it wrote, and growth is noticed."""

from __future__ import annotations

import pytest

from tenant_app.settings import Settings
from tests.bench.caseload import Found, furnished, judged, measure
from tests.bench.many_tenants import CASELOAD


@pytest.fixture(autouse=True)
def thursday() -> None:
    """The clock is not stopped here: what the pages show is dated by the real one."""


def test_pages_ask_the_same_questions_in_a_larger_house(settings: Settings) -> None:
    house = furnished(settings, 60, 24)
    found = measure({60: house}, sizes=(60,), large=24, rounds=1, seed=1)

    assert set(found) == {(f"{who}_{page}", 60) for who in ("keyworker", "coordinator") for page in ("caseload", "today")}
    assert all(0 < each.questions < 60 and len(each.wall) == len(each.cpu) == 1 for each in found.values())
    page = house.who["keyworker"].get("/caseload").text
    assert f"{CASELOAD} people" in page
    assert "Cook for myself twice a week" in page
    assert "24 people" in house.who["coordinator"].get("/caseload").text
    today = house.who["keyworker"].get("/today").text
    for kind in ("Ask how they are", "Messages to answer", "Asked of you", "Phones that reminders do not reach"):
        assert kind in today
    house.door.extensions["homeward"].database.close()


def test_a_page_that_grows_with_the_house_is_noticed() -> None:
    flat, grown = Found([0.1] * 3, [0.01] * 3, 20), Found([0.14] * 3, [0.01] * 3, 21)

    budgets = judged({("keyworker_caseload", 100): flat, ("keyworker_caseload", 100_000): grown})

    assert {name: one["holds"] for name, one in budgets.items()} == {
        "keyworker_caseload_wall": False, "keyworker_caseload_cpu": True, "keyworker_caseload_more_questions": False,
    }  # fmt: skip
