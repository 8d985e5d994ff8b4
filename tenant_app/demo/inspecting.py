"""Inspections in the demo: alarms tested week by week, a round that found something, a room, and one that is late."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.demo.people import ALMA, AMINA, DEVON, GRACE, MARE
from tenant_app.demo.town import WEEKS, Town
from tenant_app.inspections.kinds import plans
from tenant_app.inspections.models import Inspection
from tenant_app.inspections.outcomes import Outcome
from tenant_app.inspections.planning import plan_due
from tenant_app.inspections.rules import answer, arrange, correct, finish
from tenant_app.repairs.models import State
from tenant_app.repairs.rules import change_state, raise_in_house

ALARM, ROUND = "fire-alarm-test", "building-round"


def inspect(town: Town) -> None:
    """Six weeks of the rota. Mare Street's round of this week is still to do."""
    grace, devon, amina = town.staff[GRACE.name], town.staff[DEVON.name], town.tenants[AMINA.name]
    alma, mare = town.homes[ALMA.name], town.homes[MARE.name]
    for week in range(WEEKS):
        day = 7 * (week - WEEKS)
        _rota(town, day)
        for home in (alma, mare):
            _do(town, grace, home, ALARM, day + (2 if week == 3 else 0))
            # What the last round found is a repair of the house.
            found = {"fire-doors": "The one on the first floor is wedged open"} if week == WEEKS - 1 else {}
            if home is alma or week < WEEKS - 1:
                _do(town, devon, home, ROUND, day + 1, found if home is alma else {})
        if week == WEEKS - 2:
            _look_at_room(town, grace, amina, day)
    _rota(town, 0)


def _rota(town: Town, day: int) -> None:
    with town.at(day, 6):
        plan_due(town.session, town.today + timedelta(days=day), town.settings.zone, plans(town.settings.content))


def _do(town: Town, worker: Worker, home: Property, kind: str, day: int, failed: dict[str, str] | None = None) -> None:
    waiting = select(Inspection).where(
        Inspection.kind == kind, Inspection.property_id == home.id, Inspection.done_on.is_(None)
    )  # fmt: skip
    it = town.session.scalars(waiting).one()
    with town.at(day, 10, 40):
        for item in it.items:
            words = (failed or {}).get(item["id"], "")
            outcome = Outcome.FAILED if words else Outcome.OK
            answer(town.session, worker, it, item["id"], outcome, words, language="en", zone=town.settings.zone)
        for found in finish(town.session, worker, it, zone=town.settings.zone):
            repair = raise_in_house(
                town.session, worker, home, found.kind, rooms=found.rooms, words=found.words, hazard=False,
                aware_at=found.aware_at, language=found.language,
            )  # fmt: skip
            found.repair_id = repair.id
            with town.at(day + 1, 9):
                change_state(
                    town.session, worker, repair, State.BOOKED, "The joiner brings a new closer.",
                    zone=town.settings.zone, visit_on=town.today + timedelta(days=1), visit_window="09:00-12:00",
                )  # fmt: skip
    if failed:
        with town.at(day, 15):
            correct(town.session, worker, it, "It is the door by the kitchen, not the one by the stairs.", "en")


def _look_at_room(town: Town, worker: Worker, tenant: Tenant, day: int) -> None:
    zone = town.settings.zone
    it = town.session.scalars(Inspection.of(tenant).where(Inspection.done_on.is_(None))).one()
    with town.at(day, 11):
        arrange(town.session, it, assigned_to=worker, visit_on=town.today + timedelta(days=day + 3), zone=zone)
    with town.at(day + 3, 14):
        for item in it.items:
            answer(town.session, worker, it, item["id"], Outcome.OK, zone=zone)
        finish(town.session, worker, it, "A bright room. Nothing to mend.", language="en", zone=zone)
