"""What a tenant has going for them, where they let their keyworker read it. Nobody but they writes in it."""

from __future__ import annotations

from uuid import UUID

from flask import abort, render_template
from flask_babel import gettext
from sqlalchemy.orm import Session

from staff_portal.caseload.room import room
from staff_portal.roles import SUPPORTERS
from tenant_app.accounts.consent import Category, Consent, GivenAs
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.accounts.rules import look_at
from tenant_app.strengths.models import Part, Strength
from tenant_app.strengths.rules import sharing_strengths, strengths_of
from tenant_app.strengths.words import strength_words
from tenant_app.web.audience import open_to
from tenant_app.web.house import find, session


@room.get("/caseload/<uuid:tenant_id>/strengths")
@open_to(*SUPPORTERS)
def strengths(tenant_id: UUID) -> str:
    """All of it. 404 for whoever is not the keyworker, or has no consent now."""
    tenant = find(sharing_strengths(worker()), tenant_id)
    consent = session().scalar(Consent.in_force(tenant, Category.STRENGTHS, worker(), GivenAs.KEYWORKER))
    if consent is None:
        abort(404)
    look_at(session(), worker(), tenant, "strengths")
    return render_template(
        "caseload/strengths.html", tenant=tenant, consent=consent, strengths=strengths_of(session(), tenant),
        strength_words=strength_words,
    )  # fmt: skip


def going_for(tenant: Tenant) -> list[tuple[str, str, Consent | None, str]]:
    """For the page of this tenant: icon, name, the consent by which the worker who is here sees it now, and the page
    of their strengths and then of their plan for moving on."""
    shown = (
        ("bulb", gettext("Strengths"), Category.STRENGTHS, "caseload.strengths"),
        ("door", gettext("Move-on plan"), Category.MOVE_ON, "caseload.move_on"),
    )
    return [
        (icon, words, session().scalar(Consent.in_force(tenant, category, worker(), GivenAs.KEYWORKER)), endpoint)
        for icon, words, category, endpoint in shown
    ]


def strengths_shown(session: Session, worker: Worker, tenant: Tenant) -> dict[Part, list[Strength]] | None:
    """What stands above the needs on another page about this tenant; None where they do not share it now. Whoever
    shows it has it logged as a look at the tenant's strengths."""
    if session.scalar(Consent.in_force(tenant, Category.STRENGTHS, worker, GivenAs.KEYWORKER)) is None:
        return None
    look_at(session, worker, tenant, "strengths")
    return strengths_of(session, tenant)
