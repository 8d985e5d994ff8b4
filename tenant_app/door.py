"""The tenants' door: which rooms it has."""

from __future__ import annotations

from flask import Flask

from tenant_app import tables
from tenant_app.accounts import gate
from tenant_app.accounts import pages as accounts
from tenant_app.chats import pages as chats
from tenant_app.check_ins import pages as check_ins
from tenant_app.goals import pages as goals
from tenant_app.groups import rooms as group_rooms
from tenant_app.guides import pages as guides
from tenant_app.inspections import pages as inspections
from tenant_app.key_work import pages as key_work
from tenant_app.medication import pages as medication
from tenant_app.medication import rooms as medicines
from tenant_app.medication.sharing import pages as medicine_sharing
from tenant_app.messages import pages as messages
from tenant_app.move_on import option_pages as move_on_options
from tenant_app.move_on import pages as move_on
from tenant_app.reminders import address_pages as addresses
from tenant_app.reminders import pages as reminders
from tenant_app.reminders import push_pages as push
from tenant_app.rent import agreement_pages as agreements
from tenant_app.rent import hardship_pages as hardship
from tenant_app.rent import pages as rent
from tenant_app.rent import payday_pages as paydays
from tenant_app.rent import statement_pages as rent_statement
from tenant_app.repairs import pages as repairs
from tenant_app.repairs import report_about_pages as repair_reports_about
from tenant_app.repairs import report_pages as repair_reports
from tenant_app.repairs.clocks import pages as repair_clocks
from tenant_app.repairs.contractors import pages as contractor_jobs
from tenant_app.repairs.visits import pages as repair_visits
from tenant_app.safety_plan import pages as safety_plan
from tenant_app.settings import Settings
from tenant_app.strengths import pages as strengths
from tenant_app.supervision import pages as keyworkers
from tenant_app.support import pages as support
from tenant_app.support_plan import pages as support_plan
from tenant_app.web import pwa, quick_exit
from tenant_app.web.face import open_face

ROOMS = (
    pwa.room,
    quick_exit.room,
    *accounts.rooms,
    reminders.room,
    addresses.room,
    push.room,
    goals.room,
    *group_rooms.rooms,
    guides.room,
    safety_plan.room,
    check_ins.room,
    strengths.room,
    move_on.room,
    move_on_options.room,
    messages.room,
    chats.room,
    keyworkers.room,
    *key_work.rooms,
    medication.room,
    *medicines.rooms,
    medicine_sharing.room,
    rent.room,
    rent_statement.room,
    agreements.room,
    hardship.room,
    paydays.room,
    repairs.room,
    repair_reports.room,
    repair_visits.room,
    repair_reports_about.room,
    inspections.room,
    repair_clocks.room,
    contractor_jobs.room,
    support_plan.room,
    *support.rooms,
)


def create_app(settings: Settings | None = None) -> Flask:
    """The tenants' door as a WSGI app. Without `settings`, they are read from the environment."""
    assert tables.metadata.tables
    app = open_face("tenant_app", ROOMS, settings=settings, gate=gate.gate_of("tenant"))
    app.jinja_env.globals.update(visitor=gate.visitor, chosen_scheme=gate.chosen_scheme)
    return app
