"""Administration, furnished: tenants, colleagues, and how reminders go out."""

from __future__ import annotations

from staff_portal.administration import staff, status, tenants
from staff_portal.administration.room import room

__all__ = ["room", "staff", "status", "tenants"]
