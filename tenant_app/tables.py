"""Everything that must be known before a door opens: all tables, and how all notices are worded."""

# ruff: noqa: F401 - importing them is what this module is for; a tidy-up that drops them empties the house
from tenant_app.accounts import consent as _consent
from tenant_app.accounts import entry as _entry
from tenant_app.accounts import keyworking as _keyworking
from tenant_app.accounts import models as _accounts
from tenant_app.accounts import read_alerts as _read_alerts
from tenant_app.accounts import read_log as _read_log
from tenant_app.accounts import read_log_guard as _read_log_guard
from tenant_app.accounts import replays as _replays
from tenant_app.accounts import safeguarding as _safeguarding
from tenant_app.chats import models as _chats
from tenant_app.chats import notices as _chat_notices
from tenant_app.check_ins import models as _check_ins
from tenant_app.check_ins import notices as _check_in_notices
from tenant_app.database import Base
from tenant_app.goals import evidence as _goal_evidence
from tenant_app.goals import models as _goals
from tenant_app.goals import notices as _goal_notices
from tenant_app.goals import obstacles as _goal_obstacles
from tenant_app.groups import feeds as _group_feeds
from tenant_app.groups import models as _groups
from tenant_app.groups import needs as _group_needs
from tenant_app.groups import notices as _group_notices
from tenant_app.groups.after import models as _groups_after
from tenant_app.groups.meetings import minutes as _meeting_minutes
from tenant_app.groups.meetings import models as _meetings
from tenant_app.groups.meetings import notices as _meeting_notices
from tenant_app.groups.programme import series as _group_series
from tenant_app.groups.register import records as _registers
from tenant_app.handover import models as _handover
from tenant_app.inspections import models as _inspections
from tenant_app.inspections import notices as _inspection_notices
from tenant_app.key_work import awareness as _hazard_mentions
from tenant_app.key_work import documents as _documents
from tenant_app.key_work import models as _key_work
from tenant_app.key_work import notices as _key_work_notices
from tenant_app.key_work import tasks as _key_work_tasks
from tenant_app.medication import models as _medication
from tenant_app.medication import notices as _medication_notices
from tenant_app.medication.auditing import models as _auditing
from tenant_app.medication.pausing import models as _medicine_pauses
from tenant_app.medication.stock import models as _medicine_stock
from tenant_app.medication.writing import drafts as _medicine_drafts
from tenant_app.messages import models as _messages
from tenant_app.messages import notices as _message_notices
from tenant_app.move_on import models as _move_on
from tenant_app.move_on import notices as _move_on_notices
from tenant_app.reminders import addresses as _addresses
from tenant_app.reminders import models as _reminders
from tenant_app.reminders import notices as _reminder_notices
from tenant_app.reminders import preferences as _preferences
from tenant_app.rent import agreements as _agreements
from tenant_app.rent import breathing_space as _breathing_space
from tenant_app.rent import hardship as _hardship
from tenant_app.rent import models as _rent
from tenant_app.rent import notices as _rent_notices
from tenant_app.rent import paydays as _paydays
from tenant_app.rent.importing import models as _rent_imports
from tenant_app.repairs import models as _repairs
from tenant_app.repairs import notices as _repair_notices
from tenant_app.repairs import told as _repairs_told
from tenant_app.repairs.clocks import models as _repair_clocks
from tenant_app.repairs.clocks import notices as _repair_clock_notices
from tenant_app.repairs.clocks import stays as _repair_stays
from tenant_app.repairs.clocks import summaries as _repair_summaries
from tenant_app.repairs.contractors import models as _contractors
from tenant_app.repairs.visits import models as _visits
from tenant_app.repairs.visits import notices as _visit_notices
from tenant_app.safety_plan import models as _safety_plan
from tenant_app.strengths import models as _strengths
from tenant_app.supervision import models as _supervision
from tenant_app.supervision import notices as _supervision_notices
from tenant_app.support import early_signs as _early_signs
from tenant_app.support.record import models as _record
from tenant_app.support.record import notices as _record_notices
from tenant_app.support.sharing import notices as _sharing_notices
from tenant_app.support.stepping import models as _stepping
from tenant_app.support.stepping import rules as _stepping_rules
from tenant_app.support_plan import models as _support_plan
from tenant_app.support_plan import notices as _support_plan_notices
from tenant_app.training import models as _training

__all__ = ["metadata"]

metadata = Base.metadata
