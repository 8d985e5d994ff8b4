"""Letting a worker see one's medicines, and no longer; with a word in good time before it ends by itself."""

from __future__ import annotations

from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category, Consent, give_consent, withdraw_consent
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.reminders.rules import announce, withdraw

SHARING_ENDS = "medication.sharing_ends"
"""Kind of notice: a worker will soon no longer see your medicines, unless you say so again."""

TOLD_BEFORE = timedelta(days=14)
TOLD_AT = time(10)
"""When in the day, by the house's clock."""
TOLD_FOR = timedelta(days=3)
"""How long the notice is worth delivering to a phone that was off. It stands in the app all the same."""


def share_medicines(
    session: Session, tenant: Tenant, worker: Worker, zone: ZoneInfo, *, expires_on: date | None = None
) -> Consent:
    """Let a worker see this tenant's medicines until the end of `expires_on`; never renewed but by the tenant.

    Raises as `give_consent` does.
    """
    open_now = Consent.open_of(tenant, Category.MEDICATION).where(Consent.worker_id == worker.id)
    before = session.scalars(open_now).all()
    consent = give_consent(session, tenant, Category.MEDICATION, worker, zone, expires_on=expires_on)
    for earlier in before:
        if earlier is not consent:
            withdraw(session, _source(earlier))
    due_at = clock.at(consent.expires_on - TOLD_BEFORE, TOLD_AT, zone)
    if due_at > clock.now():
        announce(
            session, tenant, SHARING_ENDS, source=_source(consent), due_at=due_at, lasts=TOLD_FOR,
            facts={"name": worker.known_as, "day": consent.expires_on.isoformat()},
        )  # fmt: skip
    return consent


def stop_sharing(session: Session, tenant: Tenant, worker: Worker) -> None:
    """The worker sees this tenant's medicines no longer, from their next request on. Twice is once."""
    consent = withdraw_consent(session, tenant, Category.MEDICATION, worker)
    if consent is not None:
        withdraw(session, _source(consent))


def _source(consent: Consent) -> str:
    return f"sharing:{consent.id}"
