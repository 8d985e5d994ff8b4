"""How a tenant felt around groups, where they let their keyworker see it."""

from __future__ import annotations

from uuid import UUID

from flask import abort, render_template, url_for

from staff_portal.break_glass.opening import open_record
from staff_portal.caseload.room import room
from staff_portal.roles import GLASS_BREAKERS
from tenant_app.accounts.consent import Category
from tenant_app.accounts.gate import worker
from tenant_app.groups.after.been import page_of
from tenant_app.groups.after.moods import felt, told_to
from tenant_app.groups.after.paging import asked_page
from tenant_app.groups.after.words import DRAWN, draw, in_templates
from tenant_app.web.audience import open_to
from tenant_app.web.house import session


@room.get("/caseload/<uuid:tenant_id>/moods")
@open_to(*GLASS_BREAKERS)
def moods(tenant_id: UUID) -> str:
    """All of it, newest first. 404 for whoever is not the keyworker, or has neither consent now nor a reason."""
    record = open_record(tenant_id, Category.CHECK_INS, "moods")
    tenant = record.tenant
    listed = told_to(worker(), tenant)
    try:
        page = page_of(session(), listed, asked_page())
    except LookupError:
        abort(404)
    shown = felt(session(), page.rows)
    drawn = shown if page.number == 1 else felt(session(), session().scalars(listed.limit(DRAWN)).all())
    return render_template(
        "caseload/moods.html", tenant=tenant, consent=record.consent, override=record.override, page=page, shown=shown,
        drawn=draw(drawn),
        to_page=lambda number: url_for("caseload.moods", tenant_id=tenant.id, page=number), **in_templates(),
    )  # fmt: skip
