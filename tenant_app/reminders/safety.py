"""Opening a record for somebody's safety, and telling them that it was opened."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from tenant_app.accounts.consent import Category
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.accounts.safeguarding import SafeguardingOverride, override_for_safety
from tenant_app.reminders.rules import announce

OPENED = "record.opened"
"""Kind of notice: a worker opened part of your record for your safety, without asking. No choice mutes it."""
TOLD_FOR = timedelta(days=3)
"""How long the notice is worth delivering to a phone that was off. It stands in the app all the same."""


def open_for_safety(
    session: Session, worker: Worker, tenant: Tenant, category: Category, reason: str, language: str = ""
) -> SafeguardingOverride:
    """Open a record as `override_for_safety` does, and tell the tenant at once; there is no way to open one unseen.

    Who it was, what was opened and why are for the app to tell: the notice holds none of it. Raises as
    `override_for_safety` does.
    """
    override = override_for_safety(session, worker, tenant, category, reason, language)
    session.flush()
    announce(session, tenant, OPENED, source=f"override:{override.id}", lasts=TOLD_FOR)
    return override
