"""What a contractor's pages call things."""

from __future__ import annotations

from dataclasses import replace

from tenant_app.repairs import told_words, words
from tenant_app.repairs.clocks import words as clock_words
from tenant_app.repairs.clocks.policy import Kind
from tenant_app.repairs.clocks.words import Shown
from tenant_app.repairs.contractors.words import trade_words
from tenant_app.repairs.models import Repair
from tenant_app.repairs.visits import words as visit_words

THEIRS = (Kind.INVESTIGATE, Kind.MAKE_SAFE, Kind.BEGIN_WORKS, Kind.BACKSTOP, Kind.MEND)
"""Clocks that are met by somebody's coming. To write to the tenant is ours."""


def job_told(repair: Repair) -> told_words.Told:
    """What the tenant told with the report, without who is at home: that is their health. The law asks it of us, and
    what follows from it is in the day by which the work is due (SI 2025/1042)."""
    return replace(told_words.told(repair), at_home=[])


def job_due(repair: Repair) -> Shown | None:
    """By when somebody has to have done something; None where no clock runs."""
    due = clock_words.next_of(repair)
    return due if due is not None and due.row.kind in THEIRS else None


def in_templates() -> dict[str, object]:
    """For the pages behind a contractor's link."""
    return {
        "repair_kind": words.kind_of, "repair_rooms": words.rooms_of, "repair_visit": words.tell_visit,
        "tell_hours": words.tell_hours, "job_told": job_told, "job_due": job_due, "clock_words": clock_words,
        "trade_words": trade_words, **visit_words.in_templates(),
    }  # fmt: skip
