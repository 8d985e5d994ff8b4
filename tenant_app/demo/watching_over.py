"""A record that was opened for somebody's safety in the demo, and the coordinator who knows of it."""

from __future__ import annotations

from tenant_app.accounts.consent import Category
from tenant_app.accounts.rules import look_at
from tenant_app.accounts.withholding import see
from tenant_app.demo.people import GRACE, NASRIN, RESIDENTS
from tenant_app.demo.town import Town
from tenant_app.reminders.safety import open_for_safety

WORRIED, SHARES = RESIDENTS[1].name, RESIDENTS[0].name
WHY = "He did not open for two days and missed work. I rang, and asked his neighbours first."


def watch_over(town: Town) -> None:
    """The keyworker reads what is shared with her, and once, for a day, what is not."""
    grace, nasrin, session = town.staff[GRACE.name], town.staff[NASRIN.name], town.session
    with town.at(-17, 10):
        opened = open_for_safety(session, grace, town.tenants[WORRIED], Category.SAFETY_PLAN, WHY, "en")
    with town.at(-17, 10, 4):
        look_at(session, grace, opened.tenant, "safety-plan", reason=opened.reason, override_id=opened.id)
    with town.at(-17, 15):
        see(opened, nasrin)
    with town.at(-9, 9, 30):
        look_at(session, grace, town.tenants[SHARES], "safety-plan")
    with town.at(-2, 11):
        look_at(session, grace, town.tenants[SHARES], "overview")
        look_at(session, grace, town.tenants[SHARES], "goal")
