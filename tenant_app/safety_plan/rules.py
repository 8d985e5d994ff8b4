"""Decisions about a plan as a whole: its order, how long it may be, who may read it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from tenant_app.accounts.consent import Category, GivenAs, shares_with
from tenant_app.accounts.models import Tenant, Worker, supported_by
from tenant_app.accounts.safeguarding import overridden_by
from tenant_app.safety_plan.models import Part, PlanLine

MOST_LINES = 20
"""In each part. On a hard day nobody reads more."""


class PartFull(ValueError):
    """A part has as many lines as anyone reads."""


def plan_of(session: Session, tenant: Tenant) -> dict[Part, list[PlanLine]]:
    """The whole plan, part by part in the order of reading; parts without a line are there, and empty."""
    plan: dict[Part, list[PlanLine]] = {part: [] for part in Part}
    for line in session.scalars(PlanLine.of(tenant)):
        plan[line.part].append(line)
    return plan


def write_line(
    session: Session, tenant: Tenant, part: Part, words: str, *, phone: str = "", language: str = ""
) -> PlanLine:
    """Put a line at the end of a part. The same words again are the line that is there: a double tap.

    Raises `PartFull`.
    """
    # Two taps at the same moment queue here; the second then finds what the first wrote.
    session.execute(select(Tenant.id).where(Tenant.id == tenant.id).with_for_update(key_share=True))
    lines = _lines(session, tenant, part)
    phone = phone if part.with_phone else ""
    same = next((line for line in lines if (line.words, line.phone) == (words, phone)), None)
    if same is not None:
        return same
    if len(lines) >= MOST_LINES:
        raise PartFull
    line = PlanLine(
        tenant=tenant, part=part, words=words, phone=phone, language=language,
        position=max((each.position for each in lines), default=0) + 1,
    )  # fmt: skip
    session.add(line)
    session.flush()
    return line


def put_first(session: Session, tenant: Tenant, line: PlanLine) -> None:
    """What helps most stands first; the others keep their order."""
    lines = _lines(session, tenant, line.part)
    if lines and lines[0] is not line:
        line.position = lines[0].position - 1
        session.flush()


def plans_shared_with(worker: Worker) -> Select[Tenant]:
    """Tenants on this worker's caseload who let them read their plan now, and those whose plan they opened for safety
    within the last day."""
    agreed = shares_with(worker, Category.SAFETY_PLAN, GivenAs.KEYWORKER)
    return select(Tenant).where(or_(and_(supported_by(worker), agreed), overridden_by(worker, Category.SAFETY_PLAN)))


def _lines(session: Session, tenant: Tenant, part: Part) -> Sequence[PlanLine]:
    return session.scalars(PlanLine.of(tenant).where(PlanLine.part == part)).all()
