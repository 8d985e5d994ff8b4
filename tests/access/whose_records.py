"""Whose notes, papers, plans, handovers and supervision a page is for, in plain facts, as `whose` says them."""

from __future__ import annotations

from tenant_app import clock
from tests.access.whose import ADMINISTRATOR, COORDINATOR, KEYWORKER, caseload, mine, my_team
from tests.access.world import Facts, Row


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
