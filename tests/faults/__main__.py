"""`python -m tests.faults NAME [--json]`: one fault, made on purpose and at full size, and what came of it.

Each run also takes its guard away and fails unless that shows: its budgets named `control` say so. Progress goes to
standard error, the report to standard output; the exit status is 0 only where every budget holds.
"""

from __future__ import annotations

import argparse
import importlib
import random
import signal
import sys
from collections.abc import Sequence

RUNS = {
    "S1": ("last_places", "1,600 attempts from 16 processes on 100 sessions with one place each"),
    "S2": ("killed_workers", "2,000 reminders, two workers, 100 of them killed in the middle of sending"),
    "S3": ("faulty_answers", "the same, and three answers in ten are 429, 5xx, or none at all"),
    "S4": ("access_matrix", "every page, with every method, as everybody, at records of theirs and of others"),
    "S5": ("canary_crawl", "a string of its own in every private text, and everybody reads everything they can reach"),
    "S7": ("hostile_endpoints", "200 endpoints that lead inside, and five ways to redirect there"),
    "S8": ("clock_changes", "every minute of the days on which clocks change, five years long"),
    "S10": ("edit_conflicts", "500 pairs of changes of one text, made from the same page at the same moment"),
    "S14": ("nine_oclock", "1,000 reminders due at the same moment"),
    "photos": ("photos", "160 hostile files at the page that takes photos: bombs, broken, telling, and no photos at all"),
    "hung-phones": ("hung_phones", "500 reminders due at the same moment, three times, and 20 phones that never answer"),
}


def main(arguments: Sequence[str]) -> int:
    """Make one fault. Returns the exit status."""
    from tests.faults.stage import BACKENDS, Options
    from tests.figures import show, tell

    lines = "\n".join(f"  {name:<11} {what}" for name, (_, what) in RUNS.items())
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults", description=__doc__, epilog=lines,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("name", choices=RUNS)
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of a table")
    parser.add_argument("--seed", type=int, help="of everything random; printed, so that a run can be had again")
    parser.add_argument("--database", choices=[*BACKENDS, "both"], default="both")
    asked = parser.parse_args(arguments)
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10**6)
    module, what = RUNS[asked.name]
    tell(f"{asked.name}: {what} (seed {seed})")
    backends = BACKENDS if asked.database == "both" else (asked.database,)
    found = importlib.import_module(f"tests.faults.{module}").run(Options(seed, backends))
    return show(found, as_json=asked.json)


if __name__ == "__main__":
    # A polite kill must stop what was started: as an exception it passes through every `with` on its way out.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(128 + signal.SIGINT)
