"""What became of repairs in the demo after they were sent: times on offer, words to and fro, a job for a firm, and one
that went well."""

from __future__ import annotations

from datetime import timedelta

from tenant_app import clock
from tenant_app.demo.people import DEVON
from tenant_app.demo.town import Town
from tenant_app.keys import open_keys
from tenant_app.repairs.contractors.jobs import give, write_contractor
from tenant_app.repairs.contractors.models import Trade
from tenant_app.repairs.contractors.work import propose
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
    _give_away(town)
    with town.at(-13, 10):
        rate(session, _of(town, "Mary Doyle"), 5, "Quick and friendly.", language="en")


def _give_away(town: Town) -> None:
    """Errol's wall is for a firm that seals windows, and they propose times."""
    session, zone = town.session, town.settings.zone
    with town.at(-2, 11):
        sealing = write_contractor(
            session, None, name="Lea Bridge Building", trade=Trade.DAMP, email="jobs@lea-bridge.example",
            phone="020 7946 0181",
        )  # fmt: skip
        write_contractor(
            session, None, name="Mill Lane Plumbing", trade=Trade.PLUMBING, email="office@mill-lane.example"
        )
        job, _ = give(
            session, town.staff[DEVON.name], _of(town, "Errol Campbell"), sealing,
            seal=open_keys(town.settings.instance).seal, zone=zone,
        )  # fmt: skip
    with town.at(-1, 9, 20):
        day = town.today + timedelta(days=2)
        propose(session, job, [(day, "09:00-12:00"), (day + timedelta(days=1), "13:00-16:00")],
                "We bring a ladder. The window opens for an hour.", zone=zone)  # fmt: skip


def _of(town: Town, resident: str) -> Repair:
    """What they reported, as it stands by now."""
    theirs = Repair.whole(Repair.of(town.tenants[resident]).where(Repair.state != State.DRAFT))
    return town.session.scalars(theirs.limit(1), execution_options={"populate_existing": True}).one()
