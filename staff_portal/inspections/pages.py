"""Inspections: what is due where, one of them, who does it, and what stands in the history of a building."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.inspections import doing
from staff_portal.inspections.forms import ArrangeForm, CorrectForm
from staff_portal.inspections.overview import buildings_of, history_of, houses_of, months_of
from staff_portal.inspections.room import refused, room, seen
from staff_portal.inspections.showing import record_page, sheet
from staff_portal.registers.offline import keep_on_phone
from staff_portal.roles import MENDERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Role, Worker
from tenant_app.inspections.models import Inspection
from tenant_app.inspections.rules import arrange, correct, may_do
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import language

__all__ = ["doing", "room"]

MOST_ROWS = 200
"""Of one history."""


@room.get("/inspections")
@open_to(*MENDERS)
def index() -> str:
    """What is due, by property; overdue first."""
    keep_on_phone()
    today = clock.today(house().settings.zone)
    return render_template(
        "inspection_desk/index.html", houses=houses_of(session(), worker(), today), me=worker(),
        buildings=session().scalars(buildings_of(worker())).all(),
    )  # fmt: skip


@room.get("/inspections/<uuid:inspection_id>")
@open_to(*MENDERS)
def show(inspection_id: UUID) -> str:
    """One inspection: to be done, on a phone; or as it was signed off."""
    found = seen(inspection_id)
    if found.finished:
        return record_page(found, CorrectForm.asked())
    return sheet(found)


@room.post("/inspections/<uuid:inspection_id>/additions")
@open_to(*MENDERS)
def add(inspection_id: UUID) -> tuple[str, int] | Response:
    """Put something right by a line of its own. What was signed off stays as it is."""
    found = seen(inspection_id)
    form = CorrectForm.asked()
    if not found.finished:
        return refused(sheet(found), 409)
    if not form.valid():
        return refused(record_page(found, form), 422)
    correct(session(), worker(), found, form.words.data, language().code)
    return redirect(url_for("inspection_desk.show", inspection_id=found.id, _anchor="added"), 303)


@room.get("/inspections/<uuid:inspection_id>/arrange")
@open_to(*MENDERS)
def ask_who(inspection_id: UUID) -> str:
    """Who does it and, of a room, when."""
    found = seen(inspection_id)
    form = ArrangeForm.asked(
        version=str(found.version), assigned_to=str(found.assigned_to_id or ""), visit_on=found.visit_on
    )
    return _arranging(found, form.offer(found, _workers(found), assigns=_assigns()))


@room.post("/inspections/<uuid:inspection_id>/arrange")
@open_to(*MENDERS)
def say_who(inspection_id: UUID) -> tuple[str, int] | Response:
    """Keep it; a tenant is told of a new day. A page that is out of date is shown anew, with what was chosen."""
    found = seen(inspection_id)
    workers = _workers(found)
    form = ArrangeForm.asked().offer(found, workers, assigns=_assigns())
    if found.finished or form.version.data != str(found.version):
        form.version.data = str(found.version)
        return refused(_arranging(found, form, stale=True), 409)
    if not form.valid() or (found.tenant_id is not None and not form.check_day(found)):
        return refused(_arranging(found, form), 422)
    chosen = found.assigned_to
    if _assigns():
        chosen = next((each for each in workers if str(each.id) == form.assigned_to.data), None)
    visit_on = form.visit_on.data if found.tenant_id is not None else None
    told = found.tenant is not None and visit_on != found.visit_on
    arrange(session(), found, assigned_to=chosen, visit_on=visit_on, zone=house().settings.zone)
    name = found.tenant.known_as if found.tenant else ""
    flash(gettext("Saved. %(name)s is told the day before.", name=name) if told else gettext("Saved."))
    return redirect(url_for("inspection_desk.index"), 303)


@room.get("/inspections/history/<uuid:property_id>")
@open_to(*MENDERS)
def history(property_id: UUID) -> str:
    """What was inspected in one building, the newest first, and how much of it on time."""
    building = find(buildings_of(worker()), property_id)
    today = clock.today(house().settings.zone)
    return render_template(
        "inspection_desk/history.html", building=building, most=MOST_ROWS,
        inspections=history_of(session(), worker(), building, MOST_ROWS),
        months=months_of(session(), worker(), building, today),
    )  # fmt: skip


def _arranging(inspection: Inspection, form: ArrangeForm, *, stale: bool = False) -> str:
    return render_template("inspection_desk/arrange.html", it=inspection, form=form, stale=stale)


def _assigns() -> bool:
    return worker().role is Role.COORDINATOR


def _workers(inspection: Inspection) -> list[Worker]:
    """Who can be asked, and whoever was."""
    found = list(session().scalars(may_do(inspection)))
    if inspection.assigned_to is not None and inspection.assigned_to not in found:
        found.append(inspection.assigned_to)
    return found
