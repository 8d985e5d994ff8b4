"""Booking: everybody reaches for one session, or each for a session of their own; how much the crowd costs.

Each of several processes books as fast as it can, each booking in a transaction as it is at the door, with reminders.
Hot: all of them in one session with a place for each. Spread: as many bookings, each in a session for one. Alone: those
of the hot session by one process, one after the other, which is what a lock leaves at the least. When all places are
gone, one more person a process comes, and is to be told that it is full. Databases are as durable as in
service: a commit is on the disk before a booking is confirmed.

The limit is the share of the spread pace that has to be left on the hot session. SQLite has one writer at a time
either way, so little should be lost: 0.6, where whole runs showed 0.88 to 1.18. On PostgreSQL one session's bookings
happen one after the other, commit included, where spread ones use every processor; what happens outside of the lock
(the process's own work, its connection) still runs side by side. So on two processors a half to three quarters are
left: 0.4, where whole runs showed 0.76 to 0.96 and single rounds of a quiet machine 0.48 to 0.72. That leaves room for
a busy machine, and none for a lock that is asked for again and again, or held over anything slow. The more processors,
the faster the spread ones alone: on many, `hot_to_alone` is the figure to read.
"""

from __future__ import annotations

import multiprocessing
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import forkserver
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from tenant_app import clock, tables
from tenant_app.accounts.models import Tenant
from tenant_app.database import Database
from tenant_app.groups.booking import book_place
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.groups.places import Full
from tenant_app.reminders.models import Notice, State
from tests.faults.last_places import one_place_each
from tests.faults.stage import BACKENDS, tenants
from tests.figures import at_least, at_most, report, tell
from tests.machine.postgres import PrivatePostgres, fresh_database

_forks = multiprocessing.get_context("forkserver")

LEAST = {"sqlite": 0.6, "postgresql": 0.4}
"""What share of the spread pace is left on the hot session."""
PATIENCE = 120.0
"""Seconds after which processes that have not reported are given up."""
REMINDERS = 2
"""Of each place a week ahead: the evening before, and an hour before."""


@dataclass
class Faults:
    """What must not be, over all rounds."""

    errors: int = 0
    """Attempts that were answered neither with the place nor with `full`."""
    wrongly_sold: int = 0
    """Places sold that there are not, left over though somebody came for them, sold twice, or counted wrongly."""
    reminders_missing: int = 0
    """Bookings for which not exactly both reminders wait."""
    booked: int = 0
    """No fault: how many bookings were looked at."""


def run(*, rounds: int = 9, processes: int = 8, each: int = 25, seed: int = 9) -> dict[str, Any]:
    """`each` bookings by each of `processes` processes, hot, spread and alone, `rounds` times in shuffled order."""
    figures: dict[str, Any] = {}
    budgets: dict[str, Any] = {}
    for backend in BACKENDS:
        with _house(backend) as database:
            paces, faults = measure(database, rounds=rounds, processes=processes, each=each, seed=seed)
        to = {way: statistics.median(hot / other for hot, other in zip(paces["hot"], paces[way], strict=True))
              for way in ("spread", "alone")}  # fmt: skip
        figures |= {f"{backend}_{way}_a_second": statistics.median(found) for way, found in paces.items()}
        figures |= {f"{backend}_hot_to_{way}": ratio for way, ratio in to.items()}
        figures |= {f"{backend}_{name}": value for name, value in vars(faults).items()}
        budgets[f"{backend}_hot_to_spread"] = at_least(to["spread"], LEAST[backend])
        for name in ("errors", "wrongly_sold", "reminders_missing"):
            budgets[f"{backend}_{name}"] = at_most(getattr(faults, name), 0)
        budgets[f"{backend}_booked"] = at_least(faults.booked, 3 * rounds * processes * each)
    return report("booking", rounds, figures, budgets, processes=processes, bookings_a_round=processes * each)


def measure(
    database: Database, *, rounds: int, processes: int, each: int, seed: int
) -> tuple[dict[str, list[float]], Faults]:
    """Bookings a second of each round, by way, and whatever went wrong. The database is laid out and empty."""
    _forks.set_forkserver_preload(["tests.faults.warm_booking"])
    forkserver.ensure_running()
    many = processes * each
    people = [tenant.id for tenant in tenants(database, many + processes)]
    sessions = one_place_each(database, many)
    paces: dict[str, list[float]] = {"hot": [], "spread": [], "alone": []}
    faults, order = Faults(), random.Random(seed)
    for number in range(rounds):
        for way in order.sample(sorted(paces), len(paces)):
            wanted = sessions if way == "spread" else [sessions[0]] * many
            _clear(database, {} if way == "spread" else {sessions[0]: many})
            order.shuffle(people)
            paces[way].append(many / _crowd(database, people, wanted, 1 if way == "alone" else processes, faults))
            check(database, wanted, faults)
            tell(f"round {number + 1}, {database.engine.dialect.name}, {way}: {paces[way][-1]:.0f} bookings a second")
    return paces, faults


def _crowd(database: Database, people: list[UUID], wanted: list[UUID], processes: int, faults: Faults) -> float:
    """Seconds from the first attempt to the last place; who comes afterwards is not timed."""
    url = database.engine.url.render_as_string(hide_password=False)
    many = len(wanted)
    start, answers = _forks.Barrier(processes), _forks.Queue()
    crowd = [
        _forks.Process(target=_book, daemon=True, args=(
            url, list(zip(people[number:many:processes], wanted[number::processes], strict=True)),
            (people[many + number], wanted[number]), start, answers,
        ))
        for number in range(processes)
    ]  # fmt: skip
    try:
        for process in crowd:
            process.start()
        told = [answers.get(timeout=PATIENCE) for _ in crowd]
    finally:
        for process in crowd:
            process.kill()
            process.join()
    faults.errors += sum(errors for _, _, errors in told)
    return float(max(ended for _, ended, _ in told) - min(began for began, _, _ in told))


def _book(url: str, mine: list[tuple[UUID, UUID]], late: tuple[UUID, UUID], start: Any, answers: Any) -> None:
    """One process: book all of `mine`, and when everybody has, come late once."""
    database, errors = Database(url), 0

    def attempt(tenant_id: UUID, session_id: UUID) -> str:
        try:
            with database.step() as session:
                book_place(session, session.get_one(Tenant, tenant_id), session.get_one(GroupSession, session_id))
        except Full:
            return "full"
        except SQLAlchemyError as error:
            return type(error).__name__
        return "booked"

    with database.session(reads_only=True) as session:  # connected before the clock runs
        session.scalar(select(func.count()).select_from(GroupSession))
    start.wait(PATIENCE)
    began = time.monotonic()
    errors += sum(attempt(*one) != "booked" for one in mine)
    ended = time.monotonic()
    start.wait(PATIENCE)
    errors += attempt(*late) != "full"
    database.close()
    answers.put((began, ended, errors))


def check(database: Database, wanted: list[UUID], faults: Faults) -> None:
    """Count what one round has left behind, where every place was wanted by somebody."""
    with database.session(reads_only=True) as session:
        holding = session.scalars(select(Booking).where(Booking.standing == Standing.PLACE)).all()
        planned = select(Notice.source, func.count()).where(Notice.state == State.WAITING).group_by(Notice.source)
        reminders = {source: count for source, count in session.execute(planned)}  # noqa: C416 - no pairs to mypy
        for group_session in session.scalars(select(GroupSession).where(GroupSession.id.in_(set(wanted)))):
            sold = sum(booking.places for booking in holding if booking.session_id == group_session.id)
            faults.wrongly_sold += abs(sold - group_session.capacity) + abs(sold - group_session.places_taken)
    faults.wrongly_sold += len(holding) - len({booking.tenant_id for booking in holding})
    faults.wrongly_sold += abs(len(holding) - len(wanted))
    faults.reminders_missing += sum(reminders.get(booking.source) != REMINDERS for booking in holding)
    faults.booked += len(holding)


def _clear(database: Database, capacities: dict[UUID, int]) -> None:
    """Nobody has booked anything, every session is a week away, and for one person unless `capacities` say more."""
    with database.step() as session:
        for table in ("notice", "booking"):
            session.execute(text(f"DELETE FROM {table}"))
        starts_at = clock.now() + timedelta(days=7)
        for group_session in session.scalars(select(GroupSession)):
            group_session.starts_at, group_session.ends_at = starts_at, starts_at + timedelta(hours=1)
            group_session.places_taken, group_session.capacity = 0, capacities.get(group_session.id, 1)
    if database.engine.dialect.name == "postgresql":
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


@contextmanager
def _house(backend: str) -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="homeward-") as folder:
        if backend == "postgresql":
            with PrivatePostgres(fsync="on", synchronous_commit="on", full_page_writes="on") as server:
                yield from _opened(fresh_database(server.url(), "booking"))
        else:
            yield from _opened(f"sqlite:///{Path(folder) / 'homeward.sqlite'}")


def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    tables.metadata.create_all(database.engine)
    yield database
    database.close()
