"""The way to a record at the desk: by the tenant's consent, or by a reason that was given for their safety."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from flask import abort
from sqlalchemy.orm import joinedload

from tenant_app.accounts.consent import Category, Consent, GivenAs
from tenant_app.accounts.gate import worker
from tenant_app.accounts.models import Tenant
from tenant_app.accounts.rules import look_at
from tenant_app.accounts.safeguarding import SafeguardingOverride
from tenant_app.web.house import session


@dataclass(frozen=True)
class Record:
    """Of whom, and by what it is open: by one of the two, never by both."""

    tenant: Tenant
    consent: Consent | None
    override: SafeguardingOverride | None


def open_record(tenant_id: UUID, category: Category, what: str) -> Record:
    """A record of this kind of a tenant who lets their keyworker see it now, or whose safety it was opened for within
    the last day; 404 otherwise. That it is read is written down as `what`, with the reason where there is one."""
    tenant = session().scalar(worker().caseload.where(Tenant.id == tenant_id))
    if tenant is not None:
        consent = session().scalar(Consent.in_force(tenant, category, worker(), GivenAs.KEYWORKER))
        if consent is not None:
            look_at(session(), worker(), tenant, what)
            return Record(tenant, consent, None)
    override = opened_record(tenant_id, category)
    if override is None:
        abort(404)
    look_at(session(), worker(), override.tenant, what, reason=override.reason, override_id=override.id)
    return Record(override.tenant, None, override)


def opened_record(tenant_id: UUID, category: Category) -> SafeguardingOverride | None:
    """By which reason this worker may read it now, if by one."""
    mine = SafeguardingOverride.of_worker(worker()).where(
        SafeguardingOverride.tenant_id == tenant_id, SafeguardingOverride.category == category
    )
    return session().scalars(mine.options(joinedload(SafeguardingOverride.tenant)).limit(1)).first()
