"""A first goal, as a newcomer writes it: from Today to a kept goal with a first step, then shared, read, and answered."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tenant_app import clock
from tenant_app.goals.models import Goal
from tests.conftest import THURSDAY
from tests.journeys.one_house import DESK, House, Opens, house, opens
from tests.journeys.reader import Reader
from tests.journeys.test_a_month_with_homeward import comes_in, moves_in

pytestmark = pytest.mark.browser

__all__ = ["house", "opens"]

MOST_ASKED = 4
"""Fields and boxes to be seen at once: a goal with its first step is to be written in under a minute."""

SAID = {
    "en": ("Cook twice a week", "Choose two meals", "Good that you begin with what you like.", "Buy a pot together"),
    "ar": ("أن أطبخ مرتين في الأسبوع", "اختيار وجبتين", "جميل أن تبدئي بما تحبين.", "شراء قدر معًا"),
}


def writes_a_goal(her: Reader, words: str, step: str) -> int:
    """From Today, with as few taps and fields as there are. Returns how many fields stood before her."""
    her.tap("Today", within="nav.tabs")
    her.tap("Goals", within="nav.tabs")
    her.tap("Write a goal")
    asked = her.page.locator("main :is(input:not([type=hidden]), textarea):visible").count()
    her.fill("What would you like to be different?", words)
    her.fill("What could be a first step?", step)
    her.press("Keep this goal")
    expect(her.page.get_by_role("heading", level=1)).to_have_text(words)
    return asked


def test_a_newcomer_writes_a_goal_shares_it_and_takes_the_step_her_keyworker_suggests(
    house: House, opens: Opens
) -> None:
    words, step, said, suggested = SAID[house.language]
    with clock.stopped_at(THURSDAY):
        her = opens()
        comes_in(her, moves_in(house.live, house.language))
        assert writes_a_goal(her, words, step) <= MOST_ASKED
        with house.live.database.session(reads_only=True) as session:
            goal_id = session.scalars(select(Goal.id).where(Goal.words == words)).one()
        her.reads_on_page(step)
        her.reads_on_page(her.word("Only you see this"))

        grace = opens(house.live.cast.grace, DESK)
        assert grace.page.goto(f"{house.live.base_url}/staff/goals/{goal_id}").status == 404  # type: ignore[union-attr]
        her.press("Share with my keyworker")
        expect(her.page.locator("#share")).to_contain_text(her.word("Keep this to myself"))

        grace.open(f"/staff/goals/{goal_id}")
        grace.reads_on_page(step)
        grace.fill("What would you like to say?", said)
        grace.fill("A step you suggest", suggested)
        grace.page.locator("form[action$=reviews] button").click()
        grace.reads_on_page(suggested)

        her.tap("Today", within="nav.tabs")
        her.page.locator(f'main a[href="/goals/{goal_id}"]').first.click()
        her.reads_on_page(said)
        her.press("Add this step")
        expect(her.page.locator("#steps")).to_contain_text(suggested)
        grace.open(f"/staff/goals/{goal_id}")
        grace.reads_on_page(grace.word("Added to the steps"))
