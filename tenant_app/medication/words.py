"""Names of the times of day, in the reader's language. They stand for medicines wherever names may not be shown."""

from __future__ import annotations

from bisect import bisect
from datetime import time

from flask_babel import gettext, ngettext

BEGINS = (5, 12, 17, 22)
"""Hours at which morning, midday, evening and night begin, by the wall clock."""


def part_of_day(wall_time: time) -> str:
    """`Morning`, `Midday`, `Evening` or `Night`; the small hours belong to the night."""
    return (gettext("Night"), gettext("Morning"), gettext("Midday"), gettext("Evening"))[_part(wall_time)]


def slot_title(wall_time: time) -> str:
    """`Morning medicines`."""
    return (
        gettext("Night medicines"),
        gettext("Morning medicines"),
        gettext("Midday medicines"),
        gettext("Evening medicines"),
    )[_part(wall_time)]


def _part(wall_time: time) -> int:
    """0 for the night, then 1 to 3 through the day."""
    return bisect(BEGINS, wall_time.hour) % 4


def slot_title_with_count(wall_time: time, count: int) -> str:
    """`Morning medicines, 2 to take`."""
    return gettext("%(medicines)s, %(count)s", medicines=slot_title(wall_time), count=to_take(count))


def to_take(count: int) -> str:
    """`2 to take`."""
    return ngettext("%(num)s to take", "%(num)s to take", count)
