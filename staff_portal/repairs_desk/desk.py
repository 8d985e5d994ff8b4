"""All pages of the repairs desk: importing them is what puts them into its room."""

from staff_portal.repairs_desk import board_pages, clock_pages, pages, register_pages, report_pages
from staff_portal.repairs_desk.pages import room

__all__ = ["board_pages", "clock_pages", "pages", "register_pages", "report_pages", "room"]
