"""S2: worker processes are killed with signal 9 in the middle of sending, again and again, and replaced at once.

What may come of a kill is a repeat of what its worker had sent and not yet written down. Each worker signs with a
contact of its own, so each push says who sent it: a repeat is a kill's if the worker that sent its twin was dead by
then, and no other repeat is allowed. That holds a reminder to at most one repeat for each worker that died with it.
A repeat that carries its twin's `Topic` and tag takes its place, at the push service and on the phone.

Leases are shortened: a successor learns that a worker is dead only by waiting until its lease ends, and a hundred
leases of a minute would have most of the run be waiting.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from multiprocessing.process import BaseProcess
from typing import Any

from sqlalchemy import text

from tenant_app.accounts.models import Tenant
from tests.faults import worker_process
from tests.faults.counting import Outcome, count
from tests.faults.post import Post, post, wait_for
from tests.faults.push_service import Answer
from tests.faults.stage import Options
from tests.faults.worker_process import Changes
from tests.figures import at_least, at_most, report, tell

WORKERS, ANSWERS_IN = 2, 0.03
LONGEST_WAIT = 3.0
"""Seconds that a kill waits for a worker to have pushes on their way."""
BURSTS = 20
"""Reminders fall due in two parts for each kill, or for each of these if there are fewer kills."""
# Fewer connections: on a busy machine two hundred handshakes at once would end in time-outs, which are no crash.
QUICK = Changes(lease=8.0, longest_push=3.0, idle=0.03, first_pause=0.5, longest_pause=2.0, in_flight=32)


@dataclass(frozen=True)
class Plan:
    """How much is sent, how often is killed, and how long all of it may take."""

    reminders: int = 2000
    kills: int = 100
    within: float = 60.0
    """Seconds, from the first reminder being due to the last one being settled."""
    patience: float = 120.0
    """Seconds after the last kill, after which what is not settled counts as lost: late is another thing."""
    respite: float = 2.0
    """Seconds at most, every other time, for some reminders to be settled before the next kill."""
    changes: Changes = QUICK


SMALL = Plan(reminders=400, kills=20, patience=20.0)
"""Of the controls, which have to fail and not to finish."""


class Crew:
    """So many workers, each replaced as soon as it is killed."""

    def __init__(self, house: Post, changes: Changes) -> None:
        self._house, self._changes, self._count = house, changes, 0
        self.alive: dict[str, BaseProcess] = {}
        self.killed: dict[str, float] = {}
        """When each worker died that did, by its contact."""

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """All of them, until the block ends."""
        for _ in range(WORKERS):
            self._start()
        try:
            yield
        finally:
            for process in self.alive.values():
                process.kill()
                process.join()

    def kill(self, contact: str) -> None:
        """Signal 9, and the next one starts."""
        process = self.alive.pop(contact)
        process.kill()
        process.join()
        self.killed[contact] = time.time()
        self._start()

    def _start(self) -> None:
        self._count += 1
        contact = f"mailto:worker{self._count}@wrenfield.org.uk"
        settings = replace(self._house.settings, vapid_contact=contact)
        self.alive[contact] = worker_process.start(settings, self._changes)


def run(options: Options) -> dict[str, Any]:
    """The whole run on each database, and twice without the guard."""
    plan = Plan()
    figures: dict[str, Any] = {"seed": options.seed}
    budgets: dict[str, Any] = {}
    for backend in options.backends:
        tell(backend)
        found = play(backend, plan, random.Random(options.seed))
        figures |= found.figures(backend)
        budgets |= budgets_of(backend, plan, found)
    tell("the control: a lease that does not end")
    endless = replace(SMALL, changes=replace(plan.changes, lease=540.0))
    stuck = play(options.backends[0], endless, random.Random(options.seed))
    tell("the control: claims without a lease, and no kill")
    loose = play(options.backends[0], replace(SMALL, kills=0), random.Random(options.seed), before=leases_off)
    figures |= {**stuck.figures("control_endless_lease"), **loose.figures("control_no_lease")}
    budgets["control_endless_lease_lost_or_unsettled"] = at_least(stuck.lost + stuck.unsettled, 1)
    budgets["control_no_lease_repeats_without_a_kill"] = at_least(loose.repeats_without_a_kill, 1)
    return report("S2", 1, figures, budgets)


def budgets_of(prefix: str, plan: Plan, found: Outcome) -> dict[str, Any]:
    """What a run with the guard in place is held to."""
    held = {
        "kills": at_least(found.kills, plan.kills),
        # A kill between two pushes is no test: most have to come while some are on their way.
        "kills_in_flight": at_least(found.kills_in_flight, plan.kills * 3 // 4),
        "lost": at_most(found.lost, 0),
        "unsettled": at_most(found.unsettled, 0),
        "repeats_without_a_kill": at_most(found.repeats_without_a_kill, 0),
        "visible_repeats": at_most(found.visible_repeats, 0),
        "topics": at_least(found.topics, plan.reminders),
        "problems": at_most(len(found.problems), 0),
        "early": at_most(found.early, 0),
        "seconds": at_most(found.seconds, plan.within),
    }
    return {f"{prefix}_{name}": budget for name, budget in held.items()}


def play(
    backend: str, plan: Plan, chance: random.Random, *, answer: Callable[[], Answer] = Answer,
    before: Callable[[Post], None] | None = None,
) -> Outcome:  # fmt: skip
    """Send, kill, replace; then count. `before` does something to the house first."""
    worker_process.get_ready()
    with post(backend, plan.reminders, seconds=ANSWERS_IN, plan=answer) as house:
        house.announce("once")
        if before is not None:
            before(house)
        crew, found = Crew(house, plan.changes), Outcome(plan.reminders)
        with crew.at_work():
            wait_for(house.workers_heard_of, plan.patience)
            begins = time.time()
            shares = _shares(house.owners, 2 * max(plan.kills, BURSTS))
            for number, (some, others) in enumerate(zip(shares[::2], shares[1::2], strict=True)):
                # Some have time to be settled, or no reminder would be sent before the killing ends.
                house.fall_due("once", datetime.now(UTC), some)
                if chance.random() < 0.5:
                    wait_for(partial(house.any_settled, some), plan.respite)
                house.fall_due("once", datetime.now(UTC), others)
                if number < plan.kills:
                    _kill_one(house, crew, found, chance)
            wait_for(house.all_settled, plan.patience)
            found.seconds = time.time() - begins
        found.unsettled = house.waiting()
        count(found, house.service, [phone.path for phone in house.phones], crew.killed)
        tell("   " + ", ".join(f"{name} {value}" for name, value in vars(found).items()))
        return found


def leases_off(house: Post) -> None:
    """The guard taken away below the code: whatever lease is written, none is kept."""
    gone = "UPDATE notice SET leased_until = NULL WHERE id = NEW.id"
    when = "WHEN (NEW.leased_until IS NOT NULL)"
    if house.database.engine.dialect.name == "sqlite":
        made = [f"CREATE TRIGGER no_lease AFTER UPDATE ON notice FOR EACH ROW {when} BEGIN {gone}; END"]
    else:
        made = [
            "CREATE FUNCTION no_lease() RETURNS trigger AS 'BEGIN NEW.leased_until := NULL; RETURN NEW; END'"
            " LANGUAGE plpgsql",
            f"CREATE TRIGGER no_lease BEFORE UPDATE ON notice FOR EACH ROW {when} EXECUTE FUNCTION no_lease()",
        ]
    with house.database.step() as session:
        for statement in made:
            session.execute(text(statement))


def _shares(owners: Sequence[Tenant], count: int) -> list[Sequence[Tenant]]:
    """All of them in so many parts of about the same size."""
    return [owners[number * len(owners) // count : (number + 1) * len(owners) // count] for number in range(count)]


def _kill_one(house: Post, crew: Crew, found: Outcome, chance: random.Random) -> None:
    """Kill a worker that has pushes on their way; any of them, if there is none for long."""
    gives_up = time.time() + LONGEST_WAIT
    busy: list[str] = []
    while not busy and time.time() < gives_up:
        # At any point of a batch: its first push, its last, or while it is being written down.
        time.sleep(chance.uniform(0, 2 * ANSWERS_IN))
        busy = [contact for contact in crew.alive if house.service.holding[contact]]
    contact = chance.choice(busy or sorted(crew.alive))
    in_flight = house.service.holding[contact]
    crew.kill(contact)
    found.kills += 1
    found.kills_in_flight += in_flight > 0
    found.in_flight += in_flight
