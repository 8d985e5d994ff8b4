"""What a run that measures prints: its figures, the budgets they are held to, and the machine they were taken on."""

from __future__ import annotations

import json
import math
import os
import platform
import sqlite3
import sys
from collections.abc import Mapping, Sequence
from importlib import metadata
from typing import Any

PACKAGES = ("flask", "sqlalchemy", "psycopg", "pycurl", "uvloop", "pywebpush", "cryptography", "babel")
_load_at_start = os.getloadavg()


def at_most(figure: float, limit: float) -> dict[str, Any]:
    """A budget that `figure` holds as long as it does not pass `limit`. A figure that is missing (NaN) never does."""
    return {"figure": figure, "limit": limit, "holds": figure <= limit, "limit_is": "most"}


def at_least(figure: float, limit: float) -> dict[str, Any]:
    """A budget that `figure` holds once it reaches `limit`: a ratio to another program, or a control that fails."""
    return {"figure": figure, "limit": limit, "holds": figure >= limit, "limit_is": "least"}


def report(
    name: str, rounds: int, figures: Mapping[str, Any], budgets: Mapping[str, Mapping[str, Any]], **versions: Any
) -> dict[str, Any]:
    """One run as one JSON object. `versions` adds what the run alone knows, such as a server's version."""
    return {
        "name": name,
        "versions": {**machine(), **versions},
        "rounds": rounds,
        "figures": {key: _plain(value) for key, value in figures.items()},
        "budgets": {key: {part: _plain(value) for part, value in one.items()} for key, one in budgets.items()},
        "holds": all(one["holds"] for one in budgets.values()),
    }


def show(found: Mapping[str, Any], *, as_json: bool) -> int:
    """Print a report on standard output. Returns the exit status: 0 only where every budget holds."""
    if as_json:
        print(json.dumps(found, ensure_ascii=False), flush=True)
    else:
        print(_table(found), flush=True)
    return 0 if found["holds"] else 1


def tell(text: str) -> None:
    """Progress, on standard error."""
    print(text, file=sys.stderr, flush=True)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of `values` that at least `share` (0 to 1) of them do not pass. NaN if there are none."""
    ordered = sorted(values)
    return ordered[max(math.ceil(share * len(ordered)) - 1, 0)] if ordered else math.nan


def machine() -> dict[str, Any]:
    """What the figures depend on beside the code: programs and their versions, processors, memory, load."""
    return {
        "python": platform.python_version(),
        "platform": platform.platform(),
        "sqlite": sqlite3.sqlite_version,
        **{package: _version(package) for package in PACKAGES},
        "cpus": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "load_at_start": [round(one, 2) for one in _load_at_start],
        "load_at_end": [round(one, 2) for one in os.getloadavg()],
        "memory_mb": _memory(),
    }


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "missing"


def _memory() -> dict[str, int]:
    """Whole and available memory, where the system tells."""
    try:
        with open("/proc/meminfo", encoding="ascii") as lines:
            known = dict(line.split(":", 1) for line in lines)
    except OSError:
        return {}
    wanted = {"total": "MemTotal", "available": "MemAvailable"}
    return {ours: int(known[theirs].split()[0]) // 1024 for ours, theirs in wanted.items() if theirs in known}


def _plain(value: Any) -> Any:
    """A value that every reader of JSON takes: no NaN, and no more digits than anyone believes."""
    if isinstance(value, float):
        return round(value, 4) if math.isfinite(value) else None
    return value


def _table(found: Mapping[str, Any]) -> str:
    lines = [f"{found['name']}: {found['rounds']} rounds"]
    width = max(map(len, [*found["figures"], *found["budgets"]]), default=0)
    lines += [f"  {name:<{width}}  {value}" for name, value in found["figures"].items()]
    lines.append("budgets")
    for name, one in found["budgets"].items():
        verdict = "holds " if one["holds"] else "BROKEN"
        lines.append(f"  {name:<{width}}  {verdict}  {one['figure']} (at {one.get('limit_is', 'most')} {one['limit']})")
    lines.append("on " + ", ".join(f"{name} {value}" for name, value in found["versions"].items()))
    lines.append("All budgets hold." if found["holds"] else "NOT all budgets hold.")
    return "\n".join(lines)
