"""Whether the read log is whole: every chain walked once, in constant memory."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Look, Tenant
from tenant_app.accounts.read_log import ReadLogHead, digest_of
from tenant_app.accounts.read_log_guard import is_guarded


class Damage(enum.StrEnum):
    """What somebody did to a chain, as far as it shows."""

    NO_HEAD = "its end is not known any more"
    MISSING = "a row is missing"
    CHANGED = "a row is not as it was written"
    CUT = "rows are missing at its end"
    ADDED = "a row was added past it"


@dataclass(frozen=True)
class BrokenLink:
    """The first place at which a tenant's chain does not hold."""

    tenant_id: UUID
    number: int
    """Of the row that is missing, changed or added; 0 where that has none."""
    damage: Damage


@dataclass
class Standing:
    """What a walk through the chains found."""

    rows: int = 0
    earlier: int = 0
    """Rows of before readings were chained, for which nothing vouches."""
    broken: int = 0
    first: BrokenLink | None = None
    guarded: bool = True
    """Whether the database itself refuses changes."""


def walk(session: Session) -> Standing:
    """Verify every tenant's chain. One query, streamed: a few thousand rows at a time are in memory."""
    found = Standing(guarded=is_guarded(session.connection()))
    for broken in _broken_links(session, found):
        found.broken += 1
        found.first = found.first or broken
    return found


def rows_of_before(session: Session) -> int:
    """How many rows no chain vouches for."""
    return session.scalar(select(func.count()).select_from(Look).where(Look.number.is_(None))) or 0


def _broken_links(session: Session, count: Standing) -> Iterator[BrokenLink]:
    chains = (
        select(
            Tenant.id.label("whose"), ReadLogHead.tenant_id.label("head"), ReadLogHead.number.label("last"),
            ReadLogHead.digest.label("seal"), ReadLogHead.earlier, *Look.__table__.c,
        )
        .outerjoin(ReadLogHead, ReadLogHead.tenant_id == Tenant.id)
        .outerjoin(Look, Look.tenant_id == Tenant.id)
        .order_by(Tenant.id, Look.number)
    )  # fmt: skip
    rows = session.connection().execution_options(yield_per=2_000).execute(chains)
    for tenant_id, theirs in groupby(rows, key=lambda row: row.whose):
        broken = _first_break(tenant_id, theirs, count)
        if broken is not None:
            yield broken


def _first_break(tenant_id: UUID, rows: Iterator[Row], count: Standing) -> BrokenLink | None:
    number, digest, unnumbered, found = 0, "", 0, None
    for row in rows:
        if row.id is None:
            continue
        count.rows += 1
        if row.number is None:
            unnumbered += 1
            continue
        if found is not None:
            continue
        if row.number != number + 1:
            found = BrokenLink(tenant_id, number + 1, Damage.MISSING)
        elif row.last is not None and row.number > row.last:
            found = BrokenLink(tenant_id, row.number, Damage.ADDED)
        elif digest_of(digest, cast("Mapping[str, Any]", row._mapping)) != row.digest:
            found = BrokenLink(tenant_id, row.number, Damage.CHANGED)
        number, digest = row.number, row.digest or ""
    count.earlier += unnumbered
    if row.head is None:
        return found or BrokenLink(tenant_id, 0, Damage.NO_HEAD)
    if found is None and number < row.last:
        return BrokenLink(tenant_id, number + 1, Damage.CUT)
    if found is None and digest != row.seal:
        return BrokenLink(tenant_id, number, Damage.CHANGED)
    if found is None and unnumbered != row.earlier:
        return BrokenLink(tenant_id, 0, Damage.ADDED if unnumbered > row.earlier else Damage.MISSING)
    return found
