"""S1: 1,600 attempts from 16 processes on 100 sessions with one place each, on both databases.

Each process books for one tenant, in every session, all in the same order, so that they reach for the same place at the
same moment; each attempt is a transaction, as it is at the door. The control takes both guards away: the session is looked at and not held until the transaction ends, and the
database has no constraint on how many places may be taken. It must oversell, or the run has proved nothing.
"""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing import forkserver
from queue import Empty
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import event, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Role, Tenant
from tenant_app.accounts.rules import welcome_worker
from tenant_app.database import Database
from tenant_app.groups import places
from tenant_app.groups.booking import book_place
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.groups.places import Full
from tenant_app.groups.rules import plan_session
from tests.faults.guards import swapped
from tests.faults.stage import Options, empty_house, tenants
from tests.figures import at_least, at_most, report, tell

_forks = multiprocessing.get_context("forkserver")

PATIENCE = 300.0
"""Seconds after which processes that have not reported are given up."""
LOOK_LASTS = 0.1
"""Seconds between looking and taking in the control: what a busy machine does of itself, made certain. Longer than
SQLite lets those who wait for their turn sleep between two tries."""


@dataclass(frozen=True)
class Plan:
    """How many people reach for how many places, and how long it may take."""

    processes: int = 16
    sessions: int = 100
    within: float = 30.0
    """Seconds, from the first attempt to the last."""


SMALL = Plan(processes=6, sessions=12)
"""Of the control, which has to fail and not to finish."""


@dataclass
class Outcome:
    """What came of it."""

    attempts: int = 0
    sold: int = 0
    """Bookings that hold a place, by what the database says afterwards."""
    oversold: int = 0
    """Bookings that hold a place which there is not."""
    miscounted: int = 0
    """Sessions whose count of places is not the number of bookings that hold one."""
    longest: float = 0.0
    """Seconds that the slowest attempt took."""
    fared: Counter[str] = field(default_factory=Counter)
    """How many attempts were told `booked` or `full`, or ended in which error."""
    seconds: float = 0.0

    @property
    def errors(self) -> int:
        """Attempts that ended in anything but an answer."""
        return self.fared.total() - self.fared["booked"] - self.fared["full"]

    def figures(self, prefix: str) -> dict[str, Any]:
        """All of it by name."""
        plain = {name: value for name, value in vars(self).items() if name != "fared"}
        told = {"errors": self.errors, "fared": dict(sorted(self.fared.items()))}
        return {f"{prefix}_{name}": value for name, value in {**plain, **told}.items()}


def run(options: Options) -> dict[str, Any]:
    """The whole run on each database, each with its control."""
    plan = Plan()
    figures: dict[str, Any] = {"seed": options.seed}
    budgets: dict[str, Any] = {}
    for backend in options.backends:
        tell(backend)
        found = play(backend, plan, options.seed)
        tell(f"{backend}, the control: nothing is held, and the database counts nothing")
        loose = play(backend, SMALL, options.seed, guarded=False)
        figures |= {**found.figures(backend), **loose.figures(f"{backend}_control")}
        budgets |= budgets_of(backend, plan, found)
        budgets[f"{backend}_control_oversold"] = at_least(loose.oversold, 1)
    return report("S1", 1, figures, budgets)


def budgets_of(prefix: str, plan: Plan, found: Outcome) -> dict[str, Any]:
    """What a run with the guards in place is held to."""
    held = {
        "attempts": at_least(found.attempts, plan.processes * plan.sessions),
        "sold": at_least(found.sold, plan.sessions),
        "oversold": at_most(found.oversold, 0),
        "miscounted": at_most(found.miscounted, 0),
        "errors": at_most(found.errors, 0),
        "seconds": at_most(found.seconds, plan.within),
    }
    return {f"{prefix}_{name}": budget for name, budget in held.items()}


def play(backend: str, plan: Plan, seed: int, *, guarded: bool = True) -> Outcome:
    """Have everyone book everything at once; then count."""
    # Or sixteen processes would map tables and compile statements all at once, while the clock runs.
    _forks.set_forkserver_preload(["tests.faults.warm", "tests.faults.warm_booking"])
    forkserver.ensure_running()
    with empty_house(backend) as settings:
        database = Database(settings.database)
        people = [tenant.id for tenant in tenants(database, plan.processes)]
        order = one_place_each(database, plan.sessions)
        random.Random(seed).shuffle(order)
        if not guarded:
            _drop_constraint(database)
        found, answers, start = Outcome(), _forks.Queue(), _forks.Barrier(plan.processes + 1)
        crowd = [
            _forks.Process(
                target=book_all, daemon=True,
                args=(settings.database, tenant_id, order, guarded, start, answers),
            )
            for tenant_id in people
        ]  # fmt: skip
        try:
            for process in crowd:
                process.start()
            start.wait(PATIENCE)
            begins = time.time()
            for _ in crowd:
                try:
                    fared, longest = answers.get(timeout=PATIENCE)
                    found.fared.update(fared)
                    found.longest = max(found.longest, longest)
                except Empty:
                    break
            found.seconds = time.time() - begins
        finally:
            for process in crowd:
                process.kill()
                process.join()
        found.attempts = found.fared.total()
        _count(database, found)
        database.close()
        tell("   " + ", ".join(f"{name} {value}" for name, value in vars(found).items()))
        return found


def book_all(
    url: str, tenant_id: UUID, order: list[UUID], guarded: bool, start: Any, answers: Any
) -> None:
    """One process: this tenant tries every session once."""
    database, fared, longest = Database(url), Counter[str](), 0.0
    with nullcontext() if guarded else _unguarded(database):
        start.wait(PATIENCE)
        for session_id in order:
            begins = time.monotonic()
            try:
                with database.step() as session:
                    tenant = session.get_one(Tenant, tenant_id)
                    book_place(session, tenant, session.get_one(GroupSession, session_id))
            except Full:
                fared["full"] += 1
            except SQLAlchemyError as error:
                fared[type(error).__name__] += 1
            else:
                fared["booked"] += 1
            longest = max(longest, time.monotonic() - begins)
    database.close()
    answers.put((fared, longest))


@contextmanager
def _unguarded(database: Database) -> Iterator[None]:
    """Both guards away in this process: nothing is held, and SQLite overlooks its constraints."""
    if database.engine.dialect.name == "sqlite":
        event.listen(
            database.engine, "connect", lambda raw, _record: raw.execute("PRAGMA ignore_check_constraints = ON")
        )
    with swapped(places, "held", _only_look):
        yield


def _only_look(session: Session, group_session: GroupSession) -> GroupSession:
    """What was there a moment ago. SQLite's turn is given up too, or the lock would be there by another name."""
    session.refresh(group_session)
    if session.get_bind().dialect.name == "sqlite":
        session.execute(text("COMMIT"))
        time.sleep(LOOK_LASTS)
        session.execute(text("BEGIN IMMEDIATE"))
    else:
        time.sleep(LOOK_LASTS)
    return group_session


def one_place_each(database: Database, count: int) -> list[UUID]:
    """So many sessions tomorrow, for one person each."""
    with database.step() as session:
        home = session.scalars(select(Property)).one()
        joana = welcome_worker(session, "Joana Silva", "joana@wrenfield.org.uk", Role.FACILITATOR, building=home)
        starts_at = clock.now() + timedelta(days=1)
        return [
            plan_session(
                session, "cooking-together", starts_at=starts_at, ends_at=starts_at + timedelta(hours=1),
                zone=ZoneInfo("Europe/London"), place="Kitchen", facilitator=joana, capacity=1,
            ).id
            for _ in range(count)
        ]  # fmt: skip


def _drop_constraint(database: Database) -> None:
    if database.engine.dialect.name != "sqlite":
        with database.step() as session:
            session.execute(text("ALTER TABLE group_session DROP CONSTRAINT ck_group_session_places"))


def _count(database: Database, found: Outcome) -> None:
    with database.session() as session:
        holding = dict.fromkeys(session.scalars(select(GroupSession.id)), 0)
        per_session = select(Booking.session_id, func.count()).where(Booking.standing == Standing.PLACE)
        for session_id, count in session.execute(per_session.group_by(Booking.session_id)):
            holding[session_id] = count
        for group_session in session.scalars(select(GroupSession)):
            count = holding[group_session.id]
            found.sold += count
            found.oversold += max(count - group_session.capacity, 0)
            found.miscounted += count != group_session.places_taken
