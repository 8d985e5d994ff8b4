"""The groups' pages, room by room."""

from tenant_app.groups import calendar_pages, needs_pages, pages, place_pages
from tenant_app.groups.after import been_pages, certificate_pages, feedback_pages, mood_pages
from tenant_app.groups.meetings import item_pages
from tenant_app.groups.meetings import pages as meeting_pages
from tenant_app.groups.register import check_in_pages, missed_pages

rooms = (
    pages.room, place_pages.room, calendar_pages.room, needs_pages.room, check_in_pages.room, missed_pages.room,
    meeting_pages.room, item_pages.room,
    mood_pages.room, been_pages.room, certificate_pages.room, feedback_pages.room,
)  # fmt: skip
