"""The parts of a record that somebody can have put right or erased: the rooms of the house that hold rows of theirs."""

from __future__ import annotations

from tenant_app.support.record.ways import part_of_house, ways

EVERYTHING = "everything"
ONLY_WITH_ALL = frozenset({"accounts", "inspections", "reminders", "rent", "repairs", "support"})
"""What cannot go by itself: the account that all else hangs on, and what has to be kept while somebody lives here."""


def parts() -> list[str]:
    """All of them."""
    return sorted({part_of_house(name) for name in ways()} - {"", "support"})


def erasable() -> list[str]:
    """Those that can go while the rest stays."""
    return [part for part in parts() if part not in ONLY_WITH_ALL]
