"""Claiming a batch of what is due among a million that wait: all at once, or row by row as a queue is often written."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from tenant_app import clock, tables
from tenant_app.database import Database
from tenant_app.reminders.models import Notice
from tenant_app.reminders.outbox import LEASE, claim
from tests.bench.full_house import one_tenant
from tests.figures import at_least, at_most, report, tell
from tests.machine.postgres import PrivatePostgres, fresh_database

BATCH = 500
FLAT = 1.5
"""How much a claim may cost with a million that are not due against ten thousand: the noise of one run, no more."""
_WAITING_ROWS = """
    INSERT INTO notice (id, tenant_id, kind, source, occurrence, facts, due_at, try_at, expires_at, state, leased_by, tries)
    SELECT gen_random_uuid(), :tenant, 'medication.dose', :name || number, 'once', '{}', moment, moment,
           moment + interval '4 hours', 'waiting', '', 0
    FROM (SELECT number, CAST(:due AS timestamptz) + number * interval '1 millisecond' AS moment
          FROM generate_series(1, :many) AS number) AS rows
"""


def run(*, rounds: int = 5, many: int = 1_000_000, few: int = 10_000, seed: int = 9) -> dict[str, Any]:
    """Claim a batch with `few` and with `many` notices not due, and row by row with `many`."""
    assert tables.metadata.tables
    with PrivatePostgres() as server:
        database = Database(fresh_database(server.url(), "claim"))
        tables.metadata.create_all(database.engine)
        with database.step() as session:
            tenant = one_tenant(session)
        order = random.Random(seed)
        each: dict[str, list[float]] = {"batch_few": [], "batch_many": [], "row_by_row_many": []}
        for size, ways in ((few, ["batch_few"]), (many, ["batch_many", "row_by_row_many"])):
            tell(f"{size} wait that are not due yet")
            with database.step() as session:
                session.execute(text("TRUNCATE notice CASCADE"))
                later = clock.now() + timedelta(hours=5)
                session.execute(text(_WAITING_ROWS), {"tenant": tenant, "name": "later ", "due": later, "many": size})
            for number in range(rounds):
                for way in order.sample(ways, len(ways)):
                    _make_due(database, tenant)
                    each[way].append(_timed(database, _row_by_row if way.startswith("row") else _batch))
                    tell(f"round {number + 1}, {way}: {each[way][-1] * 1000:.1f} ms")
        database.close()
    figures: dict[str, Any] = {f"{way}_ms": statistics.median(found) * 1000 for way, found in each.items()}
    pairs = zip(each["row_by_row_many"], each["batch_many"], strict=True)
    figures["row_by_row_to_batch"] = statistics.median(rows / batch for rows, batch in pairs)
    figures["many_to_few"] = statistics.median(each["batch_many"]) / statistics.median(each["batch_few"])
    budgets = {
        "10_times_row_by_row": at_least(figures["row_by_row_to_batch"], 10),
        "flat_in_what_is_not_due": at_most(figures["many_to_few"], FLAT),
    }
    return report("claim", rounds, figures, budgets, not_due=many, batch=BATCH)


def _make_due(database: Database, tenant: object) -> None:
    with database.step() as session:
        session.execute(text("DELETE FROM notice WHERE source LIKE 'due %'"))
        due = clock.now() - timedelta(minutes=1)
        session.execute(text(_WAITING_ROWS), {"tenant": tenant, "name": "due ", "due": due, "many": BATCH})
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE notice"))


def _timed(database: Database, way: Callable[[Database], int]) -> float:
    with database.step() as session:
        claim(session, "warming up", 0)
    began = time.perf_counter()
    claimed = way(database)
    lasted = time.perf_counter() - began
    assert claimed == BATCH, claimed
    return lasted


def _batch(database: Database) -> int:
    with database.step() as session:
        return len(claim(session, "batch", BATCH))


def _row_by_row(database: Database) -> int:
    """One at a time, each in a transaction of its own: so that two workers never share one, without leases."""
    claimed = 0
    for _ in range(BATCH):
        with database.step() as session:
            claimed += _one(session)
    return claimed


def _one(session: Session) -> int:
    now = clock.now()
    found = session.scalar(
        select(Notice.id)
        .where(Notice.waits(), Notice.try_at <= now, Notice.leased_until.is_(None))
        .order_by(Notice.try_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if found is None:
        return 0
    session.execute(
        update(Notice)
        .where(Notice.id == found)
        .values(leased_until=now + LEASE, leased_by="row by row", tries=Notice.tries + 1),
        execution_options={"synchronize_session": False},
    )
    return 1
