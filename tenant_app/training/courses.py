"""The courses that the association asks for, from `content/training`: what is needed, for whom, and for how long."""

from __future__ import annotations

from tenant_app.training.models import Course, Duty
from tenant_app.web import content
from tenant_app.web.content import Page


def courses() -> list[Course]:
    """All of them, in the order that the files give them."""
    return [_course(page) for page in _in_order()]


def pages_of_courses() -> dict[str, Page]:
    """What each is called and about, in the reader's language, by slug. A course that is asked for no more is not in
    it; records of it stay."""
    return {page.slug: page for page in _in_order()}


def _in_order() -> list[Page]:
    return sorted(content.pages("training"), key=lambda page: (page.get("order", 0), page.slug))


def _course(page: Page) -> Course:
    # Who needs it, and for how long, is said once, in English: a translation only words it.
    said = content.page("training", page.slug, content.FALLBACK)
    return Course(
        page.slug, said.get("months", None) or None, frozenset(Duty(each) for each in said["needed_for"]),
        frozenset(said.get("at", ()) or ()), bool(said.get("refuses", False)),
    )  # fmt: skip
