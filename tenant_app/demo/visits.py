"""What became of repairs in the demo after they were sent: times on offer, words to and fro, and one that went well."""

from __future__ import annotations

from datetime import timedelta

from tenant_app import clock
from tenant_app.demo.people import DEVON
from tenant_app.demo.town import Town
from tenant_app.repairs.models import Repair, State
from tenant_app.repairs.visits.desk import answer, no_access, offer, write_cost
from tenant_app.repairs.visits.rules import rate, write


def arrange_visits(town: Town) -> None:
    """Salma has times to choose from, Parisa is told that nobody heard us, Mary says how it went."""
    session, devon, zone = town.session, town.staff[DEVON.name], town.settings.zone
    with town.at(0, 7, 30):
        window = _of(town, "Salma Haddad")
        day = town.today + timedelta(days=2)
        offer(session, devon, window, [(day, "09:00-12:00"), (day, "13:00-16:00"), (day + timedelta(days=1),
              "09:00-12:00")], "Femi comes. It takes about an hour.", zone=zone)  # fmt: skip
    with town.at(-1, 16, 30):
        lamp = _of(town, "Parisa Rahimi")
        no_access(session, devon, lamp, clock.now(), ["rang", "card"], "The front door was closed.", zone=zone)
    with town.at(-1, 18, 10):
        write(session, _of(town, "Parisa Rahimi"), "The bell is broken. Phone me, I come down.", language="en")
    with town.at(-1, 18, 40):
        lamp = _of(town, "Parisa Rahimi")
        answer(session, devon, lamp, "Thank you, we phone you first.")
        write_cost(session, devon, lamp, estimate=4_500, actual=None)
    with town.at(-13, 10):
        rate(session, _of(town, "Mary Doyle"), 5, "Quick and friendly.", language="en")


def _of(town: Town, resident: str) -> Repair:
    """What they reported, as it stands by now."""
    theirs = Repair.whole(Repair.of(town.tenants[resident]).where(Repair.state != State.DRAFT))
    return town.session.scalars(theirs.limit(1), execution_options={"populate_existing": True}).one()
