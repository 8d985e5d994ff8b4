"""Whose records a page is for, said over again in plain facts. Each takes (facts, person, row) and answers yes or no.

Nothing here may ask the app's own rules: a rule that is wrong would then agree with itself.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
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


def my_sessions(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A group session for everybody, for the person's own building, or booked by them."""
    if row["building_id"] in (None, person["property_id"]):
        return True
    return bool(facts.where("booking", session_id=row["id"], tenant_id=person["id"]))


def my_places(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A session in which the person has, or had, a place."""
    return any(one["times_booked"] for one in facts.where("booking", session_id=row["id"], tenant_id=person["id"]))


def my_meetings(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A house meeting of the person's home or of everybody."""
    return row["kind"] == "house-meeting" and row["building_id"] in (None, person["property_id"])


def my_homes(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """What neighbours share: of the person's home or of everybody."""
    return row["building_id"] in (None, person["property_id"])


def my_homes_actions(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """An action in published minutes of the person's home, or everybody's."""
    record = facts.where("meeting_record", session_id=row["session_id"])
    meeting = facts.one("group_session", row["session_id"])
    return bool(record and record[0]["published_at"]) and my_homes(facts, person, "group_session", meeting)


def my_series(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A series with a session that the person may come to."""
    sessions = facts.where("group_session", series_id=row["id"])
    return any(my_sessions(facts, person, "group_session", one) for one in sessions)


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


def _meeting(facts: Facts, table: str, row: Row) -> Row:
    return row if table == "group_session" else facts.one("group_session", row["session_id"])


def ever_run(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A session that the worker leads or helps with, or has; a coordinator all of them."""
    it = _meeting(facts, table, row)
    beside = facts.where("session_facilitator", session_id=it["id"], worker_id=person["id"])
    return person["role"] == COORDINATOR or it["facilitator_id"] == person["id"] or bool(beside)


def kept(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A register: as above, for fourteen days after the end unless one is a coordinator."""
    late = _meeting(facts, table, row)["ends_at"] <= clock.now() - timedelta(days=14)
    return ever_run(facts, person, table, row) and (person["role"] == COORDINATOR or not late)


def led(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A session that the worker leads; a coordinator all of them."""
    return person["role"] == COORDINATOR or row["facilitator_id"] == person["id"]


def run_meetings(facts: Facts, person: Row, table: str, row: Row) -> bool:
    return _meeting(facts, table, row)["kind"] == "house-meeting" and ever_run(facts, person, table, row)


def my_actions(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """What a house meeting gave the worker to do, or any meeting of theirs gave anybody."""
    return row["worker_id"] == person["id"] or ever_run(facts, person, table, row)


def my_notes(facts: Facts, person: Row, table: str, row: Row) -> bool:
    return row["worker_id"] == person["id"] and kept(facts, person, table, row)


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


def missed_and_told(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """Somebody on the caseload who was missed and asked for a call, or agreed that their keyworker hears of it."""
    told = row["wants_call_at"] is not None or agreed("groups", "keyworker")(facts, person, table, row)
    open_still = row["seen_at"] is None and row["well_at"] is None
    return told and open_still and caseload(facts, person, table, row)


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


def held_back(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A note that its tenant does not read just now, for somebody's safety; or what hangs on such a note."""
    note_id = row["id"] if table == "key_work_note" else row["note_id"]
    return any(
        hold["ended_at"] is None and hold["ends_at"] > clock.now()
        for hold in facts.where("key_work_note_hold", note_id=note_id)
    )


def told_to_me(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A note about the tenant that is not held back from them."""
    return mine(facts, person, table, row) and not held_back(facts, person, table, row)


def put_there_by_me(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A paper that the tenant put there, which is theirs to show and to take away."""
    return row["worker_id"] is None and mine(facts, person, table, row)


def shown_paper(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A paper that staff put there, or that the tenant shows to whoever supports them."""
    return bool(row["worker_id"] or row["shared_at"]) and caseload(facts, person, table, row)


def written_by_me(facts: Facts, person: Row, table: str, row: Row) -> bool:
    return row["worker_id"] == person["id"] and caseload(facts, person, table, row)


def named_damp(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """That damp was named: for whoever supports the tenant; for coordinators everybody's, because the law's clock runs
    also where nobody supports them. Without the note."""
    return person["role"] == COORDINATOR or caseload(facts, person, table, row)


def signed_record(facts: Facts, table: str, row: Row) -> bool:
    """Of a review's text (or what is part of it): the newest, signed by the worker. Until then it is a draft."""
    record = row if table == "plan_record" else facts.one("plan_record", row["record_id"])
    review = facts.one("plan_review", record["review_id"])
    signed = facts.where("plan_signature", review_id=review["id"], version=record["version"], side="worker")
    return bool(signed) and record["version"] == review["version"]


def promised_by_me(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """What a tenant agreed to do, in a text that they may read."""
    return row["who"] in ("tenant", "both") and mine(facts, person, table, row) and signed_record(facts, table, row)


def prepared_for_me(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """What a tenant prepared, once they were ready to show it to this very worker."""
    review = facts.one("plan_review", row["review_id"])
    shown = review["ready_at"] is not None and review["ready_for_id"] == person["id"]
    return shown and caseload(facts, person, table, row)


def asked_about_record(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """What a tenant asked about their record: for whoever supports them, and for all who answer for records, because
    the law gives a month."""
    return person["role"] in (COORDINATOR, ADMINISTRATOR) or caseload(facts, person, table, row)


def erasure_asked(facts: Facts, person: Row, table: str, row: Row) -> bool:
    return row["kind"] == "erasure" and asked_about_record(facts, person, table, row)


def my_shift(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """What a shift left to the next, in a building where the worker works."""
    handover = row if table == "handover" else facts.one("handover", row["handover_id"])
    return person["role"] in (KEYWORKER, COORDINATOR) and person["property_id"] in (None, handover["property_id"])


def to_be_done_on_my_shift(facts: Facts, person: Row, table: str, row: Row) -> bool:
    return row["about"] == "needs" and my_shift(facts, person, table, row)


def my_practice(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A supervision note, or a part of one, about the worker themselves."""
    return _supervision(facts, table, row)["worker_id"] == person["id"]


def kept_supervision(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """What a coordinator reads of supervision: of those they supervise by name, and what they wrote of their team."""
    note = _supervision(facts, table, row)
    by_name = facts.one("worker", note["worker_id"])["coordinator_id"] == person["id"]
    return my_team(facts, person, "supervision_note", note) and (by_name or note["coordinator_id"] == person["id"])


def _supervision(facts: Facts, table: str, row: Row) -> Row:
    return row if table == "supervision_note" else facts.one("supervision_note", row["note_id"])


def ids(row: Row, params: dict[str, str]) -> dict[str, Any]:
    """Values of an address's parameters from the columns of a row."""
    return {name: row[column] for name, column in params.items()}


