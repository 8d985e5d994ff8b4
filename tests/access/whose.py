"""Whose records a page is for, said over again in plain facts. Each takes (facts, person, row) and answers yes or no.

Nothing here may ask the app's own rules: a rule that is wrong would then agree with itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tenant_app import clock
from tests.access.world import Facts, Row

Whose = Callable[[Facts, Row, str, Row], bool]
"""facts, the person, the table, the row in it."""

KEYWORKER, COORDINATOR, FACILITATOR = "keyworker", "coordinator", "facilitator"
HOUSING_OFFICER, ADMINISTRATOR = "housing_officer", "administrator"


def anybodys(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """Whoever may use the page at all may use it for every record."""
    return True


def mine(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """It hangs on the person themselves."""
    return facts.owner(table, row) == person["id"]


def my_words(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A message that the tenant wrote."""
    return bool(row["by_tenant"]) and mine(facts, person, table, row)


def may_see_my_medicines(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A worker whom this tenant can let see medicines: their keyworker, coordinators, keyworkers of their building."""
    if row["left_at"] is not None:
        return False
    if row["role"] == COORDINATOR or row["id"] == person["keyworker_id"]:
        return True
    return row["role"] == KEYWORKER and row["property_id"] in (None, person["property_id"])


def keyworker(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """The worker is this tenant's keyworker themselves, and the tenant lives here."""
    tenant = facts.tenant_of(table, row)
    return bool(tenant) and tenant["keyworker_id"] == person["id"] and tenant["left_at"] is None


def caseload(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """The worker is this tenant's keyworker, or stands in for that one while they are away."""
    tenant = facts.tenant_of(table, row)
    if not tenant or tenant["left_at"] is not None:
        return False
    stands_in = person["role"] in (KEYWORKER, COORDINATOR) and any(
        cover["begins_at"] <= clock.now() < cover["ends_at"]
        for cover in facts.where("cover", worker_id=tenant["keyworker_id"], covered_by_id=person["id"])
    )
    return stands_in or keyworker(facts, person, table, row)


def _supervises(facts: Facts, person: Row, worker: Row) -> bool:
    """By name; or because nobody who still is a coordinator here is named."""
    named = facts.one("worker", worker["coordinator_id"])
    by_another = named and named["role"] == COORDINATOR and named["left_at"] is None and named["id"] != person["id"]
    return person["role"] == COORDINATOR and not by_another


def my_team(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A worker whom this coordinator supervises: by name, or a keyworker or facilitator whom nobody does by name."""
    worker = row if table == "worker" else facts.one("worker", row["worker_id"])
    by_name = worker["coordinator_id"] == person["id"]
    return (
        worker["left_at"] is None and worker["id"] != person["id"] and _supervises(facts, person, worker)
        and (by_name or worker["role"] in (KEYWORKER, FACILITATOR))
    )  # fmt: skip


def my_team_or_me(facts: Facts, person: Row, table: str, row: Row) -> bool:
    return row["id" if table == "worker" else "worker_id"] == person["id"] or my_team(facts, person, table, row)


def carries(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A worker who can have a caseload."""
    return row["role"] in (KEYWORKER, COORDINATOR)


def teams_tenant(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A tenant for whom this coordinator answers: supported by their team or by nobody who can."""
    tenant = facts.tenant_of(table, row)
    if not tenant or tenant["left_at"] is not None or person["role"] != COORDINATOR:
        return False
    theirs = facts.one("worker", tenant["keyworker_id"])
    unable = not theirs or theirs["left_at"] is not None or theirs["role"] not in (KEYWORKER, COORDINATOR)
    return unable or theirs["id"] == person["id"] or _supervises(facts, person, theirs)


def whoever_lives_here(facts: Facts, person: Row, table: str, row: Row) -> bool:
    tenant = facts.tenant_of(table, row)
    return bool(tenant) and tenant["left_at"] is None


def welcomed(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """Those whom they support, for a while too: whoever stands in gives a new code. A coordinator also their team's;
    administrators everyone who lives here."""
    if person["role"] == ADMINISTRATOR:
        return whoever_lives_here(facts, person, table, row)
    return caseload(facts, person, table, row) or teams_tenant(facts, person, table, row)


def shared_goal(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A goal that the tenant shares, or a part of one: for whoever supports them."""
    goal = row if table == "goal" else facts.one("goal", row["goal_id"])
    return goal["shared_at"] is not None and caseload(facts, person, table, row)


def agreed(category: str, *given_as: str) -> Whose:
    """The tenant's consent is in force: not withdrawn, not renewed, not run out, and the worker still is what they
    were then. `given_as` narrows what that was."""

    def holds(facts: Facts, person: Row, table: str, row: Row) -> bool:
        tenant = facts.tenant_of(table, row)
        return bool(tenant) and tenant["left_at"] is None and any(
            _stands(person, tenant, consent)
            for consent in facts.where("consent", tenant_id=tenant["id"], worker_id=person["id"])
            if consent["category"] == category and (not given_as or consent["given_as"] in given_as)
        )

    return holds


def _stands(person: Row, tenant: Row, consent: Row) -> bool:
    if consent["withdrawn_at"] or consent["renewed_at"] or consent["expires_at"] <= clock.now() or person["left_at"]:
        return False
    still = {
        "keyworker": tenant["keyworker_id"] == person["id"] and person["role"] in (KEYWORKER, COORDINATOR),
        "coordinator": person["role"] == COORDINATOR,
        "second-person": person["role"] == KEYWORKER and person["property_id"] in (None, tenant["property_id"]),
    }
    return still[consent["given_as"]]


def opened(category: str) -> Whose:
    """By breaking the glass within the last day: a keyworker for those they support, a coordinator for their team's, an
    administrator for everyone who lives here."""

    def holds(facts: Facts, person: Row, table: str, row: Row) -> bool:
        tenant = facts.tenant_of(table, row)
        return answered_for(facts, person, table, row) and any(
            one["category"] == category and one["ends_at"] > clock.now()
            for one in facts.where("safeguarding_override", tenant_id=tenant["id"], worker_id=person["id"])
        )

    return holds


def answered_for(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """For whose safety this worker may break the glass."""
    if person["role"] == ADMINISTRATOR:
        return whoever_lives_here(facts, person, table, row)
    if person["role"] == COORDINATOR:
        return teams_tenant(facts, person, table, row)
    return person["role"] == KEYWORKER and caseload(facts, person, table, row)


def watched(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """What another did; coordinators and administrators watch over each other too. (The house has more than one.)"""
    return row["worker_id"] != person["id"] and person["role"] in (COORDINATOR, ADMINISTRATOR)


def withheld_and_watched(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """An opening of which whoever made it asked that the tenant is not told yet."""
    return row["withhold_reason"] is not None and watched(facts, person, table, row)


def either(*ways: Whose) -> Whose:
    return lambda *asked: any(way(*asked) for way in ways)


def both(*ways: Whose) -> Whose:
    return lambda *asked: all(way(*asked) for way in ways)


def raised_for(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A tenant who lives here: anybody for housing officers, for others those whose repairs they see."""
    if person["role"] == HOUSING_OFFICER:
        tenant = facts.tenant_of(table, row)
        return bool(tenant) and tenant["left_at"] is None
    return caseload(facts, person, table, row) or teams_tenant(facts, person, table, row)


def mended(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A reported repair: everybody's for housing officers; of those they support, and a coordinator's team's; of a
    house for those who work there or everywhere."""
    repair = row if table == "repair" else facts.one("repair", row["repair_id"])
    if repair["tenant_id"] is None:
        return my_house(facts, person, "property", facts.one("property", repair["property_id"]))
    theirs = caseload(facts, person, table, row) or teams_tenant(facts, person, table, row)
    return repair["state"] != "draft" and (person["role"] == HOUSING_OFFICER or theirs)


def mine_or_my_homes(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A repair of the person's own, or of a shared part of the house they live in."""
    of_house = row["tenant_id"] is None and row["shared"] and row["property_id"] == person["property_id"]
    return of_house or mine(facts, person, table, row)


def inspected(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """An inspection. Of a house: for those who work there or everywhere. Of a room: for those who support its tenant,
    answer for them or were asked to do it. All of them for housing officers."""
    it = row if table == "inspection" else facts.one("inspection", row["inspection_id"])
    if person["role"] == HOUSING_OFFICER or it["assigned_to_id"] == person["id"]:
        return True
    if it["tenant_id"] is None:
        return my_house(facts, person, "property", facts.one("property", it["property_id"]))
    return caseload(facts, person, table, row) or teams_tenant(facts, person, table, row)


def my_house(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A building where the worker works; housing officers work in all of them."""
    return person["role"] == HOUSING_OFFICER or person["property_id"] in (None, row["id"])


def without_account(facts: Facts, person: Row, table: str, row: Row) -> bool:
    return not facts.where("rent_account", tenant_id=row["id"]) and whoever_lives_here(facts, person, table, row)


def colleagues_records(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """Training of everybody who works here, apart from one's own."""
    return row["worker_id"] != person["id"] and facts.one("worker", row["worker_id"])["left_at"] is None


def colleagues(facts: Facts, person: Row, table: str, row: Row) -> bool:
    return row["left_at"] is None


def other_colleagues(facts: Facts, person: Row, table: str, row: Row) -> bool:
    return row["left_at"] is None and row["id"] != person["id"]


def may_be_asked(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """Whom a tenant may ask for a chat: their keyworker and the housing officers."""
    theirs = row["id"] == person["keyworker_id"] and row["role"] in (KEYWORKER, COORDINATOR)
    return row["left_at"] is None and (theirs or row["role"] == HOUSING_OFFICER)


def asked_of_me(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A chat is for the worker who was asked, and nobody else; about key work as long as they support the tenant."""
    supports = caseload(facts, person, table, row) if row["kind"] == "key-work" else whoever_lives_here(
        facts, person, table, row
    )
    return row["worker_id"] == person["id"] and supports


def my_time(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A time to come that the worker keeps open."""
    return row["worker_id"] == person["id"] and row["starts_at"] > clock.now()


def ids(row: Row, params: dict[str, str]) -> dict[str, Any]:
    """Values of an address's parameters from the columns of a row."""
    return {name: row[column] for name, column in params.items()}
