"""A leak with a photo, as somebody under a dripping ceiling reports it: from the tab to "We have it"."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tenant_app import clock
from tenant_app.repairs.answers import Severity
from tenant_app.repairs.models import Repair, RepairPhoto, State
from tests.conftest import THURSDAY
from tests.journeys.one_house import House, Opens, house, opens
from tests.journeys.reader import Reader
from tests.repairs.pictures import from_a_phone

pytestmark = pytest.mark.browser

__all__ = ["house", "opens"]

MOST_TAPS = 14
"""From the tab to the sending, the photo's own among them. At five seconds each, with the camera, that is under 90."""
MOST_ASKED = 18
"""Fields and boxes that stand before her on the whole way. She types into none of them."""


class Fingers:
    """What she taps, and how often. Every page that comes is looked at."""

    def __init__(self, her: Reader) -> None:
        self.her, self.taps, self.asked = her, 0, 0

    def tap(self, selector: str) -> None:
        self._count()
        self.her.page.locator(selector).first.click()
        self.her.look()

    def press(self, message: str) -> None:
        self._count()
        self.her.press(message)

    def _count(self) -> None:
        self.taps += 1
        self.asked += self.her.page.locator("main :is(input:not([type=hidden]), textarea, select):visible").count()


def test_a_leak_is_reported_with_a_photo_in_few_taps_and_no_typing(house: House, opens: Opens) -> None:
    with clock.stopped_at(THURSDAY):
        her = opens(house.live.cast.amina)
        her.open("/")
        fingers = Fingers(her)
        fingers.tap("nav.tabs a[href='/home']")
        fingers.tap("main a[href='/repairs/new']")
        her.reads_on_page("0800 111 999")
        fingers.press("None of these")
        her.reads_on_page(her.word("Question %(number)s of %(count)s", number=2, count=8))
        fingers.tap("button[value=home]")
        fingers.tap("button[value=kitchen]")
        fingers.tap("button[value=leak]")
        fingers.tap("button[value=tap]")
        fingers.tap("button[value=hard]")
        fingers.tap("button[value=today]")
        fingers.press("Continue")
        her.reads_on_page(her.word("Question %(number)s of %(count)s", number=7, count=8))
        her.page.locator("input[type=file]").set_input_files(
            {"name": "leak.jpg", "mimeType": "image/jpeg", "buffer": from_a_phone()}
        )
        fingers.taps += 1
        fingers.press("Continue")
        # The page goes on when the photo has gone; until then the same button would be pressed twice.
        her.reads_on_page(her.word("Question %(number)s of %(count)s", number=8, count=8))
        fingers.press("Continue")
        expect(her.page.locator("main .shots img")).to_have_count(1)
        fingers.press("Send to us")
        her.reads_on_page(her.word("We have it."))
        expect(her.page).to_have_url(re.compile(r"/repairs/[0-9a-f-]{36}$"))

    assert fingers.taps <= MOST_TAPS
    assert fingers.asked <= MOST_ASKED
    with house.live.database.session(reads_only=True) as session:
        [repair] = session.scalars(select(Repair).where(Repair.state == State.REPORTED)).all()
        assert (repair.kind, repair.part, repair.rooms, repair.severity, repair.shared) == (
            "leak", "tap", ["kitchen"], Severity.HARD, False,
        )  # fmt: skip
        assert len(session.scalars(select(RepairPhoto).where(RepairPhoto.repair_id == repair.id)).all()) == 1
