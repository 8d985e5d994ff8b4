"""The end of every link to a repair: it was mended, closed, or is told the news of another."""

from __future__ import annotations

from sqlalchemy import func, update
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.repairs.contractors.models import RepairJob
from tenant_app.repairs.models import Repair


def end_jobs(session: Session, repair: Repair) -> None:
    """From now on no link leads to this repair, and no number is passed on."""
    session.execute(
        update(RepairJob).where(RepairJob.repair_id == repair.id)
        .values(ended_at=func.coalesce(RepairJob.ended_at, clock.now()), digest=None, phone="")
    )  # fmt: skip
