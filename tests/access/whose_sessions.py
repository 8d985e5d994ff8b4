"""Whose group sessions, registers and house meetings a page is for, in plain facts, as `whose` says them."""

from __future__ import annotations

from datetime import timedelta

from tenant_app import clock
from tests.access.whose import COORDINATOR, agreed, caseload
from tests.access.world import Facts, Row


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


def missed_and_told(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """Somebody on the caseload who was missed and asked for a call, or agreed that their keyworker hears of it."""
    told = row["wants_call_at"] is not None or agreed("groups", "keyworker")(facts, person, table, row)
    open_still = row["seen_at"] is None and row["well_at"] is None
    return told and open_still and caseload(facts, person, table, row)
