"""A contractor in a shared part of a house: nobody chooses, so they say when they come."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Worker
from tenant_app.repairs.contractors.jobs import take_back
from tenant_app.repairs.contractors.work import book, job_behind
from tenant_app.repairs.models import Event, State
from tenant_app.repairs.rules import raise_in_house
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.repairs.conftest import LONDON
from tests.repairs.contractors.conftest import MONDAY, Given, Plumber

ONE = {"day1": "2026-11-30", "from1": "13:00", "to1": "16:00"}


@pytest.fixture
def stairs(session: Session, cast: Cast, devon: Worker, plumber: Plumber) -> Given:
    """A lock on the stairs of Alma Road, given to the plumber."""
    return plumber(raise_in_house(
        session, devon, session.get_one(Property, cast.alma_road.id), "lock", rooms=["shared-stairs"],
        words="The fire door sticks", hazard=False, aware_at=clock.now(),
    ))  # fmt: skip


def test_they_say_when_they_come_and_it_is_booked(stairs: Given) -> None:
    page = stairs.says()
    assert ("The fire door sticks" in page, "Say when you come" in page, "tenant" in page) == (True, True, False)
    assert stairs.browser.get(f"{stairs.address}/times").headers["Location"].endswith("/visit")
    sent = {"version": stairs.version, **ONE, "words": "Mind the ladder"}
    assert stairs.browser.post(f"{stairs.address}/visit", data=sent).status_code == 303

    repair = stairs.repair
    assert (repair.state, repair.visit_on, repair.visit_window) == (State.BOOKED, date(2026, 11, 30), "13:00-16:00")
    assert (repair.updates[0].words, repair.updates[0].contractor.known_as) == ("Mind the ladder", "Mill Lane Plumbing")
    assert MONDAY in stairs.says()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose at least one day"),
        ({**ONE, "day1": "2026-11-20"}, "Choose a day from today"),
        ({**ONE, "to1": "12:00"}, "later than from when"),
        ({**ONE, "from1": "noon\x00<b>"}, "Write a time, such as 13:00"),
    ],
)
def test_a_time_that_is_none_is_asked_for_again(stairs: Given, sent: dict[str, str], said: str) -> None:
    answer = stairs.browser.post(f"{stairs.address}/visit", data={"version": stairs.version, "words": "Hello", **sent})
    assert (answer.status_code, said in answer.text, "Hello" in answer.text) == (422, True, True)
    assert stairs.repair.state is State.SEEN


def test_an_old_page_books_nothing(stairs: Given) -> None:
    old = stairs.version
    assert stairs.browser.post(f"{stairs.address}/visit", data={"version": old, **ONE}).status_code == 303
    answer = stairs.browser.post(f"{stairs.address}/visit", data={"version": old, **ONE, "day1": "2026-12-02"})
    assert (answer.status_code, 'value="2026-12-02"' in answer.text) == (409, True)
    assert stairs.repair.visit_on == date(2026, 11, 30)


def test_in_somebody_s_home_they_propose_and_do_not_book(session: Session, plumber: Plumber, seal: str) -> None:
    given = plumber()
    assert given.browser.get(f"{given.address}/visit").headers["Location"].endswith("/times")
    assert given.browser.post(f"{given.address}/visit", data={"version": given.version, **ONE}).status_code == 303
    assert given.repair.state is State.SEEN
    job = job_behind(session, seal, given.token)
    assert job is not None
    with pytest.raises(ValueError, match="tenant chooses"):
        book(session, job, (date(2026, 11, 30), "13:00-16:00"), zone=LONDON)


def test_taken_back_the_visit_they_booked_is_called_off(session: Session, stairs: Given, devon: Worker) -> None:
    stairs.browser.post(f"{stairs.address}/visit", data={"version": stairs.version, **ONE})
    take_back(session, devon, stairs.repair, LONDON)
    session.commit()
    assert (stairs.repair.state, stairs.repair.visit_on) == (State.SEEN, None)
    assert Event.CALLED_OFF in [line.event for line in stairs.repair.updates]


def test_they_finish_and_nobody_is_asked(stairs: Given) -> None:
    page = stairs.says("/finish")
    assert "The tenant" not in page
    sent = {"version": stairs.version, "words": "New closer", "cost": "85"}
    assert stairs.browser.post(f"{stairs.address}/finish", data=sent).status_code == 303
    assert (stairs.repair.state, stairs.repair.updates[0].words) == (State.FIXED, "New closer")


def test_they_call_off_what_they_booked_and_say_that_they_could_not_get_in(stairs: Given) -> None:
    stairs.browser.post(f"{stairs.address}/visit", data={"version": stairs.version, **ONE})
    off = {"visit_on": "2026-11-30", "visit_window": "13:00-16:00", "why": "The van broke down"}
    assert stairs.browser.post(f"{stairs.address}/call-off", data=off).status_code == 303
    assert (stairs.repair.state, stairs.repair.updates[0].words) == (State.SEEN, "The van broke down")
    stairs.session.rollback()  # or on SQLite no page could write beside it
    with clock.stopped_at(THURSDAY + timedelta(hours=3)):
        tried = {"day": "2026-11-26", "hour": "11:00", "methods": "rang"}
        assert stairs.browser.post(f"{stairs.address}/no-access", data=tried).status_code == 303
    assert stairs.repair.updates[0].event is Event.NO_ACCESS
