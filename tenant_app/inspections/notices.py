"""How notices about inspections are worded."""

from __future__ import annotations

from datetime import date

from tenant_app.inspections.planning import COMING
from tenant_app.inspections.rules import FOUND
from tenant_app.reminders.wording import Discreet, Sayable, Words, worded
from tenant_app.web.locale import isolate, say, tell_day


@worded(COMING, discreet=Discreet.PLAN)
def coming(notice: Sayable) -> Words:
    """Somebody looks at the tenant's room on a day to come."""
    day = date.fromisoformat(notice.facts["day"])
    return Words(
        title=say("We look at your room on %(day)s", day=tell_day(day)),
        body=say("Somebody knocks first. If that day does not suit you, tell your keyworker."),
        address=f"/inspections/{notice.facts['inspection']}",
    )


@worded(FOUND, discreet=Discreet.NEWS)
def found(notice: Sayable) -> Words:
    """What was found in the tenant's room can be read."""
    return Words(
        title=say("What we saw in your room"),
        body=say("%(name)s wrote down what was found. Tap to read it.", name=isolate(notice.facts["from"])),
        address=f"/inspections/{notice.facts['inspection']}",
    )
