"""What waits, at the desk's board and list: photos that came late are told from words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.repairs.models import Repair, RepairPhoto
from tenant_app.repairs.visits.rules import photos_came, write
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.questions import counted
from tests.repairs.conftest import Reported

PAGES = ("/repairs", "/repairs?view=list")


@pytest.fixture
def officer(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.devon)


def comes(session: Session, repair: Repair) -> None:
    digest = f"{repair.id.hex}-{len(repair.photos)}"[-40:]
    photos_came(session, repair, [RepairPhoto(file=digest, width=1, height=1, bytes=1, digest=digest)])
    session.commit()


def told(officer: FlaskClient) -> list[tuple[int, int]]:
    """How often the board and the list say that photos came, and that somebody wrote."""
    pages = [officer.get(each).text for each in PAGES]
    return [(page.count("New photos"), page.count("Wrote to us")) for page in pages]


def test_photos_that_wait_are_called_so_and_the_newest_of_what_waits_is_told(
    officer: FlaskClient, session: Session, reported: Reported
) -> None:
    repair = reported()
    assert told(officer) == [(0, 0)] * 2

    comes(session, repair)
    assert told(officer) == [(1, 0)] * 2

    with clock.stopped_at(THURSDAY + timedelta(minutes=2)):
        write(session, repair, "That is the pipe", language="en")
        session.commit()
    assert told(officer) == [(0, 1)] * 2

    with clock.stopped_at(THURSDAY + timedelta(minutes=3)):
        comes(session, repair)
    assert told(officer) == [(1, 0)] * 2

    # What a worker answers is no line that waits; the next photo is, in the hour that the last of them began.
    session.commit()
    assert officer.post(f"/repairs/{repair.id}/read").status_code == 303
    assert told(officer) == [(0, 0)] * 2
    session.expire_all()
    with clock.stopped_at(THURSDAY + timedelta(minutes=4)):
        comes(session, repair)
    assert told(officer) == [(1, 0)] * 2


def test_however_many_wait_the_pages_ask_the_database_as_often(
    officer: FlaskClient, staff_door: Flask, session: Session, reported: Reported
) -> None:
    def asked() -> list[int]:
        numbers = []
        for address in PAGES:
            with counted(staff_door) as statements:
                assert officer.get(address).status_code == 200
            numbers.append(len(statements))
        return numbers

    comes(session, reported())
    few = asked()
    for _ in range(3):
        comes(session, reported(kind="window"))
        write(session, reported(kind="damp-mould", hazard=True), "It smells", language="en")
        session.commit()

    assert asked() == few
    assert told(officer) == [(4, 3)] * 2
