"""Who stands in for a keyworker who is away, and who stood in when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload

from tenant_app import clock
from tenant_app.accounts.models import Cover, Tenant, Worker

LONGEST = timedelta(days=92)
"""Whoever is away for longer has their tenants given to somebody else: a stand-in sees nothing that needs consent."""


class NotToBeCovered(ValueError):
    """Days or people for which no cover can be arranged."""


class NobodyToCover(NotToBeCovered):
    """One of the two has left, has no caseload by their role, or both are the same."""


class NotThoseDays(NotToBeCovered):
    """It would end before it begins, have ended already, or last longer than `LONGEST`."""


class AwayToo(NotToBeCovered):
    """Whoever would stand in is away themselves on some of those days. `cover` says until when."""

    def __init__(self, cover: Cover) -> None:
        super().__init__(cover.id)
        self.cover = cover


class CoveredAlready(AwayToo):
    """Somebody stands in on some of those days already."""


class StandsIn(AwayToo):
    """Whoever is to be away stands in for a colleague on some of those days."""


def covers_of(worker: Worker) -> Select[Cover]:
    """When somebody stands in for this worker: what is in force or to come, then what is over, newest first."""
    return _with_people().where(Cover.worker_id == worker.id).order_by(Cover.ends_at.desc(), Cover.id)


def stands_in_for(worker: Worker) -> Select[Cover]:
    """Covers by which this worker stands in now or will, the next to end first."""
    ahead = _with_people().where(Cover.covered_by_id == worker.id, Cover.ends_at > clock.now())
    return ahead.order_by(Cover.ends_at, Cover.id)


def covered_now(session: Session, worker: Worker) -> Mapping[UUID, Cover]:
    """Covers by which this worker stands in at this moment, by whose caseload it is: to mark tenants on a list."""
    if not worker.supports:
        return {}
    return {cover.worker_id: cover for cover in session.scalars(stands_in_for(worker).where(Cover.now()))}


def stand_in_of(session: Session, tenant: Tenant) -> Cover | None:
    """Who stands in for this tenant's keyworker now, if anybody does."""
    return session.scalar(Cover.for_tenant(tenant).options(joinedload(Cover.covered_by), joinedload(Cover.worker)))


def arrange_cover(
    session: Session, worker: Worker, covered_by: Worker, from_on: date, until_on: date, zone: ZoneInfo, *,
    arranged_by: Worker, reason: str = "",
) -> Cover:  # fmt: skip
    """Have `covered_by` stand in for `worker` from the beginning of one day to the end of another, both included.

    The same again is one cover. Raises a kind of `NotToBeCovered`: two cannot stand in on one day, nobody stands in who
    is away, and nobody goes away who stands in, because their own stand-in would not reach those tenants.
    """
    # Two who arrange at the same moment queue here; the second then finds what the first wrote.
    staff = Worker.__table__
    both = sorted({worker.id, covered_by.id})
    session.execute(select(staff.c.id).where(staff.c.id.in_(both)).order_by(staff.c.id).with_for_update(key_share=True))
    if worker.id == covered_by.id or not worker.supports or not covered_by.supports:
        raise NobodyToCover(covered_by.id)
    if not max(from_on, clock.today(zone)) <= until_on or until_on - from_on > LONGEST:
        raise NotThoseDays(until_on)
    begins_at = clock.at(from_on, time(), zone)
    ends_at = clock.at(until_on + timedelta(days=1), time(), zone)

    def on_those_days(whose: ColumnElement[bool]) -> Cover | None:
        lies = Cover.begins_at < ends_at, Cover.ends_at > max(begins_at, clock.now())
        return session.scalar(_with_people().where(*lies, whose).order_by(Cover.begins_at, Cover.id).limit(1))

    if (there := on_those_days(Cover.worker_id == worker.id)) is not None:
        if (there.covered_by_id, there.from_on, there.until_on) == (covered_by.id, from_on, until_on):
            return there
        raise CoveredAlready(there)
    if (away := on_those_days(Cover.worker_id == covered_by.id)) is not None:
        raise AwayToo(away)
    if (elsewhere := on_those_days(Cover.covered_by_id == worker.id)) is not None:
        raise StandsIn(elsewhere)
    cover = Cover(
        worker=worker, covered_by=covered_by, from_on=from_on, until_on=until_on, begins_at=begins_at,
        ends_at=ends_at, reason=reason, arranged_by_id=arranged_by.id,
    )  # fmt: skip
    session.add(cover)
    session.flush()
    return cover


def _with_people() -> Select[Cover]:
    return select(Cover).options(joinedload(Cover.worker), joinedload(Cover.covered_by))
