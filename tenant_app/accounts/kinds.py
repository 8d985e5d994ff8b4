"""What workers are and do here, and under what and how far along tenants live here: words that a row can hold."""

from __future__ import annotations

import enum


class Role(enum.StrEnum):
    """What a worker does here, and so what they may see (DESIGN section 4)."""

    KEYWORKER = "keyworker"
    COORDINATOR = "coordinator"
    FACILITATOR = "facilitator"
    HOUSING_OFFICER = "housing_officer"
    ADMINISTRATOR = "administrator"


CARRIERS = (Role.KEYWORKER, Role.COORDINATOR)
"""Who can be somebody's keyworker."""


class Footing(enum.StrEnum):
    """On what footing a worker is here. It changes nothing of what their role lets them see."""

    EMPLOYEE = "employee"
    PEER = "peer"
    """Someone who has been through it, and may be a tenant too."""
    VOLUNTEER = "volunteer"


class Occupancy(enum.StrEnum):
    """The agreement someone lives under. Awaab's Law binds leases; we run its clocks for licences too."""

    TENANCY = "tenancy"
    LICENCE = "licence"


class Stage(enum.StrEnum):
    """Where somebody is on their way through this placement. In the order of the way; nobody is moved on by it."""

    SETTLING_IN = "settling-in"
    WORKING_ON_IT = "working-on-it"
    PREPARING_TO_MOVE = "preparing"
    MOVING_ON = "moving-on"


class Intensity(enum.StrEnum):
    """How much support was agreed for somebody at present."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
