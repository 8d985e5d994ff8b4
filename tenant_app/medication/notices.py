"""How reminders of medicines are worded: by the time of day, never by name. And the two answers that need no page."""

from __future__ import annotations

from datetime import date, time, timedelta

from flask_babel import gettext, ngettext

from tenant_app.medication.recording import PUT_OFF
from tenant_app.medication.sharing.rules import SHARING_ENDS
from tenant_app.medication.slots import AGAIN, DOSE
from tenant_app.medication.stock.rules import COLLECT, ORDER
from tenant_app.medication.words import slot_title, slot_title_with_count
from tenant_app.reminders.wording import Action, Discreet, Sayable, Words, worded
from tenant_app.web.locale import isolate, say, tell_day


@worded(DOSE, urgent=True)
def due(notice: Sayable) -> Words:
    """Something is to be taken now."""
    wall_time, count = time.fromisoformat(notice.facts["time"]), notice.facts.get("count")
    return Words(
        title=slot_title(wall_time) if count is None else slot_title_with_count(wall_time, count),
        body=gettext("Tap to say whether you have taken them."),
        address="/medicines",
        actions=_answers(notice),
    )


def _answers(notice: Sayable) -> tuple[Action, ...]:
    """Taken; and later, where it makes sense to be asked again before the next time."""
    # A worker has no pages to ask for their address; a test holds this one against the room's own.
    day = notice.occurrence.split(AGAIN)[0]
    address = f"/medicines/slots/{day}/{notice.facts['time'].replace(':', '')}"
    taken = Action("taken", gettext("Taken"), gettext("Done"), address, {"answer": "taken"})
    minutes = min(PUT_OFF)
    if notice.due_at + timedelta(minutes=minutes) >= notice.expires_at:
        return (taken,)
    in_minutes = ngettext("In %(num)s minute", "In %(num)s minutes", minutes)
    later = Action("later", in_minutes, gettext("Later"), address, {"answer": "later", "minutes": str(minutes)})
    return (taken, later)


@worded(SHARING_ENDS, discreet=Discreet.NEWS)
def sharing_ends(notice: Sayable) -> Words:
    """A worker will soon no longer see your medicines, unless you say so again."""
    name, until = isolate(notice.facts["name"]), tell_day(date.fromisoformat(notice.facts["day"]))
    return Words(
        title=say("%(name)s sees your medicines until %(day)s", name=name, day=until),
        body=gettext("If you want it to go on, say so. If not, there is nothing to do."),
        address="/medicines/sharing",
    )


@worded(ORDER, discreet=Discreet.PLAN)
def to_order(notice: Sayable) -> Words:
    """Something should be ordered, by what was written down."""
    return Words(title=gettext("Time to order more"), body=gettext("Tap to see which."), address="/medicines/stock")


@worded(COLLECT, discreet=Discreet.PLAN)
def to_collect(notice: Sayable) -> Words:
    """What was ordered should be ready."""
    return Words(
        title=gettext("Something may be ready to collect"), body=gettext("Tap to see which."),
        address="/medicines/stock",
    )  # fmt: skip
