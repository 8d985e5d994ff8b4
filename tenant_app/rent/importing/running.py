"""A whole file, from its first row to the reminders that follow from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import islice
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.database import Database
from tenant_app.rent.importing.files import OpenedFile, Row
from tenant_app.rent.importing.kinds import Kind
from tenant_app.rent.importing.landing import Landed, Run, land_transactions
from tenant_app.rent.importing.models import RentImport
from tenant_app.rent.importing.opening import charge_from, open_accounts
from tenant_app.rent.importing.problems import Problem
from tenant_app.rent.importing.refusals import MOST_KEPT, remember
from tenant_app.rent.importing.seen import Seen
from tenant_app.rent.rules import remind_all_changed

BATCH = 500
"""Rows that land together. Fewer would be slow, more would keep everybody else out of an SQLite file for long."""

Step = Callable[[], AbstractContextManager[Session]]
"""A piece of work in the database: kept when its block ends, undone when it raises."""


@dataclass
class Totals:
    """How many rows of a file were new, known already, and refused."""

    new: int = 0
    known: int = 0
    refused: int = 0


def take_in(
    opened: OpenedFile, step: Step, today: date, zone: ZoneInfo, tell: Callable[[Problem], None],
    import_id: UUID | None = None,
) -> Totals:  # fmt: skip
    """Land a file, `BATCH` rows a step, and count. `tell` hears of each problem, in the order of the lines of a batch.

    Sending the same file again is how one goes on after a crash: what landed is known by then.
    """
    totals = Totals()
    with Seen() as seen:
        run, rows = Run(today, seen, import_id), opened.rows()
        while batch := list(islice(rows, BATCH)):
            rows_of_batch = [row for row in batch if isinstance(row, Row)]
            with step() as session:
                landed = _land(session, opened.kind, rows_of_batch, run, zone)
                landed.problems += [row for row in batch if isinstance(row, Problem)]
                totals.new, totals.known = totals.new + landed.new, totals.known + landed.known
                room = max(MOST_KEPT - totals.refused, 0)
                totals.refused += len(landed.problems)
                if import_id is not None:
                    _write_down(session, import_id, totals)
                    remember(session, opened, rows_of_batch, landed.problems, run, room)
            for problem in sorted(landed.problems, key=lambda problem: problem.line):
                tell(problem)
    return totals


def begin_import(
    session: Session, opened: OpenedFile, file_name: str, worker: Worker | None = None, content: bytes | None = None
) -> RentImport:
    """Write down that a file was sent: by `worker` at the desk, or by the command. `content` is what waits there to
    be confirmed, compressed."""
    written = RentImport(
        file_name=file_name[:200], sha256=opened.sha256, worker_id=worker.id if worker else None, content=content,
        kind=opened.kind,
    )  # fmt: skip
    session.add(written)
    session.flush()
    return written


def import_file(
    database: Database, opened: OpenedFile, file_name: str, zone: ZoneInfo, tell: Callable[[Problem], None]
) -> Totals:
    """Land a file from the command, and put the reminders of the accounts concerned right, once each."""
    with database.step() as session:
        import_id = begin_import(session, opened, file_name).id
    totals = take_in(opened, database.step, clock.today(zone), zone, tell, import_id)
    while True:
        with database.step() as session:
            if not remind_all_changed(session):
                session.get_one(RentImport, import_id).finished_at = clock.now()
                return totals


def check_file(database: Database, opened: OpenedFile, zone: ZoneInfo, tell: Callable[[Problem], None]) -> Totals:
    """The same, and nothing of it is kept."""

    @contextmanager
    def undone() -> Iterator[Session]:
        with database.session() as session:
            yield session
            session.rollback()

    return take_in(opened, undone, clock.today(zone), zone, tell)


def _land(session: Session, kind: Kind, rows: list[Row], run: Run, zone: ZoneInfo) -> Landed:
    if kind is Kind.ACCOUNTS:
        return open_accounts(session, rows, run, zone)
    if kind is Kind.CHARGES:
        return charge_from(session, rows, run)
    return land_transactions(session, rows, run)


def _write_down(session: Session, import_id: UUID, totals: Totals) -> None:
    written = session.get_one(RentImport, import_id)
    written.new, written.known, written.refused = totals.new, totals.known, totals.refused
