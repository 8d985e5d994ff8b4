"""How notices about plans for moving on are worded."""

from __future__ import annotations

from flask_babel import gettext

from tenant_app.move_on.reminding import REVIEW, SUGGESTED
from tenant_app.reminders.wording import Discreet, Sayable, Words, worded


@worded(REVIEW, discreet=Discreet.PLAN)
def review_due(notice: Sayable) -> Words:
    """It is time to look over your plan."""
    return Words(
        title=gettext("Your move-on plan"), body=gettext("Is it still what you want? Tap to look it over."),
        address="/move-on/review",
    )  # fmt: skip


@worded(SUGGESTED, discreet=Discreet.NEWS)
def suggested(notice: Sayable) -> Words:
    """Your keyworker suggests something for your list."""
    return Words(
        title=gettext("%(name)s has an idea for your move-on plan", name=notice.facts["from"]),
        body=gettext("Tap to read it. You choose."), address="/move-on",
    )  # fmt: skip
