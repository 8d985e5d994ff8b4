"""A pytest plugin for `python -m tests`: what is the same twice over is looked at in turn.

Rules are tried on SQLite and on PostgreSQL. What goes through a door is tried on one of them: the same one each time,
the other for the next test. So is every page of the accessibility sweep in one language. `python -m tests --every`, and
pytest by itself, leave nothing out.
"""

from __future__ import annotations

import zlib
from collections import defaultdict

import pytest

BACKENDS = ("postgresql", "sqlite")
DOORS = {"tenant_door", "staff_door"}


def in_turn(config: pytest.Config) -> bool:
    """Whether this run looks at one of each."""
    return config.pluginmanager.hasplugin(__name__)


def turn_of(name: str, ways: int) -> int:
    """Which of so many ways it is the turn of, for the test or the page of this name. The same in every run."""
    return zlib.crc32(name.encode()) % ways


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the other half of each pair of tests that goes through a door on both databases."""
    pairs: dict[str, list[str]] = defaultdict(list)
    for item in items:
        if backend := _backend(item):
            pairs[_pair(item, backend)].append(backend)
    left_out = [
        item for item in items
        if (backend := _backend(item)) and len(pairs[_pair(item, backend)]) == len(BACKENDS)
        and backend != BACKENDS[turn_of(_pair(item, backend), len(BACKENDS))]
    ]  # fmt: skip
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in set(left_out)]


def _backend(item: pytest.Item) -> str | None:
    """On which of both databases this test goes through a door; None where it does not, or where it has no choice."""
    call = getattr(item, "callspec", None)
    through_a_door = DOORS & set(getattr(item, "fixturenames", ()))
    backend = call.params.get("backend") if call is not None and through_a_door else None
    return backend if backend in BACKENDS else None


def _pair(item: pytest.Item, backend: str) -> str:
    """What both of a pair are called."""
    return item.nodeid.replace(backend, "")
