"""Every page, with every method, as everybody: at one's own records, at others', and at records that nobody has."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule

from staff_portal import create_app as open_staff_door
from tenant_app import create_app as open_tenant_door
from tenant_app.accounts.entry import Visit
from tenant_app.accounts.gate import COOKIES
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.database import Database
from tenant_app.settings import Settings
from tenant_app.web import house
from tests.access import declared
from tests.access.addresses import _address, _id_names, _role, _values, lookup
from tests.access.declared import Ids
from tests.access.whose import anybodys
from tests.access.world import Facts, Row
from tests.faults.guards import swapped

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
SPARED = {"signin.leave", "quick_exit.go"}
"""They would end the visits that the walk is made with. Who may use them is looked at all the same, by nobody's hand."""


@dataclass
class Found:
    """What the walk saw."""

    requests: int = 0
    routes: int = 0
    declared: int = 0
    own: int = 0
    """Requests at records that are the person's to reach."""
    foreign: int = 0
    """At records that are not."""
    nobodys: int = 0
    """At ids that nobody has."""
    everybodys: int = 0
    """Pages, by method, at which no record is foreign to whoever may use them at all."""
    refused: int = 0
    """By those whom the page is not for."""
    mismatches: list[str] = field(default_factory=list)
    undeclared: list[str] = field(default_factory=list)
    unprobed: list[str] = field(default_factory=list)
    """Pages of which the house has no foreign record to try; and pages that nobody reached."""
    answers: Counter[int] = field(default_factory=Counter)


@contextmanager
def nothing_is_kept() -> Iterator[None]:
    """Let each request see the same house: whatever it wrote is undone at its end."""

    def undone(_response: object) -> None:
        if "session" in house.g:
            house.g.session.rollback()

    with swapped(house, "settle", undone), swapped(house, "keep_now", lambda: house.session().flush()):
        yield


@contextmanager
def bare_refusals(doors: Iterable[Flask]) -> Iterator[None]:
    """Answer a refusal with its status alone: most of a walk is refused, and the page that says so is not looked at.
    (What such a page shows, the crawl of canaries reads.)"""
    handlers = [door.error_handler_spec[None][None] for door in doors]
    before = [handler[HTTPException] for handler in handlers]
    for handler in handlers:
        handler[HTTPException] = lambda error: error
    try:
        yield
    finally:
        for handler, was in zip(handlers, before, strict=True):
            handler[HTTPException] = was


class Walk:
    """One walk through both doors."""

    def __init__(self, settings: Settings, database: Database, seed: int = 1, *, rooms: frozenset[str] | None = None,
                 each: int = 2) -> None:  # fmt: skip
        self.database, self.random, self.rooms, self.each = database, random.Random(seed), rooms, each
        self.doors = {"tenant": open_tenant_door(settings), "staff": open_staff_door(settings)}
        self.found = Found()
        facts = Facts(database)
        self.secrets = {person: self._ticket(person, kind) for kind in ("tenant", "worker") for person in
                        (row["id"] for row in facts.rows[kind])}  # fmt: skip
        first = next(row["id"] for row in facts.rows["worker"] if row["role"] == "keyworker" and row["left_at"] is None)
        self.halfway = self._ticket(first, "worker", complete=False)
        self.facts = Facts(database)  # once more: with everybody's visits

    def _ticket(self, person: UUID, kind: str, *, complete: bool = True) -> str:
        with self.database.step() as session:
            who: Any = session.get_one(Tenant if kind == "tenant" else Worker, person)
            visit, secret = Visit.begin(who, "tenant" if kind == "tenant" else "staff", complete=complete)
            session.add(visit)
            # Another one, elsewhere, so that there is one to sign out.
            session.add(Visit.begin(who, "tenant" if kind == "tenant" else "staff")[0])
        return secret

    def client(self, door: str, secret: str | None) -> FlaskClient:
        client = self.doors[door].test_client()
        if secret:
            client.set_cookie(COOKIES[door], secret)
        return client

    def whole(self) -> Found:
        """Walk all of it, or the chosen rooms."""
        with nothing_is_kept(), bare_refusals(self.doors.values()):
            for door in self.doors:
                self._through(door)
        return self.found

    def undeclared(self) -> list[str]:
        """Routes of which the declaration does not say who may use them, or whose records they reach."""
        return [line for door in self.doors for rule in self.doors[door].url_map.iter_rules()
                if (line := self._declared(door, rule)[2])]  # fmt: skip

    def _declared(self, door: str, rule: Rule) -> tuple[frozenset[str], Ids | None, str]:
        """Who, whose, and what is missing."""
        who, ids = (declared.TENANTS, declared.TENANTS_IDS) if door == "tenant" else (declared.STAFF, declared.STAFF_IDS)
        audience, means = lookup(who, rule.endpoint), self._meaning(door, ids, rule)
        what = ""
        if audience is None:
            what = "who it is for"
        elif means is False:
            what = f"whose {' and '.join(_id_names(rule))} it reaches"
        missing = f"{door} door: {rule.endpoint} {rule.rule}: say in tests/access/declared.py {what}" if what else ""
        return audience or frozenset(), means if isinstance(means, Ids) else None, missing

    def _through(self, door: str) -> None:
        people = self._people(door)
        clients = {person["id"]: self.client(door, self.secrets[person["id"]]) for person in people}
        nobody = self.client(door, None)
        halfway = self.client(door, self.halfway) if door == "staff" else None
        for rule in self.doors[door].url_map.iter_rules():
            if self.rooms is not None and rule.endpoint.split(".")[0] not in self.rooms:
                continue
            self.found.routes += 1
            audience, means, missing = self._declared(door, rule)
            if missing:
                self.found.undeclared.append(missing)
                continue
            self.found.declared += 1
            for method in sorted(rule.methods & set(METHODS)):
                self._strangers(door, rule, method, audience, nobody, halfway)
                if rule.endpoint in SPARED or audience & declared.ANYONE:
                    continue
                if means is None:
                    self._plain(door, rule, method, audience, people, clients)
                else:
                    self._records(door, rule, method, audience, means, people, clients)
            self._other_methods(door, rule, clients[people[0]["id"]])

    def _people(self, door: str) -> list[Row]:
        """Who lives or works here: whoever has left is let in nowhere."""
        return [row for row in self.facts.rows["tenant" if door == "tenant" else "worker"] if row["left_at"] is None]

    def _meaning(self, door: str, ids: Mapping[str, Ids], rule: Rule) -> Ids | bool | None:
        names = _id_names(rule)
        if not names:
            return None
        found = lookup(ids, rule.endpoint)
        if found is None and door == "tenant":
            found = ids.get(" ".join(names))
        return found if found is not None and set(found.params) == set(names) else False

    # -- what is asked of one page --

    def _strangers(self, door: str, rule: Rule, method: str, audience: frozenset[str], nobody: FlaskClient,
                   halfway: FlaskClient | None) -> None:  # fmt: skip
        address = _address(rule, {name: uuid4() for name in _id_names(rule)})
        status, location = self._ask(nobody, method, address)
        if audience & declared.ANYONE:
            if status >= 500:
                self._wrong(door, rule, method, "nobody", "breaks", status)
            return
        self.found.refused += 1
        if not (status == 303 and "/sign-in" in location):
            self._wrong(door, rule, method, "nobody", "is not sent to the sign-in page", status)
        if halfway is not None and "halfway" not in audience:
            status, location = self._ask(halfway, method, address)
            self.found.refused += 1
            if not (status == 303 and "/sign-in" in location):
                self._wrong(door, rule, method, "halfway", "is not sent to the sign-in page", status)

    def _plain(self, door: str, rule: Rule, method: str, audience: frozenset[str], people: list[Row],
               clients: dict[UUID, FlaskClient]) -> None:  # fmt: skip
        chosen = self.random.sample(people, 1) if door == "tenant" else people
        for person in chosen:
            self._as(door, rule, method, audience, person, clients, _address(rule, {}))

    def _records(self, door: str, rule: Rule, method: str, audience: frozenset[str], means: Ids, people: list[Row],
                 clients: dict[UUID, FlaskClient]) -> None:  # fmt: skip
        rows = [row for row in self.facts.rows[means.table] if all(row[column] for column in means.params.values())]
        self.random.shuffle(rows)
        foreign_seen, reached = False, False
        own_of = {person["id"]: [row for row in rows if means.whose(self.facts, person, means.table, row)]
                  for person in people if _role(door, person) in audience}  # fmt: skip
        asked = people
        if door == "tenant":  # one who has such a record where anybody has, and one who has none of it
            owners = [person for person in people if own_of.get(person["id"])]
            asked = (owners[:1] + [person for person in people if not own_of.get(person["id"])][:1]) or people[:1]
        for person in asked:
            mine = own_of.get(person["id"], [])
            keys = [_values(means, row) for row in mine]
            others = [row for row in rows if _values(means, row) not in keys]
            if _role(door, person) not in audience:
                for row in rows[:1]:
                    self._as(door, rule, method, audience, person, clients, _address(rule, _values(means, row)))
                continue
            for row in mine[: self.each]:
                self.found.own += 1
                status = self._as(door, rule, method, audience, person, clients, _address(rule, _values(means, row)))
                reached = reached or status != 404
            for row in others[: self.each]:
                foreign_seen = True
                self.found.foreign += 1
                self._must_be_unknown(door, rule, method, person, clients, _values(means, row), "another's")
            if means.crossed and len(means.params) > 1 and mine and others:
                foreign_seen = True
                crossed = {**_values(means, mine[0]), (last := list(means.params)[-1]): _values(means, others[0])[last]}
                self._must_be_unknown(door, rule, method, person, clients, crossed, "another's beside their own")
            self.found.nobodys += 1
            nobodys = {**(_values(means, mine[0]) if mine else {name: uuid4() for name in means.params}),
                       list(means.params)[-1]: uuid4()}  # fmt: skip
            if means.crossed or len(means.params) == 1:
                self._must_be_unknown(door, rule, method, person, clients, nobodys, "nobody's")
        sometimes = rule.endpoint in declared.SOMETIMES or rule.endpoint.split(".")[0] + ".*" in declared.SOMETIMES
        if not reached and any(own_of.values()) and not sometimes:
            self._wrong(door, rule, method, "everybody", "finds nothing, although such records are theirs", 404)
        if means.whose is anybodys:
            self.found.everybodys += 1
        elif not foreign_seen or not any(own_of.values()):
            self.found.unprobed.append(f"{method} {rule.rule}")

    def _must_be_unknown(self, door: str, rule: Rule, method: str, person: Row, clients: dict[UUID, FlaskClient],
                         values: Mapping[str, Any], whose: str) -> None:  # fmt: skip
        status, _ = self._ask(clients[person["id"]], method, _address(rule, values), rule.endpoint)
        if status != 404:
            self._wrong(door, rule, method, f"{person['name']}, {_role(door, person)},",
                        f"gets {status} and not 404 at {whose} record {dict(values)}", status)  # fmt: skip

    def _as(self, door: str, rule: Rule, method: str, audience: frozenset[str], person: Row,
            clients: dict[UUID, FlaskClient], address: str) -> int:  # fmt: skip
        status, location = self._ask(clients[person["id"]], method, address, rule.endpoint)
        role = _role(door, person)
        if role not in audience:
            self.found.refused += 1
            away = 403 if door == "staff" else 404
            if status != away:
                self._wrong(door, rule, method, role, "is let in where the declaration has them not", status)
        elif status >= 500:
            self._wrong(door, rule, method, role, "breaks", status)
        elif status == 403 and rule.endpoint not in declared.REFUSES:
            self._wrong(door, rule, method, role, "is kept out where the declaration has them in", status)
        elif status == 303 and "/sign-in" in location and not rule.endpoint.startswith("signin."):
            self._wrong(door, rule, method, role, "is sent to the sign-in page", status)
        return status

    def _other_methods(self, door: str, rule: Rule, client: FlaskClient) -> None:
        same = {method for other in self.doors[door].url_map.iter_rules() if other.rule == rule.rule
                for method in other.methods or ()}  # fmt: skip
        address = _address(rule, {name: uuid4() for name in _id_names(rule)})
        for method in ("PUT", "PATCH", "DELETE"):
            if method not in same:
                status, _ = self._ask(client, method, address)
                if status not in (404, 405):
                    self._wrong(door, rule, method, "anybody", "is answered a method the page does not have", status)

    def _ask(self, client: FlaskClient, method: str, address: str, endpoint: str = "") -> tuple[int, str]:
        said = declared.SAYS.get(endpoint) if method == "POST" else None
        answer = client.open(address, method=method, data=said)
        self.found.requests += 1
        self.found.answers[answer.status_code] += 1
        answer.close()
        return answer.status_code, answer.location or ""

    def _wrong(self, door: str, rule: Rule, method: str, who: str, what: str, status: int) -> None:
        self.found.mismatches.append(f"{door} door: {method} {rule.rule} ({rule.endpoint}): {who} {what} [{status}]")
