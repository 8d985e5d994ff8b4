"""What has to be done as days go by, whoever is at the door: each a step that does some of it and says whether more is
left."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.groups.register.care import morning_round
from tenant_app.groups.waiting import pass_on_all
from tenant_app.inspections.kinds import plans
from tenant_app.inspections.planning import plan_due
from tenant_app.medication.stock.rules import restock_due
from tenant_app.move_on.rules import ReviewRhythm, begin_all
from tenant_app.reminders.safety import tell_what_was_withheld
from tenant_app.rent.agreeing import review_agreements
from tenant_app.rent.charging import charge_all_due
from tenant_app.rent.replanning import replan_reminders
from tenant_app.rent.rules import remind_all_changed
from tenant_app.repairs.clocks.rules import fill_in
from tenant_app.repairs.visits.rules import close_by_time
from tenant_app.support.record.again import settle_erasures
from tenant_app.support.record.erasing import forget_kept
from tenant_app.support.sharing.rules import tell_of_endings
from tenant_app.support_plan.policy import Policy
from tenant_app.support_plan.rules import open_reviews
from tenant_app.web.house import House


def books_of(house: House) -> dict[str, Callable[[Session], bool]]:
    """The steps by name, in the order in which the worker takes them, each in a transaction of its own."""
    zone = house.settings.zone
    today = clock.today(zone)
    return {
        "charge_all_due": lambda session: charge_all_due(session, today),
        "review_agreements": lambda session: review_agreements(session, today),
        "remind_all_changed": remind_all_changed,
        "replan_reminders": lambda session: replan_reminders(session, today),
        "restock_due": lambda session: restock_due(session, zone),
        "pass_on_all": pass_on_all,
        "tell_what_was_withheld": tell_what_was_withheld,
        "morning_round": lambda session: morning_round(session, zone),
        "begin_move_on_plans": lambda session: begin_all(session, ReviewRhythm.of(house.settings), zone),
        "fill_in_repair_clocks": fill_in,
        "open_reviews": lambda session: open_reviews(session, today, zone, Policy.of(house.settings)),
        "close_repairs_by_time": lambda session: close_by_time(session, house.settings.repair_close_days),
        "plan_inspections": lambda session: plan_due(session, today, zone, plans(house.settings.content)),
        "tell_of_endings": lambda session: tell_of_endings(session, zone),
        "settle_erasures": lambda session: settle_erasures(session, house.settings) < 0,
        "forget_kept": forget_kept,
    }
