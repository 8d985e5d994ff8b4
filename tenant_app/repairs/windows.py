"""Between which wall times somebody comes, as one word: `13:00-16:00`."""

from __future__ import annotations

from datetime import time


def read_window(window: str) -> tuple[time, time] | None:
    """`13:00-16:00` as two wall times; None for an empty window."""
    if not window:
        return None
    start, end = window.split("-")
    return time.fromisoformat(start), time.fromisoformat(end)


def write_window(start: time, end: time) -> str:
    """Two wall times as `13:00-16:00`. Raises `ValueError` if it ends before it begins."""
    if end <= start:
        raise ValueError("a visit ends after it begins")
    return f"{start:%H:%M}-{end:%H:%M}"
