"""Rows 51, 7 and 5 of what must never happen: words that nobody reads, fields that nobody asked for, old caseloads."""

from __future__ import annotations

import random
import re
from contextlib import ExitStack
from typing import Any

import pytest
from flask import Flask, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Person, Tenant, Worker
from tenant_app.accounts.safeguarding import SafeguardingOverride
from tenant_app.web import house
from tests.access.addresses import _address, _id_names, _values, lookup
from tests.access.conftest import LivedInHouse
from tests.access.matrix import SPARED, Walk, nothing_is_kept
from tests.cast import Cast
from tests.crawl import crawl
from tests.faults.guards import swapped

pytestmark = pytest.mark.xdist_group("lived-in-house")  # or each process would live in one of its own

FREE_TEXT = re.compile(r"<textarea|<input[^>]*type=[\"']?text")
HELP = re.compile(r"href=[\"'][^\"']*/help[\"'#?]")

EXTRA = {
    "role": "administrator", "kind": "worker", "id": "01a20400-0000-7000-8000-000000000000", "left_at": "", "admin": "1",
    "keyworker_id": "01a20400-0000-7000-8000-000000000000", "keyworker": "01a20400-0000-7000-8000-000000000000",
    "tenant_id": "01a20400-0000-7000-8000-000000000000", "worker_id": "01a20400-0000-7000-8000-000000000000",
    "property_id": "01a20400-0000-7000-8000-000000000000", "pin_hash": "x", "password_hash": "x", "sealed_totp": "x",
    "person.role": "administrator", "worker[role]": "administrator", "is_admin": "true", "footing": "employee",
    "complete": "1", "ends_at": "2099-01-01", "expires_at": "2099-01-01", "given_as": "keyworker", "override": "1",
}  # fmt: skip
"""What somebody would try who hopes that a form is taken as it comes."""
MEANT = {
    "administration.left", "administration.footing", "settings.pin", "settling.lock", "joining.password", "joining.app",
    "signin.welcome", "administration.new_code", "administration.new_colleague_code", "break_glass.reason",
    "medication_audit.reason",
}  # fmt: skip
"""Pages that are there to change such a thing, of whom the address names."""


def test_every_page_on_which_a_tenant_writes_leads_to_people_who_answer(lived_in_house: LivedInHouse) -> None:
    walk, without, written = Walk(*lived_in_house, rooms=frozenset()), [], set()
    with nothing_is_kept():
        for person in walk.facts.rows["tenant"][:2]:
            pages = crawl(walk.doors["tenant"], walk.client("tenant", walk.secrets[person["id"]]), each=2, most=200)
            for address, answer in pages.items():
                if answer.mimetype == "text/html" and FREE_TEXT.search(answer.text):
                    written.add(address)
                    if not HELP.search(answer.text):
                        without.append(address)

    assert without == []
    assert len(written) > 10


def _privileges(session: Session) -> dict[str, Any]:
    people = {str(row.id): tuple(row) for row in session.execute(select(Person.id, Person.kind, Person.left_at))}
    workers = {f"worker {row.id}": tuple(row) for row in session.execute(
        select(Worker.id, Worker.role, Worker.property_id, Worker.password_hash, Worker.sealed_totp, Worker.footing))}  # fmt: skip
    tenants = {f"tenant {row.id}": tuple(row) for row in session.execute(
        select(Tenant.id, Tenant.keyworker_id, Tenant.property_id, Tenant.pin_hash, Tenant.sign_in_name))}  # fmt: skip
    openings = {"openings": session.scalars(select(SafeguardingOverride.id).order_by(SafeguardingOverride.id)).all()}
    return {**people, **workers, **tenants, **openings}


def test_five_hundred_forms_with_more_in_them_than_was_asked_change_nobodys_standing(
    lived_in_house: LivedInHouse,
) -> None:
    settings, database = lived_in_house
    walk, changed, chance, sent = Walk(settings, database, rooms=frozenset()), [], random.Random(7), 0
    with database.session(reads_only=True) as session:
        before = _privileges(session)

    def weighed(_response: object) -> None:
        if "session" in house.g:  # type: ignore[attr-defined]
            house.session().flush()
            after = _privileges(house.session())
            if request.endpoint not in MEANT and any(after.get(name) != was for name, was in before.items()):
                changed.append(request.endpoint)
            house.session().rollback()

    forms = [(door, rule) for door in walk.doors for rule in walk.doors[door].url_map.iter_rules()
             if "POST" in (rule.methods or ()) and rule.endpoint not in SPARED]  # fmt: skip
    with ExitStack() as stack:
        stack.enter_context(swapped(house, "settle", weighed))
        stack.enter_context(swapped(house, "keep_now", lambda: house.session().flush()))
        while sent < 500:
            door, rule = forms[sent % len(forms)]
            audience, means, _ = walk._declared(door, rule)
            people = [row for row in walk.facts.rows["tenant" if door == "tenant" else "worker"]
                      if door == "tenant" or row["role"] in audience] or walk.facts.rows["worker"]  # fmt: skip
            person = chance.choice(people)
            values = {}
            if means is not None and _id_names(rule):
                mine = [row for row in walk.facts.rows[means.table] if means.whose(walk.facts, person, means.table, row)]
                values = _values(means, chance.choice(mine)) if mine else dict.fromkeys(_id_names(rule), EXTRA["id"])
            given = dict(chance.sample(sorted(EXTRA.items()), chance.randint(6, len(EXTRA))))
            given |= {"words": "something", "name": "Somebody", "done": "1", "seen": "1", "version": "1"}
            client = walk.client(door, walk.secrets[person["id"]])
            assert client.post(_address(rule, values), data=given).status_code < 500, rule.rule
            sent += 1

    assert changed == []
    assert lookup({"a.*": 1}, "a.b") == 1


def test_a_keyworker_who_lost_a_caseload_is_out_with_the_next_request_of_all_five_visits(
    staff_door: Flask, session: Session, cast: Cast
) -> None:
    visits = [cast.at(staff_door, cast.grace) for _ in range(5)]
    pages = [f"/caseload/{cast.amina.id}", f"/messages/{cast.amina.id}"]
    assert {visit.get(page).status_code for visit in visits for page in pages} == {200}

    session.get_one(Tenant, cast.amina.id).keyworker_id = cast.marek.id
    session.commit()

    assert [visit.get(page).status_code for visit in visits for page in pages] == [404] * 10
    assert cast.at(staff_door, cast.marek).get(pages[0]).status_code == 200
