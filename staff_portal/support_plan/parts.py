"""What stands beside a review: everything that a keyworker may see of a tenant now and that helps to talk.

A part asks for consent by itself, at each request. A new one is one line in `PARTS` and one template.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from staff_portal.caseload.strengths import strengths_shown
from tenant_app.accounts.consent import Category, Consent, GivenAs
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.accounts.rules import look_at
from tenant_app.check_ins.models import CheckIn
from tenant_app.check_ins.rules import Span, span_of
from tenant_app.check_ins.telling import Told, told
from tenant_app.goals.models import Goal
from tenant_app.groups.register.care import told_to
from tenant_app.groups.register.records import Missed
from tenant_app.messages.models import Message, threads_of
from tenant_app.move_on.checklist import checklist
from tenant_app.move_on.models import MoveOnPlan
from tenant_app.move_on.standing import PartStanding, standing


@dataclass(frozen=True)
class Part:
    """One kind of record. What `gather` finds is `found` in its template; None is "not shared", and shows nothing of
    it but that."""

    template: str
    gather: Callable[[Session, Worker, Tenant], Any]
    what: str = ""
    """What the tenant reads that was looked at, beside the review itself, where something was found."""


def _goals(session: Session, worker: Worker, tenant: Tenant) -> list[Goal]:
    return list(session.scalars(Goal.shared_with(worker).where(Goal.tenant_id == tenant.id)).unique())


def _check_ins(session: Session, worker: Worker, tenant: Tenant) -> tuple[Span, list[Told]] | None:
    span = span_of(session, CheckIn.shared_with(worker, tenant))
    return (span, told(span)) if span else None


def _move_on(
    session: Session, worker: Worker, tenant: Tenant
) -> tuple[MoveOnPlan | None, list[PartStanding]] | None:
    if session.scalar(Consent.in_force(tenant, Category.MOVE_ON, worker, GivenAs.KEYWORKER)) is None:
        return None
    plan = session.scalar(MoveOnPlan.shared_with(worker).where(MoveOnPlan.tenant_id == tenant.id))
    return plan, standing(checklist(), plan.items if plan else [])


def _last_contact(session: Session, worker: Worker, tenant: Tenant) -> datetime | None:
    theirs = threads_of(worker).where(Tenant.id == tenant.id).with_only_columns(Tenant.id).order_by(None)
    asked = select(func.max(Message.written_at)).where(
        Message.tenant_id.in_(theirs), Message.worker_id == worker.id, Message.held.is_(False)
    )
    return session.scalar(asked)


def _missed(session: Session, worker: Worker, tenant: Tenant) -> list[Missed] | None:
    return list(session.scalars(told_to(worker).where(Missed.tenant_id == tenant.id))) or None


PARTS: tuple[Part, ...] = (
    # It writes down by itself that it was read.
    Part("plan_reviews/_strengths.html", strengths_shown),
    Part("plan_reviews/_goals.html", _goals),
    Part("plan_reviews/_move_on.html", _move_on, "move-on"),
    Part("plan_reviews/_check_ins.html", _check_ins, "check-ins"),
    Part("plan_reviews/_last_contact.html", _last_contact),
    Part("plan_reviews/_missed.html", _missed, "missed"),
)
"""In the order in which they stand on the page."""


def gathered(session: Session, worker: Worker, tenant: Tenant) -> list[tuple[str, Any]]:
    """(template, what was found) of each part, as it may be seen at this moment; each reading is written down."""
    found = []
    for part in PARTS:
        seen = part.gather(session, worker, tenant)
        if part.what and seen is not None:
            look_at(session, worker, tenant, part.what)
        found.append((part.template, seen))
    return found
