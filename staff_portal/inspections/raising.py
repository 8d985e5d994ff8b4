"""From what an inspection found to a repair: of a room for its tenant; of a building, or of a room that nobody lives in
any more, for the house."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from tenant_app.accounts.models import Worker
from tenant_app.inspections.models import Finding, Inspection
from tenant_app.repairs.models import MOST_PHOTOS, Repair, RepairPhoto
from tenant_app.repairs.rules import raise_for, raise_in_house
from tenant_app.repairs.tree import are_shared
from tenant_app.repairs.words import is_hazard
from tenant_app.web import photos
from tenant_app.web.house import house


def raise_repairs(session: Session, worker: Worker, inspection: Inspection, findings: Sequence[Finding]) -> int:
    """A repair, with the photos of the item, for each finding that has none yet; returns how many. We know of it since
    it was found.

    `inspection` is held by whoever signs it off, so that no finding is raised by two at once.
    """
    waiting = [each for each in findings if each.repair_id is None]
    for finding in waiting:
        repair = _raise(session, worker, inspection, finding)
        finding.repair_id = repair.id
        take_along(session, inspection, finding)
    session.flush()
    return len(waiting)


def take_along(session: Session, inspection: Inspection, finding: Finding) -> None:
    """Show the photos of the item with its repair as well, as many as a repair has: also those that come later. Done
    again, nothing is shown twice."""
    repair = session.get(Repair, finding.repair_id)
    if repair is None:
        return
    known = {photo.digest for photo in repair.photos}
    for each in inspection.photos:
        if each.item == finding.item and each.digest not in known and len(known) < MOST_PHOTOS:
            try:
                file = photos.copy(house().settings.photos, each.file)
            except OSError:
                continue  # it still stands with the inspection, which is to be signed off all the same
            known.add(each.digest)
            repair.photos.append(RepairPhoto(
                file=file, width=each.width, height=each.height, bytes=each.bytes, digest=each.digest,
                added_at=each.added_at,
            ))  # fmt: skip
    session.flush()


def _raise(session: Session, worker: Worker, inspection: Inspection, finding: Finding) -> Repair:
    tenant, rooms, hazard = inspection.tenant, finding.rooms or ["other"], is_hazard(finding.kind)
    if tenant is not None and tenant.left_at is None:
        return raise_for(
            session, worker, tenant, finding.kind, rooms=rooms, words=finding.words, hazard=hazard,
            aware_at=finding.aware_at, language=finding.language, shared=are_shared(rooms),
        )  # fmt: skip
    return raise_in_house(
        session, worker, inspection.building, finding.kind, rooms=rooms, words=finding.words, hazard=hazard,
        aware_at=finding.aware_at, language=finding.language, flat=inspection.flat,
    )  # fmt: skip
