"""Decisions across medicines, doses and reminders. Nothing here says how much to take, or what to do about a gap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.medication.as_needed.rules import (
    TooSoon,
    add_as_needed,
    change_limits,
    correct_as_needed,
    record_as_needed,
    standing_of,
    standings_of,
    undo_as_needed,
)
from tenant_app.medication.pausing.rules import BadPause, current_pause, ended_pause, pause_medicines, resume_medicines
from tenant_app.medication.recording import (
    MAY_FILL_IN,
    PUT_OFF,
    DayClosed,
    StillToCome,
    answer_slot,
    may_put_off,
    may_record,
    say_why,
    snooze,
    undo,
)
from tenant_app.medication.regimen import FURTHEST, MOST_PHASES, MOST_TIMES, MOST_UNITS, BadRegimen, Phase, Regimen
from tenant_app.medication.slots import (
    Slot,
    SlotState,
    Week,
    current_slots,
    slot_at,
    slots_between,
    slots_of_day,
    week_days,
    week_of,
)
from tenant_app.medication.writing.rules import add_medicine, change_regimen, change_times, stop_medicine

__all__ = [
    "FURTHEST", "MAY_FILL_IN", "MOST_PHASES", "MOST_TIMES", "MOST_UNITS", "PUT_OFF", "BadPause", "BadRegimen",
    "DayClosed", "Overview", "Phase", "Regimen", "Slot", "SlotState", "StillToCome", "TooSoon", "Week",
    "add_as_needed", "add_medicine", "answer_slot", "change_limits", "change_regimen", "change_times",
    "correct_as_needed", "current_pause", "current_slots", "ended_pause", "may_put_off", "may_record", "overview",
    "pause_medicines", "record_as_needed", "resume_medicines", "say_why", "slot_at", "slots_of_day", "snooze",
    "standing_of", "standings_of", "stop_medicine", "undo", "undo_as_needed", "week_of",
]  # fmt: skip


@dataclass(frozen=True)
class Overview:
    """A tenant's medicines at one moment."""

    today: list[Slot]
    """Today's slots; before them one of late last evening, while it is still due after midnight."""
    week: Week
    gaps: list[Slot]
    """Of which nothing is recorded and something still may be, newest first."""


def overview(session: Session, tenant: Tenant, zone: ZoneInfo) -> Overview:
    """What the Medicines page tells of today, this week and what may be filled in."""
    today = clock.today(zone)
    days, oldest = week_days(today), today - timedelta(days=MAY_FILL_IN - 1)
    slots = slots_between(session, tenant, min(days[0], oldest), days[6], zone)
    return Overview(
        today=[slot for slot in slots if slot.day == today or slot.due],
        week=Week.around(today, slots),
        gaps=[slot for slot in reversed(slots) if slot.not_recorded and slot.day >= oldest],
    )
