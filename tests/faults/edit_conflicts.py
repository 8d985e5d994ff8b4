"""S10: 500 pairs of changes of one text, each made from the same page on two phones at the same moment, on both databases.

Through the real pages: the form stands open on both phones, both send it, each request is a transaction as it is at the door. Of
each two texts one is saved, and the answer to the other is a 409 with both in it. The pairs go round all that can be
rewritten: a goal, one of its steps, a plan for what may get in the way, and what it took. Every fifth of those who were
told sends theirs again, which replaces the other text on purpose.

Two runs take a guard away. In the control nobody looks whether the words are still the ones that were read: it must
lose some, or the run has proved nothing. In the other nothing is held while it is looked at, and the version columns
of goals and plans alone have to do: they must lose none.
"""

from __future__ import annotations

import html
import random
import re
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from threading import Barrier
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tenant_app import create_app
from tenant_app.accounts.entry import Visit
from tenant_app.accounts.gate import COOKIES
from tenant_app.accounts.models import Tenant
from tenant_app.accounts.rules import choose_pin
from tenant_app.database import Database
from tenant_app.goals import editions, room
from tenant_app.goals.models import Goal, Step
from tenant_app.goals.obstacles import Obstacle, plan_for
from tenant_app.goals.rules import write_goal
from tests.faults.guards import swapped
from tests.faults.stage import Options, empty_house, tenants
from tests.figures import at_least, at_most, report, tell

PIN = "246813"
TOLD = 409


@dataclass(frozen=True)
class Plan:
    """How many pairs, and how long all of it may take."""

    pairs: int = 500
    within: float = 60.0
    """Seconds of the processor a database takes: those of the clock are others' doing too."""


SMALL = Plan(pairs=12)
"""Of the runs without a guard."""


@dataclass(frozen=True)
class Page:
    """One form that rewrites words: where it is, which field is typed into, what else it sends, where that is kept."""

    address: str
    typed: str
    table: type
    record: UUID
    column: str
    besides: dict[str, str] = field(default_factory=dict)
    versioned: bool = True
    """Whether the row has a version column of its own."""


@dataclass
class Outcome:
    """What came of it."""

    pairs: int = 0
    saved: int = 0
    """Texts that the database has after their pair."""
    told: int = 0
    """Texts whose sender was answered with a 409."""
    silent: int = 0
    """Texts that are not saved and were not shown in a 409 either: lost, and nobody knows."""
    hidden: int = 0
    """Answers of 409 that did not show both texts."""
    chosen: int = 0
    """Texts that were sent again after a 409, and then saved."""
    errors: int = 0
    """Answers that were neither "done" nor a 409."""
    answered: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    processor: float = 0.0
    """Seconds of it, of this process."""

    def figures(self, prefix: str) -> dict[str, Any]:
        """All of it by name."""
        plain = {name: value for name, value in vars(self).items() if name != "answered"}
        told = {"answered": {str(code): count for code, count in sorted(self.answered.items())}}
        return {f"{prefix}_{name}": value for name, value in {**plain, **told}.items()}


def run(options: Options) -> dict[str, Any]:
    """The whole run on each database, each with its runs without a guard."""
    plan = Plan()
    figures: dict[str, Any] = {"seed": options.seed}
    budgets: dict[str, Any] = {}
    for backend in options.backends:
        tell(backend)
        found = play(backend, plan, options.seed)
        tell(f"{backend}, nothing is held: the version columns alone")
        unheld = play(backend, SMALL, options.seed, holding=False)
        tell(f"{backend}, the control: nobody looks whether the words are still the same")
        loose = play(backend, SMALL, options.seed, looking=False)
        figures |= {
            **found.figures(backend), **unheld.figures(f"{backend}_unheld"), **loose.figures(f"{backend}_control")
        }
        budgets |= budgets_of(backend, plan, found)
        budgets[f"{backend}_unheld_silent"] = at_most(unheld.silent + unheld.errors, 0)
        budgets[f"{backend}_control_silent"] = at_least(loose.silent, 1)
    return report("S10", 1, figures, budgets)


def budgets_of(prefix: str, plan: Plan, found: Outcome) -> dict[str, Any]:
    """What a run with the guards in place is held to."""
    held = {
        "pairs": at_least(found.pairs, plan.pairs),
        "silent": at_most(found.silent, 0),
        "hidden": at_most(found.hidden, 0),
        "errors": at_most(found.errors, 0),
        "told": at_least(found.told, plan.pairs),
        "processor": at_most(found.processor, plan.within),
    }
    return {f"{prefix}_{name}": budget for name, budget in held.items()}


def play(backend: str, plan: Plan, seed: int, *, holding: bool = True, looking: bool = True) -> Outcome:
    """Have two phones rewrite the same words, pair after pair; then count."""
    with (
        empty_house(backend) as settings,
        nullcontext() if looking else swapped(editions, "refuse_if_changed", lambda seen, now: None),
        nullcontext() if holding else swapped(room, "held", lambda query, *tables: query),
        ThreadPoolExecutor(2) as hands,
    ):
        database, door, found, order = Database(settings.database), create_app(settings), Outcome(), random.Random(seed)
        [tenant] = tenants(database, 1)
        phones = [_phone(database, door, tenant) for _ in range(2)]
        pages = [page for page in _pages(database, tenant) if holding or page.versioned]
        begins, worked, open_pages = time.monotonic(), time.process_time(), dict[str, str]()
        for number in range(plan.pairs):
            _pair(database, hands, phones, order.choice(pages), number, open_pages, found)
        found.seconds, found.processor = time.monotonic() - begins, time.process_time() - worked
        door.extensions["homeward"].database.close()
        database.close()
    tell("   " + ", ".join(f"{name} {value}" for name, value in vars(found).items()))
    return found


def _pair(
    database: Database, hands: ThreadPoolExecutor, phones: list[FlaskClient], page: Page, number: int,
    open_pages: dict[str, str], found: Outcome,
) -> None:
    """`open_pages` are editions by address: what a 409 shows is a page that the next change may be made from."""
    typed = [f"Öğle {number}, the first words", f"Öğle {number}, the other words"]
    together = Barrier(2)
    seen = open_pages.pop(page.address, "") or _seen(phones[0].get(page.address).text)

    def rewrite(phone: FlaskClient, text: str) -> tuple[int, str]:
        together.wait(60)
        answer = phone.post(page.address, data={page.typed: text, **page.besides, "seen": seen})
        return answer.status_code, html.unescape(answer.text)

    answers = [one.result() for one in [hands.submit(rewrite, *each) for each in zip(phones, typed, strict=True)]]
    found.pairs += 1
    found.answered.update(code for code, _ in answers)
    stands = _stands(database, page)
    shown = [body for code, body in answers if code == TOLD]
    found.told += len(shown)
    found.hidden += sum(not all(text in body for text in typed) for body in shown)
    found.errors += sum(code not in (303, TOLD) for code, _ in answers)
    for text in typed:
        found.saved += text == stands
        found.silent += text != stands and not any(text in body for body in shown)
    for phone, text, (code, body) in zip(phones, typed, answers, strict=True):
        if code == TOLD and number % 5:
            open_pages[page.address] = _seen(body)
        elif code == TOLD:
            again = phone.post(page.address, data={page.typed: text, **page.besides, "seen": _seen(body)})
            found.answered[again.status_code] += 1
            found.chosen += again.status_code == 303 and _stands(database, page) == text


def _seen(page: str) -> str:
    found = re.search(r'<input[^>]*name="seen"[^>]*value="(\w+)"', page)
    return found.group(1) if found else ""


def _stands(database: Database, page: Page) -> str:
    with database.session(reads_only=True) as session:
        column: Callable[..., Any] = getattr(page.table, page.column)
        return str(session.scalar(select(column).where(page.table.id == page.record)))  # type: ignore[attr-defined]


def _phone(database: Database, door: Flask, tenant: Tenant) -> FlaskClient:
    phone = door.test_client()
    with database.step() as session:
        person = session.get_one(Tenant, tenant.id)
        if not person.pin_hash:
            choose_pin(person, PIN)
        visit, secret = Visit.begin(person, "tenant")
        session.add(visit)
    phone.set_cookie(COOKIES["tenant"], secret)
    return phone


def _pages(database: Database, tenant: Tenant) -> list[Page]:
    with database.step() as session:
        goal = write_goal(session, session.get_one(Tenant, tenant.id), "Cook", first_step="Choose two meals")
        plan = plan_for(session, goal, "I am tired", "I cook at noon")
        return [
            Page(f"/goals/{goal.id}/words", "words", Goal, goal.id, "words"),
            Page(f"/goals/{goal.id}/took", "took", Goal, goal.id, "took"),
            Page(f"/goals/obstacles/{plan.id}", "then", Obstacle, plan.id, "then", {"hurdle": "I am tired"}),
            Page(f"/steps/{goal.steps[0].id}/words", "words", Step, goal.steps[0].id, "words", versioned=False),
        ]
