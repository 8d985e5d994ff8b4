"""How the tenant is told of what clocks ask for."""

from __future__ import annotations

from tenant_app.reminders.wording import Discreet, Sayable, Words, worded
from tenant_app.repairs.clocks.rules import NEWS
from tenant_app.repairs.words import kind_of
from tenant_app.web.locale import isolate, say


@worded(NEWS, discreet=Discreet.NEWS)
def news(notice: Sayable) -> Words:
    """We wrote what we found, we paused a clock, or we offer another place to stay."""
    facts, name = notice.facts, isolate(notice.facts["from"])
    title = say("News about your repair: %(what)s", what=isolate(kind_of(facts["kind"]).name))
    address = f"/repairs/{facts['repair']}"
    match facts["what"]:
        case "summary":
            body = say("%(name)s wrote down what we found. Tap to read it.", name=name)
            address += "/summary"
        case "stay":
            body = say("%(name)s offers you another place to stay. We pay for it.", name=name)
        case _:
            body = say("%(name)s paused one of our time limits. Tap to read why.", name=name)
    return Words(title=title, body=body, address=address)
