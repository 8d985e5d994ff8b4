"""`python -m tests.bench push|nine-oclock|claim|booking|caseload|photos [--json] [--rounds N]`: status 0 only if all budgets hold."""

from __future__ import annotations

import argparse
import importlib
import sys

from tests.figures import show, tell

NAMES = {"push": "push", "nine-oclock": "nine_oclock", "claim": "claim", "booking": "booking",
         "caseload": "caseload", "photos": "photos"}  # fmt: skip


def main() -> int:
    """Run one benchmark and print its report."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--json", action="store_true", help="one JSON object on standard output")
    parser.add_argument("--rounds", type=int, help="how often each contender has its turn")
    asked = parser.parse_args()
    bench = importlib.import_module(f"tests.bench.{NAMES[asked.name]}")
    tell(f"measuring {asked.name}; what else this machine does shows in the figures")
    return show(bench.run(**({"rounds": asked.rounds} if asked.rounds else {})), as_json=asked.json)


if __name__ == "__main__":
    sys.exit(main())
