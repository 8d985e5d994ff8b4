"""A repair from the desk's first look until it is fixed: its clock, a visit that the tenant chooses, done and not done,
and done; both sides read the same clock and the same visit all the way."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.repairs.models import Repair, State
from tenant_app.repairs.rules import report, start_draft
from tenant_app.repairs.visits.models import RepairRating
from tenant_app.repairs.words import kind_of, tell_hours
from tenant_app.web.locale import say, tell_day
from tests.conftest import THURSDAY
from tests.journeys.one_house import DESK, House, Opens, house, opens
from tests.journeys.reader import Reader

pytestmark = pytest.mark.browser

__all__ = ["house", "opens"]

TOLD = {"en": "Black spots come back by the bed.", "ar": "بقع سوداء تعود قرب السرير."}
STILL = {"en": "They are back.", "ar": "لقد عادت."}
MONDAY, TUESDAY = date(2026, 11, 30), date(2026, 12, 1)
AFTER = THURSDAY + timedelta(days=4, hours=8)


def reported(house: House) -> str:
    """The address of what Amina has told us. How she does stands in a journey of its own."""
    with house.live.database.step() as session:
        draft = start_draft(session, session.get_one(Tenant, house.live.cast.amina.id))
        draft.say_where(["bedroom"])
        draft.say_kind("other", "", hazard=False)
        draft.say_words(TOLD[house.language], language=house.language)
        report(session, draft)
        return f"/repairs/{draft.id}"


def counts(her: Reader, desk: Reader, address: str, since: datetime, due: date) -> None:
    """Both read until when it is looked into, and how many of the ten working days have gone."""
    her.open(address)
    her.reads_on_page(her.said(lambda: say("We look into it by %(day)s", day=tell_day(due))))
    desk.open("/staff" + address)
    desk.reads_on_page(desk.said(lambda: say("Look into it by %(day)s", day=tell_day(due))))
    for reader in (her, desk):
        reader.reads_on_page(reader.word("Day %(day)s of %(limit)s", day=0, limit=10))
        reader.reads_on_page(reader.said(lambda: tell_day(since)))


def triages(desk: Reader) -> None:
    """From the board: it is a hazard of the law, and not what it was taken for."""
    desk.open("/staff/repairs")
    desk.follow(desk.said(lambda: kind_of("other").name))
    desk.reads_on_page(TOLD[desk.reads])
    desk.tap("Note what was done, or pause")
    desk.page.locator("summary", has_text=desk.word("How urgent is it?")).click()
    desk.page.locator("[name=level][value=hazard]").check()
    desk.press("Keep")
    desk.reads_on_page(desk.word("Look into it"))


def offers_times(desk: Reader, address: str) -> None:
    desk.open("/staff" + address)
    desk.tap("Offer times")
    for name, typed in (
        ("day1", f"{MONDAY}"), ("from1", "13:00"), ("to1", "16:00"), ("day2", f"{TUESDAY}"), ("from2", "09:00"),
        ("to2", "12:00"),
    ):  # fmt: skip
        desk.page.locator(f"[name={name}]").fill(typed)
    desk.press("Offer these times")


def chooses(her: Reader, address: str) -> None:
    her.open(address)
    her.tap("Choose a time")
    her.page.locator(".pick").first.click()
    her.press("That is my answer")
    her.reads_on_page(her.word("Visit booked"))


def says_done(desk: Reader, address: str) -> None:
    desk.open("/staff" + address)
    desk.page.locator("[name=state][value=fixed]").check()
    desk.press_words(desk.word("Save and tell %(name)s", name="Amina"))
    desk.reads_on_page(desk.word("Fixed"))


def says_not_fixed(her: Reader, address: str) -> None:
    her.open(address)
    her.reads_on_page(her.word("Is it fixed?"))
    her.page.locator("summary", has_text=her.word("It is not fixed")).click()
    her.page.locator("[name=words]:visible").first.fill(STILL[her.reads])
    her.press("Tell us that it is not fixed")
    her.reads_on_page(her.word("You told us that it is not fixed."))


def says_fixed(her: Reader, address: str) -> None:
    her.open(address)
    her.press("Yes, it is fixed")
    her.page.locator(".pick").first.click()
    her.press("Tell us")
    her.reads_on_page(her.word("Closed"))


def test_a_repair_is_triaged_visited_not_fixed_and_fixed_with_one_clock_for_both(house: House, opens: Opens) -> None:
    amina, devon = house.live.cast.amina, house.live.cast.devon
    with clock.stopped_at(THURSDAY):
        address = reported(house)
        her, desk = opens(amina), opens(devon, DESK)
        triages(desk)
        # Thursday 26 November is day 0: the tenth working day is Thursday 10 December.
        counts(her, desk, address, THURSDAY, date(2026, 12, 10))
        offers_times(desk, address)
        chooses(her, address)
        desk.open("/staff" + address)
        for reader in (her, desk):
            reader.reads_on_page(reader.said(lambda: tell_hours(MONDAY, "13:00-16:00")))
    with clock.stopped_at(AFTER):
        her, desk = opens(amina), opens(devon, DESK)
        says_done(desk, address)
        says_not_fixed(her, address)
        desk.open("/staff/repairs?show=reported")
        desk.follow(desk.said(lambda: kind_of("other").name))
        desk.reads_on_page(STILL[house.language])
        # Everything is to be done again, with all of its time from this Monday.
        counts(her, desk, address, AFTER, date(2026, 12, 14))
        says_done(desk, address)
        says_fixed(her, address)
        desk.page.reload()
        expect(desk.page.locator("main")).to_contain_text(desk.word("Closed"))
    with house.live.database.session(reads_only=True) as session:
        [repair] = session.scalars(select(Repair)).all()
        assert (repair.state, len(session.scalars(select(RepairRating)).all())) == (State.CLOSED, 1)
