"""How notices about keyworkers are worded."""

from __future__ import annotations

from flask_babel import gettext

from tenant_app.reminders.wording import Discreet, Sayable, Words, worded
from tenant_app.supervision.reassigning import NEW_KEYWORKER


@worded(NEW_KEYWORKER, discreet=Discreet.NEWS)
def new_keyworker(notice: Sayable) -> Words:
    """Somebody else is your keyworker now."""
    name = notice.facts["to"]
    body = gettext("Tap to read what this means for you.")
    if notice.facts["closed"]:
        body = gettext("%(name)s sees nothing of what only your keyworker may see, until you say so.", name=name)
    return Words(title=gettext("%(name)s is your keyworker now", name=name), body=body, address="/keyworker")
