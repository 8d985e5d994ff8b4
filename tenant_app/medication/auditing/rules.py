"""Decisions about counts, second signatures and levels. What is wrong is found before anything is written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tenant_app import clock
from tenant_app.accounts.consent import Category, Consent
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.medication.auditing.models import (
    MOST_COUNTED,
    AuditEntry,
    Level,
    MedicationAudit,
    MedicineCount,
    SelfAdministration,
    Standing,
    expected_stock,
    to_count,
)
from tenant_app.medication.models import Medicine
from tenant_app.medication.stock.rules import take_over_counts

REVIEW_MONTHS = 3
"""When a level is next looked at, where nobody says another day."""
FURTHEST_REVIEW_MONTHS = 12


class NothingToCount(ValueError):
    """The tenant has written down no medicine that is still taken."""


class CountsDiffer(ValueError):
    """The counts are not of the medicines that the tenant takes now, each of them once."""


class AlreadyCounted(ValueError):
    """This month's count is written down; `audit` is it."""

    def __init__(self, audit: MedicationAudit) -> None:
        super().__init__(audit.month)
        self.audit = audit


class ActionNeeded(ValueError):
    """There is a difference, and nobody said what was done about it. `counts` are those that differ, not kept."""

    def __init__(self, counts: list[MedicineCount]) -> None:
        super().__init__(len(counts))
        self.counts = counts


class Superseded(ValueError):
    """Somebody counted again, or signed, in the meantime."""


class OwnCount(ValueError):
    """The second person is the one who counted."""


@dataclass(frozen=True)
class Counting:
    """What a worker wrote down at the shelf: how much of each medicine by its id, and what they saw and did."""

    counts: Mapping[UUID, Decimal]
    found: str = ""
    action: str = ""
    because: str = ""
    """For a later count: what it puts right."""
    language: str = ""


def this_month(zone: ZoneInfo) -> date:
    """First day of the present month in `zone`."""
    return clock.today(zone).replace(day=1)


def count_month(session: Session, worker: Worker, tenant: Tenant, said: Counting, zone: ZoneInfo) -> MedicationAudit:
    """Write down the count of this month, found by a worker among `tenants_shared_with(worker)`.

    The same count by the same worker again is one count: a double tap. Raises `AlreadyCounted` if somebody else was
    first, `NothingToCount`, `CountsDiffer` or `ActionNeeded`; nothing is written then.
    """
    _hold(session, tenant)
    month = this_month(zone)
    known = session.scalar(MedicationAudit.of(tenant).where(MedicationAudit.month == month))
    if known is not None:
        if _same(known.latest, worker, said):
            return known
        raise AlreadyCounted(known)
    counts = _counts(session, tenant, said, zone)
    audit = MedicationAudit(tenant=tenant, month=month, entries=[_entry(worker, said, counts, 1)])
    session.add(audit)
    session.flush()
    return audit


def count_again(
    session: Session, worker: Worker, audit: MedicationAudit, follows: int, said: Counting, zone: ZoneInfo
) -> AuditEntry:
    """Count once more, as an entry after number `follows`, which stays as it is: it was disagreed with, was a slip, or
    was signed and turned out wrong. A second person looks at the new one too.

    Raises `Superseded` if `follows` is no longer the latest, `ValueError` where a signed count is put right without
    saying why, and as `count_month` does.
    """
    latest = _latest(session, audit)
    if latest.number == follows + 1 and _same(latest, worker, said):
        return latest
    if latest.number != follows:
        raise Superseded(audit.id)
    if latest.standing is Standing.SIGNED and not said.because:
        raise ValueError("a correction says what it puts right")
    counts = _counts(session, audit.tenant, said, zone)
    entry = _entry(worker, said, counts, latest.number + 1)
    audit.entries.insert(0, entry)
    session.flush()
    return entry


def countersign(
    session: Session, worker: Worker, audit: MedicationAudit, number: int, zone: ZoneInfo, *, agreed: bool,
    words: str = "",
) -> AuditEntry:  # fmt: skip
    """A second person says of entry `number` that they saw the same, or what they saw instead.

    What two people saw becomes the stock of each medicine that the tenant keeps count of, as it was at the moment of
    counting: what was taken and collected since is reckoned on from there, and a count that came later still holds.
    At which level the tenant looks after them makes no difference, as it makes none to the count.

    Their first word stands. Raises `OwnCount` for whoever counted, `Superseded` if it is not the latest entry or was
    answered otherwise, `ValueError` for disagreeing without words.
    """
    latest = _latest(session, audit)
    if latest.worker_id == worker.id:
        raise OwnCount(worker.id)
    if latest.number != number:
        raise Superseded(audit.id)
    if latest.agreed is not None:
        if latest.second_id == worker.id and latest.agreed is agreed:
            return latest
        raise Superseded(audit.id)
    if not agreed and not words:
        raise ValueError("who disagrees says what they saw")
    latest.second, latest.second_at, latest.agreed, latest.second_words = worker, clock.now(), agreed, words
    session.flush()
    if agreed:
        seen = {count.id: (count.medicine_id, count.counted) for count in latest.counts}
        take_over_counts(session, audit.tenant, seen, latest.worker, latest.counted_at, zone)
    return latest


def agree_level(
    session: Session, worker: Worker, tenant: Tenant, level: Level, review_on: date, zone: ZoneInfo, *,
    tenant_words: str = "", worker_words: str = "", language: str = "",
) -> SelfAdministration:  # fmt: skip
    """The level that a tenant and a worker agree on from now; the one before is kept. The same again is one agreement.

    Raises `ValueError` for a review that is not to come, or over `FURTHEST_REVIEW_MONTHS` ahead.
    """
    _hold(session, tenant)
    today = clock.today(zone)
    if not today < review_on <= today + relativedelta(months=FURTHEST_REVIEW_MONTHS):
        raise ValueError("a review is to come, within a year")
    now = clock.now()
    fresh = SelfAdministration(
        tenant_id=tenant.id, worker_id=worker.id, level=level, review_on=review_on, tenant_words=tenant_words,
        worker_words=worker_words, language=language, agreed_at=now,
    )  # fmt: skip
    before = session.scalar(
        SelfAdministration.of(tenant)
        .where(SelfAdministration.ended_at.is_(None))
        .execution_options(populate_existing=True)
    )
    if before is not None:
        said = ("worker_id", "level", "review_on", "tenant_words", "worker_words")
        if all(getattr(before, name) == getattr(fresh, name) for name in said):
            return before
        before.ended_at = now
        session.flush()
    session.add(fresh)
    session.flush()
    return fresh


def usual_review(zone: ZoneInfo) -> date:
    """`REVIEW_MONTHS` from today."""
    return clock.today(zone) + relativedelta(months=REVIEW_MONTHS)


def medicines_to_count(session: Session, tenant: Tenant, zone: ZoneInfo) -> list[Medicine]:
    """What a count of this tenant's shelf is about today, by name."""
    return to_count(session.scalars(Medicine.of(tenant)).all(), clock.today(zone))


def may_confirm(session: Session, audit: MedicationAudit) -> list[Worker]:
    """Who could be the second person for its latest count: those with whom the tenant shares, but whoever counted."""
    shared = Consent.open_of(audit.tenant, Category.MEDICATION).where(Consent.worker_id != audit.latest.worker_id)
    return [one.worker for one in session.scalars(shared.options(joinedload(Consent.worker))) if not one.rests]


def _counts(session: Session, tenant: Tenant, said: Counting, zone: ZoneInfo) -> list[MedicineCount]:
    medicines = medicines_to_count(session, tenant, zone)
    if not medicines:
        raise NothingToCount(tenant.id)
    if {medicine.id for medicine in medicines} != set(said.counts):
        raise CountsDiffer(tenant.id)
    if not all(0 <= counted <= MOST_COUNTED for counted in said.counts.values()):
        raise ValueError("a quantity from nought to 9999.99")
    now = clock.now()
    counts = [
        MedicineCount(medicine_id=medicine.id, name=medicine.name, counted=said.counts[medicine.id],
                      expected=expected_stock(session, medicine, now))
        for medicine in medicines
    ]  # fmt: skip
    differing = [count for count in counts if count.discrepancy]
    if differing and not said.action:
        raise ActionNeeded(differing)
    return counts


def _entry(worker: Worker, said: Counting, counts: Sequence[MedicineCount], number: int) -> AuditEntry:
    return AuditEntry(
        number=number, worker=worker, counted_at=clock.now(), because=said.because, found=said.found,
        action=said.action, language=said.language, counts=list(counts),
    )  # fmt: skip


def _same(entry: AuditEntry, worker: Worker, said: Counting) -> bool:
    written = {count.medicine_id: count.counted for count in entry.counts}
    return entry.worker_id == worker.id and written == dict(said.counts) and (
        (entry.found, entry.action, entry.because) == (said.found, said.action, said.because)
    )


def _latest(session: Session, audit: MedicationAudit) -> AuditEntry:
    """The latest entry, with the audit held: of two who sign or count at the same moment, one is told."""
    held = select(MedicationAudit).where(MedicationAudit.id == audit.id).with_for_update()
    return session.scalars(held.execution_options(populate_existing=True)).one().latest


def _hold(session: Session, tenant: Tenant) -> None:
    people = Tenant.__table__
    session.execute(select(people.c.id).where(people.c.id == tenant.id).with_for_update(key_share=True))
