"""Accounts in the order in which somebody should look at them. Sums are the database's: there may be thousands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.database import Pence
from tenant_app.rent.agreements import LIVE, Agreement
from tenant_app.rent.models import RentAccount, RentEntry
from tenant_app.rent.words import weeks_behind

PAGE = 50

Owed = ColumnElement[Any]


@dataclass(frozen=True)
class Filter:
    """One way to narrow the list: its words, and which accounts it keeps, given what each owes."""

    words: object
    keeps: Callable[[Owed], ColumnElement[bool]]


FILTERS: dict[str, Filter] = {
    "behind": Filter(_("Behind"), lambda owed: owed > 0),
    "up-to-date": Filter(_("Up to date"), lambda owed: owed <= 0),
    "agreement": Filter(
        _("With an agreement"),
        lambda owed: RentAccount.id.in_(select(Agreement.account_id).where(Agreement.state.in_(LIVE))),
    ),
}
"""By their name in the address."""


@dataclass(frozen=True)
class Row:
    """One account of the list. `owed` is in pence, below nothing when paid ahead; `weeks` are whole ones behind."""

    account: RentAccount
    owed: Pence
    weeks: int


@dataclass(frozen=True)
class Listing:
    """A page of the list, and what all of it comes to."""

    rows: list[Row]
    count: int
    behind: Pence
    """What all accounts found are behind together."""
    page: int
    pages: int


def listing(
    session: Session, worker: Worker, today: date, *, search: str = "", show: str = "", page: int = 1
) -> Listing:
    """Accounts that this worker may see, the one most behind first. Accounts that ended stay until they are settled.

    Every word of `search` is looked for in names, homes and references; `show` is one of `FILTERS`, or everything.
    """
    sums = _sums(today)
    owed = func.coalesce(sums.c.owed, 0)
    found = (
        RentAccount.desk_of(worker)
        .join(Tenant, Tenant.id == RentAccount.tenant_id)
        .join(Property, Property.id == Tenant.property_id)
        .outerjoin(sums, sums.c.account_id == RentAccount.id)
        .where(or_(RentAccount.ended_on.is_(None), RentAccount.ended_on >= today, owed != 0))
    )
    for word in search.split():
        places = (Tenant.name, Tenant.known_as, Tenant.flat, Property.name, RentAccount.reference)
        found = found.where(or_(*(place.icontains(word, autoescape=True) for place in places)))
    if show in FILTERS:
        found = found.where(FILTERS[show].keeps(owed))
    count, behind = session.execute(
        found.with_only_columns(func.count(), func.sum(case((owed > 0, owed), else_=0)))
    ).one()
    pages = max(-(-count // PAGE), 1)
    page = min(max(page, 1), pages)
    return Listing(_rows(session, found, owed, page, today), count, int(behind or 0), page, pages)


def charges_stuck(session: Session, today: date) -> date | None:
    """The last day up to which everybody's charges are written, if that is longer ago than yesterday."""
    written, yesterday = RentAccount.charged_through, today - timedelta(days=1)
    return session.scalar(
        select(func.min(func.coalesce(written, RentAccount.first_due_on))).where(
            RentAccount.charges_imported.is_(False),
            or_(written < yesterday, and_(written.is_(None), RentAccount.first_due_on < yesterday)),
            or_(RentAccount.ended_on.is_(None), written.is_(None), written < RentAccount.ended_on),
        )
    )


def _sums(today: date) -> Subquery:
    return (
        select(RentEntry.account_id, func.sum(RentEntry.signed()).label("owed"))
        .where(RentEntry.day <= today)
        .group_by(RentEntry.account_id)
        .subquery()
    )


def _rows(session: Session, found: Select[RentAccount], owed: Owed, page: int, today: date) -> list[Row]:
    shown: Any = (
        found.add_columns(owed)
        .order_by(owed.desc(), func.lower(Tenant.name), RentAccount.id)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
        .options(joinedload(RentAccount.tenant), selectinload(RentAccount.changes))
    )
    return [
        Row(account, int(pence), weeks_behind(int(pence), account.parts_on(today), account.frequency_on(today)))
        for account, pence in session.execute(shown).unique()
    ]
