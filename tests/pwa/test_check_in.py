"""A check-in without a signal waits as one thing and is kept once; without script it is a plain form."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from tenant_app.check_ins.models import CheckIn
from tests.live import Live
from tests.pwa.conftest import Open

pytestmark = pytest.mark.browser

ITEM = "[data-outbox-list] li"


def answer(page: Page, statement: str, words: str) -> None:
    page.get_by_role("group", name=statement).get_by_role("radio", name=words, exact=True).check()


def kept(live: Live) -> list[tuple[str, dict[str, int]]]:
    with live.database.session(reads_only=True) as session:
        return [
            (it.words, {answer.statement: answer.choice for answer in it.answers})
            for it in session.scalars(select(CheckIn))
        ]


def test_a_check_in_without_signal_waits_and_is_kept_once(live: Live, amina_opens: Open) -> None:
    page = amina_opens("/check-ins/today")
    live.go_away()
    answer(page, "I can rest in my home.", "Most days")
    answer(page, "I can see a way ahead.", "None at all")
    # Where help is does not wait for a signal.
    expect(page.get_by_role("link", name="My plan for hard days")).to_be_visible()
    page.get_by_label("What would you like to remember of this week?").fill("Soup with Leyla")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("[data-outbox-line]")).to_have_text("1 thing is waiting to send")
    assert kept(live) == []
    page.goto(f"{live.base_url}/outbox")
    expect(page.locator(ITEM)).to_contain_text("Check-in")

    live.come_back()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(ITEM)).to_contain_text("Your check-in is saved.")
    assert kept(live) == [("Soup with Leyla", {"home": 4, "hope": 1})]


def test_six_taps_and_a_sentence_need_no_script(live: Live, without_script: BrowserContext) -> None:
    page = without_script.new_page()
    page.goto(f"{live.base_url}/check-ins/today")
    for statement in page.get_by_role("group").all():
        statement.get_by_role("radio").nth(2).check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="What you said")).to_be_visible()
    assert [len(answers) for _, answers in kept(live)] == [6]
    page.get_by_role("link", name="Change what I said today").click()
    answer(page, "I can rest in my home.", "Leave this out")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="What you said")).to_be_visible()
    [(_, answers)] = kept(live)
    assert "home" not in answers
    assert len(answers) == 5
