"""Reading medicines that were not shared, for someone's safety: with a reason that the person reads."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from sqlalchemy import or_
from werkzeug.wrappers import Response

from staff_portal.medication_audit.forms import ReasonForm
from staff_portal.medication_audit.room import room
from staff_portal.roles import SUPPORTERS
from tenant_app.accounts.consent import Category
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Tenant
from tenant_app.accounts.safeguarding import tenants_answered_for
from tenant_app.reminders.safety import open_for_safety
from tenant_app.web.audience import open_to
from tenant_app.web.forms import tidy
from tenant_app.web.house import find, session
from tenant_app.web.locale import language

MOST = 20
"""Names shown of those found."""


@room.get("/safety")
@open_to(*SUPPORTERS)
def safety() -> str:
    """Find the person one is worried about. Names and homes, nothing of anybody's record."""
    search = tidy(request.args.get("q")) or ""
    wanted = tenants_answered_for(worker())
    for word in search.split():
        places = (Tenant.name, Tenant.known_as, Tenant.flat)
        wanted = wanted.where(or_(*(place.icontains(word, autoescape=True) for place in places)))
    found = session().scalars(wanted.limit(MOST)).all()
    return render_template("medication_audit/safety.html", tenants=found, search=search, most=MOST)


@room.route("/safety/<uuid:tenant_id>", methods=["GET", "POST"])
@open_to(*SUPPORTERS)
def reason(tenant_id: UUID) -> str | tuple[str, int] | Response:
    """Ask for the reason, and open the medicines for a day."""
    found = find(tenants_answered_for(worker()), tenant_id)
    form = ReasonForm.asked()
    if request.method == "GET":
        return render_template("medication_audit/reason.html", tenant=found, form=form)
    if not form.valid():
        return render_template("medication_audit/reason.html", tenant=found, form=form), 422
    open_for_safety(session(), worker(), found, Category.MEDICATION, form.reason.data, language().code)
    flash(gettext("Open for 24 hours. %(name)s is told that you looked, and can read why.", name=found.known_as))
    return redirect(url_for("medication_audit.tenant", tenant_id=found.id), 303)
