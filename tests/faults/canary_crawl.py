"""S5: a canary in every private text of five tenants, and everybody reads everything they can reach."""

from __future__ import annotations

import sys
from contextlib import redirect_stdout
from typing import Any

from tenant_app import clock
from tests.access.leaks import hunt, leak, sow
from tests.access.world import lived_in_house
from tests.conftest import THURSDAY
from tests.faults.stage import Options, empty_house
from tests.figures import at_least, at_most, report, tell

LEAST_TABLES = 12
"""Kinds of record that somebody must have read rightly, or the walk went past everything."""


def run(options: Options) -> dict[str, Any]:
    """The crawl on each database; on the first also with a leak that was planted."""
    figures: dict[str, Any] = {"seed": options.seed}
    budgets: dict[str, Any] = {}
    for backend in options.backends:
        tell(backend)
        # What the doors log would stand before the report otherwise, which is one JSON object.
        with (
            redirect_stdout(sys.stderr), empty_house(backend) as settings, lived_in_house(settings) as database,
            clock.stopped_at(THURSDAY),
        ):  # fmt: skip
            planted = sow(settings, database)
            found = hunt(settings, database, planted=planted)
            figures |= {
                f"{backend}_requests": found.requests, f"{backend}_canaries": found.canaries,
                f"{backend}_read_rightly": len(found.seen_rightly), f"{backend}_tables_read": sorted(found.tables_read),
                f"{backend}_notices": found.notices, f"{backend}_first_leaks": found.forbidden[:20],
            }  # fmt: skip
            budgets |= {
                f"{backend}_read_by_others": at_most(len(found.forbidden), 0),
                f"{backend}_in_logs": at_most(len(found.in_logs), 0),
                f"{backend}_in_addresses": at_most(len(found.in_addresses), 0),
                f"{backend}_on_lock_screens": at_most(len(found.on_lock_screens), 0),
                f"{backend}_tables_without_readers": at_most(len(found.unnamed), 0),
                f"{backend}_kinds_read": at_least(len(found.tables_read), LEAST_TABLES),
            }
            for line in (*found.unnamed, *found.forbidden[:40], *found.in_logs[:5], *found.in_addresses[:5],
                         *found.on_lock_screens[:5]):  # fmt: skip
                tell(f"   {line}")
            if backend == options.backends[0] and planted:
                tell("the control: one person's plan for hard days stands where a group meets")
                with database.step() as session:
                    leak(session, next(one for one in planted if one.table == "plan_line"))
                loose = hunt(settings, database, each=1, most=40, every_worker=False, planted=planted)
                budgets["control_leak_found"] = at_least(len(loose.forbidden), 1)
    return report("S5", 1, figures, budgets)
