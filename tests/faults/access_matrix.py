"""S4: every page, with every method, as everybody, at records that are theirs, at others', and at none."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from typing import Any

from sqlalchemy import Select, select, true

from tenant_app import clock
from tenant_app.accounts import models
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.goals.models import Goal
from tests.access.matrix import Found, Walk
from tests.access.world import lived_in_house
from tests.conftest import THURSDAY
from tests.faults.guards import swapped
from tests.faults.stage import Options, empty_house
from tests.figures import at_least, at_most, report, tell

WITHIN = 180.0
"""Processor seconds for one walk, which are its seconds on a machine that does nothing else."""
FEW = frozenset({"goals", "caseload", "reviews"})
"""Rooms that the controls walk through."""


def run(options: Options) -> dict[str, Any]:
    """The walk on each database, with its controls on the first."""
    figures: dict[str, Any] = {"seed": options.seed}
    budgets: dict[str, Any] = {}
    for backend in options.backends:
        tell(backend)
        # What the doors log would stand before the report otherwise, which is one JSON object.
        with (
            redirect_stdout(sys.stderr), empty_house(backend) as settings, lived_in_house(settings) as database,
            clock.stopped_at(THURSDAY),
        ):  # fmt: skip
            begins, began = time.process_time(), time.monotonic()
            found = Walk(settings, database, options.seed).whole()
            seconds = time.process_time() - begins
            figures[f"{backend}_seconds_by_the_clock"] = time.monotonic() - began
            figures |= {f"{backend}_{name}": value for name, value in _figures(found).items()}
            figures[f"{backend}_processor_seconds"] = seconds
            budgets |= {
                f"{backend}_mismatches": at_most(len(found.mismatches), 0),
                f"{backend}_undeclared": at_most(len(found.undeclared), 0),
                f"{backend}_without_a_foreign_record": at_most(len(found.unprobed), 0),
                f"{backend}_declared_percent": at_least(100 * found.declared / found.routes, 100),
                f"{backend}_processor_seconds": at_most(seconds, WITHIN),
            }
            if backend == options.backends[0]:
                for name, control in (("scoping", unscoped), ("mark", open_to_all)):
                    tell(f"the control: without a {name}")
                    with control():
                        loose = Walk(settings, database, options.seed, rooms=FEW).whole()
                    budgets[f"control_{name}_found"] = at_least(len(loose.mismatches), 1)
        for line in (*found.mismatches, *found.undeclared, *(f"no foreign record: {each}" for each in found.unprobed)):
            tell(f"   {line}")
    return report("S4", 1, figures, budgets)


@contextmanager
def unscoped() -> Iterator[None]:
    """Take the scoping away: everybody's goals are anybody's, and every tenant is on every caseload."""
    of, caseload = Goal.of, Worker.caseload
    Goal.of = classmethod(lambda cls, tenant: select(cls))  # type: ignore[assignment,method-assign]
    Worker.caseload = property(lambda worker: _everyone())  # type: ignore[assignment,method-assign]
    try:
        with swapped(models, "supported_by", lambda worker: true()):
            yield
    finally:
        Goal.of, Worker.caseload = of, caseload  # type: ignore[method-assign]


def _everyone() -> Select[Tenant]:
    return select(Tenant)


@contextmanager
def open_to_all() -> Iterator[None]:
    """Mark a page of the desk for every role."""
    from staff_portal.caseload import pages
    from tenant_app.accounts.models import Role

    before = pages.index.audience
    pages.index.audience = frozenset(Role)
    try:
        yield
    finally:
        pages.index.audience = before


def _figures(found: Found) -> dict[str, Any]:
    plain = {name: value for name, value in vars(found).items() if isinstance(value, int)}
    return plain | {
        "answers": {str(status): count for status, count in sorted(found.answers.items())},
        "first_mismatches": found.mismatches[:20],
    }  # fmt: skip
