"""Photos that come after a report was sent: they waited on the phone while it had signal enough for words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.repairs.models import Event, Repair, RepairPhoto, RepairUpdate, State
from tenant_app.repairs.rules import start_draft
from tenant_app.repairs.visits.desk import answer
from tenant_app.repairs.visits.rules import photos_came, words_waiting
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.repairs.conftest import Reported, rows
from tests.repairs.pictures import jpeg
from tests.repairs.reporting import add

TOLD = select(RepairUpdate).where(RepairUpdate.event == Event.PHOTOS).order_by(RepairUpdate.at)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_photos_that_come_late_are_one_line_for_both_sides_and_wait_at_the_desk(
    amina: FlaskClient, staff_door: Flask, session: Session, cast: Cast, reported: Reported
) -> None:
    repair = reported()
    devon = cast.now(session, cast.devon)
    assert words_waiting(session, devon) == 0
    session.commit()

    for minute, colour in enumerate(("red", "green", "red")):  # the last of them is the first once more
        with clock.stopped_at(THURSDAY + timedelta(minutes=minute)):
            assert add(amina, f"/repairs/{repair.id}", jpeg(colour=colour)).status_code == 303

    assert len(rows(session, select(RepairPhoto))) == 2
    assert len(rows(session, TOLD)) == 1
    assert words_waiting(session, devon) == 1
    session.commit()
    for page in (amina.get(f"/repairs/{repair.id}"), cast.at(staff_door, cast.devon).get(f"/repairs/{repair.id}")):
        assert page.text.count("2 photos were added.") == 1
    assert "wait since" in page.text


def test_photos_after_an_answer_are_a_line_of_their_own_and_what_is_unread_stays_so(
    session: Session, cast: Cast, reported: Reported
) -> None:
    repair = reported()
    devon = cast.now(session, cast.devon)

    def comes(minutes: int, digest: str) -> None:
        with clock.stopped_at(THURSDAY + timedelta(minutes=minutes)):
            photos_came(session, repair, [RepairPhoto(file=f"{digest}.jpg", width=1, height=1, bytes=1, digest=digest)])
            session.commit()
            session.refresh(repair)

    comes(1, "a")
    with clock.stopped_at(THURSDAY + timedelta(minutes=2)):
        answer(session, devon, repair, "We have seen the first")
    assert repair.waits_since is None
    comes(3, "b")
    comes(4, "c")
    comes(120, "d")

    assert [line.at - THURSDAY for line in rows(session, TOLD)] == [timedelta(minutes=each) for each in (1, 3, 120)]
    assert repair.unread
    assert repair.waits_since == THURSDAY + timedelta(minutes=3)


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_photos_for_what_is_closed_by_then_are_kept_and_nobody_hears_of_a_drafts(
    amina: FlaskClient, session: Session, cast: Cast, reported: Reported
) -> None:
    repair = reported()
    repair.state = State.CLOSED
    session.commit()

    assert add(amina, f"/repairs/{repair.id}", jpeg()).status_code == 303

    assert len(rows(session, select(RepairPhoto))) == 1
    draft: Repair = start_draft(session, cast.now(session, cast.amina))
    with pytest.raises(ValueError):
        photos_came(session, draft, [])
