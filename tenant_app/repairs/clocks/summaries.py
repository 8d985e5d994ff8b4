"""What an investigation found, written to the tenant within its clock, and kept (SI 2025/1042)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Select, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.database import Base, Id
from tenant_app.repairs.clocks.policy import Policy
from tenant_app.repairs.clocks.rules import course_of, keep_clocks, tell, touch
from tenant_app.repairs.models import Repair


class InvestigationSummary(Base):
    """One written summary. It is never changed: who has more to say writes another."""

    __tablename__ = "repair_summary"

    id: Mapped[Id]
    repair_id: Mapped[UUID] = mapped_column(ForeignKey(Repair.id, ondelete="CASCADE"), index=True)
    investigated_on: Mapped[date]
    """The local day on which looking into it ended."""
    found: Mapped[str] = mapped_column(Text)
    hazard: Mapped[bool]
    """Whether there is a hazard."""
    todo: Mapped[str] = mapped_column(Text, default="")
    """What we will do about it."""
    done_by: Mapped[date | None]
    """By when."""
    works_needed: Mapped[bool] = mapped_column(default=True)
    """Whether further work follows once it is safe."""
    language: Mapped[str] = mapped_column(String(12))
    """What the worker's words are written in."""
    told_in: Mapped[str] = mapped_column(String(12))
    """The tenant's language when it was sent; empty where it was written to all who live in a house."""
    worker_id: Mapped[UUID] = mapped_column(ForeignKey(Worker.id))
    written_at: Mapped[datetime] = mapped_column(default=clock.now)

    worker: Mapped[Worker] = relationship()
    repair: Mapped[Repair] = relationship()

    @classmethod
    def of(cls, repair: Repair) -> Select[InvestigationSummary]:
        """All of a repair, newest first."""
        return select(cls).where(cls.repair_id == repair.id).order_by(cls.written_at.desc(), cls.id.desc())

    @classmethod
    def told_to(cls, tenant: Tenant) -> Select[InvestigationSummary]:
        """Every one that was written to this tenant."""
        return select(cls).join(Repair).where(Repair.tenant_id == tenant.id)


def write_summary(
    session: Session, worker: Worker, repair: Repair, *, found: str, hazard: bool, todo: str = "",
    done_by: date | None = None, works_needed: bool = True, language: str = "en", policy: Policy | None = None,
) -> InvestigationSummary:  # fmt: skip
    """Write to the tenant what was found; its clock is met, and where there is no hazard the later ones end.

    Raises `ValueError` before the investigation has ended, without what was found, and for a hazard about which
    nothing is said to be done.
    """
    course = course_of(session, repair, policy)
    if repair.investigated_on is None or course.investigated_at is None:
        raise ValueError("what was not looked into was not found")
    if not found.strip() or (hazard and not (todo.strip() and done_by)):
        raise ValueError("a summary says what was found, what will be done and by when")
    summary = InvestigationSummary(
        repair=repair, investigated_on=repair.investigated_on, found=found, hazard=hazard,
        todo=todo, done_by=done_by, works_needed=hazard and works_needed, language=language,
        told_in=repair.tenant.language if repair.tenant else "", worker=worker, written_at=clock.now(),
    )  # fmt: skip
    session.add(summary)
    course.summarised_at = course.summarised_at or summary.written_at
    course.hazard_found, course.works_needed = hazard, hazard and works_needed
    touch(repair)
    keep_clocks(session, repair, policy)
    tell(session, repair, "summary", summary.id.hex, worker)
    return summary
