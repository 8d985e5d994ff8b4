"""A statement: everything on an account between two days, month by month, with what was owed after each entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app.database import Pence
from tenant_app.rent.charging import unwritten_charges
from tenant_app.rent.models import ADDS, EntryKind, Part, RentAccount, RentEntry

PAGE = 200
"""Entries of one page: nearly four years of weekly charges."""


@dataclass(frozen=True)
class Line:
    """One entry. `balance` is what is owed after it, in pence; below nothing: paid ahead."""

    id: UUID | None
    """None: due, and not written yet."""
    day: date
    kind: EntryKind
    part: Part
    pence: Pence
    note: str
    reference: str
    balance: Pence

    @property
    def adds(self) -> bool:
        """Whether it adds to what is owed."""
        return self.kind in ADDS


@dataclass(frozen=True)
class Statement:
    """Entries from `first` to `last`, both included, in the order in which they happened."""

    first: date
    last: date
    opening: Pence
    """What was owed before `first`."""
    closing: Pence
    """What is owed at the end of `last`."""
    lines: Sequence[Line]

    @property
    def pages(self) -> int:
        """How many pages of `PAGE` entries; never none."""
        return max(-(-len(self.lines) // PAGE), 1)

    def months(self, page: int = 0) -> list[tuple[date, list[Line]]]:
        """(first of the month, its lines) of a page from 1 on; of everything, if 0."""
        lines = self.lines[(page - 1) * PAGE : page * PAGE] if page else self.lines
        return [(month, list(found)) for month, found in groupby(lines, lambda line: line.day.replace(day=1))]

    def brought(self, page: int) -> Pence:
        """What was owed where a page begins."""
        return self.lines[(page - 1) * PAGE - 1].balance if page > 1 else self.opening


def statement_of(session: Session, account: RentAccount, first: date, last: date, today: date) -> Statement:
    """The statement of an account, in a fixed number of questions. What is due by `today` and not written yet is in
    it too, or it would not end with what the tenant is told elsewhere."""
    mine = RentEntry.account_id == account.id
    opening = session.scalar(select(func.sum(RentEntry.signed())).where(mine, RentEntry.day < first)) or 0
    rows = [
        (row.day, row.id, row.kind, row.part, row.pence, row.note, row.reference)
        for row in session.execute(
            select(
                RentEntry.id, RentEntry.day, RentEntry.kind, RentEntry.part, RentEntry.pence, RentEntry.note,
                RentEntry.reference,
            )
            .where(mine, RentEntry.day.between(first, last))
            .order_by(RentEntry.day, RentEntry.id)
        )
    ]
    for day, part, pence in unwritten_charges(session, account, min(last, today)):
        if day < first:
            opening += pence
        else:
            rows.append((day, None, EntryKind.CHARGE, part, pence, "", ""))
    lines, owed = [], int(opening)
    for day, entry, kind, part, pence, note, reference in sorted(rows, key=lambda row: row[0]):
        owed += pence if kind in ADDS else -pence
        lines.append(Line(entry, day, kind, part, pence, note, reference, owed))
    return Statement(first, last, int(opening), owed, lines)


def usual_period(today: date) -> tuple[date, date]:
    """This month and the two before it, up to `today`."""
    months = today.year * 12 + today.month - 1 - 2
    return date(months // 12, months % 12 + 1, 1), today
