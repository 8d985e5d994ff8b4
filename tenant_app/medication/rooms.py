"""The parts of this room beside its first page, for the tenants' door to open."""

from tenant_app.medication import why_pages
from tenant_app.medication.as_needed import pages as as_needed
from tenant_app.medication.history import pages as history
from tenant_app.medication.pausing import pages as pausing
from tenant_app.medication.sheet import pages as sheet
from tenant_app.medication.stock import pages as stock
from tenant_app.medication.writing import adding_pages, changing_pages

rooms = (
    adding_pages.room, changing_pages.room, as_needed.room, pausing.room, why_pages.room, history.room, sheet.room,
    stock.room,
)  # fmt: skip
