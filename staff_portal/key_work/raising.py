"""From a note that names damp or mould to a repair: its clock runs from when the note made us aware."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Worker
from tenant_app.key_work.awareness import HazardMention, Outcome
from tenant_app.repairs.models import OPEN, Repair
from tenant_app.repairs.rules import known_since, raise_for

HAZARD = "damp-mould"
"""Kind of the repair that is raised: an id of `content/repairs/kinds`."""


def open_repairs_of(mention: HazardMention) -> Select[Repair]:
    """Repairs of that tenant which may be the one that the note means, the newest first."""
    return (
        select(Repair).where(Repair.tenant_id == mention.tenant_id, Repair.state.in_(OPEN))
        .order_by(Repair.hazard.desc(), Repair.reported_at.desc(), Repair.id)
    )  # fmt: skip


def raise_repair(
    session: Session, worker: Worker, mention: HazardMention, rooms: list[str], words: str, language: str,
    *, shared: bool = False,
) -> Repair:  # fmt: skip
    """A repair for the tenant, as of when the note made us aware. `mention` waits and is locked; `shared` is whether
    those rooms are a shared part of the building."""
    repair = raise_for(
        session, worker, mention.tenant, HAZARD, rooms=rooms, words=words, hazard=True, aware_at=mention.aware_at,
        language=language, shared=shared,
    )  # fmt: skip
    mention.settle(worker, Outcome.RAISED, repair_id=repair.id)
    return repair


def point_at(session: Session, worker: Worker, mention: HazardMention, repair: Repair) -> None:
    """It is this repair, one of `open_repairs_of(mention)`: its clock runs from the earlier of the two moments."""
    known_since(session, repair, mention.aware_at)
    mention.settle(worker, Outcome.REPORTED, repair_id=repair.id)
