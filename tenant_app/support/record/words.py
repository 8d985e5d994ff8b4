"""What parts of a record, its tables and its commonest columns are called in the copy that people read."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from tenant_app.support.record.models import RequestState


def part_name(part: str) -> str:
    """What a room's part of the record is called; for one that nobody named yet, `Other things`."""
    return {
        "accounts": gettext("You and this app"),
        "chats": gettext("Chats and appointments"),
        "check_ins": gettext("Check-ins"),
        "goals": gettext("Goals and steps"),
        "groups": gettext("Groups"),
        "handover": gettext("Notes from one shift to the next"),
        "inspections": gettext("Inspections of your room"),
        "key_work": gettext("Notes of your keyworker"),
        "medication": gettext("Medicines"),
        "messages": gettext("Messages"),
        "move_on": gettext("Move-on plan"),
        "reminders": gettext("Reminders"),
        "rent": gettext("Rent"),
        "repairs": gettext("Repairs"),
        "safety_plan": gettext("My plan for hard days"),
        "strengths": gettext("What I am good at"),
        "support": gettext("Steps done by coming to a group, and what you asked about your record"),
        "support_plan": gettext("Support plan"),
    }.get(part) or gettext("Other things")


_TABLES = {
    "person": _("Your name and language"), "tenant": _("Your home"),
    "address": _("How to reach you"), "visit": _("Where you signed in"),
    "passkey": _("Phone locks"), "consent": _("What you shared"),
    "look": _("Who looked at my record"), "safeguarding_override": _("Opened for your safety"),
    "goal": _("Goals"), "step": _("Steps"), "review": _("What your keyworker wrote"),
    "check_in": _("Check-ins"), "check_in_answer": _("Answers"),
    "booking": _("Places in groups"), "session_mood": _("How you felt around groups"),
    "missed": _("Groups I missed"), "group_needs": _("What you need in groups"),
    "agenda_item": _("What you put on the agenda"), "meeting_action": _("What you said you would do"),
    "medicine": _("Medicines"), "dose": _("What you recorded"), "dose_time": _("Times"),
    "as_needed_dose": _("Taken when needed"), "medicine_pause": _("Pauses"),
    "stock_entry": _("What was left"), "medicine_order": _("Orders"),
    "medication_audit": _("Counts"), "self_administration": _("What we agreed"),
    "message": _("Messages"), "notice": _("Everything we told you"),
    "schedule": _("What reminds you"), "push_subscription": _("Phones that are reminded"),
    "rent_account": _("Your rent account"), "rent_entry": _("What was charged and paid"),
    "agreement": _("Agreements"), "hardship": _("When paying was hard"),
    "payday": _("When your money comes"), "repair": _("Repairs"),
    "repair_update": _("What happened with a repair"), "visit_slot": _("Times on offer"),
    "repair_rating": _("How a repair went"), "repair_cost": _("That somebody wrote down costs"),
    "repair_job": _("Who mended it"),
    "repair_photo": _("Pictures"), "repair_details": _("What you told us with a repair"),
    "inspection": _("Inspections of your room"), "inspection_answer": _("What was seen"),
    "inspection_photo": _("Pictures"), "inspection_finding": _("What was found to mend"),
    "inspection_addition": _("What was added later"),
    "plan_line": _("Lines of your plan"), "record_request": _("What you asked about your record"),
}  # fmt: skip


def table_name(table: str) -> str:
    """What a table's rows are called; empty where only its own name says it."""
    return str(_TABLES.get(table, ""))


_COLUMNS = {
    "name": _("Name"), "known_as": _("Called"), "language": _("Language"),
    "words": _("Words"), "why": _("Why"), "reason": _("Reason"), "flat": _("Flat"),
    "worker": _("Who"), "by": _("By"), "day": _("Day"), "month": _("Month"),
    "state": _("How it stands"), "kind": _("Kind"), "category": _("What"),
    "what": _("What"), "note": _("Note"), "reply": _("Answer"), "answer": _("Answer"),
    "written_at": _("Written"), "said_at": _("Said"), "looked_at": _("When"),
    "at": _("When"), "given_at": _("Shared"), "expires_on": _("Until"),
    "withdrawn_at": _("Stopped"), "shared_at": _("Shared since"), "done_at": _("Done"),
    "reached_at": _("Reached"), "paused_at": _("Paused"), "seen_at": _("Seen"),
    "booked_at": _("Booked"), "cancelled_at": _("Cancelled"), "attendance": _("Register"),
    "starts_on": _("From"), "ends_on": _("Until"), "began_at": _("From"),
    "ends_at": _("Until"), "moved_in_on": _("Moved in"), "property": _("Building"),
    "keyworker": _("Your keyworker"), "group_session": _("Session"), "session": _("Session"),
    "title": _("Words"), "detail": _("More about it"), "phone": _("Phone"),
    "amount": _("How much"), "quantity": _("How much"), "taken_at": _("Taken"),
    "wall_time": _("Time"), "value": _("Address or number"), "reference": _("Reference"),
    "reported_at": _("Reported"), "visit_on": _("Visit"), "due_at": _("When"),
    "opened_at": _("When"), "device": _("Phone"), "area": _("Part of life"),
    "suggested_step": _("Suggested step"), "sign_in_name": _("Name for signing in"),
}  # fmt: skip


def column_name(column: str) -> str:
    """What a column is called; empty where only its own name says it."""
    return str(_COLUMNS.get(column, ""))


def state_words(state: RequestState) -> tuple[str, str, str]:
    """(words, kind of tag, icon) for where a request is."""
    return {
        RequestState.OPEN: (gettext("Waits for an answer"), "", "clock"),
        RequestState.DONE: (gettext("Done"), "good", "check"),
        RequestState.PARTLY: (gettext("Done in part"), "good", "check"),
        RequestState.NOT_DONE: (gettext("Not done"), "", "info"),
        RequestState.TAKEN_BACK: (gettext("Taken back"), "", "minus"),
    }[state]
