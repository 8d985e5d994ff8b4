"""Opening a record for somebody's safety, and telling them that it was opened."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.accounts.safeguarding import SafeguardingOverride, override_for_safety
from tenant_app.accounts.withholding import decide, to_be_told
from tenant_app.reminders.rules import announce

OPENED = "record.opened"
"""Kind of notice: a worker opened part of your record for your safety, without asking. No choice mutes it."""
TOLD_FOR = timedelta(days=3)
"""How long the notice is worth delivering to a phone that was off. It stands in the app all the same."""


def open_for_safety(
    session: Session, worker: Worker, tenant: Tenant, category: Category, reason: str, language: str = "",
    *, withhold_because: str = "",
) -> SafeguardingOverride:  # fmt: skip
    """Open a record as `override_for_safety` does, and tell the tenant at once, or when it is no longer withheld from
    them; there is no way to open one unseen.

    Who it was, what was opened and why are for the app to tell: the notice holds none of it. Raises as
    `override_for_safety` does.
    """
    override = override_for_safety(
        session, worker, tenant, category, reason, language, withhold_because=withhold_because
    )
    if not override.withheld:
        _tell(session, override, tenant)
    return override


def decide_telling(
    session: Session, override: SafeguardingOverride, worker: Worker, *, days: int, reason: str
) -> None:
    """Decide as `withholding.decide` does, and tell the tenant at once where nothing is withheld any more."""
    decide(session, override, worker, days=days, reason=reason)
    if not override.withheld:
        _tell(session, override, override.tenant)


def tell_what_was_withheld(session: Session) -> bool:
    """Tell every tenant whose time of not being told is over. Returns whether more is left: never."""
    # Not planned ahead: a notice that waits stands among the tenant's own records, which they may read and take along.
    for override in to_be_told(session):
        _tell(session, override, override.tenant)
    return False


def _tell(session: Session, override: SafeguardingOverride, tenant: Tenant) -> None:
    override.told_at = clock.now()
    session.flush()
    announce(session, tenant, OPENED, source=f"override:{override.id}", lasts=TOLD_FOR)
