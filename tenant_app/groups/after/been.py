"""What a tenant came to, and a page of a list at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.groups.models import CAME, Attendance, Booking, GroupSession

A_PAGE = 20

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Some rows of a list, how many pages there are, and how many rows in all."""

    rows: Sequence[Row]
    number: int
    pages: int
    total: int


def page_of(session: Session, listed: Select[Row], number: int) -> Page[Row]:
    """Page `number` (from 1) of a list of records. Raises `LookupError` for one that is not there."""
    total = session.scalar(select(func.count()).select_from(listed.order_by(None).subquery())) or 0
    pages = max(-(-total // A_PAGE), 1)
    if not 1 <= number <= pages:
        raise LookupError(number)
    rows = session.scalars(listed.limit(A_PAGE).offset((number - 1) * A_PAGE)).all()
    return Page(rows, number, pages, total)


def been(tenant: Tenant) -> Select[Booking]:
    """What a tenant came to, and where they let us know; newest first. Absences stand in no list and no count."""
    told = (*CAME, Attendance.SENT_WORD)
    return _newest_first(tenant).where(Booking.attendance.in_(told), Booking.in_register())


def came(tenant: Tenant) -> Select[Booking]:
    """Only what they came to, newest first."""
    return _newest_first(tenant).where(Booking.attendance.in_(CAME), Booking.in_register())


def _newest_first(tenant: Tenant) -> Select[Booking]:
    theirs = Booking.of(tenant).where(GroupSession.cancelled_at.is_(None))
    return theirs.order_by(None).order_by(GroupSession.starts_at.desc(), Booking.id)
