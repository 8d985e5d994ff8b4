"""How notices about goals are worded."""

from __future__ import annotations

from flask_babel import gettext

from tenant_app.goals.rules import REVIEWED
from tenant_app.reminders.wording import Discreet, Sayable, Words, worded


@worded(REVIEWED, discreet=Discreet.NEWS)
def reviewed(notice: Sayable) -> Words:
    """Your keyworker wrote about your goal."""
    return Words(
        title=gettext("%(name)s wrote to you about a goal", name=notice.facts["from"]),
        body=gettext("Tap to read it."),
        address=f"/goals/{notice.facts['goal']}",
    )
