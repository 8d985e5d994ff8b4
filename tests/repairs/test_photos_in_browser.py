"""Photos as a phone sends them: made small there, one by one, and kept there while there is no signal."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from tenant_app.accounts.models import Tenant
from tenant_app.goals.rules import write_goal
from tenant_app.repairs.models import MOST_PHOTOS, Repair, RepairPhoto
from tenant_app.repairs.rules import report, start_draft
from tests.live import Live
from tests.pwa.conftest import until
from tests.repairs.pictures import arrivals, from_a_phone, jpeg

pytestmark = pytest.mark.browser

SETTLED = "async () => navigator.serviceWorker.controller !== null"


@pytest.fixture
def draft(live: Live) -> str:
    """The address of Amina's report as far as the question about photos."""
    with live.database.step() as session:
        begun = start_draft(session, session.get_one(Tenant, live.cast.amina.id))
        begun.say_where(["kitchen"])
        begun.say_kind("leak", "", hazard=False)
        begun.say_words("It drips", language="en")
        session.flush()
        return f"/repairs/{begun.id}"


def choose(page: Page, *pictures: bytes) -> None:
    page.locator("input[type=file]").set_input_files(
        [{"name": f"photo-{number}.jpg", "mimeType": "image/jpeg", "buffer": each} for number, each in enumerate(pictures)]
    )


def kept(live: Live) -> list[RepairPhoto]:
    with live.database.session(reads_only=True) as session:
        return list(session.scalars(select(RepairPhoto).order_by(RepairPhoto.added_at)))


def test_photos_are_made_small_on_the_phone_and_fifty_are_six(
    live: Live, context: BrowserContext, draft: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    live.sign_in(context, live.cast.amina)
    page = context.new_page()
    sent = arrivals(monkeypatch)
    page.goto(f"{live.base_url}{draft}/photos")
    assert b"Fairphone" in from_a_phone()

    choose(page, from_a_phone(), b"no photo at all", jpeg((3000, 2000)))

    expect(page.locator("[data-said]")).to_have_text("Some photos are not sent. See which.")
    expect(page.locator("[data-tiles] li")).to_have_count(1)
    expect(page.locator("[data-tiles]")).to_contain_text("“photo-1.jpg” is not a photo we can open")
    expect(page.locator("#photos-so-far img")).to_have_count(2)
    assert [(photo.width, photo.height) for photo in kept(live)] == [(600, 800), (1600, 1067)]
    assert len(sent) == 3
    assert not any(b"Fairphone" in body or b"Exif" in body for body in sent)
    assert [Image.open(BytesIO(sent[number])).size for number in (0, 2)] == [(600, 800), (1600, 1067)]

    page.get_by_role("button", name="Leave it out").click()
    choose(page, *(jpeg((40 + number, 30), quality=40 + number) for number in range(50)))
    expect(page.get_by_text(f"{MOST_PHOTOS} photos are the most we can take. The others were left out.")).to_be_visible()
    expect(page.locator("#photos-so-far img")).to_have_count(MOST_PHOTOS)
    expect(page.locator("[data-choose]")).to_be_hidden()
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/access")
    assert len(kept(live)) == MOST_PHOTOS

    # Beside other questions it is made small in its place, and sent with them.
    with live.database.step() as session:
        goal = write_goal(session, session.get_one(Tenant, live.cast.amina.id), "Cook twice a week").id
    page.goto(f"{live.base_url}/goals/{goal}/evidence/new")
    page.get_by_label("A note", exact=True).fill("Soup")
    choose(page, from_a_phone())
    page.get_by_role("button", name="Keep it").click()
    page.wait_for_url(f"**/goals/{goal}#evidence")
    assert Image.open(BytesIO(sent[-1])).size == (600, 800)
    assert not any(word in sent[-1] for word in (b"Fairphone", b"Exif"))


def test_without_signal_photos_wait_on_the_phone_and_follow_a_report_that_was_sent(
    live: Live, context: BrowserContext, draft: str
) -> None:
    live.sign_in(context, live.cast.amina)
    page = context.new_page()
    page.goto(f"{live.base_url}/outbox")
    until(page, SETTLED)
    page.goto(f"{live.base_url}{draft}/photos")
    live.go_away()
    choose(page, from_a_phone(), jpeg())
    expect(page.get_by_text("Waiting for signal. It is kept on this phone and sent later.").nth(1)).to_be_visible()
    page.goto(f"{live.base_url}/outbox")
    expect(page.get_by_role("heading", name="A photo for your repair")).to_have_count(2)
    assert kept(live) == []

    with live.database.step() as session:
        report(session, session.scalars(select(Repair)).one())
    live.come_back()
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator("[data-outbox-list] [data-state=sent]:visible")).to_have_count(2)
    assert [(photo.width, photo.height) for photo in kept(live)] == [(600, 800), (640, 480)]
