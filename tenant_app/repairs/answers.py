"""What a tenant answers about a repair by choosing."""

from __future__ import annotations

import enum


class Severity(enum.StrEnum):
    """How bad it is, as the tenant says."""

    WAIT = "wait"
    HARD = "hard"
    """It makes daily life hard."""
    DANGER = "danger"
    """It is dangerous now."""


class Began(enum.StrEnum):
    """Since when, as near as anybody remembers."""

    TODAY = "today"
    WEEK = "week"
    MONTH = "month"
    LONGER = "longer"
