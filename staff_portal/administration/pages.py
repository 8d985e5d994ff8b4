"""Administration, furnished: tenants and colleagues."""

from __future__ import annotations

from staff_portal.administration import staff, tenants
from staff_portal.administration.room import room

__all__ = ["room", "staff", "tenants"]
