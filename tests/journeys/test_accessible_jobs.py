"""Pages that no link of ours leads to, held to the same rules as all others: a contractor's, of a home and of a house;
and what a shared part looks like to whoever lives there."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.keys import open_keys
from tenant_app.repairs.contractors.jobs import give, write_contractor
from tenant_app.repairs.contractors.models import Contractor, Trade
from tenant_app.repairs.models import Repair
from tenant_app.repairs.rules import raise_for, raise_in_house
from tests.journeys.one_house import PHONE, House, Opens, house, opens
from tests.journeys.test_accessible import COLOURS, WHOLE

pytestmark = pytest.mark.browser

__all__ = ["house", "opens"]

OF_A_HOME = ("", "/times", "/call-off", "/no-access", "/photos", "/finish")
OF_A_HOUSE = ("", "/visit", "/no-access", "/finish")


def handed_over(house: House, session: Session, firm: Contractor, repair: Repair) -> str:
    """The address behind which a contractor sees this repair."""
    settings = house.live.settings
    devon = session.get_one(Worker, house.live.cast.devon.id)
    _, token = give(session, devon, repair, firm, seal=open_keys(settings.instance).seal, zone=settings.zone)
    return f"/job/{token}"


def judged(page: Page) -> dict[str, Any]:
    """What a machine finds wrong with this page, light and dark, and whether a small phone has to scroll sideways."""
    page.emulate_media(color_scheme="light")
    light = Axe().run(page, options=WHOLE).response["violations"]
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate("async options => (await axe.run(options)).violations", COLOURS)
    page.set_viewport_size({"width": 320, "height": 700})
    wide = page.evaluate("document.documentElement.scrollWidth > 320")
    page.set_viewport_size(PHONE)
    return {each["id"]: page.url for each in (*light, *dark)} | ({"sideways": page.url} if wide else {})


def test_a_contractors_pages_and_a_shared_part_can_be_used_by_everybody(house: House, opens: Opens) -> None:
    cast = house.live.cast
    with house.live.database.step() as session:
        devon, amina = session.get_one(Worker, cast.devon.id), session.get_one(Tenant, cast.amina.id)
        firm = write_contractor(session, None, name="Mill Lane", trade=Trade.PLUMBING, email="office@mill-lane.example")
        told: dict[str, Any] = {"words": "It drips", "hazard": False, "aware_at": clock.now()}
        at_home = raise_for(session, devon, amina, "leak", rooms=["kitchen"], **told)
        alma = session.get_one(Property, cast.alma_road.id)
        shared = raise_in_house(session, devon, alma, "lock", rooms=["shared-stairs"], **told)
        links = [handed_over(house, session, firm, each) for each in (at_home, shared)]
        address = f"/repairs/{shared.id}"

    contractor = opens()
    contractor.page.goto(house.live.base_url + links[0])
    if house.language != "en":
        contractor.page.locator(f"button[value={house.language}]").click()
    found: dict[str, Any] = {}
    looked_at = 0
    for link, pages in zip(links, (OF_A_HOME, OF_A_HOUSE), strict=True):
        for page in pages:
            contractor.open(link + page)
            found |= judged(contractor.page)
            looked_at += 1
    for reader, path in ((opens(cast.tomasz), address), (opens(cast.devon), f"/staff{address}")):
        reader.open(path)
        found |= judged(reader.page)
    gone = contractor.page.goto(f"{house.live.base_url}/job/nobody")
    assert gone is not None
    assert gone.status == 404
    assert (found | judged(contractor.page), looked_at) == ({}, 10)
