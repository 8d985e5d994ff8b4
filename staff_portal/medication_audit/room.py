"""The room of medicines that tenants share: its words, and the note that each reading leaves."""

from __future__ import annotations

from flask import Blueprint

from tenant_app.accounts.consent import Category, Consent
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Tenant
from tenant_app.accounts.rules import look_at
from tenant_app.accounts.safeguarding import SafeguardingOverride
from tenant_app.medication import words
from tenant_app.medication.auditing import words as audit_words
from tenant_app.medication.auditing.models import AUDITORS
from tenant_app.web.house import session

room = Blueprint("medication_audit", __name__, template_folder="templates", url_prefix="/medication")


@room.context_processor
def sentences() -> dict[str, object]:
    """What counts, differences and levels are called."""
    return {
        "level_words": audit_words.level_words_to_staff, "part_of_day": words.part_of_day,
        "short_level": audit_words.short_level, "tell_difference": audit_words.tell_difference,
        "tell_month": audit_words.tell_month, "tell_quantity": audit_words.tell_quantity,
    }  # fmt: skip


def look(tenant: Tenant, what: str) -> SafeguardingOverride | None:
    """Write down that this page is read. Returns the override by which it is, where the tenant does not share it."""
    shared = session().scalar(Consent.in_force(tenant, Category.MEDICATION, worker(), *AUDITORS)) is not None
    reason = None if shared else session().scalar(
        SafeguardingOverride.in_force(tenant, Category.MEDICATION, worker()).limit(1)
    )
    look_at(
        session(), worker(), tenant, what, reason=reason.reason if reason else "",
        override_id=reason.id if reason else None,
    )  # fmt: skip
    return reason
