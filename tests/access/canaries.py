"""A string of its own in every private text of three people, and who may ever read which: said over again, by table.

What is private is found by walking the tables: every text column of a table that hangs on a tenant. A table that
`READERS` does not name makes the walk fail, so that nobody adds one without saying who reads it.

Browser storage is looked through by the journeys in Chromium (`tests/journeys`), not here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Enum, String, Table, Text, update
from sqlalchemy.orm import Session

from tenant_app import tables
from tests.access import whose as w
from tests.access import whose_records as records
from tests.access.whose import ADMINISTRATOR, COORDINATOR, HOUSING_OFFICER, KEYWORKER
from tests.access.world import Facts, Row

NOT_WORDS = {
    # Columns that hold the app's own words and numbers: places in a list, digests, keys, kinds, names of files.
    "kind", "source", "occurrence", "facts", "state", "language", "wall_time", "zone", "recurrence", "token_hash",
    "token", "digest", "sign_in_name", "pin_hash", "scheme", "area", "part", "phone", "secret_digest", "door", "device",
    "code_digest", "key", "body_digest", "location", "endpoint", "service", "p256dh", "auth", "signed_with", "file",
    "month", "interpreter", "edition", "asked_in", "statement", "what", "leased_by", "answers", "leads", "muted",
    "visit_window", "since", "rooms", "frequency", "reference", "hazard", "happened", "about", "level", "number",
    "closed_weekdays", "answer", "category", "given_as", "form", "food", "carrier", "value", "credential", "status",
    "identity", "event", "own_name", "flat", "urgent", "tenant_language", "wish_language", "reply_language",
    "reason_language", "outcome", "note_language", "wished_in", "spoken", "item", "settled_language", "rule", "told_in",
}  # fmt: skip

WORDS_AFTER_ALL = {
    # Columns of those names that hold somebody's own words in this table.
    ("chat", "about"), ("key_work_note", "happened"), ("key_work_note_edition", "happened"), ("move_on_plan", "area"),
    ("move_on_plan", "kind"), ("move_on_review", "area"), ("move_on_review", "kind"), ("plan_agreed_line", "what"),
    ("group_needs", "food"), ("meeting_action", "what"), ("repair", "since"),
}  # fmt: skip

NAMES = {("person", "name"), ("person", "known_as")}
"""Names are looked after by `tests/groups/test_other_attendees.py`: staff read them on many pages."""


@dataclass(frozen=True)
class Readers:
    """Who may read a table's words beside the person themselves. Of staff, by role: whose records."""

    staff: dict[str, w.Whose] = field(default_factory=dict)
    neighbours: bool = False
    """Whether other tenants may, because it was said to the whole house."""
    but_not: w.Whose | None = None
    """Rows that the tenant themselves does not read, for now."""
    columns: dict[str, dict[str, w.Whose]] = field(default_factory=dict)
    """Columns that others read than the rest of the table."""


def of(**roles: w.Whose) -> Readers:
    return Readers(dict(roles))


_CHECK_INS = w.either(w.both(w.caseload, w.agreed("check-ins", "keyworker")), w.opened("check-ins"))
_PLAN = w.either(w.both(w.caseload, w.agreed("safety-plan", "keyworker")), w.opened("safety-plan"))
_MEDICINES = w.either(w.agreed("medication", "keyworker", "coordinator"), w.opened("medication"))
_COUNTS = w.either(w.agreed("medication"), w.opened("medication"))


def _own_thread(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """What passed between the two; what passed with others only where the tenant agreed to it."""
    between = row["worker_id"] == person["id"] and w.caseload(facts, person, table, row)
    return between or w.agreed("messages", "keyworker")(facts, person, table, row)


def _goal(facts: Facts, person: Row, table: str, row: Row) -> bool:
    goal = row if table == "goal" else facts.one("goal", row["goal_id"])
    return w.shared_goal(facts, person, "goal", goal)


def _told_hardship(facts: Facts, person: Row, table: str, row: Row) -> bool:
    return bool(row["tell_keyworker"]) and w.caseload(facts, person, table, row)


def _reported(facts: Facts, person: Row, table: str, row: Row) -> bool:
    return w.mended(facts, person, table, row)


def both_supporters(
    rule: w.Whose, *, administrator: w.Whose | None = None, but_not: w.Whose | None = None
) -> Readers:
    """Keyworkers and coordinators by the same rule."""
    staff = {KEYWORKER: rule, COORDINATOR: rule}
    return Readers(staff | ({ADMINISTRATOR: administrator} if administrator else {}), but_not=but_not)


def _of_held_note(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """Of what hangs on a note, or came from one: whether that note is held back from the tenant now."""
    return bool(row["note_id"]) and records.held_back(facts, person, table, row)


def _draft(facts: Facts, person: Row, table: str, row: Row) -> bool:
    return not records.signed_record(facts, table, row)


def _told_hold(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """Why a note is held back is for whoever supports the tenant, and for the coordinator who answers for them."""
    return w.caseload(facts, person, table, row) or w.teams_tenant(facts, person, table, row)


def _handed_over(facts: Facts, person: Row, table: str, row: Row) -> bool:
    """A line about somebody is for whoever works in that house, and for whoever supports them."""
    return records.my_shift(facts, person, table, row) or w.caseload(facts, person, table, row)


def _shown(category: str) -> Readers:
    return both_supporters(w.agreed(category, "keyworker"))


_GROUPS = {KEYWORKER: w.anybodys, COORDINATOR: w.anybodys, "facilitator": w.anybodys}
"""Who runs a group reads what its people need there; which session is whose, S4 looks after."""

READERS: dict[str, Readers] = {
    "check_in": both_supporters(_CHECK_INS, administrator=w.opened("check-ins")),
    "plan_line": both_supporters(_PLAN, administrator=w.opened("safety-plan")),
    "message": both_supporters(
        w.either(_own_thread, w.opened("messages")), administrator=w.opened("messages")
    ),
    "goal": both_supporters(_goal),
    "step": both_supporters(_goal),
    "review": both_supporters(_goal),
    "medicine": both_supporters(_COUNTS, administrator=w.opened("medication")),
    "medicine_count": both_supporters(_COUNTS),
    "medicine_phase": both_supporters(_MEDICINES, administrator=w.opened("medication")),
    "medicine_pause": both_supporters(_MEDICINES, administrator=w.opened("medication")),
    "medicine_draft": Readers(),
    "dose_time": both_supporters(_MEDICINES, administrator=w.opened("medication")),
    "dose": both_supporters(_MEDICINES, administrator=w.opened("medication")),
    "medication_audit": both_supporters(_COUNTS),
    "medication_audit_entry": both_supporters(_COUNTS),
    "self_administration": both_supporters(_MEDICINES),
    "group_needs": Readers(dict(_GROUPS)),
    "booking": Readers(dict(_GROUPS)),
    "agenda_item": Readers({**_GROUPS, HOUSING_OFFICER: w.anybodys}, neighbours=True),
    "meeting_action": Readers({**_GROUPS, HOUSING_OFFICER: w.anybodys}, neighbours=True),
    "meeting_minute": Readers({**_GROUPS, HOUSING_OFFICER: w.anybodys}, neighbours=True),
    "minute_correction": Readers({**_GROUPS, HOUSING_OFFICER: w.anybodys}, neighbours=True),
    "repair": Readers({KEYWORKER: _reported, COORDINATOR: _reported, HOUSING_OFFICER: _reported}),
    "repair_update": Readers({KEYWORKER: _reported, COORDINATOR: _reported, HOUSING_OFFICER: _reported}),
    "repair_rating": Readers({KEYWORKER: _reported, COORDINATOR: _reported, HOUSING_OFFICER: _reported}),
    **dict.fromkeys(
        ("inspection", "inspection_answer", "inspection_finding", "inspection_addition"),
        Readers(dict.fromkeys((KEYWORKER, COORDINATOR, HOUSING_OFFICER), w.inspected)),
    ),
    **dict.fromkeys(
        ("repair_pause", "repair_stay", "repair_summary"),
        Readers({KEYWORKER: _reported, COORDINATOR: _reported, HOUSING_OFFICER: _reported}),
    ),
    "rent_account": Readers({HOUSING_OFFICER: w.anybodys}),
    "rent_entry": Readers({HOUSING_OFFICER: w.anybodys}),
    "agreement": Readers({HOUSING_OFFICER: w.anybodys}),
    "agreement_move": Readers({HOUSING_OFFICER: w.anybodys}),
    "breathing_space": Readers({HOUSING_OFFICER: w.anybodys}),
    "hardship": Readers({HOUSING_OFFICER: w.anybodys, KEYWORKER: _told_hardship, COORDINATOR: _told_hardship}),
    "look": Readers(),
    "goal_obstacle": both_supporters(w.shared_goal),
    "goal_evidence": both_supporters(w.shared_goal),
    "strength": _shown("strengths"),
    "move_on_plan": _shown("move-on"),
    "move_on_item": _shown("move-on"),
    "move_on_review": _shown("move-on"),
    "move_on_suggestion": _shown("move-on"),
    "chat": Readers({KEYWORKER: w.asked_of_me, COORDINATOR: w.asked_of_me, HOUSING_OFFICER: w.asked_of_me}),
    "document": both_supporters(records.shown_paper),
    "dismissed_sign": both_supporters(w.caseload),
    "handover_line": both_supporters(_handed_over),
    "key_work_note": both_supporters(w.caseload, but_not=records.held_back),
    "key_work_note_edition": both_supporters(w.caseload, but_not=_of_held_note),
    "key_work_note_hold": both_supporters(_told_hold, but_not=_of_held_note),
    "key_work_answer": both_supporters(w.caseload),
    "key_work_hazard_mention": both_supporters(records.named_damp, but_not=_of_held_note),
    "key_work_task": both_supporters(w.caseload, but_not=_of_held_note),
    "plan_review": both_supporters(w.caseload),
    "plan_review_answer": both_supporters(records.prepared_for_me),
    "plan_review_change": both_supporters(w.caseload),
    "plan_record": both_supporters(w.caseload, but_not=_draft),
    "plan_agreed_line": both_supporters(w.caseload, but_not=_draft),
    "plan_signature": both_supporters(w.caseload),
    "record_request": Readers(dict.fromkeys((KEYWORKER, COORDINATOR, ADMINISTRATOR), records.asked_about_record)),
    # Of staff's own practice: no tenant's, and beside whom it is about for their coordinator alone.
    **dict.fromkeys(
        ("supervision_note", "supervision_answer", "agreed_action"), Readers({COORDINATOR: records.kept_supervision})
    ),
    "safeguarding_override": Readers({KEYWORKER: w.answered_for, COORDINATOR: w.anybodys, ADMINISTRATOR: w.anybodys}),
}

STAFFS_OWN = ("supervision_note", "supervision_answer", "agreed_action")
"""Tables whose private words belong to one of staff."""

WITHHELD = ("safeguarding_override", "withhold_reason")
"""The one text about a tenant that they themselves do not read."""


@dataclass(frozen=True)
class Canary:
    """One string, in one column of one row."""

    word: str
    table: str
    column: str
    row: Row
    owner: UUID


def private_columns() -> Iterator[tuple[Table, Column[Any]]]:
    """Every text column of every table that hangs on a tenant."""
    for table in tables.metadata.sorted_tables:
        if table.name in ("property", "worker", "person", "tenant") or not _hangs_on_tenant(table, set()):
            continue
        for column in table.c:
            words = isinstance(column.type, String | Text) and not isinstance(column.type, Enum)
            called = column.name not in NOT_WORDS or (table.name, column.name) in WORDS_AFTER_ALL
            if words and called and not column.foreign_keys and not column.primary_key:
                yield table, column
    for name in STAFFS_OWN:
        table = tables.metadata.tables[name]
        yield from ((table, column) for column in table.c if column.name == "words")


def unnamed() -> list[str]:
    """Tables with private words of which nobody said who reads them."""
    return sorted({table.name for table, _ in private_columns()} - READERS.keys())


def _hangs_on_tenant(table: Table, seen: set[str]) -> bool:
    if table.name in seen:
        return False
    seen.add(table.name)
    if "tenant_id" in table.c:
        return True
    parents = {key.column.table for column in table.c for key in column.foreign_keys
               if column.name not in ("worker_id", "session_id", "building_id", "property_id", "import_id")}  # fmt: skip
    return any(_hangs_on_tenant(parent, seen) for parent in parents if parent.name not in ("worker", "person"))


def plant(session: Session, facts: Facts, owners: list[UUID], most: int = 6) -> list[Canary]:
    """Write a canary into every private text of these tenants, at most so many rows of each table and person."""
    planted: list[Canary] = []
    for table, column in private_columns():
        counts: dict[UUID, int] = {}
        for row in facts.rows[table.name]:
            owner = _about(facts, table.name, row)
            if (owner not in owners and table.name not in STAFFS_OWN) or counts.get(owner, 0) >= most or (row[column.name] is None):
                continue
            if table.name == "look":
                continue  # it is append-only; its reasons are those of openings
            counts[owner] = counts.get(owner, 0) + 1
            word = f"Canary{len(planted):05}"
            longest = getattr(column.type, "length", None) or 1000
            keys = [key == row[key.name] for key in table.primary_key.columns]
            session.execute(update(table).where(*keys).values({column.name: f"{word} stands here"[:longest]}))
            planted.append(Canary(word, table.name, column.name, row, owner))
    return planted


def _about(facts: Facts, table: str, row: Row) -> UUID | None:
    if table not in STAFFS_OWN:
        return facts.owner(table, row)
    note = row if table == "supervision_note" else facts.one("supervision_note", row["note_id"])
    about: UUID = note["worker_id"]
    return about


def may_read(facts: Facts, person: Row, canary: Canary) -> bool:
    """Whether this person may ever read it, in any place that is theirs."""
    readers = READERS[canary.table]
    if person["kind"] == "tenant":
        if person["id"] == canary.owner:
            kept = readers.but_not is not None and readers.but_not(facts, person, canary.table, canary.row)
            return (canary.table, canary.column) != WITHHELD and not kept
        return readers.neighbours
    if canary.table in STAFFS_OWN and person["id"] == canary.owner:
        return True
    rule = readers.columns.get(canary.column, readers.staff).get(str(person["role"]))
    if rule is None:
        return False
    return rule(facts, person, canary.table, canary.row)
