"""Who may use which page, and whose records they reach there: written by hand, so that a wrong mark on a page is found.

**You added a route and the matrix names it?** Add its line here, from what the page is meant for and not from its code:

* who: `TENANTS` (tenants' door, in `declared_tenants.py`: a room, or a page that differs from its room) or `STAFF` (staff
  door: a page, or a whole room as `room.*`); the longest name that fits counts.
* whose: `TENANTS_IDS` and `STAFF_IDS`, by page, by `room.*`, or for the tenants' door by the names of the ids in the
  address. `Ids(table, whose, name_in_address="column")` says: such an id is a row of `table`, and `whose` (from
  `whose.py`, or of sessions and of records from the two beside it) answers whether this person may reach it. Anything
  else must be 404, exactly as an id nobody ever had.
* `SOMETIMES`: pages that rightly answer 404 for one's own record in some state (a draft, a session long ago).
"""

from __future__ import annotations

from tests.access import whose as w
from tests.access import whose_records as records
from tests.access import whose_sessions as sessions
from tests.access.declared_tenants import TENANTS as TENANTS
from tests.access.declared_tenants import TENANTS_IDS as TENANTS_IDS
from tests.access.declaring import ADMIN, EVERYBODY, GROUPS, HALFWAY, OFFICER, SUPPORT, each
from tests.access.declaring import ANYONE as ANYONE
from tests.access.declaring import Ids as Ids
from tests.access.whose import ADMINISTRATOR, COORDINATOR, FACILITATOR

# ---- the staff door: who --------------------------------------------------------------------------------------------

JOBS_GIVEN = ("contractors_desk.job", "contractors_desk.back", "contractors_desk.letter")

STAFF: dict[str, frozenset[str]] = {
    **dict.fromkeys(
        ("static", "administration.metrics", "joining.code", "registers.no_signal", "registers.service_worker",
         "registers.waiting", "signin.ask", "signin.language"),
        ANYONE,
    ),
    **dict.fromkeys(("joining.*", "signin.ask_passkey", "signin.enter_by_passkey"), HALFWAY),
    **dict.fromkeys(("signin.leave", "signin.second"), EVERYBODY | HALFWAY),
    **dict.fromkeys(("own.*", "start.show", "signin.kept", "training.index", "training.tell"), EVERYBODY),
    **dict.fromkeys(
        ("administration.tenants", "administration.welcome", "administration.code", "administration.new_code"),
        SUPPORT | ADMIN,
    ),
    "administration.*": ADMIN,
    "caseload.*": SUPPORT,
    **dict.fromkeys(
        ("caseload.check_ins", "caseload.moods", "caseload.safety_plan", "threads.show", "medication_audit.tenant",
         "break_glass.*"),
        SUPPORT | ADMIN,
    ),
    "read_alerts.*": frozenset({COORDINATOR, ADMINISTRATOR}),
    "chat_desk.*": SUPPORT | OFFICER,
    "handover.*": SUPPORT,
    "own_supervision.*": EVERYBODY,
    "plan_reviews.*": SUPPORT,
    "record.*": SUPPORT,
    "record.held_back": frozenset({COORDINATOR}),
    "record_requests.*": SUPPORT | ADMIN,
    "record_requests.do": frozenset({COORDINATOR, ADMINISTRATOR}),
    "supervision.*": frozenset({COORDINATOR}),
    "today.*": SUPPORT,
    "threads.*": SUPPORT,
    "reviews.*": SUPPORT,
    "medication_audit.*": SUPPORT,
    "registers.*": GROUPS,
    "registers.put_note_away": SUPPORT,
    "register_needs.*": GROUPS,
    "programme.*": GROUPS,
    "programme.new": frozenset({FACILITATOR, COORDINATOR}),
    "house_meetings.*": GROUPS,
    **dict.fromkeys(
        ("house_meetings.index", "house_meetings.change", "house_meetings.drop", "house_meetings.settle"),
        GROUPS | OFFICER,
    ),
    "inspection_desk.*": SUPPORT | OFFICER,
    **dict.fromkeys(("repairs_desk.*", "visits_desk.*", "repair_sharing.*", "repair_raising.*"), SUPPORT | OFFICER),
    "contractors_desk.*": frozenset({COORDINATOR}) | OFFICER,
    **dict.fromkeys(JOBS_GIVEN, SUPPORT | OFFICER),
    "rent_desk.*": OFFICER,
    "training.*": frozenset({COORDINATOR, ADMINISTRATOR}),
}  # fmt: skip

# ---- the staff door: whose ------------------------------------------------------------------------------------------

MEDICINES_SHARED = w.agreed("medication", "keyworker", "coordinator")

STAFF_IDS: dict[str, Ids] = {
    "administration.code": each("tenant_id", "tenant", w.welcomed),
    "administration.new_code": each("tenant_id", "tenant", w.welcomed),
    "administration.*": each("worker_id", "worker", w.anybodys),
    **dict.fromkeys(
        ("administration.footing", "administration.coordinator"), each("worker_id", "worker", w.colleagues)
    ),
    "caseload.tenant": each("tenant_id", "tenant", w.caseload),
    "caseload.check_ins": each("tenant_id", "tenant", w.either(
        w.both(w.caseload, w.agreed("check-ins", "keyworker")), w.opened("check-ins"))),
    "caseload.moods": each("tenant_id", "tenant", w.either(
        w.both(w.caseload, w.agreed("check-ins", "keyworker")), w.opened("check-ins"))),
    "caseload.safety_plan": each("tenant_id", "tenant", w.either(
        w.agreed("safety-plan", "keyworker"), w.opened("safety-plan"))),
    "caseload.placement": each("tenant_id", "tenant", w.caseload),
    "caseload.strengths": each("tenant_id", "tenant", w.agreed("strengths", "keyworker")),
    "caseload.move_on": each("tenant_id", "tenant", w.agreed("move-on", "keyworker")),
    "caseload.move_on_review": Ids.of(
        "move_on_review", w.agreed("move-on", "keyworker"), tenant_id="_tenant", review_id="id"),
    "today.sign": each("tenant_id", "tenant", w.caseload),
    "chat_desk.*": each("chat_id", "chat", w.asked_of_me),
    "chat_desk.close": each("time_id", "open_time", w.my_time),
    "plan_reviews.*": each("review_id", "plan_review", w.caseload),
    "plan_reviews.of_tenant": each("tenant_id", "tenant", w.caseload),
    "supervision.*": each("worker_id", "worker", w.my_team),
    "supervision.person": each("worker_id", "worker", w.my_team_or_me),
    "supervision.cover": each("worker_id", "worker", w.both(w.my_team_or_me, w.carries)),
    "supervision.end_cover": each("cover_id", "cover", w.my_team_or_me),
    "supervision.note": each("note_id", "supervision_note", records.kept_supervision),
    "supervision.mark_action": each("action_id", "agreed_action", records.kept_supervision),
    "own_supervision.*": each("note_id", "supervision_note", records.my_practice),
    "own_supervision.mark_action": each("action_id", "agreed_action", records.my_practice),
    "handover.*": each("handover_id", "handover", records.my_shift),
    "handover.mark": each("line_id", "handover_line", records.to_be_done_on_my_shift),
    "handover.put_right": each("line_id", "handover_line", records.my_shift),
    "record.*": each("tenant_id", "tenant", w.caseload),
    **dict.fromkeys(("record.awareness", "record.settle"),
                    each("mention_id", "key_work_hazard_mention", records.named_damp)),
    "record.document": each("document_id", "document", records.shown_paper),
    "record.remove_document": each("document_id", "document", records.written_by_me),
    "record.mark": each("task_id", "key_work_task", w.caseload),
    **dict.fromkeys(("record.note", "record.answers_read"), each("note_id", "key_work_note", w.caseload)),
    "record.edit": each("note_id", "key_work_note", records.written_by_me),
    "record.hold": each("note_id", "key_work_note", w.either(w.caseload, w.both(w.teams_tenant, records.held_back))),
    "record_requests.one": each("request_id", "record_request", records.asked_about_record),
    "record_requests.do": each("request_id", "record_request", records.erasure_asked),
    "threads.*": each("tenant_id", "tenant", w.keyworker),
    "threads.show": each("tenant_id", "tenant", w.either(w.keyworker, w.opened("messages"))),
    "break_glass.*": each("tenant_id", "tenant", w.answered_for),
    "read_alerts.*": each("override_id", "safeguarding_override", w.watched),
    "read_alerts.telling": each("override_id", "safeguarding_override", w.withheld_and_watched),
    "read_alerts.read": each("alert_id", "read_alert", w.watched),
    "reviews.*": each("goal_id", "goal", w.shared_goal),
    "reviews.photo": Ids.of("goal_evidence", w.shared_goal, goal_id="goal_id", evidence_id="id"),
    "medication_audit.tenant": each("tenant_id", "tenant", w.either(MEDICINES_SHARED, w.opened("medication"))),
    "medication_audit.level": each("tenant_id", "tenant", MEDICINES_SHARED),
    "medication_audit.count": each("tenant_id", "tenant", MEDICINES_SHARED),
    "medication_audit.reason": each("tenant_id", "tenant", w.answered_for),
    "medication_audit.*": each("audit_id", "medication_audit", w.agreed("medication")),
    "medication_audit.again": each("audit_id", "medication_audit", MEDICINES_SHARED),
    "registers.*": each("session_id", "group_session", sessions.kept),
    "registers.mark_person": Ids.of("booking", sessions.kept, session_id="session_id", tenant_id="tenant_id", crossed=False),
    "registers.take_note_off": Ids.of("session_note", sessions.my_notes, session_id="session_id", note_id="id"),
    "registers.no_tenant": Ids.of("named_at_door", sessions.kept, session_id="session_id", named_id="id"),
    "registers.put_note_away": each("missed_id", "missed", sessions.missed_and_told),
    "register_needs.show": each("session_id", "group_session", sessions.kept),
    "programme.show": each("session_id", "group_session", sessions.ever_run),
    "programme.change": each("session_id", "group_session", sessions.led),
    "programme.call_off": each("session_id", "group_session", sessions.led),
    "house_meetings.*": each("session_id", "group_session", sessions.run_meetings),
    **dict.fromkeys(
        ("house_meetings.minutes", "house_meetings.new_action", "house_meetings.right"),
        Ids.of("meeting_minute", sessions.run_meetings, session_id="session_id", item_id="item_id"),
    ),
    **dict.fromkeys(
        ("house_meetings.change", "house_meetings.drop", "house_meetings.settle"),
        each("action_id", "meeting_action", sessions.my_actions),
    ),
    "inspection_desk.*": each("inspection_id", "inspection", w.inspected),
    "inspection_desk.photo": Ids.of("inspection_photo", w.inspected, inspection_id="inspection_id", photo_id="id"),
    "inspection_desk.history": each("property_id", "property", w.my_house),
    "repairs_desk.*": each("repair_id", "repair", w.mended),
    "visits_desk.*": each("repair_id", "repair", w.mended),
    "visits_desk.one_time": Ids.of("visit_slot", w.mended, repair_id="repair_id", slot_id="id"),
    "repair_sharing.*": each("repair_id", "repair", w.mended),
    "contractors_desk.*": each("contractor_id", "contractor", w.anybodys),
    **dict.fromkeys(JOBS_GIVEN, each("repair_id", "repair", w.mended)),
    "repair_raising.*": each("tenant_id", "tenant", w.raised_for),
    "repair_raising.of_house": each("property_id", "property", w.my_house),
    "repairs_desk.photo": Ids.of("repair_photo", w.mended, repair_id="repair_id", photo_id="id"),
    "repairs_desk.go_on_with": Ids.of("repair_pause", w.mended, repair_id="repair_id", pause_id="id"),
    "repairs_desk.stay": Ids.of("repair_stay", w.mended, repair_id="repair_id", stay_id="id"),
    "rent_desk.*": each("account_id", "rent_account", w.anybodys),
    "rent_desk.open_for": each("tenant_id", "tenant", w.without_account),
    "rent_desk.cannot_pay_one": each("hardship_id", "hardship", w.anybodys),
    **dict.fromkeys(
        ("rent_desk.imported", "rent_desk.land", "rent_desk.leave", "rent_desk.refused_table"),
        each("import_id", "rent_import", w.anybodys),
    ),
    "rent_desk.deal_with": Ids.of("rent_refusal", w.anybodys, import_id="import_id", refusal_id="id"),
    "rent_desk.end_breathing_space": Ids.of("breathing_space", w.anybodys, account_id="account_id", space_id="id"),
    **dict.fromkeys(
        ("rent_desk.end_agreement", "rent_desk.pause_agreement", "rent_desk.resume_agreement", "rent_desk.say_yes"),
        Ids.of("agreement", w.anybodys, account_id="account_id", agreement_id="id"),
    ),
    "own.remove": each("passkey_id", "passkey", w.mine),
    "own.sign_out_browser": each("visit_id", "visit", w.mine),
    "training.person": each("worker_id", "worker", w.colleagues),
    "training.new": each("worker_id", "worker", w.other_colleagues),
    "training.*": each("record_id", "training_record", w.colleagues_records),
}  # fmt: skip

SOMETIMES = frozenset({
    # One's own, but not in every state: a dose that is undone, a medicine that is not as needed, a repair that was sent,
    # a session without a calendar, a page that only drafts have.
    "as_needed.take", "changing_medicine.times", "changing_medicine.days", "changing_medicine.label",
    "repairs.photo", "repairs_desk.photo", "inspections.photo", "inspection_desk.photo", "inspection_desk.say", "inspection_desk.add_photos",
    "goals.evidence_photo", "reviews.photo", "report_about.*", "reporting.*", "settings.sign_out_phone", "own.sign_out_browser",
    "administration.code", "today.sign", "chats.calendar", "repair_visits.calendar", "reminders.see", "group_feedback.give", "group_moods.say",
})  # fmt: skip

REFUSES = frozenset({
    # Pages that answer 403 to some of those whom they are for: nobody ends their own account, and names are looked up
    # at the door only while a session is on; a keyworker sees that somebody asks for an erasure, and does not answer it.
    "administration.left", "registers.let_in", "record_requests.one",
})  # fmt: skip

SAYS = {"contractors_desk.active": {"active": "0"}, "visits_desk.one_time": {"offered": "0"}, "group_places.change_series": {"booked": "1"}, "chat_desk.close": {"open": "0"}}
"""What a page has to be told before it looks whose record it is asked about."""
