"""Supervision, furnished."""

from __future__ import annotations

from staff_portal.supervision.room import room

__all__ = ["room"]
