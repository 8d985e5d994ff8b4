"""A dripping tap in the hands of a plumber: the desk gives it away, a link opens it, and its tenant says that it is
fixed. The plumber reads English; the desk and the tenant their own language."""

from __future__ import annotations

import re
from datetime import time, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import expect

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.repairs.contractors.jobs import write_contractor
from tenant_app.repairs.contractors.models import Trade
from tenant_app.repairs.models import Repair, State
from tenant_app.repairs.rules import report, start_draft
from tenant_app.repairs.words import tell_hours
from tests.conftest import THURSDAY
from tests.journeys.one_house import DESK, House, Opens, house, opens
from tests.journeys.reader import Reader, english_of
from tests.repairs.pictures import from_a_phone

pytestmark = pytest.mark.browser

__all__ = ["house", "opens"]

MONDAY = (THURSDAY.date() + timedelta(days=4), "13:00-16:00")


def drips(house: House) -> str:
    """A repair of Amina's, and somebody to mend it. Returns where its page is."""
    with house.live.database.step() as session:
        draft = start_draft(session, session.get_one(Tenant, house.live.cast.amina.id))
        draft.say_where(["kitchen"])
        draft.say_kind("leak", "", hazard=False)
        draft.say_words("The tap drips", language="en")
        report(session, draft)
        write_contractor(session, None, name="Mill Lane", trade=Trade.PLUMBING, email="office@mill-lane.example")
        return f"/repairs/{draft.id}"


def test_a_plumber_is_given_a_link_proposes_comes_and_finishes(house: House, opens: Opens) -> None:
    with clock.stopped_at(THURSDAY):
        address = drips(house)
        desk = opens(house.live.cast.devon, DESK)
        desk.open(f"/staff{address}")
        desk.tap("Give it to a contractor")
        desk.page.locator("#contractor").select_option(index=1)
        desk.press("Give it to them")
        link = desk.page.locator("#address").input_value()
        assert link.startswith(f"{house.live.base_url}/job/")

        plumber = opens()
        plumber.reads, plumber.english = "en", english_of("en")
        plumber.open(link.removeprefix(house.live.base_url))
        plumber.reads_on_page("The tap drips")
        propose_two(plumber)

        her = opens(house.live.cast.amina)
        her.open(address)
        her.reads_on_page("Mill Lane")
        her.reads_on_page(her.word("Plumbing"))
        her.tap("Choose a time")
        her.page.locator("label.pick").first.click()
        her.press("That is my answer")
        her.reads_on_page(her.said(lambda: tell_hours(*MONDAY)))

    with clock.stopped_at(clock.at(MONDAY[0], time(14, 30), house.live.settings.zone)):
        plumber.page.reload()
        plumber.reads_on_page(plumber.said(lambda: tell_hours(*MONDAY)))
        plumber.tap("Add photos of the work")
        plumber.page.locator("input[type=file]").set_input_files(
            {"name": "tap.jpg", "mimeType": "image/jpeg", "buffer": from_a_phone()}
        )
        plumber.press("Add these photos")
        expect(plumber.page.locator("main .shots img")).to_have_count(1)
        plumber.tap("Finish the job")
        plumber.fill("What did you do?", "A new tap")
        plumber.press("It is done")
        plumber.reads_on_page("There is nothing more to do here.")

        her.open(address)
        her.reads_on_page(her.word("Is it fixed?"))
        expect(her.page.locator("main .shots img")).to_have_count(1)
        her.press("Yes, it is fixed")
        expect(her.page).to_have_url(re.compile(rf"{address}(/how)?$"))
        plumber.page.reload()
        plumber.reads_on_page("This link leads nowhere now")

    with house.live.database.session(reads_only=True) as session:
        assert session.get_one(Repair, UUID(address.rpartition("/")[2])).state is State.CLOSED


def propose_two(plumber: Reader) -> None:
    """Monday after noon and Tuesday morning."""
    plumber.tap("Propose times")
    for row, (days, start, end) in enumerate(((4, "13:00", "16:00"), (5, "09:00", "12:00")), 1):
        plumber.page.locator(f"#day{row}").fill((THURSDAY.date() + timedelta(days=days)).isoformat())
        plumber.page.locator(f"#from{row}").fill(start)
        plumber.page.locator(f"#to{row}").fill(end)
    plumber.press("Offer these times")
    plumber.reads_on_page("The tenant has not chosen yet.")
