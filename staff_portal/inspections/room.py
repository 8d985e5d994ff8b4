"""The room of inspections, and how it finds one and writes down that it was read."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint

from staff_portal.today.looking import look_once_a_day
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.inspections import kinds
from tenant_app.inspections.models import Inspection
from tenant_app.inspections.outcomes import Outcome
from tenant_app.inspections.words import outcome_words
from tenant_app.repairs import words as repair_words
from tenant_app.web.house import find, house, keep_now, session

room = Blueprint("inspection_desk", __name__, template_folder="templates")

WHAT = "inspection"
"""What a reading of a room's inspection is called among the looks at a tenant's record."""


@room.context_processor
def sentences() -> dict[str, object]:
    """What inspections and their outcomes are called."""
    return {
        "inspection_title": kinds.title_of, "inspection_icon": kinds.icon_of,
        "inspection_items": kinds.asked, "inspection_page": kinds.page_of, "Outcome": Outcome,
        "outcome_words": outcome_words, "repair_kind": repair_words.kind_of,
        "today_is": clock.today(house().settings.zone),
    }  # fmt: skip


def seen(inspection_id: UUID) -> Inspection:
    """One inspection with all that is in it, or 404. Of a room, that it was read is written down: once a day, because
    each tap on its page is a reading."""
    found = find(Inspection.whole(Inspection.seen_by(worker())), inspection_id)
    if found.tenant is not None:
        look_once_a_day(session(), worker(), [found.tenant], WHAT)
    return found


def refused(page: str, status: int) -> tuple[str, int]:
    """A page that refuses what was sent; that it was read is kept."""
    keep_now()
    return page, status
