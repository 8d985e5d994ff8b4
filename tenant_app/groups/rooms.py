"""The parts of this room beside its first page, for the tenants' door to open."""

from tenant_app.groups import calendar_pages, needs_pages, place_pages

rooms = place_pages.room, needs_pages.room, calendar_pages.room
