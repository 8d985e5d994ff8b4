"""What a tenant said in their check-ins, where they let their keyworker see it."""

from __future__ import annotations

from uuid import UUID

from flask import abort, render_template, url_for

from staff_portal.caseload.room import room
from staff_portal.roles import SUPPORTERS
from tenant_app.accounts.consent import Category, Consent, GivenAs
from tenant_app.accounts.gate import worker
from tenant_app.accounts.rules import look_at
from tenant_app.check_ins.models import CheckIn
from tenant_app.check_ins.rules import span_of
from tenant_app.check_ins.telling import asked_month, span_until, told
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, session


@room.get("/caseload/<uuid:tenant_id>/check-ins")
@open_to(*SUPPORTERS)
def check_ins(tenant_id: UUID) -> str:
    """Some months of it. 404 for whoever is not the keyworker, or has no consent now."""
    tenant = find(worker().caseload, tenant_id)
    consent = session().scalar(Consent.in_force(tenant, Category.CHECK_INS, worker(), GivenAs.KEYWORKER))
    if consent is None:
        abort(404)
    month = asked_month()
    look_at(session(), worker(), tenant, "check-ins")
    span = span_of(session(), CheckIn.shared_with(worker(), tenant), month)
    return render_template(
        "caseload/check_ins.html", tenant=tenant, consent=consent, span=span, told=told(span) if span else [],
        to_span=lambda day, begins: url_for(
            "caseload.check_ins", tenant_id=tenant.id, until=span_until(day, begins=begins)
        ),
    )  # fmt: skip
