"""For whom, and of which house, a worker may report something."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import FromClause, Select, false, func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import CARRIERS, Property, Role, Tenant, Worker
from tenant_app.accounts.teams import looked_after_by
from tenant_app.repairs.models import Repair
from tenant_app.repairs.rules import raise_for, raise_in_house
from tenant_app.repairs.visits.rules import DOUBLE_TAP


def may_raise_for(worker: Worker) -> Select[Tenant]:
    """Tenants who live here and whose repairs this worker sees, by name: a housing officer everybody, a keyworker those
    they support, a coordinator also those they answer for, others nobody."""
    here = select(Tenant).where(Tenant.left_at.is_(None)).order_by(func.lower(Tenant.name), Tenant.id)
    if worker.role is Role.HOUSING_OFFICER:
        return here
    if worker.role in CARRIERS:
        return here.where(looked_after_by(worker))
    return here.where(false())


def houses_of(worker: Worker) -> Select[Property]:
    """Houses of which this worker sees what is of the house, by name: where they work, or every one."""
    houses = select(Property).order_by(func.lower(Property.name), Property.id)
    if worker.role is Role.HOUSING_OFFICER:
        return houses
    if worker.role in CARRIERS:
        return houses.where(Property.id == worker.property_id) if worker.property_id else houses
    return houses.where(false())


def raise_in_house_once(
    session: Session, worker: Worker, building: Property, kind: str, *, rooms: list[str], words: str, hazard: bool,
    aware_at: datetime, language: str = "en",
) -> Repair:  # fmt: skip
    """`raise_in_house`, of a shared part; a double tap raises it once."""
    _hold(session, Property.__table__, building.id)
    here = select(Repair).where(Repair.property_id == building.id, Repair.tenant_id.is_(None))
    there = _just_raised(session, here, worker, kind, rooms, words)
    return there or raise_in_house(
        session, worker, building, kind, rooms=rooms, words=words, hazard=hazard, aware_at=aware_at, language=language
    )


def raise_once(
    session: Session, worker: Worker, tenant: Tenant, kind: str, *, rooms: list[str], words: str, hazard: bool,
    aware_at: datetime, language: str = "en", shared: bool = False,
) -> Repair:  # fmt: skip
    """`raise_for`; a double tap raises it once."""
    _hold(session, Tenant.__table__, tenant.id)
    there = _just_raised(session, Repair.of(tenant), worker, kind, rooms, words)
    return there or raise_for(
        session, worker, tenant, kind, rooms=rooms, words=words, hazard=hazard, aware_at=aware_at, language=language,
        shared=shared,
    )  # fmt: skip


def _hold(session: Session, table: FromClause, id_: UUID) -> None:
    """Two taps queue here."""
    session.execute(select(table.c.id).where(table.c.id == id_).with_for_update(key_share=True))


def _just_raised(
    session: Session, among: Select[Repair], worker: Worker, kind: str, rooms: list[str], words: str
) -> Repair | None:
    """The same, as this worker raised it a moment ago."""
    lately = among.where(Repair.reported_at > clock.now() - DOUBLE_TAP, Repair.kind == kind)
    for there in session.scalars(Repair.whole(lately)):
        by = there.raised_by
        if by is not None and (by.id, there.words, there.rooms) == (worker.id, words, rooms):
            return there
    return None
