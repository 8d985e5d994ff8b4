"""Every route says who it is for, and is for nobody else: route x method x role, whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from uuid import uuid4

import pytest
from flask import Blueprint, Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from tenant_app.accounts.gate import gate_of
from tenant_app.settings import Settings
from tenant_app.web.audience import ANYONE, HALFWAY, TENANT, UndeclaredAudience, audience_of
from tenant_app.web.face import open_face
from tests.access.matrix import bare_refusals
from tests.cast import Cast

ON_ONE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
"""Whom a route is for is decided before any question to the database; the walk through the records is S4's."""
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


def addresses(door: Flask) -> Iterator[tuple[Rule, str]]:
    """Each rule of a door with an address that fits it and leads to no record."""
    examples = {"uuid": str(uuid4()), "int": "1", "default": "x", "path": "x", "string": "x"}
    for rule in door.url_map.iter_rules():
        values = {name: examples.get(type(rule._converters[name]).__name__.removesuffix("Converter").lower(), "x")
                  for name in rule.arguments}  # fmt: skip
        values = {name: str(uuid4()) if name.endswith("_id") else value for name, value in values.items()}
        if rule.endpoint == "static":
            values["filename"] = "homeward.css"
        built = rule.build(values)
        assert built is not None
        yield rule, built[1]


@pytest.fixture
def bare(tenant_door: Flask, staff_door: Flask) -> Iterator[None]:
    """Most of what is asked here is refused, and only how: the page that says so would be made thousands of times."""
    with bare_refusals((tenant_door, staff_door)):
        yield


def sends_to_sign_in(client: FlaskClient, method: str, address: str) -> bool:
    answer = client.open(address, method=method)
    return answer.status_code == 303 and "/sign-in" in (answer.location or "")


def test_a_bare_route_keeps_the_door_shut(settings: Settings) -> None:
    room = Blueprint("forgetful", __name__)
    room.get("/forgotten")(lambda: "all of it")

    with pytest.raises(UndeclaredAudience, match="/forgotten"):
        open_face("tenant_app", [room], settings=settings, gate=gate_of("tenant"))


@ON_ONE
@pytest.mark.usefixtures("bare")
def test_the_tenants_door_answers_tenants_and_nobody_else(tenant_door: Flask, cast: Cast) -> None:
    amina, nobody = cast.at(tenant_door, cast.amina), cast.at(tenant_door, None)
    wrong = []
    methods: dict[str, set[str]] = defaultdict(set)
    for rule, _ in (every := list(addresses(tenant_door))):
        methods[rule.rule] |= rule.methods or set()
    for rule, address in every:
        audience = audience_of(tenant_door, rule.endpoint)
        for method in METHODS:
            if method not in rule.methods:
                if method not in methods[rule.rule] and amina.open(address, method=method).status_code not in (404, 405):
                    wrong.append((method, rule.rule, "answers a method it does not have"))
                continue
            if ANYONE in audience:
                if nobody.open(address, method=method).status_code >= 500:
                    wrong.append((method, rule.rule, "breaks"))
                continue
            assert TENANT in audience
            if not sends_to_sign_in(nobody, method, address):
                wrong.append((method, rule.rule, "lets a stranger in"))

    assert wrong == []


def test_a_worker_is_nobody_at_the_tenants_door(tenant_door: Flask, cast: Cast) -> None:
    grace = cast.at(tenant_door, cast.grace)

    assert sends_to_sign_in(grace, "GET", "/goals")


def test_a_tenant_is_nobody_at_the_staff_door(staff_door: Flask, cast: Cast) -> None:
    amina = cast.at(staff_door, cast.amina)

    assert sends_to_sign_in(amina, "GET", "/caseload")


@ON_ONE
@pytest.mark.usefixtures("bare")
def test_the_staff_door_answers_each_role_by_its_routes(staff_door: Flask, cast: Cast) -> None:
    workers = (cast.grace, cast.nasrin, cast.joana, cast.devon, cast.priya)
    people = {worker.role: cast.at(staff_door, worker) for worker in workers}
    halfway, nobody = cast.at(staff_door, cast.grace, complete=False), cast.at(staff_door, None)
    wrong = []
    for rule, address in addresses(staff_door):
        audience = audience_of(staff_door, rule.endpoint)
        for method in sorted(rule.methods & set(METHODS)):
            if ANYONE in audience:
                continue
            if not sends_to_sign_in(nobody, method, address):
                wrong.append((method, rule.rule, "lets a stranger in"))
            if HALFWAY not in audience and not sends_to_sign_in(halfway, method, address):
                wrong.append((method, rule.rule, "lets someone without a second factor in"))
            if rule.endpoint == "signin.leave":
                continue  # it would end the visits that the rest of this test is made with
            for role, client in people.items():
                status = client.open(address, method=method).status_code
                if (status == 403) is (role in audience):
                    wrong.append((method, rule.rule, role, status))
                if status >= 500:
                    wrong.append((method, rule.rule, role, "breaks"))

    assert wrong == []


@ON_ONE
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_another_site_changes_nothing(
    tenant_door: Flask, staff_door: Flask, cast: Cast, headers: dict[str, str]
) -> None:
    let_through = []
    for door, person in ((tenant_door, cast.amina), (staff_door, cast.grace)):
        client = cast.at(door, person)
        for rule, address in addresses(door):
            if "POST" in rule.methods and client.post(address, headers=headers).status_code != 403:
                let_through.append(rule.rule)

    assert let_through == []


def test_our_own_pages_are_let_through(tenant_door: Flask, cast: Cast) -> None:
    amina = cast.at(tenant_door, cast.amina)

    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {}):
        assert amina.post("/goals/new", data={"words": "A goal"}, headers=headers).status_code == 303
