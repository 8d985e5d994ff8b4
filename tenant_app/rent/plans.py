"""The plan of an arrears agreement: which sum on which day. All sums are whole pence, and add up exactly.

Source of what an agreement holds: FACTS, "Rent and money".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tenant_app.database import Pence
from tenant_app.rent.models import Frequency
from tenant_app.rent.recurring import every

MOST = {Frequency.WEEKLY: 520, Frequency.FORTNIGHTLY: 260, Frequency.FOUR_WEEKLY: 130, Frequency.MONTHLY: 120}
"""Instalments of the longest plan: ten years. What takes longer is no plan that anybody can keep."""


class Unfit(ValueError):
    """Terms that make no plan. `field` is the term, `why` one of `none`, `above`, `long`, `early`, `order`."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field, self.why = field, why


@dataclass(frozen=True)
class Terms:
    """What is agreed, in pence."""

    arrears_pence: Pence
    instalment_pence: Pence
    frequency: Frequency
    first_on: date
    initial_pence: Pence = 0
    initial_on: date | None = None
    """Day of the initial payment; None where there is none."""


@dataclass(frozen=True)
class Instalment:
    """One payment of a plan. `total` is what the plan has brought in with it; of the last one, all of the arrears."""

    day: date
    pence: Pence
    total: Pence


@dataclass(frozen=True)
class Rest:
    """Days on which an agreement rests, first and last included. No instalment falls on one of them."""

    first: date
    last: date


def check(terms: Terms, today: date) -> None:
    """Raise `Unfit` for the first term that is wrong. Days lie on `today` or later."""
    for name in ("arrears_pence", "instalment_pence"):
        if type(pence := getattr(terms, name)) is not int or pence <= 0:
            raise Unfit(name, "none")
    if terms.instalment_pence > terms.arrears_pence:
        raise Unfit("instalment_pence", "above")
    if type(terms.initial_pence) is not int or terms.initial_pence < 0:
        raise Unfit("initial_pence", "none")
    if terms.initial_pence >= terms.arrears_pence:
        raise Unfit("initial_pence", "above")
    if terms.first_on < today:
        raise Unfit("first_on", "early")
    if terms.initial_pence:
        if terms.initial_on is None or terms.initial_on < today:
            raise Unfit("initial_on", "early")
        if terms.initial_on > terms.first_on:
            raise Unfit("initial_on", "order")
    if -(-(terms.arrears_pence - terms.initial_pence) // terms.instalment_pence) > MOST[terms.frequency]:
        raise Unfit("instalment_pence", "long")


def plan_of(terms: Terms, rests: Sequence[Rest] = ()) -> list[Instalment]:
    """Every payment in order: the initial one, then instalments, the last of them whatever is left.

    Instalments whose day lies in one of `rests` come later instead, in the same rhythm, and so do all after them.
    """
    plan: list[Instalment] = []
    total = 0
    if terms.initial_pence and terms.initial_on is not None:
        total = terms.initial_pence
        plan.append(Instalment(_after(rests, terms.initial_on), total, total))
    days = _days(terms, rests)
    while total < terms.arrears_pence:
        pence = min(terms.instalment_pence, terms.arrears_pence - total)
        total += pence
        plan.append(Instalment(next(days), pence, total))
    return plan


def total_by(plan: Sequence[Instalment], day: date) -> Pence:
    """What the plan asks for up to and including `day`."""
    return max((instalment.total for instalment in plan if instalment.day <= day), default=0)


def _days(terms: Terms, rests: Sequence[Rest]) -> Iterator[date]:
    for day in every(terms.frequency, terms.first_on, terms.first_on):
        if not any(rest.first <= day <= rest.last for rest in rests):
            yield day


def _after(rests: Sequence[Rest], day: date) -> date:
    for rest in sorted(rests, key=lambda rest: rest.first):
        if rest.first <= day <= rest.last:
            day = rest.last + timedelta(days=1)
    return day
