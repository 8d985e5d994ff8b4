"""Old phones and careful people: with JavaScript off, medicines are written down, answered and counted all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tenant_app import clock
from tests.conftest import THURSDAY
from tests.live import Live
from tests.pwa.conftest import without_script

pytestmark = pytest.mark.browser

__all__ = ["without_script"]


def goes_on(page: Page, button: str) -> None:
    page.locator("main").get_by_role("button", name=button, exact=True).first.click()


def is_asked_again(page: Page, problem: str, **kept: str) -> None:
    """The problem stands above, leads to its field and stands there too; everything typed is still in its place."""
    summary = page.get_by_role("alert")
    expect(summary.get_by_role("link", name=problem)).to_be_visible()
    field = summary.get_by_role("link", name=problem).get_attribute("href")
    expect(page.locator(field or "")).to_be_visible()
    expect(page.locator(".err", has_text=problem)).to_be_visible()
    for name, value in kept.items():
        expect(page.locator(f"[name={name}]").first).to_have_value(value)


def test_a_medicine_is_written_down_slips_and_all(live: Live, without_script: BrowserContext) -> None:
    page = without_script.new_page()
    with clock.stopped_at(THURSDAY):
        page.goto(f"{live.base_url}/medicines/new")
        page.locator("[name=purpose]").fill("For my mood")
        goes_on(page, "Continue")
        is_asked_again(page, "Write what it is called", purpose="For my mood")
        page.locator("[name=name]").fill("Sertraline 50 mg")
        goes_on(page, "Continue")
        goes_on(page, "Continue")
        is_asked_again(page, "Choose when you take it")
        page.get_by_role("radio").first.check(force=True)
        goes_on(page, "Continue")

        page.locator("[name=times]").first.fill("09:00")
        page.locator("[name=ends_on]").fill("2026-11-20")
        page.locator("[name=quantity]").fill("one")
        goes_on(page, "Keep this medicine")
        is_asked_again(
            page, "Choose a last day that is not before the first",
            times="09:00", starts_on="2026-11-26", ends_on="2026-11-20", quantity="one",
        )  # fmt: skip
        is_asked_again(page, "Write a number, like 1 or 0.5")
        page.locator("[name=ends_on]").fill("")
        page.locator("[name=quantity]").fill("1")
        goes_on(page, "Keep this medicine")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sertraline 50 mg")

        page.get_by_role("link", name="Count them").click()
        page.locator("[name=quantity]").fill("a few")
        goes_on(page, "Keep")
        is_asked_again(page, "Write a number, like 28 or 10.5", quantity="a few")
        page.locator("[name=quantity]").fill("28")
        goes_on(page, "Keep")
        expect(page.locator("main")).to_contain_text("28 left, by what you wrote down.")

    with clock.stopped_at(THURSDAY + timedelta(days=1, minutes=5)):
        page.goto(live.base_url)
        goes_on(page, "Not now")
        goes_on(page, "In 10 minutes")
        expect(page.locator("main")).to_contain_text("We will ask again at 9:15 am.")
        goes_on(page, "Taken")
        expect(page.locator("main")).to_contain_text("Taken, 9:05 am")
        goes_on(page, "Undo")
        goes_on(page, "Taken")
        page.goto(f"{live.base_url}/medicines/stock")
        expect(page.locator("main")).to_contain_text("27 left, by what you wrote down.")
