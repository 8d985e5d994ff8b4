"""How the word before sharing ends is put."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext

from tenant_app.reminders.wording import Discreet, Sayable, Words, worded
from tenant_app.support.sharing.rules import ENDS
from tenant_app.web.locale import isolate, say, tell_day


@worded(ENDS, discreet=Discreet.NEWS)
def ends(notice: Sayable) -> Words:
    """A worker will soon no longer see something, unless you say so again."""
    name, until = isolate(notice.facts["name"]), tell_day(date.fromisoformat(notice.facts["day"]))
    return Words(
        title=say("What you share with %(name)s ends on %(day)s", name=name, day=until),
        body=gettext("If you want it to go on, say so. If not, there is nothing to do."),
        address="/sharing",
    )
