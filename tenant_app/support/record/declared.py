"""Whose each table is, where its columns do not say so by themselves; and what is kept when a record is erased.

A table with a column to `tenant`, or to `person` that goes with them, or to a table that is the tenant's and goes with
it, is found to be the tenant's without a word here (`ways.py`). Every other table stands in `NOT_THEIRS` with a reason.
A test fails for a table that is in neither.
"""

from __future__ import annotations

from dataclasses import dataclass

NOT_THEIRS: dict[str, str] = {
    "property": "Buildings of the association.",
    "worker": "Staff. Names of those who wrote or read are in the rows they wrote.",
    "contractor": "Firms and people from outside. Which of them mended something is in the repair.",
    "training_record": "What staff have learned.",
    "challenge": "Questions put to a phone's lock, answered within minutes. They name nobody.",
    "heartbeat": "Signs of life of this app's own processes.",
    "throttle": "Counts of tries at a PIN or a code, thrown away after a day.",
    "group_series": "How often a group meets.",
    "group_session": "The programme. Bookings of sessions are the tenant's.",
    "session_facilitator": "Who of staff runs a session.",
    "session_note": "What went on in a session, about the group and nobody in it.",
    "session_feedback": "Anonymous: nothing says whose it is, in the database neither.",
    "feedback_given": "Anonymous: that somebody gave feedback, under a name nobody can trace.",
    "register_chase": "That staff were reminded of a register.",
    "named_at_door": "Names of people without a booking, as someone at a door wrote them. Nothing says who they are.",
    "meeting_record": "That minutes of a house meeting were opened and published.",
    "meeting_minute": "Minutes of the whole house. They name homes and never people.",
    "minute_correction": "Corrections of minutes of the whole house.",
    "rent_import": "Files of the finance system, about many accounts. What was read from them is in the rent account.",
    "rent_refusal": "Lines of such a file that belong to no account here. They are thrown away after some months.",
    "open_time": "Times that staff keep open.",
    "cover": "Who of staff stands in for whom.",
    "supervision_note": "Between staff and those who lead them.",
    "supervision_answer": "Between staff and those who lead them.",
    "agreed_action": "Between staff and those who lead them.",
    "handover": "One shift of one building. Its lines that name a tenant are theirs.",
    "handover_acknowledgement": "Who of staff read a handover.",
    "read_alert": "That a worker opened many people's records. It names none of them.",
    "erasure": "That something was erased, under a number that names nobody.",
}
"""Table to reason. **A new table that holds nothing of a tenant's goes here.**"""

LEADS: dict[str, str] = {"person": "id", "tenant": "id"}
"""Table to the column that leads to the tenant, where the columns themselves do not tell."""

TOLD_BY: dict[str, str] = {
    "look": "at_record_of",
    "safeguarding_override": "told_to",
    "key_work_note": "told_to",
    "key_work_task": "told_to",
    "key_work_hazard_mention": "told_to",
    "notice": "told_to",
    "plan_record": "told_to",
}
"""Table to the class method `(tenant) -> Select` by which its model says which rows the tenant may read now: what is
held back for somebody's safety is in no copy, nor is what hangs on it. Erasure takes it all the same."""

WITHHELD: dict[str, frozenset[str]] = {
    "push_subscription": frozenset({"endpoint", "p256dh", "auth", "signed_with", "own_name"}),
    "passkey": frozenset({"credential", "public_key", "sign_count"}),
    "notice": frozenset({"leased_by", "leased_until", "try_at"}),
    "look": frozenset({"number"}),
    "read_log_head": frozenset({"number", "earlier"}),
    "replay": frozenset({"key", "body_digest"}),
    "repair": frozenset({"leads_id"}),
    "repair_cost": frozenset({"estimate_pence", "actual_pence"}),
    "repair_job": frozenset({"cost_pence"}),
}
"""Columns that never leave: keys that let somebody in, addresses that only this app's own phone may know, places in the
read log, where a gap would tell that something is withheld for now, which neighbour reported the same repair, and what
a repair cost the association."""
SECRET_NAMES = ("hash", "digest", "sealed", "secret", "token", "password", "credential", "endpoint", "totp")
"""Columns with these in their names never leave either, in any table of today or tomorrow."""


@dataclass(frozen=True)
class Kept:
    """What stays of a table when everything else of a tenant is erased: no words, and under no name."""

    reason: str
    years: int
    keeps: frozenset[str] = frozenset()
    """Columns of text that stay. All others are emptied."""


SIX_YEARS = 6
"""The time within which a claim from a contract can be brought: Limitation Act 1980, section 5."""
_LEDGER = "What was owed and paid: Limitation Act 1980, section 5; UK GDPR, Article 17(3)(b) and (e)."
_HOME = "The state of a home and what was done: Limitation Act 1980, section 5; UK GDPR, Article 17(3)(b) and (e)."

KEPT: dict[str, Kept] = {
    "rent_account": Kept(_LEDGER, SIX_YEARS, frozenset({"reference", "zone"})),
    "rent_entry": Kept(_LEDGER, SIX_YEARS, frozenset({"reference"})),
    "charge_period": Kept(_LEDGER, SIX_YEARS),
    "rent_rhythm": Kept(_LEDGER, SIX_YEARS),
    "agreement": Kept(_LEDGER, SIX_YEARS),
    "repair": Kept(_HOME, SIX_YEARS, frozenset({"kind", "part", "urgent", "since", "flat", "rooms", "visit_window"})),
    "repair_update": Kept(_HOME, SIX_YEARS, frozenset({"visit_window", "methods"})),
    "repair_cost": Kept(_HOME, SIX_YEARS),
    "repair_job": Kept(_HOME, SIX_YEARS),
    "repair_course": Kept(_HOME, SIX_YEARS),
    "repair_clock": Kept(_HOME, SIX_YEARS, frozenset({"rule"})),
    "repair_pause": Kept(_HOME, SIX_YEARS),
    "repair_summary": Kept(_HOME, SIX_YEARS),
    "repair_stay": Kept(_HOME, SIX_YEARS),
}
"""Tables whose rows stay without words, moved from the tenant to somebody who never was."""

UNLINKED: dict[str, frozenset[str]] = {
    "agenda_item": frozenset({"title", "detail", "language"}),
    "meeting_action": frozenset({"what", "reason", "language", "reason_language"}),
}
"""Rows that are part of what a whole house decided: they stay, belong to nobody, and these columns are emptied."""
