"""How far a review is, what it is about, and whose word is whose."""

from __future__ import annotations

import enum


class Stage(enum.StrEnum):
    """How far a review has come."""

    AHEAD = "ahead"
    """The two have still to meet; notes for the meeting may be there."""
    WRITTEN = "written"
    """They met, and it is written down. The worker has still to sign it."""
    SIGNED = "signed"
    """Signed by the worker; waits for the tenant's word."""
    ANSWERED = "answered"
    """The tenant sees it otherwise, and said so. The worker may answer, and closes it."""
    CLOSED = "closed"


class Kind(enum.StrEnum):
    """What changed in a tenant's life, so that the plan is looked at again."""

    HOSPITAL = "hospital"
    INCOME = "income"
    BEREAVEMENT = "bereavement"
    DIAGNOSIS = "diagnosis"
    RISK = "risk"
    TENANCY = "tenancy"
    OTHER = "other"


class Question(enum.StrEnum):
    """What a tenant thinks about before the two meet, in the order of asking."""

    WELL = "well"
    HARD = "hard"
    NEXT = "next"


class Who(enum.StrEnum):
    """Who does what was agreed."""

    TENANT = "tenant"
    WORKER = "worker"
    BOTH = "both"
    OTHER = "other"


class Side(enum.StrEnum):
    """Whose signature it is."""

    WORKER = "worker"
    TENANT = "tenant"


class Stand(enum.StrEnum):
    """What somebody says of the text that they read."""

    AGREES = "agrees"
    DISAGREES = "disagrees"
    """Signs it, and sees something otherwise."""
    DECLINES = "declines"
    """Does not agree, and does not sign."""
