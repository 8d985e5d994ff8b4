"""Transactions of a file, landed some hundred at a time. However often a row is sent, it lands once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import cast
from uuid import UUID

from sqlalchemy import select, tuple_, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, selectinload

from tenant_app.database import Pence, new_id, put_many_if_absent
from tenant_app.rent.calendar import due_days
from tenant_app.rent.importing.cells import day_of, note_of, pence_of, reference_of, word_of
from tenant_app.rent.importing.files import Row
from tenant_app.rent.importing.problems import BadCell, Problem, Why
from tenant_app.rent.importing.seen import Seen
from tenant_app.rent.models import EntryKind, Part, RentAccount, RentEntry, charge_reference

Does = tuple[EntryKind, Part]

ADJUSTMENT: Does = (EntryKind.DEBIT, Part.SERVICE)
TYPES: dict[str, object] = {
    "payment": (EntryKind.PAYMENT, Part.SERVICE), "receipt": (EntryKind.PAYMENT, Part.SERVICE),
    "housingbenefit": (EntryKind.BENEFIT, Part.RENT), "housingbenefitpayment": (EntryKind.BENEFIT, Part.RENT),
    "rentcharge": (EntryKind.CHARGE, Part.RENT), "rent": (EntryKind.CHARGE, Part.RENT),
    "servicecharge": (EntryKind.CHARGE, Part.SERVICE), "adjustment": ADJUSTMENT,
}  # fmt: skip
"""Transaction types, folded, and what they are here."""


@dataclass(frozen=True)
class Run:
    """One file on its way in."""

    today: date
    seen: Seen
    import_id: UUID | None = None


@dataclass
class Landed:
    """What became of some rows."""

    new: int = 0
    known: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class _Read:
    """A row that makes sense by itself."""

    line: int
    account: str
    day: date
    kind: EntryKind
    part: Part
    pence: Pence
    reference: str
    note: str

    @property
    def content(self) -> str:
        return "\x1f".join((self.day.isoformat(), self.kind, self.part, str(self.pence), self.note))


def land_transactions(session: Session, rows: Sequence[Row], run: Run) -> Landed:
    """Write what is new of some rows, in a fixed number of questions. A bad row keeps no good one out."""
    landed = Landed()
    read = []
    for row in rows:
        try:
            read.append(_read(row, run.today))
        except BadCell as bad:
            landed.problems.append(Problem(row.line, bad.why, bad.cell, bad.column))
    accounts = _accounts(session, {row.account for row in read})
    fresh: list[dict[str, object]] = []
    wanted: list[tuple[_Read, RentAccount, str]] = []
    for one in read:
        try:
            account = accounts.get(one.account)
            if account is None:
                raise BadCell(Why.ACCOUNT, one.account)
            wanted.append((one, account, _reference(one, account, run)))
        except BadCell as bad:
            landed.problems.append(Problem(one.line, bad.why, bad.cell, bad.column))
    known = _known(session, wanted)
    for one, account, reference in wanted:
        same = f"{one.kind}:{one.pence}:{one.day.isoformat()}"
        before = known.get((account.id, reference)) or run.seen.first_said(f"{account.id}:{reference}", same)
        if before is None:
            fresh.append(_entry(one, account, reference, run))
        elif before == same:
            landed.known += 1
        else:
            landed.problems.append(Problem(one.line, Why.OTHERWISE, one.reference or one.day.isoformat()))
    _put(session, fresh, landed)
    return landed


def _read(row: Row, today: date) -> _Read:
    cell = {key: row.cells.get(key, "") for key in ("account", "day", "type", "amount", "reference", "note")}
    try:
        kind, part = cast("Does", word_of(cell["type"], TYPES, "Transaction Type"))
    except BadCell as bad:
        raise BadCell(Why.KIND if bad.why is Why.WORD else bad.why, bad.cell, bad.column) from None
    pence = pence_of(cell["amount"], "Transaction Amount", may_be_below=(kind, part) == ADJUSTMENT)
    if pence < 0:
        kind, pence = EntryKind.CREDIT, -pence
    return _Read(
        row.line, reference_of(cell["account"], "Rent Account Reference", 40),
        day_of(cell["day"], today, "Transaction Date"), kind, part, pence,
        reference_of(cell["reference"], "Transaction Reference") if cell["reference"].strip() else "",
        note_of(cell["note"]),
    )  # fmt: skip


def _accounts(session: Session, references: set[str]) -> dict[str, RentAccount]:
    found = session.scalars(
        select(RentAccount).where(RentAccount.reference.in_(references)).options(selectinload(RentAccount.changes))
    )
    return {account.reference: account for account in found}


def _reference(row: _Read, account: RentAccount, run: Run) -> str:
    """What tells this entry from all others of its account: the file's own reference, or else the row's content and
    which of its like it is. Two payments of one sum on one day then count twice, and the file sent again changes
    nothing."""
    if row.kind is EntryKind.CHARGE and not account.charges_imported:
        # Homeward writes these by itself, once for each due day; the file must not charge the same week again.
        if row.day not in due_days(account, row.day, row.day):
            raise BadCell(Why.NOT_DUE, row.day.isoformat())
        return charge_reference(row.part, row.day)
    if row.reference:
        return row.reference
    digest = hashlib.sha256(f"{account.id}\x1f{row.content}".encode()).digest()
    return f"row:{digest.hex()[:40]}:{run.seen.count(digest)}"


def _known(session: Session, wanted: Sequence[tuple[_Read, RentAccount, str]]) -> dict[tuple[UUID, str], str]:
    """Of entries that are there already: their kind, sum and day."""
    found = session.execute(
        select(RentEntry.account_id, RentEntry.reference, RentEntry.kind, RentEntry.pence, RentEntry.day).where(
            # In pairs: apart, an index would be asked for each account with each reference.
            tuple_(RentEntry.account_id, RentEntry.reference).in_({(one.id, reference) for _, one, reference in wanted})
        )
    )
    return {(row.account_id, row.reference): f"{row.kind}:{row.pence}:{row.day.isoformat()}" for row in found}


def _entry(row: _Read, account: RentAccount, reference: str, run: Run) -> dict[str, object]:
    return {
        "line": row.line, "id": new_id(), "account_id": account.id, "day": row.day, "kind": row.kind,
        "part": row.part, "pence": row.pence, "note": row.note, "reference": reference, "import_id": run.import_id,
    }  # fmt: skip


def _put(session: Session, entries: list[dict[str, object]], landed: Landed) -> None:
    """All of them at once; where the database refuses that, one by one, so that only the bad one stays out."""
    lines = [entry.pop("line") for entry in entries]
    try:
        with session.begin_nested():
            new = put_many_if_absent(session, RentEntry, entries)
    except DBAPIError:
        new = 0
        for line, entry in zip(lines, entries, strict=True):
            try:
                with session.begin_nested():
                    new += put_many_if_absent(session, RentEntry, [entry])
            except DBAPIError:
                landed.problems.append(Problem(int(str(line)), Why.DATABASE))
    landed.new += new
    # What another process landed a moment ago is known by now.
    landed.known += len(entries) - new - sum(problem.why is Why.DATABASE for problem in landed.problems)
    touched = {entry["account_id"] for entry in entries}
    if touched:
        session.execute(
            update(RentAccount).where(RentAccount.id.in_(touched)).values(reminders_behind=True)
            .execution_options(synchronize_session=False)
        )  # fmt: skip
