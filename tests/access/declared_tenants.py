"""The tenants' door, as `declared` has the staff door: who may use which page, and whose records they reach there."""

from __future__ import annotations

from tests.access import whose as w
from tests.access import whose_records as records
from tests.access import whose_sessions as sessions
from tests.access.declaring import ANYONE, SETTLING, TENANT, Ids, each

# ---- who --------------------------------------------------------------------------------------------------------------

TENANTS: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("adding_medicine.*", "addresses.*", "agenda.*", "agreement.*", "as_needed.*", "changing_medicine.*",
         "chats.*", "check_in.*", "check_ins.*", "documents.*", "dose_reason.*", "goals.*", "group_been.*", "group_calendar.*",
         "group_certificate.*", "group_feedback.*", "group_moods.*", "group_needs.*", "group_places.*", "groups.*",
         "hardship.*", "home.*", "inspections.*", "key_work.*", "keyworkers.*", "medication.*", "medicine_history.*", "medicine_list.*", "medicine_pause.*",
         "medicine_sharing.*", "medicine_stock.*", "meetings.*", "messages.*", "missed.*", "more.*", "move_on.*", "move_on_options.*",
         "paydays.*", "plan_steps.*", "push.*", "record.*", "reminders.*", "rent.*", "rent_statement.*", "repair_clocks.*", "repair_visits.*", "repairs.*", "report_about.*", "reporting.*",
         "safety_plan.*",
         "settings.*", "sharing.*", "stepping.*", "strengths.*", "support_plan.*", "today.*"),
        TENANT,
    ),
    **dict.fromkeys(("settling.*", "signin.leave", "passkeys.ask_to_keep", "passkeys.keep"), SETTLING),
    **dict.fromkeys(("signin.kept", "signin.scheme", "signin.settings", "quick_exit.come_back"), TENANT),
    **dict.fromkeys(
        ("app.*", "help.*", "static", "quick_exit.go", "signin.ask", "signin.welcome", "signin.language",
         "passkeys.ask_to_enter", "passkeys.enter", "group_calendar.feed",
         # No account: the secret in the address is asked for instead. tests/repairs/contractors looks at each page.
         "contractor_job.*"),
        ANYONE,
    ),
}  # fmt: skip

# ---- whose ------------------------------------------------------------------------------------------------------------

TENANTS_IDS: dict[str, Ids] = {
    # By the names of the ids in the address, wherever it is.
    "goal_id": each("goal_id", "goal", w.mine),
    "step_id": each("step_id", "step", w.mine),
    "review_id": each("review_id", "review", w.mine),
    "check_in_id": each("check_in_id", "check_in", w.mine),
    "line_id": each("line_id", "plan_line", w.mine),
    "message_id": each("message_id", "message", w.my_words),
    "agreement_id": each("agreement_id", "agreement", w.mine),
    "hardship_id": each("hardship_id", "hardship", w.mine),
    "payday_id": each("payday_id", "payday", w.mine),
    "repair_id": each("repair_id", "repair", w.mine),
    "repair_id photo_id": Ids.of("repair_photo", w.mine, repair_id="repair_id", photo_id="id"),
    "inspection_id": each("inspection_id", "inspection", w.mine),
    "inspection_id photo_id": Ids.of("inspection_photo", w.mine, inspection_id="inspection_id", photo_id="id"),
    "medicine_id": each("medicine_id", "medicine", w.mine),
    "dose_id": each("dose_id", "as_needed_dose", w.mine),
    "audit_id": each("audit_id", "medication_audit", w.mine),
    "notice_id": each("notice_id", "notice", w.mine),
    "browser_id": each("browser_id", "push_subscription", w.mine),
    "passkey_id": each("passkey_id", "passkey", w.mine),
    "visit_id": each("visit_id", "visit", w.mine),
    "stone_id": each("stone_id", "stepping_stone", w.mine),
    "missed_id": each("missed_id", "missed", w.mine),
    "session_id": each("session_id", "group_session", sessions.my_sessions),
    "series_id": each("series_id", "group_series", sessions.my_series),
    "item_id": each("item_id", "agenda_item", w.mine),
    "action_id": each("action_id", "meeting_action", sessions.my_homes_actions),
    "obstacle_id": each("obstacle_id", "goal_obstacle", w.mine),
    "goal_id evidence_id": Ids.of("goal_evidence", w.mine, goal_id="goal_id", evidence_id="id"),
    "suggestion_id": each("suggestion_id", "move_on_suggestion", w.mine),
    "chat_id": each("chat_id", "chat", w.mine),
    "note_id": each("note_id", "key_work_note", records.told_to_me),
    "document_id": each("document_id", "document", w.mine),
    "consent_id": each("consent_id", "consent", w.mine),
    "request_id": each("request_id", "record_request", w.mine),
    # And pages that differ.
    "strengths.*": each("line_id", "strength", w.mine),
    "move_on.earlier": each("review_id", "move_on_review", w.mine),
    "support_plan.*": each("review_id", "plan_review", w.mine),
    "plan_steps.take": each("line_id", "plan_agreed_line", records.promised_by_me),
    "chats.new": each("worker_id", "worker", w.may_be_asked),
    **dict.fromkeys(
        ("documents.share", "documents.take_away"), each("document_id", "document", records.put_there_by_me)
    ),
    "agenda.wanted": each("item_id", "agenda_item", sessions.my_homes),
    **dict.fromkeys(("repairs.show", "repair_clocks.summary"), each("repair_id", "repair", w.mine_or_my_homes)),
    "contractor_job.photo": each("photo_id", "repair_photo", w.mine),
    "contractor_job.one_time": each("slot_id", "visit_slot", w.mine),
    "group_calendar.one": each("session_id", "group_session", sessions.my_places),
    "meetings.show": each("session_id", "group_session", sessions.my_meetings),
    "medicine_sharing.share": each(
        "worker_id", "worker", w.may_see_my_medicines
    ),
}
