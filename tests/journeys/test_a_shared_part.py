"""A silent alarm on the stairs: found on a round, a repair of the house at once, mended by somebody who books the visit
themselves; and whoever lives there reads how it stands. The electrician reads English, all others their own language."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tenant_app import clock
from tenant_app.inspections.kinds import plans
from tenant_app.inspections.models import Inspection
from tenant_app.inspections.planning import plan_due
from tenant_app.repairs.contractors.jobs import write_contractor
from tenant_app.repairs.contractors.models import Trade
from tenant_app.repairs.models import Repair, State
from tenant_app.repairs.words import tell_hours
from tests.conftest import THURSDAY
from tests.journeys.one_house import DESK, House, Opens, house, opens
from tests.journeys.reader import Reader, english_of
from tests.repairs.pictures import from_a_phone

pytestmark = pytest.mark.browser

__all__ = ["house", "opens"]

MONDAY = (THURSDAY.date() + timedelta(days=4), "13:00-16:00")
WORDS = "Silent on the third floor"


def test_what_a_round_found_is_mended_and_read_by_those_who_live_there(house: House, opens: Opens) -> None:
    live = house.live
    with clock.stopped_at(THURSDAY):
        sign_off_a_silent_alarm(opens(live.cast.grace), planned(house))
        with live.database.session(reads_only=True) as session:
            repair = session.scalars(select(Repair).where(Repair.tenant_id.is_(None))).one()
        address = f"/repairs/{repair.id}"

        desk = opens(live.cast.devon, DESK)
        desk.open("/staff/repairs")
        expect(desk.page.locator(f'main a[href="/staff{address}"]')).to_contain_text(desk.word("Shared part"))
        desk.open(f"/staff{address}")
        desk.reads_on_page(WORDS)
        expect(desk.page.locator("main .shots img")).to_have_count(1)
        desk.tap("Give it to a contractor")
        desk.page.locator("#contractor").select_option(index=1)
        desk.press("Give it to them")
        link = desk.page.locator("#address").input_value()

        electrician = opens()
        electrician.reads, electrician.english = "en", english_of("en")
        electrician.open(link.removeprefix(live.base_url))
        electrician.reads_on_page(WORDS)
        electrician.tap("Say when you come")
        electrician.fill("Day", MONDAY[0].isoformat())
        electrician.fill("From", "13:00")
        electrician.fill("Until", "16:00")
        electrician.press("Book this visit")
        electrician.reads_on_page(electrician.said(lambda: tell_hours(*MONDAY)))

        neighbour = opens(live.cast.tomasz)
        neighbour.open("/repairs")
        neighbour.reads_on_page(neighbour.word("In your house"))
        neighbour.page.locator(f'main a[href="{address}"]').click()
        neighbour.reads_on_page(neighbour.said(lambda: tell_hours(*MONDAY)))
        assert WORDS not in neighbour.page.content()
        elsewhere = opens(live.cast.salma)
        assert elsewhere.page.goto(live.base_url + address).status == 404  # type: ignore[union-attr]

    with clock.stopped_at(clock.at(MONDAY[0], time(14, 30), live.settings.zone)):
        electrician.page.reload()
        electrician.tap("Finish the job")
        electrician.fill("What did you do?", "A new sounder")
        electrician.press("It is done")
        electrician.reads_on_page("There is nothing more to do here.")
        neighbour.page.reload()
        neighbour.reads_on_page(neighbour.word("We think that it is mended. If it is not, tell your keyworker, or report it."))
        desk = opens(live.cast.devon, DESK)  # after a weekend the desk asks who it is
        desk.open(f"/staff{address}")
        desk.page.locator("label", has_text=desk.word("It is not mended: open it again")).click()
        desk.press("Save")

    with live.database.session(reads_only=True) as session:
        again = session.get_one(Repair, repair.id)
        assert (again.state, max(row.round for row in again.clocks)) == (State.REPORTED, 2)


def planned(house: House) -> Inspection:
    """The alarm test of Alma Road that is due, and somebody to mend what it finds."""
    zone = house.live.settings.zone
    with house.live.database.step() as session:
        write_contractor(session, None, name="Bright", trade=Trade.ELECTRICS, email="office@bright.example")
        plan_due(session, clock.today(zone), zone, plans(house.live.settings.content))
    with house.live.database.session(reads_only=True) as session:
        return session.scalars(select(Inspection).where(
            Inspection.kind == "fire-alarm-test", Inspection.property_id == house.live.cast.alma_road.id
        )).one()  # fmt: skip


def sign_off_a_silent_alarm(round_: Reader, it: Inspection) -> None:
    """All is well but one, of which there is a photo."""
    round_.open(f"/staff/inspections/{it.id}")
    for item in it.items:
        line = round_.page.locator(f"#item-{item['id']}")
        line.locator(f"[type=radio][value={'failed' if item['id'] == 'heard' else 'ok'}]").click()
    heard = round_.page.locator("#item-heard")
    heard.locator("textarea").fill(WORDS)
    heard.locator("textarea").blur()
    heard.get_by_text(round_.word("Add photos")).first.click()
    heard.locator("input[type=file]").set_input_files(
        {"name": "silent.jpg", "mimeType": "image/jpeg", "buffer": from_a_phone()}
    )
    expect(heard.locator(".shots img")).to_have_count(1)
    round_.press("Sign off")
    round_.reads_on_page(round_.word("The repair that came of it"))
