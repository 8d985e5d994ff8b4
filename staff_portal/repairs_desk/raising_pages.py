"""Reporting something for a tenant, or of a house."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import func
from werkzeug.wrappers import Response

from staff_portal.repairs_desk.forms import RaiseForm
from staff_portal.repairs_desk.showing import in_templates, refused
from staff_portal.roles import MENDERS
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Tenant
from tenant_app.accounts.rules import look_at
from tenant_app.repairs.tree import are_shared
from tenant_app.repairs.visits.raising import houses_of, may_raise_for, raise_in_house_once, raise_once
from tenant_app.repairs.words import is_hazard
from tenant_app.web.audience import open_to
from tenant_app.web.forms import tidy
from tenant_app.web.house import find, session
from tenant_app.web.locale import language

room = Blueprint("repair_raising", __name__, template_folder="templates")
room.context_processor(in_templates)

MOST = 50


@room.get("/repairs/for")
@open_to(*MENDERS)
def whom() -> str:
    """For whom, or of which house; `name` narrows the list of people."""
    name = (tidy(request.args.get("name", "")) or "")[:80]
    people = may_raise_for(worker())
    if name:
        people = people.where(func.lower(Tenant.name).contains(name.lower(), autoescape=True))
    return render_template("repairs_desk/whom.html", people=session().scalars(people.limit(MOST)).all(), name=name,
                           houses=session().scalars(houses_of(worker())).all(), most=MOST)  # fmt: skip


@room.route("/repairs/for/<uuid:tenant_id>", methods=["GET", "POST"])
@open_to(*MENDERS)
def new(tenant_id: UUID) -> str | tuple[str, int] | Response:
    """What needs mending in one tenant's home. They see it at once, and who reported it."""
    tenant = find(may_raise_for(worker()), tenant_id)
    look_at(session(), worker(), tenant, "repair")
    form = RaiseForm.asked()
    if request.method == "GET":
        return render_template("repairs_desk/raise.html", tenant=tenant, form=form)
    if not form.valid():
        return refused(render_template("repairs_desk/raise.html", tenant=tenant, form=form)), 422
    repair = raise_once(
        session(), worker(), tenant, form.kind.data, rooms=form.rooms.data, words=form.words.data,
        hazard=is_hazard(form.kind.data), language=language().code, shared=are_shared(form.rooms.data),
        aware_at=form.aware_at,
    )  # fmt: skip
    flash(gettext("%(name)s is told.", name=tenant.known_as))
    return redirect(url_for("repairs_desk.repair", repair_id=repair.id), 303)


@room.route("/repairs/of-house/<uuid:property_id>", methods=["GET", "POST"])
@open_to(*MENDERS)
def of_house(property_id: UUID) -> str | tuple[str, int] | Response:
    """What needs mending in a shared part of one house. Whoever lives there sees how it stands."""
    building = find(houses_of(worker()), property_id)
    form = RaiseForm.asked().of_house()
    if request.method == "GET":
        return render_template("repairs_desk/raise.html", tenant=None, building=building, form=form)
    if not form.valid():
        return refused(render_template("repairs_desk/raise.html", tenant=None, building=building, form=form)), 422
    repair = raise_in_house_once(
        session(), worker(), building, form.kind.data, rooms=form.rooms.data, words=form.words.data,
        hazard=is_hazard(form.kind.data), language=language().code, aware_at=form.aware_at,
    )  # fmt: skip
    flash(gettext("Kept."))
    return redirect(url_for("repairs_desk.repair", repair_id=repair.id), 303)
