"""What is done without a signal waits on the phone, is seen to wait, and is saved once the server says so."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import func, select

from tenant_app.accounts.models import Tenant
from tenant_app.accounts.replays import Replay
from tenant_app.goals.models import Step
from tenant_app.goals.rules import write_goal
from tests.live import Live
from tests.pwa.conftest import Open, until

pytestmark = pytest.mark.browser

KEPT = "async () => (await allItems()).map(({ state, path, status, body, words }) => ({ state, path, status, body, words }))"


@pytest.fixture
def goal(live: Live) -> str:
    """The address of a goal of Amina's with three steps."""
    with live.database.step() as session:
        made = write_goal(session, session.get_one(Tenant, live.cast.amina.id), "Cook", first_step="Buy a knife")
        for words in ("Buy a pan", "Buy an onion"):
            made.add_step(words)
        session.flush()
        return f"/goals/{made.id}"


def done(live: Live) -> list[str]:
    with live.database.session(reads_only=True) as session:
        return sorted(session.scalars(select(Step.words).where(Step.done_at.is_not(None))))


def test_a_step_done_without_signal_waits_and_is_saved_later(
    live: Live, context: BrowserContext, amina_opens: Open, goal: str
) -> None:
    page = amina_opens(goal)
    live.go_away()
    page.get_by_role("button", name="Done: Buy a knife").click()
    expect(page.get_by_text("Waiting for signal")).to_be_visible()
    expect(page.locator("[data-outbox-line]")).to_have_text("1 thing is waiting to send")
    page.goto(f"{live.base_url}/outbox")
    expect(page.locator("[data-outbox-list] li")).to_have_count(1)
    expect(page.locator("[data-outbox-list]")).to_contain_text("Done: Buy a knife")
    expect(page.locator("[data-outbox-list]").get_by_text("Waiting for signal")).to_be_visible()
    expect(page.locator("[data-outbox-list]").get_by_text("Saved")).to_be_hidden()
    assert done(live) == []
    live.come_back()
    page.reload()
    expect(page.locator("[data-outbox-list]").get_by_text("Saved")).to_be_visible()
    assert done(live) == ["Buy a knife"]
