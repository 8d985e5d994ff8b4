"""What a tenant said in their check-ins, where they let their keyworker see it."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for

from staff_portal.break_glass.opening import open_record
from staff_portal.caseload.room import room
from staff_portal.roles import GLASS_BREAKERS
from tenant_app.accounts.consent import Category
from tenant_app.accounts.gate import worker
from tenant_app.check_ins.models import CheckIn
from tenant_app.check_ins.rules import span_of
from tenant_app.check_ins.telling import asked_month, span_until, told
from tenant_app.web.audience import open_to
from tenant_app.web.house import session


@room.get("/caseload/<uuid:tenant_id>/check-ins")
@open_to(*GLASS_BREAKERS)
def check_ins(tenant_id: UUID) -> str:
    """Some months of it. 404 for whoever is not the keyworker, or has neither consent now nor a reason."""
    record, month = open_record(tenant_id, Category.CHECK_INS, "check-ins"), asked_month()
    tenant = record.tenant
    span = span_of(session(), CheckIn.shared_with(worker(), tenant), month)
    return render_template(
        "caseload/check_ins.html", tenant=tenant, consent=record.consent, override=record.override, span=span,
        told=told(span) if span else [],
        to_span=lambda day, begins: url_for(
            "caseload.check_ins", tenant_id=tenant.id, until=span_until(day, begins=begins)
        ),
    )  # fmt: skip
