"""Names of the times of day, in the reader's language. They stand for medicines wherever names may not be shown."""

from __future__ import annotations

from datetime import time

from flask_babel import gettext, ngettext


def part_of_day(wall_time: time) -> str:
    """`Morning`, `Midday`, `Evening` or `Night`; the small hours belong to the night."""
    hour = wall_time.hour
    if 5 <= hour < 12:
        return gettext("Morning")
    if 12 <= hour < 17:
        return gettext("Midday")
    if 17 <= hour < 22:
        return gettext("Evening")
    return gettext("Night")


def slot_title(wall_time: time) -> str:
    """`Morning medicines`."""
    hour = wall_time.hour
    if 5 <= hour < 12:
        return gettext("Morning medicines")
    if 12 <= hour < 17:
        return gettext("Midday medicines")
    if 17 <= hour < 22:
        return gettext("Evening medicines")
    return gettext("Night medicines")


def slot_title_with_count(wall_time: time, count: int) -> str:
    """`Morning medicines, 2 to take`."""
    return gettext("%(medicines)s, %(count)s", medicines=slot_title(wall_time), count=to_take(count))


def to_take(count: int) -> str:
    """`2 to take`."""
    return ngettext("%(num)s to take", "%(num)s to take", count)
