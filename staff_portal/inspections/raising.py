"""From what an inspection found to a repair: of a room at once, for its tenant. What was found in a building waits at
the repairs desk, because a repair belongs to a tenant."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from tenant_app.accounts.models import Worker
from tenant_app.inspections.models import Finding, Inspection
from tenant_app.repairs.rules import raise_for
from tenant_app.repairs.tree import are_shared
from tenant_app.repairs.words import is_hazard


def raise_repairs(session: Session, worker: Worker, inspection: Inspection, findings: Sequence[Finding]) -> int:
    """A repair for each finding of a room that has none yet; returns how many. We know of it since it was found.

    `inspection` is held by whoever signs it off, so that no finding is raised by two at once.
    """
    tenant = inspection.tenant
    if tenant is None or tenant.left_at is not None:
        return 0
    waiting = [each for each in findings if each.waits]
    for finding in waiting:
        repair = raise_for(
            session, worker, tenant, finding.kind, rooms=finding.rooms or ["other"], words=finding.words,
            hazard=is_hazard(finding.kind), aware_at=finding.aware_at, language=finding.language,
            shared=are_shared(finding.rooms or []),
        )  # fmt: skip
        finding.repair_id = repair.id
    session.flush()
    return len(waiting)
