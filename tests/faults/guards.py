"""Taking a guard away: a run that stays green without it has proved nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any

_ABSENT = object()


@contextmanager
def swapped(home: ModuleType, name: str, replacement: Any) -> Iterator[None]:
    """Put `replacement` wherever the house knows `home.name` by that name, until the block ends.

    Modules that said `from home import name` have it as a global of their own, so all of them are looked through:
    again at the end, because one that was first imported meanwhile would keep the replacement for good.
    Raises `AttributeError` if `home` has no such name: what was renamed must not seem to have been taken away.
    """
    original = getattr(home, name)
    _put(name, original, replacement)
    try:
        yield
    finally:
        _put(name, replacement, original)


def _put(name: str, there: Any, instead: Any) -> None:
    for key, module in list(sys.modules.items()):
        if key.split(".")[0] in ("tenant_app", "staff_portal") and vars(module).get(name, _ABSENT) is there:
            setattr(module, name, instead)
