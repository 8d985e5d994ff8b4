"""Reporting something for a tenant."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import func
from werkzeug.wrappers import Response

from staff_portal.repairs_desk.forms import RaiseForm
from staff_portal.repairs_desk.showing import in_templates, refused
from staff_portal.roles import MENDERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Tenant
from tenant_app.accounts.rules import look_at
from tenant_app.repairs.tree import are_shared
from tenant_app.repairs.visits.raising import may_raise_for, raise_once
from tenant_app.repairs.words import is_hazard
from tenant_app.web.audience import open_to
from tenant_app.web.forms import tidy
from tenant_app.web.house import find, house, session
from tenant_app.web.locale import language

room = Blueprint("repair_raising", __name__, template_folder="templates")
room.context_processor(in_templates)

MOST = 50


@room.get("/repairs/for")
@open_to(*MENDERS)
def whom() -> str:
    """For whom; `name` narrows the list."""
    name = (tidy(request.args.get("name", "")) or "")[:80]
    people = may_raise_for(worker())
    if name:
        people = people.where(func.lower(Tenant.name).contains(name.lower(), autoescape=True))
    return render_template("repairs_desk/whom.html", people=session().scalars(people.limit(MOST)).all(), name=name,
                           most=MOST)  # fmt: skip


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
    known = form.aware_on.data
    repair = raise_once(
        session(), worker(), tenant, form.kind.data, rooms=form.rooms.data, words=form.words.data,
        hazard=is_hazard(form.kind.data), language=language().code, shared=are_shared(form.rooms.data),
        aware_at=clock.at(known, clock.now().time().min, house().settings.zone) if known else clock.now(),
    )  # fmt: skip
    flash(gettext("%(name)s is told.", name=tenant.known_as))
    return redirect(url_for("repairs_desk.repair", repair_id=repair.id), 303)
