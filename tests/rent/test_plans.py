"""The plan of an agreement adds up to the penny, and a rest moves its days alone."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_app.rent.models import Frequency
from tenant_app.rent.plans import MOST, Instalment, Rest, Terms, Unfit, check, plan_of, total_by
from tests.rent.agreed import terms
from tests.rent.conftest import FRIDAY, TODAY, days_later

PENCE = st.integers(1, 5_000_000)


@given(
    arrears=PENCE, instalment=PENCE, initial=st.integers(0, 5_000_000), frequency=st.sampled_from(Frequency),
    first=st.dates(date(2020, 1, 1), date(2090, 1, 1)),
)  # fmt: skip
def test_the_plan_adds_up_to_the_arrears_to_the_penny(
    arrears: int, instalment: int, initial: int, frequency: Frequency, first: date
) -> None:
    agreed = Terms(arrears, instalment, frequency, first, initial, first if initial else None)
    try:
        check(agreed, first)
    except Unfit:
        return
    plan = plan_of(agreed)

    assert sum(one.pence for one in plan) == arrears == plan[-1].total
    assert all(type(one.pence) is int and one.pence > 0 for one in plan)
    instalments = plan[1:] if initial else plan
    assert [one.pence for one in instalments[:-1]] == [instalment] * (len(instalments) - 1)
    assert instalments[-1].pence <= instalment
    assert len(instalments) <= MOST[frequency]
    assert [one.day for one in plan] == sorted(one.day for one in plan)
    assert instalments[0].day == first


@given(
    arrears=st.integers(1, 60_000), instalment=st.integers(200, 60_000), frequency=st.sampled_from(Frequency),
    rests=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 40)), max_size=4),
)  # fmt: skip
def test_a_rest_moves_days_and_never_sums(
    arrears: int, instalment: int, frequency: Frequency, rests: list[tuple[int, int]]
) -> None:
    agreed = Terms(arrears, instalment, frequency, FRIDAY)
    rested = [Rest(days_later(first), days_later(first + length)) for first, length in rests]
    plan, moved = plan_of(agreed), plan_of(agreed, rested)

    assert [one.pence for one in moved] == [one.pence for one in plan]
    assert all(later.day >= sooner.day for later, sooner in zip(moved, plan, strict=True))
    assert not any(rest.first <= one.day <= rest.last for rest in rested for one in moved)


def test_a_plan_worked_by_hand() -> None:
    plan = plan_of(Terms(5000, 1500, Frequency.MONTHLY, date(2027, 1, 31), 1000, date(2027, 1, 4)))

    assert plan == [
        Instalment(date(2027, 1, 4), 1000, 1000), Instalment(date(2027, 1, 31), 1500, 2500),
        Instalment(date(2027, 2, 28), 1500, 4000), Instalment(date(2027, 3, 31), 1000, 5000),
    ]  # fmt: skip
    assert [total_by(plan, date(2027, month, 1)) for month in (1, 2, 3, 4)] == [0, 2500, 4000, 5000]


@pytest.mark.parametrize(
    ("wrong", "field", "why"),
    [
        ({"instalment": 0}, "instalment_pence", "none"),
        ({"instalment": 6001}, "instalment_pence", "above"),
        ({"initial_pence": 6000, "initial_on": TODAY}, "initial_pence", "above"),
        ({"initial_pence": -1}, "initial_pence", "none"),
        ({"initial_pence": 100}, "initial_on", "early"),
        ({"initial_pence": 100, "initial_on": TODAY - timedelta(days=1)}, "initial_on", "early"),
        ({"initial_pence": 100, "initial_on": days_later(9)}, "initial_on", "order"),
        ({"arrears": 60000, "instalment": 100}, "instalment_pence", "long"),
        ({"instalment": 5.0}, "instalment_pence", "none"),
    ],
)
def test_terms_that_make_no_plan_are_refused(wrong: dict[str, object], field: str, why: str) -> None:
    with pytest.raises(Unfit) as refused:
        check(terms(**wrong), TODAY)  # type: ignore[arg-type]

    assert (refused.value.field, refused.value.why) == (field, why)
