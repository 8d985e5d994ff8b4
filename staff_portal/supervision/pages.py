"""Supervision, furnished."""

from __future__ import annotations

from staff_portal.supervision import covering, desk, moving, notes
from staff_portal.supervision.room import room

__all__ = ["covering", "desk", "moving", "notes", "room"]
