"""Somebody moves in, is reminded of her tablets, runs low of them and pays her rent, in each language that we speak."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, ViewportSize, expect

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.accounts.rules import give_code, welcome_tenant
from tenant_app.medication.words import slot_title, weekday_words
from tenant_app.rent.importing.command import import_rent
from tenant_app.rent.words import standing
from tenant_app.web.locale import say, tell_day, tell_money, tell_time
from tests.conftest import THURSDAY
from tests.journeys.newcomer import Newcomer
from tests.journeys.reader import Reader, bare
from tests.journeys.test_a_dose_from_worker_to_phone import receiver
from tests.live import Live
from tests.reminders.receiver import Receiver

pytestmark = pytest.mark.browser

__all__ = ["receiver"]

PHONE: ViewportSize = {"width": 360, "height": 740}
NAMES = {"en": "Kofi Mensah", "tr": "Elif Kaya", "ar": "نور حداد"}
MEDICINE = "Sertraline 50 mg"
WHAT_FOR = {"en": "For my mood", "tr": "Moralim için", "ar": "لمزاجي"}
FRIDAY, NEXT_TUESDAY = THURSDAY + timedelta(days=1), THURSDAY + timedelta(days=5)

ACCOUNT = """Rent Account Reference,Tenant Reference,Tenancy Type,Tenancy Start Date,Rent Frequency,First Due Date,\
Eligible Rent,Service Charge,Housing Benefit,Opening Balance
WH 0107,{name},licence,23/11/2026,weekly,27/11/2026,221.50,14.20,yes,28.40
"""
PAYMENT = """Rent Account Reference,Transaction Date,Transaction Type,Transaction Amount,Transaction Reference
WH 0107,30/11/2026,payment,42.60,FP-0042
"""


@pytest.fixture
def live_settings(receiver: Receiver) -> dict[str, Any]:
    return {"push_receiver": receiver.address, "push_receiver_ca": str(receiver.authority)}


@pytest.fixture
def phone(browser: Browser, language: str) -> Iterator[BrowserContext]:
    with browser.new_context(viewport=PHONE, has_touch=True, reduced_motion="reduce", locale=language) as context:
        context.set_default_timeout(15_000)
        yield context


def moves_in(live: Live, language: str) -> str:
    """Her keyworker makes an account and gives her a code. Returns the code."""
    with live.database.step() as session:
        grace = session.get_one(Worker, live.cast.grace.id)
        her = welcome_tenant(
            session, NAMES[language], building=session.merge(live.cast.alma_road), flat="Flat 9",
            moved_in_on=clock.now().date(), keyworker=grace, language=language,
        )  # fmt: skip
        return give_code(session, her, grace)


def sends(live: Live, folder: Path, content: str) -> None:
    """The finance team's file of the day: `homeward import rent rent.csv`."""
    with live.database.session(reads_only=True) as session:
        [her] = session.query(Tenant).where(Tenant.name.in_(NAMES.values()))
        name = her.sign_in_name
    file = folder / "rent.csv"
    file.write_text(content.format(name=name))
    assert import_rent(live.settings, str(file)) == 0


def comes_in(her: Reader, code: str) -> None:
    her.open("/")
    her.tap("I have a code")
    her.fill("Your code", code)
    her.press("Go on")
    her.page.locator(f'button[name="language"][value="{her.reads}"]').click()
    her.look()
    her.fill("Choose 6 numbers", "482915")
    her.press("Keep these 6 numbers")
    expect(her.page.get_by_role("heading", level=1)).to_contain_text(NAMES[her.reads].split()[0])


def writes_down_a_medicine(her: Newcomer) -> None:
    """Two taps from Today, then three questions; what is asked for again is not lost."""
    her.tap("More", within="nav.tabs")
    her.tap("Medicines")
    her.tap("Add a medicine")
    her.press("Continue")
    her.reads_on_page(her.word("Write what it is called"))
    her.fill("What is it called?", MEDICINE)
    her.fill("How much at a time?", her.word("Tablet"))
    her.fill("What is it for?", WHAT_FOR[her.reads])
    her.press("Continue")
    her.page.get_by_role("radio", name=her.word("Every day")).first.check(force=True)
    her.press("Continue")
    her.page.locator("input[name=times]").first.fill("09:00")
    her.fill("How many is that at a time?", "1")
    her.press("Keep this medicine")
    expect(her.page.get_by_role("heading", level=1)).to_have_text(MEDICINE)
    her.reads_on_page(her.said(lambda: tell_time(time(9))))


def lets_her_phone_ring(her: Newcomer) -> None:
    """The medicine's own page says that no phone does yet, and leads there."""
    her.tap("Turn on reminders on this phone")
    her.turn_reminders_on()


def counts_them(her: Newcomer) -> None:
    """What she types amiss is asked for again; then the app knows when she has to order."""
    her.tap("More", within="nav.tabs")
    her.tap("Medicines")
    expect(her.page.get_by_text(her.word("Reminders are off on this phone."))).to_have_count(0)
    her.follow(MEDICINE, within='section[aria-labelledby="all"]')
    her.tap("Count them")
    her.page.locator("input[name=quantity]").fill("six")
    her.press("Keep")
    her.reads_on_page(her.word("Write a number, like 28 or 10.5"))
    expect(her.page.locator("input[name=quantity]")).to_have_value("six")
    her.page.locator("input[name=quantity]").fill("6")
    her.press("Keep")
    her.reads_on_page(left(her, 6))
    her.tap("Your pharmacy")
    her.page.get_by_label(her.said(lambda: weekday_words(5)), exact=True).check()
    her.fill("How many working days does an order take?", "2")
    her.press("Keep")
    her.reads_on_page(her.said(lambda: say("Order more by %(day)s.", day=tell_day(FRIDAY))))


def discreet(shown: dict[str, Any], her: Newcomer) -> bool:
    """Whether a stranger who sees the locked phone learns nothing: no name, no sum, no number but the time."""
    buttons = [button["title"] for button in shown.get("actions", ())]
    told = " ".join([shown["title"], bare(shown["body"]), *buttons]).replace(time_of(her, time(9)), "")
    about = [her.said(lambda: slot_title(time(9))), her.word("Medicines"), her.word("Rent")]
    return not re.search(r"[0-9£]|sertr", told, re.IGNORECASE) and not any(word in told for word in about)


def time_of(her: Newcomer, wall_time: time) -> str:
    return her.said(lambda: tell_time(wall_time))


def left(her: Newcomer, units: int) -> str:
    return her.word("%(units)s left, by what you wrote down.", units=units)


def takes_one_from_the_notification(her: Newcomer, units_left: int) -> None:
    """No page is open; afterwards the app knows."""
    her.presses_on_the_notification("taken")
    her.open("/medicines")
    her.reads_on_page(her.word("Taken, %(time)s", time=time_of(her, time(9, 2))))
    her.open("/medicines/stock")
    her.reads_on_page(left(her, units_left))


def sees_what_she_owes(her: Newcomer) -> None:
    """From Today: what is to pay, what of it is from before, and how to pay."""
    her.open("/")
    her.follow(her.said(lambda: say("%(sum)s to pay", sum=tell_money(4260))))
    her.reads_on_page(her.word("Still to pay from before"))
    her.reads_on_page(her.said(lambda: standing(2840)))  # what falls due today may still be paid
    her.tap("Ways to pay")
    her.reads_on_page("WH 0107")


def orders_more(her: Newcomer) -> None:
    """The app says so where she looks first, and what to do is one tap further."""
    her.tap("Time to order more")
    her.reads_on_page(her.word("Time to order more."))
    her.press("I ordered more")
    her.reads_on_page(her.said(lambda: say("Kept. We will remind you on %(day)s to collect it.", day=tell_day(NEXT_TUESDAY))))


def lets_her_locked_phone_say_more(her: Newcomer) -> None:
    her.open("/settings/reminders")
    section = her.page.locator('section[aria-labelledby="locked"]')
    section.locator('input[name="named"][value="1"]').check(force=True)
    section.get_by_role("button", name=her.word("Save")).click()
    expect(her.page.locator('input[name="named"][value="1"]')).to_be_checked()
    her.look()


def collects_them(her: Newcomer) -> None:
    her.open("/")
    her.tap("Something may be ready to collect")
    her.tap("I collected it")
    her.page.locator("input[name=quantity]").fill("28")
    her.press("Keep")
    her.reads_on_page(left(her, 32))


def sees_that_she_is_up_to_date(her: Newcomer) -> None:
    her.tap("Home", within="nav.tabs")
    her.follow(her.said(lambda: say("%(sum)s to pay", sum=tell_money(1420))))
    her.reads_on_page(her.said(lambda: standing(0)))
    her.reads_on_page(her.word("You paid"))


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
def test_a_newcomer_is_reminded_runs_low_and_pays_her_rent(
    live: Live, receiver: Receiver, phone: BrowserContext, tmp_path: Path, language: str
) -> None:
    her = Newcomer(live, receiver, phone, language)
    with her.at(THURSDAY - timedelta(minutes=30)):
        comes_in(her, moves_in(live, language))
        sends(live, tmp_path, ACCOUNT)
        writes_down_a_medicine(her)
        lets_her_phone_ring(her)
        counts_them(her)

    with her.at(THURSDAY):
        [shown] = her.woken()
        assert bare(shown["body"]) == her.word("Something is planned for %(time)s.", time=time_of(her, time(9)))
        assert (shown["lang"], shown["dir"]) == (language, "rtl" if language == "ar" else "ltr")
        assert discreet(shown, her)
    with her.at(THURSDAY + timedelta(minutes=2)):
        takes_one_from_the_notification(her, units_left=5)

    with her.at(FRIDAY):
        told = her.woken()
        assert sorted(each["address"] for each in told) == ["/medicines", "/rent"]
        assert all(discreet(each, her) for each in told)
    with her.at(FRIDAY + timedelta(minutes=2)):
        her.presses_on_the_notification("taken")
        sees_what_she_owes(her)

    with her.at(FRIDAY + timedelta(hours=1)):
        [shown] = her.woken()
        assert shown["address"] == "/medicines/stock"
        assert shown["body"] == her.word("Something is planned. Tap to see what.")
        assert discreet(shown, her)
        her.open("/")
        orders_more(her)
        lets_her_locked_phone_say_more(her)

    with her.at(NEXT_TUESDAY + timedelta(hours=1)):
        sends(live, tmp_path, PAYMENT)
        told = [each for each in her.woken() if each["address"] == "/medicines/stock"]
        assert [each["title"] for each in told] == [her.word("Something may be ready to collect")]
        assert MEDICINE not in str(told)  # what it is about, and still never a name
        collects_them(her)
        sees_that_she_is_up_to_date(her)
