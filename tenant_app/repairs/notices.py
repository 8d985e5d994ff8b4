"""How notices about repairs are worded."""

from __future__ import annotations

from datetime import date

from markupsafe import Markup

from tenant_app.reminders.wording import Discreet, Sayable, Words, worded
from tenant_app.repairs.models import Event, State
from tenant_app.repairs.telling import NEWS
from tenant_app.repairs.words import kind_of, tell_hours
from tenant_app.web.locale import isolate, say


@worded(NEWS, discreet=Discreet.NEWS)
def news(notice: Sayable) -> Words:
    """Something changed about a repair that the tenant reported."""
    facts, name = notice.facts, isolate(notice.facts["from"])
    what = isolate(kind_of(facts["kind"]).name)
    return Words(
        title=say("News about your repair: %(what)s", what=what),
        body=_news(facts, name),
        address=f"/repairs/{facts['repair']}",
    )


def _news(facts: dict[str, str], name: Markup) -> Markup:
    match facts.get("event", Event.CHANGE):
        case Event.MESSAGE:
            return say("%(name)s wrote to you about it.", name=name)
        case Event.OFFERED:
            return say("%(name)s offers times to come. Choose one that suits you.", name=name)
        case Event.CALLED_OFF:
            visit = tell_hours(date.fromisoformat(facts["visit_on"]), facts["visit_window"])
            return say("The visit on %(visit)s is called off.", visit=visit)
        case Event.GIVEN:
            return say("%(name)s is asked to mend it.", name=name)
        case Event.NO_ACCESS:
            return say("Somebody came and could not get in. Tap to see when, and to tell us what suits you.")
    match State(facts["state"]):
        case State.BOOKED:
            visit = tell_hours(date.fromisoformat(facts["visit_on"]), facts["visit_window"])
            return say("Somebody comes on %(visit)s.", visit=visit)
        case State.REPORTED:
            return say("%(name)s reported it for you. Tap to see it.", name=name)
        case State.FIXED:
            return say("%(name)s says that it is fixed. If it is not, tell us.", name=name)
        case State.CLOSED:
            return say("%(name)s closed it. Tap to read why.", name=name)
        case _ if facts["words"]:
            return say("%(name)s wrote to you about it.", name=name)
        case _:
            return say("%(name)s has looked at it.", name=name)
