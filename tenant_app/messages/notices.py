"""How notices about messages are worded. None of them says what was written."""

from __future__ import annotations

from flask_babel import gettext

from tenant_app.messages.rules import ANSWERED
from tenant_app.reminders.wording import Discreet, Sayable, Words, worded


@worded(ANSWERED, discreet=Discreet.NEWS)
def answered(notice: Sayable) -> Words:
    """Your keyworker wrote to you."""
    return Words(
        title=gettext("%(name)s wrote to you", name=notice.facts["from"]),
        body=gettext("Tap to read it."),
        address="/messages#newest",
    )
