"""What can be found of one item of an inspection."""

from __future__ import annotations

import enum


class Outcome(enum.StrEnum):
    """What was found of one item."""

    OK = "ok"
    FAILED = "failed"
    NOT_APPLICABLE = "not_applicable"
