"""All pages of the rent desk: importing them is what puts them into its room."""

from staff_portal.rent_desk import (
    account_pages,
    agreement_pages,
    cannot_pay_pages,
    entry_pages,
    import_pages,
    opening_pages,
    pages,
    refused_pages,
    respite_pages,
    rhythm_pages,
)
from staff_portal.rent_desk.room import room

__all__ = [
    "account_pages", "agreement_pages", "cannot_pay_pages", "entry_pages", "import_pages", "opening_pages", "pages",
    "refused_pages", "respite_pages", "rhythm_pages", "room",
]  # fmt: skip
