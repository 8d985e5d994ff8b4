"""Medicines that tenants share, furnished: the month, one tenant, counts, and reading for someone's safety."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from staff_portal.medication_audit import counting, safety
from staff_portal.medication_audit.forms import LevelForm
from staff_portal.medication_audit.overview import month_of
from staff_portal.medication_audit.room import look, room
from staff_portal.roles import GLASS_BREAKERS, SUPPORTERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.medication.auditing.models import (
    Level,
    MedicationAudit,
    SelfAdministration,
    medicines_shared_with,
    tenants_readable_by,
    tenants_shared_with,
    to_count,
)
from tenant_app.medication.auditing.rules import agree_level, this_month, usual_review
from tenant_app.medication.models import Medicine
from tenant_app.medication.slots import week_of
from tenant_app.web.audience import open_to
from tenant_app.web.forms import tidy
from tenant_app.web.house import find, house, keep_now, session
from tenant_app.web.locale import language

__all__ = ["counting", "room", "safety"]


@room.get("")
@open_to(*SUPPORTERS)
def index() -> str:
    """This month's counts: what is still to do, what waits for a second person, what is done."""
    search, zone = tidy(request.args.get("q")) or "", house().settings.zone
    month = month_of(session(), worker(), zone, search)
    return render_template("medication_audit/index.html", month=month, search=search, first=this_month(zone))


@room.get("/<uuid:tenant_id>")
@open_to(*GLASS_BREAKERS)
def tenant(tenant_id: UUID) -> str:
    """One tenant's medicines, this week, the level they agreed on, and their counts."""
    found = find(tenants_readable_by(worker()), tenant_id)
    override = look(found, "medication")
    zone = house().settings.zone
    today = clock.today(zone)
    medicines = session().scalars(medicines_shared_with(worker()).where(Medicine.tenant_id == found.id)).all()
    audits = session().scalars(MedicationAudit.shared_with(worker()).where(MedicationAudit.tenant_id == found.id)).all()
    levels = [] if override else session().scalars(SelfAdministration.of(found)).all()
    return render_template(
        "medication_audit/tenant.html", tenant=found, override=override, today=today,
        medicines=to_count(medicines, today), audits=[] if override else audits, levels=levels, first=this_month(zone),
        week=week_of(session(), found, today, zone),
    )  # fmt: skip


@room.route("/<uuid:tenant_id>/level", methods=["GET", "POST"])
@open_to(*SUPPORTERS)
def level(tenant_id: UUID) -> str | tuple[str, int] | Response:
    """Agree on a level with a tenant; what was agreed before is kept."""
    found = find(tenants_shared_with(worker()), tenant_id)
    look(found, "medication")
    zone = house().settings.zone
    now = session().scalars(SelfAdministration.of(found).limit(1)).first()
    form: LevelForm = LevelForm.asked(level=now.level.value if now else "", review_on=usual_review(zone)).offer()
    page = "medication_audit/level.html"
    if request.method == "GET":
        return render_template(page, tenant=found, form=form, now=now)
    keep_now()  # the reading, whatever comes of the answer
    if form.valid():
        try:
            agree_level(
                session(), worker(), found, Level(form.level.data), form.review_on.data, zone,
                tenant_words=form.tenant_words.data or "", worker_words=form.worker_words.data or "",
                language=language().code,
            )  # fmt: skip
        except ValueError:
            form.blame("review_on", gettext("Choose a day to come, within a year"))
        else:
            flash(gettext("Kept. %(name)s can read it.", name=found.known_as))
            return redirect(url_for("medication_audit.tenant", tenant_id=found.id), 303)
    return render_template(page, tenant=found, form=form, now=now), 422
