"""A message written without a signal: its words are seen to wait, and it is sent once and in order."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tenant_app.accounts.models import Tenant
from tenant_app.messages.models import Message
from tests.live import Live
from tests.pwa.conftest import Open

pytestmark = pytest.mark.browser

WORDS = ("The library rang back", "Could you come along, and bring the form?")


def kept(live: Live) -> list[str]:
    with live.database.session(reads_only=True) as session:
        return list(session.scalars(select(Message.words).order_by(Message.written_at, Message.id)))


def test_what_is_written_without_signal_is_seen_to_wait_and_arrives_in_order(live: Live, amina_opens: Open) -> None:
    page = amina_opens("/messages")
    live.go_away()
    waiting = page.locator("[data-kept] li")
    for number, words in enumerate(WORDS, start=1):
        page.locator("textarea").fill(words)
        page.get_by_role("button", name="Send").click()
        expect(waiting).to_have_count(number)
        expect(page.locator("textarea")).to_have_value("")
    assert waiting.locator(".own").all_inner_texts() == list(WORDS)
    expect(waiting.first).to_contain_text("Waiting for signal")
    assert kept(live) == []

    live.come_back()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#thread .said .own")).to_have_text(list(WORDS))
    expect(waiting).to_have_count(0)
    assert kept(live) == list(WORDS)


def test_what_the_next_keyworker_was_not_meant_to_read_waits_for_its_writer(live: Live, amina_opens: Open) -> None:
    page = amina_opens("/messages")
    live.go_away()
    page.locator("textarea").fill(WORDS[0])
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-kept] li")).to_have_count(1)
    with live.database.step() as session:
        session.get_one(Tenant, live.cast.amina.id).keyworker_id = live.cast.marek.id

    live.come_back()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("#thread")).to_contain_text("Nobody has read it.")
    page.get_by_role("button", name="Send it to Marek").click()
    expect(page.locator("#thread")).not_to_contain_text("Nobody has read it.")
