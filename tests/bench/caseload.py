"""A worker's caseload and Today, with ever more tenants in the house whom others support.

Each page is asked for at the staff door by somebody who is signed in, in houses of different sizes, in shuffled order
within each round. A keyworker of twelve in a house of 100 and of 100,000; and a coordinator of a thousand, who asks for
the page with the thousandth, in a house of those and of 100,000. Their own work is the same in each; the rest of the
house must not cost them anything: at most 1.3 times as long, by the clock and in the door's own processor time (DESIGN
section 6), and not one question more.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from staff_portal import create_app
from tenant_app import tables
from tenant_app.accounts.entry import Visit
from tenant_app.accounts.gate import COOKIES
from tenant_app.database import Database
from tenant_app.settings import Settings
from tests.bench.many_tenants import CASELOAD, move_in, worker_of
from tests.faults.stage import BACKENDS
from tests.figures import at_most, report, tell
from tests.machine.postgres import PrivatePostgres, fresh_database
from tests.questions import counted

FLAT = 1.3
"""What the largest house may cost against the smallest (DESIGN section 6)."""
SIZES = (100, 10_000, 100_000)
LARGE_CASELOAD = 1000
"""A coordinator's, and the least house that holds it."""
PAGES = {"keyworker": ("/caseload", "/today"), "coordinator": (f"/caseload?page={LARGE_CASELOAD // 50}", "/today")}
TURNS = 5
"""How often a page is asked for each time it has its turn, of which the quickest counts: what else the machine does at
that moment only ever adds."""


@dataclass
class Found:
    """What asking for one page in one house took, a figure a round, and its questions."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    questions: int = 0


@dataclass(frozen=True)
class House:
    """A house that is asked, and who asks there."""

    door: Flask
    who: Mapping[str, FlaskClient]


def run(*, rounds: int = 15, sizes: Sequence[int] = SIZES, large: int = LARGE_CASELOAD, seed: int = 9) -> dict[str, Any]:
    """Both people's pages in a house of each of `sizes`, on both kinds of database."""
    figures: dict[str, Any] = {}
    budgets: dict[str, Any] = {}
    for backend in BACKENDS:
        with ExitStack() as opened:
            # What the doors log, once a day for each tenant who was read, would stand before the report otherwise.
            opened.enter_context(redirect_stdout(sys.stderr))
            addresses = opened.enter_context(_addresses(backend, sorted({*sizes, large})))
            houses = {size: furnished(settings, size, large) for size, settings in addresses.items()}
            found = measure(houses, sizes=sizes, large=large, rounds=rounds, seed=seed)
        for (name, size), each in found.items():
            figures[f"{backend}_{name}_{size}_ms"] = statistics.median(each.wall) * 1000
            figures[f"{backend}_{name}_{size}_cpu_ms"] = statistics.median(each.cpu) * 1000
            figures[f"{backend}_{name}_{size}_questions"] = each.questions
        budgets |= {f"{backend}_{name}": one for name, one in judged(found).items()}
    return report("caseload", rounds, figures, budgets, tenants=list(sizes), caseloads=[CASELOAD, large])


def judged(found: Mapping[tuple[str, int], Found]) -> dict[str, Any]:
    """The largest house against the smallest, for each page."""
    budgets: dict[str, Any] = {}
    for name in sorted({name for name, _ in found}):
        sizes = sorted(size for known, size in found if known == name)
        small, big = found[name, sizes[0]], found[name, sizes[-1]]
        budgets[f"{name}_wall"] = at_most(statistics.median(big.wall) / statistics.median(small.wall), FLAT)
        budgets[f"{name}_cpu"] = at_most(statistics.median(big.cpu) / statistics.median(small.cpu), FLAT)
        budgets[f"{name}_more_questions"] = at_most(abs(big.questions - small.questions), 0)
    return budgets


def measure(
    houses: Mapping[int, House], *, sizes: Sequence[int], large: int, rounds: int, seed: int
) -> dict[tuple[str, int], Found]:
    """Figures by page and size of house: seconds of each round, of the quickest of its turns."""
    asked = [
        (who, page, size)
        for size in houses for who in ("keyworker", "coordinator") for page in PAGES[who]
        if (size in sizes if who == "keyworker" else size >= large)
    ]  # fmt: skip
    found: dict[tuple[str, int], Found] = defaultdict(Found)
    for who, page, size in asked:
        _ask(houses[size], who, page)  # templates are compiled, and what is cached is cached
        with counted(houses[size].door) as questions:
            _ask(houses[size], who, page)
        found[_name(who, page), size].questions = len(questions)
    order = random.Random(seed)
    for number in range(rounds):
        for who, page, size in order.sample(asked, len(asked)):
            turns = [_ask(houses[size], who, page) for _ in range(TURNS)]
            one = found[_name(who, page), size]
            one.wall.append(min(wall for wall, _ in turns))
            one.cpu.append(min(cpu for _, cpu in turns))
        tell(f"round {number + 1} of {rounds}")
    return dict(found)


def _name(who: str, page: str) -> str:
    return f"{who}_{page.strip('/').split('?')[0]}"


def _ask(house: House, who: str, page: str) -> tuple[float, float]:
    """Seconds by the clock and of this process for one page."""
    wall, cpu = time.perf_counter(), time.process_time()
    answer = house.who[who].get(page)
    lasted = time.perf_counter() - wall, time.process_time() - cpu
    assert answer.status_code == 200, answer.status
    return lasted


@contextmanager
def _addresses(backend: str, sizes: Sequence[int]) -> Iterator[dict[int, Settings]]:
    with ExitStack() as opened:
        folder = Path(opened.enter_context(tempfile.TemporaryDirectory(prefix="homeward-")))
        urls = {size: f"sqlite:///{folder / str(size)}.sqlite" for size in sizes}
        if backend == "postgresql":
            server = opened.enter_context(PrivatePostgres())
            urls = {size: fresh_database(server.url(), f"caseload_{size}") for size in sizes}
        yield {size: Settings(instance=folder, database_url=url) for size, url in urls.items()}


def furnished(settings: Settings, size: int, large: int) -> House:
    """A new house with so many tenants, and both who ask there, signed in."""
    database = Database(settings.database)
    tables.metadata.create_all(database.engine)
    began = time.perf_counter()
    move_in(database, size, coordinator_of=large if size >= large else 0)
    tell(f"{size} tenants on {database.engine.dialect.name}: {time.perf_counter() - began:.0f} s")
    door = create_app(settings)
    return House(door, {who: _at(door, database, number) for who, number in
                        (("keyworker", large // CASELOAD + 1 if size > large else 0), ("coordinator", size))})  # fmt: skip


def _at(door: Flask, database: Database, number: int) -> FlaskClient:
    client = door.test_client()
    with database.step() as session:
        visit, secret = Visit.begin(worker_of(session, number), "staff", complete=True)
        session.add(visit)
    client.set_cookie(COOKIES["staff"], secret)
    return client
