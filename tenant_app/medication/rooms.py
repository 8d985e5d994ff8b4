"""The parts of this room beside its first page, for the tenants' door to open."""

from tenant_app.medication import (
    adding_pages,
    as_needed_pages,
    changing_pages,
    history_pages,
    pause_pages,
    sheet_pages,
    stock_pages,
    why_pages,
)

rooms = (
    adding_pages.room, changing_pages.room, as_needed_pages.room, pause_pages.room, why_pages.room, history_pages.room,
    sheet_pages.room, stock_pages.room,
)  # fmt: skip
