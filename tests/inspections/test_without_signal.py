"""An inspection in a cellar: no answer is lost, and what was found there arrives with the signal."""

from __future__ import annotations

from io import BytesIO
from typing import IO, Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import select

from tenant_app import clock
from tenant_app.inspections.kinds import plans
from tenant_app.inspections.models import Finding, Inspection
from tenant_app.inspections.outcomes import Outcome
from tenant_app.inspections.planning import plan_due
from tenant_app.web import photos
from tests.inspections.conftest import LONDON
from tests.live import Live
from tests.pwa.conftest import answered, until
from tests.registers.test_on_a_phone import KEPT
from tests.repairs.pictures import from_a_phone

pytestmark = pytest.mark.browser


def line(page: Page, item: str) -> Locator:
    return page.locator(f"#item-{item}")


def tap(page: Page, item: str, outcome: str) -> None:
    line(page, item).locator(f"[type=radio][value={outcome}]").click()


def test_without_signal_no_answer_and_no_photo_is_lost_and_signing_off_arrives_after_them(
    live: Live, browser: Browser, browser_context_args: dict[str, Any], monkeypatch: pytest.MonkeyPatch
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
    # A picture of what is wrong, made small here, and one that is no picture, of which the server will say so.
    line(page, "heard").get_by_text("Add photos").first.click()
    line(page, "heard").locator("input[type=file]").set_input_files([
        {"name": "silent.jpg", "mimeType": "image/jpeg", "buffer": from_a_phone()},
        {"name": "words.jpg", "mimeType": "image/jpeg", "buffer": b"no photo at all"},
    ])  # fmt: skip
    expect(line(page, "heard").get_by_text("It is kept on this phone and sent later.").nth(1)).to_be_visible()
    page.reload()
    expect(page.get_by_text("2 photos wait on this phone for signal.")).to_be_visible()
    # From the phone: it shows what was answered there, and not what the server last knew.
    expect(page.locator("#item-heard input:checked")).to_have_value("failed")
    expect(line(page, "heard").locator("textarea")).to_have_value("Silent on the third floor")
    page.get_by_role("button", name="Sign off").click()
    expect(page.locator("[data-outbox-line]")).to_be_visible()
    # The list of inspections opens as well, and drops nothing of what is kept.
    page.goto(f"{live.base_url}/staff/inspections")
    until(page, KEPT, address)

    finished: list[bool] = []
    made_anew = photos.made_anew

    def look(upload: IO[bytes]) -> tuple[bytes, tuple[int, int]]:
        with live.database.session(reads_only=True) as session:
            finished.append(session.get_one(Inspection, it.id).finished)
        sent = upload.read()
        assert b"Fairphone" not in sent
        return made_anew(BytesIO(sent))

    monkeypatch.setattr(photos, "made_anew", look)
    live.come_back()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-outbox-line]")).to_have_text("Something could not be saved. See what.")
    with live.database.session(reads_only=True) as session:
        kept = session.get_one(Inspection, it.id)
        assert kept.finished
        said = {each.item: each.outcome for each in kept.answers}
        assert said == {
            "call-point": Outcome.OK, "heard": Outcome.FAILED, "doors-release": Outcome.NOT_APPLICABLE,
            "panel": Outcome.OK,
        }  # fmt: skip
        # Before it was signed off, in the order in which they were taken.
        assert finished == [False, False]
        assert [(each.item, each.width, each.height) for each in kept.photos] == [("heard", 600, 800)]
        assert [each.words for each in session.scalars(select(Finding))] == ["Silent on the third floor"]
    page.goto(f"{live.base_url}/staff/registers/waiting")
    expect(page.get_by_text("“words.jpg” is not a photo we can open. Send a JPEG or PNG.")).to_be_visible()
    page.goto(f"{live.base_url}{address}")
    expect(page.locator("#shots-heard img")).to_have_count(1)
    context.close()
