"""Letting one's keyworker see one kind of record, and no longer: what every page that asks it has in common."""

from __future__ import annotations

from flask import abort

from tenant_app.accounts.consent import Category, Consent, GivenAs, NotToBeChosen, give_consent, withdraw_consent
from tenant_app.accounts.gate import tenant
from tenant_app.accounts.models import Worker
from tenant_app.web.house import house, session


def shared_with_keyworker(category: Category) -> dict[str, Worker | Consent | None]:
    """For a template: the tenant's `keyworker`, if any, and the `consent` by which they see this kind of record now."""
    keyworker = tenant().keyworker
    if keyworker is None:
        return {"keyworker": None, "consent": None}
    found = session().scalar(Consent.in_force(tenant(), category, keyworker, GivenAs.KEYWORKER))
    return {"keyworker": keyworker, "consent": found}


def let_keyworker_see(category: Category, *, sees: bool) -> Worker:
    """Let the tenant's keyworker see this kind of record from now on, for as long as is usual, or no longer. 409 where
    there is nobody to let. Whoever was their keyworker before sees it no more, not even if they are again one day."""
    keyworker = tenant().keyworker
    if keyworker is None:
        abort(409)
    earlier = Consent.open_of(tenant(), category).where(Consent.worker_id != keyworker.id).with_for_update()
    for consent in session().scalars(earlier):
        consent.withdraw()
    if not sees:
        withdraw_consent(session(), tenant(), category, keyworker)
        return keyworker
    try:
        give_consent(session(), tenant(), category, keyworker, house().settings.zone)
    except NotToBeChosen:
        abort(409)
    return keyworker
