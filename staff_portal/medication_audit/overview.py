"""The month's counts on one page, in a fixed number of questions, however many tenants share their medicines."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, lazyload, selectinload

from staff_portal.finding import matches
from tenant_app import clock
from tenant_app.accounts.consent import Category, Consent, tenants_sharing
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.medication.auditing.models import (
    AuditEntry,
    MedicationAudit,
    SelfAdministration,
    Standing,
    tenants_shared_with,
)
from tenant_app.medication.auditing.rules import this_month
from tenant_app.medication.models import Medicine


@dataclass(frozen=True)
class Due:
    """One tenant, and where this month's count of their medicines is."""

    tenant: Tenant
    now: AuditEntry | None
    """The latest count of this month, signed or not."""
    last: AuditEntry | None
    """The last count that a second person signed, of whatever month."""
    since: date
    """First day of the earliest month from which on no count was signed; after today if this month's is."""
    level: SelfAdministration | None
    nothing: bool
    """Whether no medicine is written down that could be counted."""
    today: date

    @property
    def done(self) -> bool:
        return self.now is not None and self.now.standing is Standing.SIGNED

    @property
    def overdue(self) -> bool:
        """Whether a month has gone by without a signed count."""
        return not self.nothing and self.since < self.today.replace(day=1)

    @property
    def review_due(self) -> bool:
        return self.level is not None and self.level.review_on <= self.today


@dataclass(frozen=True)
class Month:
    """What the room's first page shows."""

    due: list[Due]
    """Still to be counted or signed, the longest overdue first."""
    done: list[Due]
    to_sign: list[AuditEntry]
    """Counts by others that wait for this worker's word."""
    everyone: int


def month_of(session: Session, worker: Worker, zone: ZoneInfo, search: str = "") -> Month:
    """This month's counts of everyone who shares their medicines with the worker; `search` narrows it by name."""
    shared = tenants_shared_with(worker)
    everyone, ids = session.scalars(shared).all(), shared.with_only_columns(Tenant.id).order_by(None)
    today = clock.today(zone)
    counted, signed = _counted(session, ids, this_month(zone)), _last_signed(session, ids)
    began, levels, takes = _first_shared(session, worker), _levels(session, ids), _who_takes(session, ids, today)
    rows = []
    for tenant in everyone:
        if not matches(search, f"{tenant.name} {tenant.flat}"):
            continue
        last = signed.get(tenant.id)
        first = began[tenant.id].astimezone(zone).date().replace(day=1)
        rows.append(Due(
            tenant, counted.get(tenant.id), last, last.audit.month + relativedelta(months=1) if last else first,
            levels.get(tenant.id), tenant.id not in takes, today,
        ))  # fmt: skip
    return Month(
        due=sorted((row for row in rows if not row.done), key=lambda row: (row.nothing, row.since)),
        done=[row for row in rows if row.done],
        to_sign=[entry for entry in session.scalars(waiting_for(worker)).unique()
                 if matches(search, f"{entry.audit.tenant.name} {entry.audit.tenant.flat}")],
        everyone=len(everyone),
    )  # fmt: skip


def waiting_for(worker: Worker) -> Select[AuditEntry]:
    """Counts by somebody else that wait for a second person, of tenants who share with this worker, oldest first."""
    sharing = tenants_sharing(worker, Category.MEDICATION).with_only_columns(Tenant.id).order_by(None)
    later = aliased(AuditEntry)
    return (
        select(AuditEntry)
        .join(AuditEntry.audit)
        .where(
            MedicationAudit.tenant_id.in_(sharing), AuditEntry.agreed.is_(None), AuditEntry.worker_id != worker.id,
            ~exists().where(later.audit_id == AuditEntry.audit_id, later.number > AuditEntry.number),
        )
        .options(lazyload(AuditEntry.counts), contains_eager(AuditEntry.audit).options(
            joinedload(MedicationAudit.tenant), lazyload(MedicationAudit.entries),
        ))
        .order_by(AuditEntry.counted_at, AuditEntry.id)
    )  # fmt: skip


def _counted(session: Session, ids: Select[UUID], month: date) -> dict[UUID, AuditEntry]:
    entries = selectinload(MedicationAudit.entries).lazyload(AuditEntry.counts)
    audits = select(MedicationAudit).where(MedicationAudit.tenant_id.in_(ids), MedicationAudit.month == month)
    return {audit.tenant_id: audit.latest for audit in session.scalars(audits.options(entries))}


def _last_signed(session: Session, ids: Select[UUID]) -> dict[UUID, AuditEntry]:
    last = (
        select(MedicationAudit.tenant_id, func.max(MedicationAudit.month).label("month"))
        .join(MedicationAudit.entries)
        .where(MedicationAudit.tenant_id.in_(ids), AuditEntry.agreed.is_(True))
        .group_by(MedicationAudit.tenant_id)
        .subquery()
    )
    found = session.scalars(
        select(AuditEntry)
        .join(AuditEntry.audit)
        .join(last, (last.c.tenant_id == MedicationAudit.tenant_id) & (last.c.month == MedicationAudit.month))
        .where(AuditEntry.agreed.is_(True))
        .options(lazyload(AuditEntry.counts), contains_eager(AuditEntry.audit).lazyload(MedicationAudit.entries))
        .order_by(AuditEntry.number)
    )
    return {entry.audit.tenant_id: entry for entry in found.unique()}  # of two signed in one month, the later


def _levels(session: Session, ids: Select[UUID]) -> dict[UUID, SelfAdministration]:
    now = select(SelfAdministration).where(
        SelfAdministration.tenant_id.in_(ids), SelfAdministration.ended_at.is_(None)
    )
    return {level.tenant_id: level for level in session.scalars(now)}


def _first_shared(session: Session, worker: Worker) -> dict[UUID, datetime]:
    """When each tenant first shared their medicines with this worker (UTC)."""
    given = (
        select(Consent.tenant_id, func.min(Consent.given_at).label("first"))
        .where(Consent.worker_id == worker.id, Consent.category == Category.MEDICATION)
        .group_by(Consent.tenant_id)
    )
    return {row.tenant_id: row.first for row in session.execute(given)}


def _who_takes(session: Session, ids: Select[UUID], today: date) -> set[UUID]:
    """Tenants with a medicine that could be counted."""
    goes_on = Medicine.stopped_at.is_(None) & (Medicine.ends_on.is_(None) | (Medicine.ends_on >= today))
    return set(session.scalars(select(Medicine.tenant_id).distinct().where(Medicine.tenant_id.in_(ids), goes_on)))
