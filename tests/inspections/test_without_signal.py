"""An inspection in a cellar: no answer is lost, and what was found there arrives with the signal."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from tenant_app import clock
from tenant_app.inspections.kinds import plans
from tenant_app.inspections.models import Finding, Inspection
from tenant_app.inspections.outcomes import Outcome
from tenant_app.inspections.planning import plan_due
from tests.inspections.conftest import LONDON
from tests.live import Live
from tests.pwa.conftest import answered, until
from tests.registers.test_on_a_phone import KEPT

pytestmark = pytest.mark.browser


def line(page: Page, item: str) -> Locator:
    return page.locator(f"#item-{item}")


def tap(page: Page, item: str, outcome: str) -> None:
    line(page, item).locator(f"[type=radio][value={outcome}]").click()


def test_without_signal_no_answer_is_lost_and_signing_off_arrives_after_them(
    live: Live, browser: Browser, browser_context_args: dict[str, Any]
) -> None:
    with live.database.step() as session:
        plan_due(session, clock.today(LONDON), LONDON, plans(live.settings.content))
    with live.database.session(reads_only=True) as session:
        it = session.scalars(select(Inspection).where(
            Inspection.kind == "fire-alarm-test", Inspection.property_id == live.cast.alma_road.id
        )).one()  # fmt: skip
    address = f"/staff/inspections/{it.id}"
    context = browser.new_context(**{**browser_context_args, "viewport": {"width": 360, "height": 740}})
    live.sign_in(context, live.cast.grace)
    page = context.new_page()
    page.goto(f"{live.base_url}/staff/inspections")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    until(page, "async () => navigator.serviceWorker.controller !== null")
    page.locator(f'a[href="{address}"]').click()
    until(page, KEPT, address)
    tap(page, "call-point", "ok")
    expect(page.locator("#count")).to_contain_text("1 of 4")
    answered(page)

    live.go_away()
    tap(page, "heard", "failed")
    line(page, "heard").locator("textarea").fill("Silent on the third floor")
    tap(page, "doors-release", "not_applicable")
    tap(page, "panel", "ok")
    expect(page.locator("#count")).to_contain_text("4 of 4")
    expect(page.locator("[data-waits]:visible")).to_have_count(3)
    page.reload()
    # From the phone: it shows what was answered there, and not what the server last knew.
    expect(page.locator("#item-heard input:checked")).to_have_value("failed")
    expect(line(page, "heard").locator("textarea")).to_have_value("Silent on the third floor")
    page.get_by_role("button", name="Sign off").click()
    expect(page.locator("[data-outbox-line]")).to_be_visible()
    # The list of inspections opens as well, and drops nothing of what is kept.
    page.goto(f"{live.base_url}/staff/inspections")
    until(page, KEPT, address)

    live.come_back()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-outbox-line]")).to_be_hidden()
    with live.database.session(reads_only=True) as session:
        kept = session.get_one(Inspection, it.id)
        assert kept.finished
        said = {each.item: each.outcome for each in kept.answers}
        assert said == {
            "call-point": Outcome.OK, "heard": Outcome.FAILED, "doors-release": Outcome.NOT_APPLICABLE,
            "panel": Outcome.OK,
        }  # fmt: skip
        assert [each.words for each in session.scalars(select(Finding))] == ["Silent on the third floor"]
    context.close()
