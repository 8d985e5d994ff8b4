"""A contractor's photos: where the page's script runs, they are made small before they are sent."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, expect
from sqlalchemy import select

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.keys import open_keys
from tenant_app.repairs.contractors.jobs import give, write_contractor
from tenant_app.repairs.contractors.models import Trade
from tenant_app.repairs.models import RepairPhoto
from tenant_app.repairs.rules import report, start_draft
from tests.live import Live
from tests.repairs.conftest import LONDON
from tests.repairs.pictures import arrivals, from_a_phone, jpeg

pytestmark = pytest.mark.browser


@pytest.fixture
def job(live: Live) -> str:
    """The address of a job that Amina reported and Mill Lane Plumbing has."""
    seal = open_keys(live.settings.instance).seal
    with live.database.step() as session:
        repair = start_draft(session, session.get_one(Tenant, live.cast.amina.id))
        repair.say_where(["kitchen"])
        repair.say_kind("leak", "", hazard=False)
        repair.say_words("It drips", language="en")
        report(session, repair)
        plumber = write_contractor(
            session, None, name="Mill Lane Plumbing", trade=Trade.PLUMBING, email="office@mill-lane.example"
        )
        devon = session.get_one(Worker, live.cast.devon.id)
        _, token = give(session, devon, repair, plumber, seal=seal, zone=LONDON)
    return f"{live.base_url}/job/{token}"


def test_photos_of_the_work_are_made_small_before_they_are_sent(
    live: Live, context: BrowserContext, job: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = arrivals(monkeypatch)
    page = context.new_page()
    page.goto(f"{job}/photos")
    assert b"Fairphone" in from_a_phone()

    chosen = [from_a_phone(), b"no photo at all", jpeg((3000, 2000))]
    page.get_by_label("Photos of the work").set_input_files(
        [{"name": f"photo-{at}.jpg", "mimeType": "image/jpeg", "buffer": each} for at, each in enumerate(chosen)]
    )
    page.get_by_role("button", name="Add these photos").click()

    # What cannot be drawn there goes as it is, and is told of; it costs none of the others.
    expect(page.get_by_text("“photo-1.jpg” is not a photo we can open").first).to_be_visible()
    expect(page.get_by_role("list", name="Photos so far").locator("img")).to_have_count(2)
    assert sent[1] == chosen[1]
    assert [Image.open(BytesIO(sent[at])).size for at in (0, 2)] == [(600, 800), (1600, 1067)]
    assert not any(b"Fairphone" in body or b"Exif" in body for body in sent)
    with live.database.session(reads_only=True) as session:
        kept = list(session.scalars(select(RepairPhoto).order_by(RepairPhoto.width)))
    assert [(photo.width, photo.contractor_id is not None) for photo in kept] == [(600, True), (1600, True)]
