"""Which pages of the desk a broken glass opens. A kind of record without a page here cannot be opened at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext

from tenant_app.accounts.consent import Category

PAGES: dict[Category, tuple[str, ...]] = {
    Category.MEDICATION: ("medication_audit.tenant",),
    Category.CHECK_INS: ("caseload.check_ins", "caseload.moods"),
    Category.SAFETY_PLAN: ("caseload.safety_plan",),
    Category.MESSAGES: ("threads.show",),
}
"""Each takes a `tenant_id`, and asks `opening.open_record` or its like."""

ICONS = {
    Category.MEDICATION: "glass", Category.CHECK_INS: "chart", Category.SAFETY_PLAN: "umbrella",
    Category.MESSAGES: "message",
}  # fmt: skip


@dataclass(frozen=True)
class Kind:
    """One kind of record that can be opened."""

    category: Category
    icon: str
    words: str
    pages: tuple[str, ...]


def kinds() -> Iterator[Kind]:
    """All of them, in the order of the page."""
    for category, pages in PAGES.items():
        there = tuple(page for page in pages if page in current_app.view_functions)
        if there:
            yield Kind(category, ICONS.get(category, "lock"), category_words(category), there)


def category_words(category: Category) -> str:
    """What such a record is called."""
    return {
        Category.MEDICATION: gettext("Medicines"),
        Category.CHECK_INS: gettext("Check-ins and moods"),
        Category.SAFETY_PLAN: gettext("Plan for hard days"),
        Category.MESSAGES: gettext("Messages"),
        Category.GROUPS: gettext("Missed groups"),
        Category.STRENGTHS: gettext("Strengths"),
        Category.MOVE_ON: gettext("Move-on plan"),
    }[category]


def page_words(page: str) -> str:
    """What a page's link says."""
    return {
        "medication_audit.tenant": gettext("Medicines"),
        "caseload.check_ins": gettext("Check-ins"),
        "caseload.moods": gettext("Moods around groups"),
        "caseload.safety_plan": gettext("Plan for hard days"),
        "threads.show": gettext("Messages"),
    }.get(page) or gettext("Open")
