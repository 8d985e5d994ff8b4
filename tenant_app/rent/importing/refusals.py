"""Refused rows, kept until they land, somebody has dealt with them, or half a year is over."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.database import new_id, put_many_if_absent
from tenant_app.rent.importing.cells import MONTHS, day_of, folded, pence_of
from tenant_app.rent.importing.files import OpenedFile, Row
from tenant_app.rent.importing.kinds import Kind
from tenant_app.rent.importing.landing import Run
from tenant_app.rent.importing.models import RentImport, RentRefusal, Settled
from tenant_app.rent.importing.problems import LONGEST_CELL, BadCell, Problem, Why

KEPT_MONTHS = 6
"""How long refused rows are kept, counted from the day on which their file was sent."""
LOOKED_AT_DAYS = 7
"""How long a file waits that somebody looked through and did not import. It holds names."""
MOST_KEPT = 5000
"""Refused rows of one file that are kept. Whoever has more of them has one mistake in all of them."""

FOUND_BY: dict[Kind, tuple[str, str]] = {
    Kind.TRANSACTIONS: ("day", "amount"), Kind.ACCOUNTS: ("began_on", "balance"),
    Kind.CHARGES: ("begins_on", "service"),
}  # fmt: skip
"""The columns that hold the day and the sum by which a person finds a row."""

_ABOUT_AN_ACCOUNT = {Why.ACCOUNT, Why.TERMS}
_ABOUT_A_DAY_OR_SUM = {
    Why.DAY, Why.SHORT_YEAR, Why.LONG_AGO, Why.FAR_OFF, Why.SUM, Why.COMMA, Why.FINE, Why.NEGATIVE, Why.LARGE,
    Why.NOT_DUE, Why.CHARGED,
}  # fmt: skip
_WORDS = re.compile(r"[^\W\d_]+")
_DAY_AND_SUM_WORDS = {*MONTHS, "st", "nd", "rd", "th", "gbp", "t"}


def remember(
    session: Session, sent: OpenedFile, rows: Sequence[Row], problems: Sequence[Problem], run: Run, room: int
) -> None:
    """Of a batch that was just landed: keep what was refused, at most `room` rows of it, and settle what earlier files
    were refused and this one brought, or was refused again."""
    refused = {problem.line: problem for problem in problems}
    landed: set[str] = set()
    again: dict[int, str] = {}
    named: dict[Settled, set[UUID]] = {Settled.LANDED: set(), Settled.AGAIN: set()}
    for row in rows:
        identities = _identities(sent.kind, row, run)
        problem = refused.get(row.line)
        if problem is None:
            landed |= set(identities)
        else:
            # Where its reference is taken by another row, only this very row is the same.
            again[row.line] = identities[-1 if problem.why is Why.OTHERWISE else 0]
        with suppress(ValueError):
            named[Settled.AGAIN if problem else Settled.LANDED].add(UUID(row.cells.get("refusal", "").strip()))
    for line in refused.keys() - again.keys():
        again[line] = _digest(sent.sha256, str(line))
    _settle(session, Settled.LANDED, landed, named[Settled.LANDED], run)
    _settle(session, Settled.AGAIN, set(again.values()), named[Settled.AGAIN], run)
    cells = {row.line: row.cells for row in rows}
    put_many_if_absent(session, RentRefusal, [
        {"id": new_id(), "import_id": run.import_id, "line": line, "why": problem.why, "identity": again[line],
         "cell": _fact(problem), "heading": problem.column[:40],
         **_found_by(sent.kind, cells.get(line, {}))}
        for line, problem in sorted(refused.items())[:room]
    ])  # fmt: skip


def forget_refusals(session: Session) -> None:
    """Throw away refused rows after `KEPT_MONTHS`, and files that were only looked at after `LOOKED_AT_DAYS`."""
    now = clock.now()
    old = select(RentImport.id).where(RentImport.sent_at <= now - relativedelta(months=KEPT_MONTHS))
    session.execute(delete(RentRefusal).where(RentRefusal.import_id.in_(old)))
    looked_at = and_(RentImport.content.is_not(None), RentImport.sent_at <= now - timedelta(days=LOOKED_AT_DAYS))
    session.execute(delete(RentImport).where(looked_at))


def _settle(session: Session, how: Settled, identities: set[str], named: set[UUID], run: Run) -> None:
    if not identities and not named:
        return
    session.execute(
        update(RentRefusal)
        .where(
            RentRefusal.settled.is_(None), RentRefusal.import_id != run.import_id,
            or_(RentRefusal.identity.in_(identities), RentRefusal.id.in_(named)),
        )
        .values(settled=how, settled_at=clock.now(), settled_import_id=run.import_id)
        .execution_options(synchronize_session=False)
    )  # fmt: skip


def _identities(kind: Kind, row: Row, run: Run) -> list[str]:
    """What makes a row the same in another file: what its reference says, if it has one, and all that it says."""

    def text(key: str) -> str:
        return " ".join(row.cells.get(key, "").split())

    def day(key: str) -> str:
        return _read(lambda: day_of(text(key), run.today).isoformat()) or text(key)

    if kind is Kind.ACCOUNTS:
        return [_digest(kind, text("account"))]
    if kind is Kind.CHARGES:
        return [_digest(kind, text("account"), day("begins_on"))]
    pence = _read(lambda: str(pence_of(text("amount"), may_be_below=True, may_be_nothing=True))) or text("amount")
    whole = [kind, text("account"), text("reference"), day("day"), folded(text("type")), pence]
    if text("reference"):
        return [_digest(kind, text("account"), text("reference")), _digest(*whole)]
    # Two payments of one sum on one day are two rows.
    whole.append(text("note"))
    return [_digest(*whole, str(run.seen.count(b"refusal:" + _digest(*whole).encode())))]


def _found_by(kind: Kind, cells: dict[str, str]) -> dict[str, str]:
    day, amount = FOUND_BY[kind]
    return {
        "account": _numbered(cells.get("account", "")), "day": _nameless(cells.get(day, "")),
        "amount": _nameless(cells.get(amount, "")),
    }  # fmt: skip


def _numbered(cell: str) -> str:
    """A cell on one line, cut short; nothing where it holds no digit, as neither day nor sum nor account does."""
    text = "".join(letter if letter.isprintable() else " " for letter in cell)
    return " ".join(text.split())[:LONGEST_CELL] if any(letter.isdigit() for letter in text) else ""


def _nameless(cell: str) -> str:
    """The same of a day or a sum, whose words are months and currencies; any other may be a name."""
    return _WORDS.sub(lambda word: word[0] if word[0].casefold() in _DAY_AND_SUM_WORDS else "…", _numbered(cell))


def _fact(problem: Problem) -> str:
    """What the reason is about, where that is kept at all: other cells may name somebody."""
    if problem.why in _ABOUT_AN_ACCOUNT:
        return _numbered(problem.cell)
    return _nameless(problem.cell) if problem.why in _ABOUT_A_DAY_OR_SUM else ""


def _read(read: Callable[[], str]) -> str:
    try:
        return read()
    except BadCell:
        return ""


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
