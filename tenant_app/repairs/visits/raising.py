"""Whom a worker may report something for."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Role, Tenant, Worker
from tenant_app.accounts.teams import looked_after_by
from tenant_app.repairs.models import Repair
from tenant_app.repairs.rules import raise_for
from tenant_app.repairs.visits.rules import DOUBLE_TAP


def may_raise_for(worker: Worker) -> Select[Tenant]:
    """Tenants who live here and whose repairs this worker sees, by name: a housing officer everybody, a keyworker those
    they support, a coordinator also those they answer for, others nobody."""
    here = select(Tenant).where(Tenant.left_at.is_(None)).order_by(func.lower(Tenant.name), Tenant.id)
    if worker.role is Role.HOUSING_OFFICER:
        return here
    if worker.role in (Role.KEYWORKER, Role.COORDINATOR):
        return here.where(looked_after_by(worker))
    return here.where(false())


def raise_once(
    session: Session, worker: Worker, tenant: Tenant, kind: str, *, rooms: list[str], words: str, hazard: bool,
    aware_at: datetime, language: str = "en", shared: bool = False,
) -> Repair:  # fmt: skip
    """`raise_for`; a double tap raises it once."""
    people = Tenant.__table__
    session.execute(select(people.c.id).where(people.c.id == tenant.id).with_for_update(key_share=True))
    lately = Repair.of(tenant).where(Repair.reported_at > clock.now() - DOUBLE_TAP, Repair.kind == kind)
    for there in session.scalars(Repair.whole(lately)):
        by = there.raised_by
        if by is not None and (by.id, there.words, there.rooms) == (worker.id, words, rooms):
            return there
    return raise_for(
        session, worker, tenant, kind, rooms=rooms, words=words, hazard=hazard, aware_at=aware_at, language=language,
        shared=shared,
    )  # fmt: skip
