"""How reminders of payments are worded: the day, and no sum that a locked phone could show."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext

from tenant_app.reminders.wording import Discreet, Sayable, Words, worded
from tenant_app.rent.reminding import DUE
from tenant_app.web.locale import tell_day


@worded(DUE, discreet=Discreet.PLAN)
def due(notice: Sayable) -> Words:
    """A payment is due in two days, or today."""
    days = notice.facts["days"]
    day = tell_day(notice.due_at + timedelta(days=days))
    return Words(
        title=gettext("A payment is due on %(day)s", day=day) if days else gettext("A payment is due today"),
        body=gettext("Tap to see how much it is, and ways to pay."),
        address="/rent",
    )
