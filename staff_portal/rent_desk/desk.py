"""All pages of the rent desk: importing them is what puts them into its room."""

from staff_portal.rent_desk import agreement_pages, cannot_pay_pages, respite_pages
from staff_portal.rent_desk.room import room

__all__ = ["agreement_pages", "cannot_pay_pages", "respite_pages", "room"]
