"""What parts of a record, its tables and its commonest columns are called in the copy that people read."""

from __future__ import annotations

from flask_babel import gettext

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


def table_name(table: str) -> str:
    """What a table's rows are called; empty where only its own name says it."""
    return {
        "person": gettext("Your name and language"), "tenant": gettext("Your home"),
        "address": gettext("How to reach you"), "visit": gettext("Where you signed in"),
        "passkey": gettext("Phone locks"), "consent": gettext("What you shared"),
        "look": gettext("Who looked at my record"), "safeguarding_override": gettext("Opened for your safety"),
        "goal": gettext("Goals"), "step": gettext("Steps"), "review": gettext("What your keyworker wrote"),
        "check_in": gettext("Check-ins"), "check_in_answer": gettext("Answers"),
        "booking": gettext("Places in groups"), "session_mood": gettext("How you felt around groups"),
        "missed": gettext("Groups I missed"), "group_needs": gettext("What you need in groups"),
        "agenda_item": gettext("What you put on the agenda"), "meeting_action": gettext("What you said you would do"),
        "medicine": gettext("Medicines"), "dose": gettext("What you recorded"), "dose_time": gettext("Times"),
        "as_needed_dose": gettext("Taken when needed"), "medicine_pause": gettext("Pauses"),
        "stock_entry": gettext("What was left"), "medicine_order": gettext("Orders"),
        "medication_audit": gettext("Counts"), "self_administration": gettext("What we agreed"),
        "message": gettext("Messages"), "notice": gettext("Everything we told you"),
        "schedule": gettext("What reminds you"), "push_subscription": gettext("Phones that are reminded"),
        "rent_account": gettext("Your rent account"), "rent_entry": gettext("What was charged and paid"),
        "agreement": gettext("Agreements"), "hardship": gettext("When paying was hard"),
        "payday": gettext("When your money comes"), "repair": gettext("Repairs"),
        "repair_update": gettext("What happened with a repair"), "visit_slot": gettext("Times on offer"),
        "repair_rating": gettext("How a repair went"), "repair_cost": gettext("That somebody wrote down costs"),
        "repair_job": gettext("Who mended it"),
        "repair_photo": gettext("Pictures"), "repair_details": gettext("What you told us with a repair"),
        "inspection": gettext("Inspections of your room"), "inspection_answer": gettext("What was seen"),
        "inspection_photo": gettext("Pictures"), "inspection_finding": gettext("What was found to mend"),
        "inspection_addition": gettext("What was added later"),
        "plan_line": gettext("Lines of your plan"), "record_request": gettext("What you asked about your record"),
    }.get(table, "")  # fmt: skip


def column_name(column: str) -> str:
    """What a column is called; empty where only its own name says it."""
    return {
        "name": gettext("Name"), "known_as": gettext("Called"), "language": gettext("Language"),
        "words": gettext("Words"), "why": gettext("Why"), "reason": gettext("Reason"), "flat": gettext("Flat"),
        "worker": gettext("Who"), "by": gettext("By"), "day": gettext("Day"), "month": gettext("Month"),
        "state": gettext("How it stands"), "kind": gettext("Kind"), "category": gettext("What"),
        "what": gettext("What"), "note": gettext("Note"), "reply": gettext("Answer"), "answer": gettext("Answer"),
        "written_at": gettext("Written"), "said_at": gettext("Said"), "looked_at": gettext("When"),
        "at": gettext("When"), "given_at": gettext("Shared"), "expires_on": gettext("Until"),
        "withdrawn_at": gettext("Stopped"), "shared_at": gettext("Shared since"), "done_at": gettext("Done"),
        "reached_at": gettext("Reached"), "paused_at": gettext("Paused"), "seen_at": gettext("Seen"),
        "booked_at": gettext("Booked"), "cancelled_at": gettext("Cancelled"), "attendance": gettext("Register"),
        "starts_on": gettext("From"), "ends_on": gettext("Until"), "began_at": gettext("From"),
        "ends_at": gettext("Until"), "moved_in_on": gettext("Moved in"), "property": gettext("Building"),
        "keyworker": gettext("Your keyworker"), "group_session": gettext("Session"), "session": gettext("Session"),
        "title": gettext("Words"), "detail": gettext("More about it"), "phone": gettext("Phone"),
        "amount": gettext("How much"), "quantity": gettext("How much"), "taken_at": gettext("Taken"),
        "wall_time": gettext("Time"), "value": gettext("Address or number"), "reference": gettext("Reference"),
        "reported_at": gettext("Reported"), "visit_on": gettext("Visit"), "due_at": gettext("When"),
        "opened_at": gettext("When"), "device": gettext("Phone"), "area": gettext("Part of life"),
        "suggested_step": gettext("Suggested step"), "sign_in_name": gettext("Name for signing in"),
    }.get(column, "")  # fmt: skip


def state_words(state: RequestState) -> tuple[str, str, str]:
    """(words, kind of tag, icon) for where a request is."""
    return {
        RequestState.OPEN: (gettext("Waits for an answer"), "", "clock"),
        RequestState.DONE: (gettext("Done"), "good", "check"),
        RequestState.PARTLY: (gettext("Done in part"), "good", "check"),
        RequestState.NOT_DONE: (gettext("Not done"), "", "info"),
        RequestState.TAKEN_BACK: (gettext("Taken back"), "", "minus"),
    }[state]
