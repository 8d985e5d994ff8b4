"""The pages of handovers: from the shift of now to having read it, and what they refuse."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.accounts.rules import welcome_tenant
from tenant_app.handover.models import About, Handover, HandoverLine
from tests.cast import Cast
from tests.handover.conftest import Say
from tests.questions import counted


def test_the_pages_lead_from_the_shift_of_now_to_having_read_it(
    session: Session, staff_door: Flask, cast: Cast, desk: FlaskClient
) -> None:
    grace = cast.at(staff_door, cast.grace)
    begun = grace.post("/handover", data={
        "building": str(cast.alma_road.id), "shift": "early", "day": "2026-11-26",
    })  # fmt: skip
    assert begun.status_code == 303
    written = grace.post(f"{begun.location}/lines", data={
        "about": "needs", "words": "Let the plumber in", "tenant": str(cast.amina.id),
    })  # fmt: skip
    assert written.status_code == 303
    assert '<span class="vh">, 1 waits</span>' in desk.get("/caseload").text
    page = desk.get(begun.location).text
    assert "Let the plumber in" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert desk.post(f"{begun.location}/read", data={"read": "1", "seen": seen}).status_code == 303
    assert "I have read this" not in desk.get(begun.location).text
    assert '<span class="vh">, 1 waits</span>' not in desk.get("/caseload").text
    assert desk.post(f"{begun.location}/read", data={"read": "1", "seen": "yesterday"}).status_code == 400
    # A shift of another day, or of a building where they do not work, is not begun.
    for building, day, status in ((cast.alma_road, "2026-11-20", 303), (cast.mare_street, "2026-11-26", 404)):
        data = {"building": str(building.id), "shift": "early", "day": day}
        assert grace.post("/handover", data=data).status_code == status
    assert len(session.scalars(select(Handover)).all()) == 1
    session.commit()


@pytest.mark.parametrize("words", ["", " \x00 ", "x" * 501, "x" * 100_000])
def test_what_cannot_be_is_asked_again_and_nothing_typed_is_lost(
    session: Session, night: Handover, amina: Tenant, salma: Tenant, cast: Cast, staff_door: Flask, words: str
) -> None:
    session.commit()
    grace = cast.at(staff_door, cast.grace)
    answered = grace.post(f"/handover/{night.id}/lines", data={"words": words, "about": "happened", "tenant": ""})
    assert answered.status_code == 422
    assert words.replace("\x00", "").strip() in answered.text
    for data in ({"words": "Kept", "about": "x"}, {"words": "Kept", "about": "needs", "tenant": str(salma.id)},
                 {"words": "Kept", "about": "needs", "tenant": "x"}):  # fmt: skip
        answered = grace.post(f"/handover/{night.id}/lines", data=data)
        assert (answered.status_code, "Kept" in answered.text) == (422, True)
    assert session.scalars(select(HandoverLine)).all() == []
    session.commit()


def test_hostile_words_are_only_words(session: Session, night: Handover, cast: Cast, staff_door: Flask) -> None:
    session.commit()
    grace = cast.at(staff_door, cast.grace)
    grace.post(f"/handover/{night.id}/lines", data={
        "words": "\u202e<img src=x onerror=alert(1) hx-get=/x> 🫖", "about": "needs",
    })  # fmt: skip
    page = grace.get(f"/handover/{night.id}").text
    assert "<img src=x" not in page
    assert "\u202e&lt;img src=x" in page
    assert "🫖" in page


def test_a_long_handover_asks_no_more_than_a_short_one(
    session: Session, night: Handover, say: Say, desk: FlaskClient, staff_door: Flask, cast: Cast, grace: Worker
) -> None:
    def write(number: int) -> None:
        tenant = welcome_tenant(
            session, f"Tenant {number}", building=night.building, moved_in_on=date(2026, 9, 1), keyworker=grace
        )
        say(f"Line {number}", About.NEEDS, tenant=tenant)
        session.commit()

    write(0)
    with counted(staff_door) as few:
        desk.get(f"/handover/{night.id}")
        desk.get("/handover")
    for number in range(1, 12):
        write(number)
    with counted(staff_door) as many:
        desk.get(f"/handover/{night.id}")
        desk.get("/handover")
    assert len([one for one in many if "INTO look" not in one]) == len([one for one in few if "INTO look" not in one])
