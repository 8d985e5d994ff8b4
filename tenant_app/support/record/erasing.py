"""Erasing a record: rows and pictures go; what has to be kept stays without words, under nobody's name."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from dateutil.relativedelta import relativedelta
from sqlalchemy import JSON, Column, ColumnElement, Enum, String, delete, func, select, update
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.entry import Throttle
from tenant_app.accounts.models import Person, Tenant, Worker
from tenant_app.accounts.rules import sign_out_everywhere
from tenant_app.database import new_id
from tenant_app.groups.booking import cancel_place
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.reminders.models import Notice, Schedule
from tenant_app.settings import Settings
from tenant_app.support.record.declared import KEPT, UNLINKED
from tenant_app.support.record.models import Erasure, digest_of
from tenant_app.support.record.parts import EVERYTHING, erasable
from tenant_app.support.record.ways import Way, all_ways, folders_of, is_file, part_of_house, rows_of

log = structlog.get_logger()

NOBODY = "\N{EN DASH}"
"""What stands where a name or words were and something has to."""
KINDS_OF_PART: dict[str, tuple[str, ...]] = {"groups": ("groups.", "meetings.")}
"""With what the kinds of a room's notices begin, where it is not the room's own name, with hyphens."""


def erase(
    session: Session, tenant: Tenant, worker: Worker | None, parts: Collection[str], *, erasure_id: UUID | None = None
) -> Erasure:
    """Erase all of a record (`everything`) or parts of it, in this transaction. The files named in what is returned
    are for `finish` to take away once it is kept. With everything, `tenant` is no more afterwards.

    `worker` is who does it; None, with the id of before, where it is done again after a restore. Raises `ValueError`
    for a part that cannot go by itself.
    """
    whole = EVERYTHING in parts
    if not whole and (not parts or not set(parts) <= set(erasable())):
        raise ValueError(f"cannot go by itself: {sorted(set(parts) - set(erasable()))}")
    subject = tenant.id
    _give_back_places(session, tenant, whole or "groups" in parts)
    if whole:
        sign_out_everywhere(session, tenant)
    session.flush()
    going = [way for way in all_ways().values() if whole or part_of_house(way.table.name) in parts]
    files = _files(session, going, subject)
    rows = sum(
        session.scalar(select(func.count()).select_from(way.table).where(rows_of(way.table.name, subject))) or 0
        for way in going if way.table.name not in KEPT and way.table.name not in UNLINKED
    )  # fmt: skip
    erasure = Erasure(
        id=erasure_id or new_id(), subject_digest=digest_of(subject), parts=sorted(parts), files=files, rows=rows,
        erased_at=clock.now(), worker_id=worker.id if worker else None,
    )  # fmt: skip
    if whole:
        _erase_whole(session, tenant, erasure, going)
    else:
        _erase_parts(session, subject, parts, going)
    session.add(erasure)
    session.flush()
    session.expire_all()
    log.info("record_erased", rows=rows, files=len(files), whole=whole)
    return erasure


def forget_kept(session: Session) -> bool:
    """Erase what was kept once its time is over. For the worker. Returns whether more waits."""
    today = clock.now().date()
    over = select(Erasure).where(Erasure.kept_as.is_not(None), Erasure.kept_until <= today).limit(50)
    found = session.scalars(over).all()
    for erasure in found:
        assert erasure.kept_as is not None
        _delete_person(session, erasure.kept_as, list(all_ways().values()))
        erasure.kept_as = None
    session.flush()
    return len(found) == 50


def remove_files(settings: Settings, files: Collection[str]) -> None:
    """Take these pictures and papers away for good, in whichever folder they lie. Names that lead elsewhere are left
    alone."""
    for name in files:
        if name and Path(name).name == name:
            for folder in folders_of(settings):
                (folder / name).unlink(missing_ok=True)


def _erase_whole(session: Session, tenant: Tenant, erasure: Erasure, going: list[Way]) -> None:
    subject = tenant.id
    kept = [way for way in going if way.table.name in KEPT]
    there = [
        way for way in kept
        if session.scalar(select(func.count()).select_from(way.table).where(rows_of(way.table.name, subject)))
    ]  # fmt: skip
    for way in going:
        if way.table.name in UNLINKED:
            _unlink(session, way, subject)
    for way in reversed(going):
        name = way.table.name
        if name not in KEPT and name not in UNLINKED and (_hangs_on_kept(way) or not _cascades(way)):
            session.execute(delete(way.table).where(rows_of(name, subject)))
    if there:
        years = max(KEPT[way.table.name].years for way in there)
        erasure.kept_until = clock.now().date() + relativedelta(years=years)
        erasure.kept_as = _nobody(session, tenant).id
        for way in kept:
            _empty(session, way, KEPT[way.table.name].keeps, rows_of(way.table.name, subject))
        for way in kept:
            if not way.parent:
                session.execute(
                    update(way.table).where(way.column == subject).values({way.column.name: erasure.kept_as})
                )
    session.flush()
    session.expunge(tenant)
    _delete_person(session, subject, [])


def _erase_parts(session: Session, subject: UUID, parts: Collection[str], going: list[Way]) -> None:
    for way in reversed(going):
        if way.table.name in UNLINKED:
            _unlink(session, way, subject)
        elif way.table.name in KEPT:
            _empty(session, way, KEPT[way.table.name].keeps, rows_of(way.table.name, subject))
        else:
            session.execute(delete(way.table).where(rows_of(way.table.name, subject)))
    # What was told of it goes too, and nothing more is told.
    for part in parts:
        for begins in KINDS_OF_PART.get(part, (f"{part.replace('_', '-')}.",)):
            for table in (Notice, Schedule):
                session.execute(
                    delete(table).where(table.tenant_id == subject, table.kind.startswith(begins, autoescape=True))
                )


def _delete_person(session: Session, subject: UUID, first: list[Way]) -> None:
    for way in reversed(first):
        if not _cascades(way) and way.table.name not in ("tenant", "person"):
            session.execute(delete(way.table).where(rows_of(way.table.name, subject)))
    # Core and not the session: what goes along goes by the database's own rules, readings of the record among it.
    session.execute(delete(Throttle).where(Throttle.key.contains(str(subject), autoescape=True)))
    session.execute(delete(Tenant.__table__).where(Tenant.__table__.c.id == subject))  # type: ignore[arg-type]
    session.execute(delete(Person.__table__).where(Person.__table__.c.id == subject))  # type: ignore[arg-type]


def _nobody(session: Session, tenant: Tenant) -> Tenant:
    """Somebody who never was, for what is kept to belong to."""
    key = new_id()
    nobody = Tenant(
        id=key, name=NOBODY, known_as=NOBODY, sign_in_name=f"gone-{key.hex[-12:]}", property_id=tenant.property_id,
        occupancy=tenant.occupancy, moved_in_on=tenant.moved_in_on, joined_at=tenant.joined_at, left_at=clock.now(),
    )  # fmt: skip
    session.add(nobody)
    session.flush()
    return nobody


def _files(session: Session, going: list[Way], subject: UUID) -> list[str]:
    found: set[str] = set()
    for way in going:
        for column in way.table.columns:
            if is_file(column):
                names = session.scalars(select(column).where(rows_of(way.table.name, subject)))
                found |= {name for name in names if name}
    return sorted(found)


def _unlink(session: Session, way: Way, subject: UUID) -> None:
    mine = rows_of(way.table.name, subject)
    emptied = {name: _emptied(way.table.c[name]) for name in UNLINKED[way.table.name] if name in way.table.c}
    session.execute(update(way.table).where(mine).values(emptied | {way.column.name: None}))


def _empty(session: Session, way: Way, keeps: Collection[str], mine: ColumnElement[bool]) -> None:
    gone = {
        column.name: _emptied(column)
        for column in way.table.columns
        if isinstance(column.type, (String, JSON)) and not isinstance(column.type, Enum)
        and column.name not in keeps and not column.foreign_keys
    }  # fmt: skip
    if gone:
        session.execute(update(way.table).where(mine).values(gone))


def _emptied(column: Column[Any]) -> Any:
    if column.nullable:
        return None
    return [] if isinstance(column.type, JSON) else "" if column.name.endswith("language") else NOBODY


def _cascades(way: Way) -> bool:
    return way.table.name in ("tenant", "person") or any(key.ondelete == "CASCADE" for key in way.column.foreign_keys)


def _hangs_on_kept(way: Way) -> bool:
    return bool(way.parent) and (way.parent in KEPT or _hangs_on_kept(all_ways()[way.parent]))


def _give_back_places(session: Session, tenant: Tenant, wanted: bool) -> None:
    """Places in sessions to come go to those who wait."""
    if not wanted:
        return
    ahead = Booking.of(tenant).where(
        Booking.standing != Standing.GIVEN_BACK, GroupSession.starts_at > clock.now(),
        GroupSession.cancelled_at.is_(None),
    )  # fmt: skip
    for booking in session.scalars(ahead).all():
        cancel_place(session, tenant, booking.group_session)
