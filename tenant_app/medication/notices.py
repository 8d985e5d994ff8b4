"""How reminders of medicines are worded: by the time of day, never by name."""

from __future__ import annotations

from datetime import date, time

from flask_babel import gettext

from tenant_app.medication.sharing import SHARING_ENDS
from tenant_app.medication.slots import DOSE
from tenant_app.medication.words import slot_title_with_count
from tenant_app.reminders.wording import Discreet, Sayable, Words, worded
from tenant_app.web.locale import isolate, say, tell_day


@worded(DOSE, urgent=True)
def due(notice: Sayable) -> Words:
    """Something is to be taken now."""
    return Words(
        title=slot_title_with_count(time.fromisoformat(notice.facts["time"]), notice.facts["count"]),
        body=gettext("Tap to say whether you have taken them."),
        address="/medicines",
    )


@worded(SHARING_ENDS, discreet=Discreet.NEWS)
def sharing_ends(notice: Sayable) -> Words:
    """A worker will soon no longer see your medicines, unless you say so again."""
    name, until = isolate(notice.facts["name"]), tell_day(date.fromisoformat(notice.facts["day"]))
    return Words(
        title=say("%(name)s sees your medicines until %(day)s", name=name, day=until),
        body=gettext("If you want it to go on, say so. If not, there is nothing to do."),
        address="/medicines/sharing",
    )
