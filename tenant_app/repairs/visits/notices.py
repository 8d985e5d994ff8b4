"""How reminders of a visit are worded."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from tenant_app.reminders.wording import Discreet, Sayable, Words, worded
from tenant_app.repairs.visits.reminding import DAY_BEFORE, SAME_MORNING
from tenant_app.repairs.words import kind_of, tell_hours
from tenant_app.web.locale import isolate, say


@worded(DAY_BEFORE, discreet=Discreet.PLAN)
def day_before(notice: Sayable) -> Words:
    """Somebody comes tomorrow. Names the day, because the list of reminders is read later too."""
    return Words(
        title=_title(notice),
        body=say("Somebody comes on %(visit)s. You can change it or call it off.", visit=_visit(notice)),
        address=_page(notice),
    )  # fmt: skip


@worded(SAME_MORNING, discreet=Discreet.PLAN)
def same_morning(notice: Sayable) -> Words:
    """Somebody comes today."""
    return Words(
        title=_title(notice), body=say("Somebody comes on %(visit)s.", visit=_visit(notice)), address=_page(notice)
    )


def _title(notice: Sayable) -> Markup:
    return say("Visit: %(what)s", what=isolate(kind_of(notice.facts["kind"]).name))


def _visit(notice: Sayable) -> Markup:
    return tell_hours(date.fromisoformat(notice.facts["visit_on"]), notice.facts["visit_window"])


def _page(notice: Sayable) -> str:
    return f"/repairs/{notice.facts['repair']}"
