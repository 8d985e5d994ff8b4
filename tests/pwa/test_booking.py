"""Booking without a signal: it waits and is seen to wait, and no place is said to be had before the server said so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.groups.booking import book_place, cancel_place
from tenant_app.groups.models import Booking, GroupSession, Standing
from tenant_app.groups.programme.series import BankHolidays
from tenant_app.groups.waiting import join_waiting_list
from tests.groups.programme import fill, plan
from tests.live import Live
from tests.programme.series import series
from tests.pwa.conftest import Open

pytestmark = pytest.mark.browser

ITEM = "[data-outbox-list] li"


@pytest.fixture
def cooking(live: Live) -> GroupSession:
    with live.database.step() as session:
        return plan(session, live.cast, starts_at=clock.now() + timedelta(days=2), capacity=1)


def card(page: Page, it: GroupSession) -> Locator:
    return page.locator(f"#session-{it.id}")


def standing(live: Live) -> Standing | None:
    with live.database.session(reads_only=True) as session:
        return session.scalar(select(Booking.standing).where(Booking.tenant_id == live.cast.amina.id))


def take_the_place(live: Live, it: GroupSession) -> Tenant:
    with live.database.step() as session:
        return fill(session, live.cast, session.get_one(GroupSession, it.id))[0]


def signal_is_back(live: Live, page: Page) -> None:
    live.come_back()
    page.evaluate("dispatchEvent(new Event('online'))")


def test_a_place_booked_without_signal_waits_and_is_had_when_the_server_says_so(
    live: Live, amina_opens: Open, cooking: GroupSession
) -> None:
    page = amina_opens("/groups")
    live.go_away()
    card(page, cooking).get_by_role("button", name="Book a place").click()
    expect(card(page, cooking)).to_contain_text("Waiting for signal")
    expect(card(page, cooking)).not_to_contain_text("You have a place")
    expect(page.locator("[data-outbox-line]")).to_have_text("1 thing is waiting to send")
    assert standing(live) is None
    page.goto(f"{live.base_url}/outbox")
    expect(page.locator(ITEM)).to_contain_text("Book a place: Cooking together")
    expect(page.locator(ITEM)).to_contain_text("Waiting for signal")
    # The page comes from the phone, and knows it still.
    page.goto(f"{live.base_url}/groups")
    expect(card(page, cooking)).to_contain_text("Waiting for signal")

    signal_is_back(live, page)
    expect(card(page, cooking)).to_contain_text("Cannot come?")
    expect(card(page, cooking).get_by_role("button", name="Book a place")).to_have_count(0)
    expect(card(page, cooking).get_by_text("You have a place").locator("visible=true")).to_have_count(1)
    expect(page.locator("[data-outbox-line]")).to_be_hidden()
    assert standing(live) is Standing.PLACE


def test_where_the_last_place_went_meanwhile_the_card_says_so_and_offers_the_waiting_list(
    live: Live, amina_opens: Open, cooking: GroupSession
) -> None:
    page = amina_opens("/groups")
    live.go_away()
    card(page, cooking).get_by_role("button", name="Book a place").click()
    expect(card(page, cooking)).to_contain_text("Waiting for signal")
    take_the_place(live, cooking)

    signal_is_back(live, page)
    expect(card(page, cooking)).to_contain_text("The last place has gone. Join the waiting list?")
    expect(card(page, cooking).get_by_role("button", name="Join the waiting list")).to_be_visible()
    assert standing(live) is None
    page.goto(f"{live.base_url}/outbox")
    expect(page.locator(ITEM)).to_contain_text("Not saved")
    expect(page.locator(ITEM)).to_contain_text("The last place has gone. Join the waiting list?")
    page.get_by_role("link", name="Open the page").click()
    expect(page).to_have_url(f"{live.base_url}/groups/{cooking.id}")
    card(page, cooking).get_by_role("button", name="Join the waiting list").click()
    expect(card(page, cooking)).to_contain_text("You are first on the waiting list.")


@pytest.mark.parametrize("takes", [True, False])
def test_an_offer_is_answered_without_signal(live: Live, amina_opens: Open, cooking: GroupSession, takes: bool) -> None:
    holder = take_the_place(live, cooking)
    with live.database.step() as session:
        it = session.get_one(GroupSession, cooking.id)
        join_waiting_list(session, session.get_one(Tenant, live.cast.amina.id), it)
        cancel_place(session, session.get_one(Tenant, holder.id), it)
    page = amina_opens(f"/groups/{cooking.id}")
    live.go_away()
    card(page, cooking).get_by_role("button", name="Yes, I will come" if takes else "Not this time").click()
    expect(card(page, cooking)).to_contain_text("Waiting for signal")
    assert standing(live) is Standing.OFFERED

    signal_is_back(live, page)
    expect(card(page, cooking)).to_contain_text("You have a place" if takes else "You do not wait any more.")
    assert standing(live) is (Standing.PLACE if takes else Standing.GIVEN_BACK)


def test_a_place_given_back_and_a_wait_go_out_in_the_order_they_were_tapped(
    live: Live, amina_opens: Open, cooking: GroupSession
) -> None:
    with live.database.step() as session:
        book_place(session, session.get_one(Tenant, live.cast.amina.id), session.get_one(GroupSession, cooking.id))
        full = plan(session, live.cast, "mindfulness", starts_at=clock.now() + timedelta(days=3), capacity=1)
        fill(session, live.cast, full)
    amina_opens(f"/groups/{full.id}")
    page = amina_opens(f"/groups/{cooking.id}")
    live.go_away()
    card(page, cooking).get_by_role("button", name="I cannot come").click()
    expect(card(page, cooking)).to_contain_text("Waiting for signal")
    page.goto(f"{live.base_url}/groups/{full.id}")
    card(page, full).get_by_role("button", name="Join the waiting list").click()
    expect(card(page, full)).to_contain_text("Waiting for signal")
    expect(page.locator("[data-outbox-line]")).to_have_text("2 things are waiting to send")

    signal_is_back(live, page)
    expect(card(page, full)).to_contain_text("You are first on the waiting list.")
    page.goto(f"{live.base_url}/outbox")
    expect(page.locator(f"{ITEM} [data-state=sent]:visible")).to_have_count(2)
    expect(page.locator(ITEM).nth(0)).to_contain_text("You are on the waiting list.")
    expect(page.locator(ITEM).nth(1)).to_contain_text("Somebody else can have your place now.")


def test_a_whole_series_waits_too(live: Live, amina_opens: Open) -> None:
    with live.database.step() as session:
        planned = series(
            session, live.cast, first_on=clock.now().date() + timedelta(days=7), bank_holidays=BankHolidays.MOVE
        )
    page = amina_opens(f"/groups/{planned[0].id}")
    live.go_away()
    page.get_by_role("button", name="Book all of them").click()
    expect(page.locator("#whole")).to_contain_text("Waiting for signal")

    signal_is_back(live, page)
    expect(page.locator("#whole .tag", has_text="You have a place")).to_have_count(len(planned))
