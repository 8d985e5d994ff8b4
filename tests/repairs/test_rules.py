"""What can become of a repair, and what the tenant is told."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.reminders.models import Notice
from tenant_app.reminders.models import State as NoticeState
from tenant_app.repairs.clocks.rules import note_investigated
from tenant_app.repairs.models import Repair, RepairUpdate, State
from tenant_app.repairs.rules import (
    MOVES,
    change_state,
    delete_draft,
    desk,
    known_since,
    not_fixed,
    open_repairs,
    report,
    start_draft,
    visits_between,
)
from tenant_app.repairs.windows import read_window, write_window
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.repairs.conftest import LONDON, Reported

MONDAY = date(2026, 11, 30)


def booked(session: Session, worker: Worker, repair: Repair, day: date = MONDAY, hours: str = "13:00-16:00") -> None:
    change_state(session, worker, repair, State.BOOKED, zone=LONDON, visit_on=day, visit_window=hours)


def test_beginning_twice_begins_one_report(session: Session, cast: Cast) -> None:
    amina = session.get_one(Tenant, cast.amina.id)

    first = start_draft(session, amina)
    first.say_where(["kitchen"])
    again = start_draft(session, amina, urgent="no-power")

    assert again is first
    assert (again.rooms, again.urgent) == (["kitchen"], "no-power")


def test_sending_twice_sends_once(session: Session, reported: Reported) -> None:
    repair = reported()

    with clock.stopped_at(THURSDAY + timedelta(hours=1)):
        report(session, repair)

    assert (repair.reported_at, repair.aware_at) == (THURSDAY, THURSDAY)
    assert len(session.scalars(select(RepairUpdate)).all()) == 1


def test_a_report_says_where_and_what(session: Session, cast: Cast) -> None:
    draft = start_draft(session, session.get_one(Tenant, cast.amina.id))

    with pytest.raises(ValueError, match="where and what"):
        report(session, draft)


def test_the_clock_starts_with_an_earlier_note_and_never_with_a_later_one(session: Session, cast: Cast) -> None:
    draft = start_draft(session, session.get_one(Tenant, cast.amina.id))
    draft.say_where(["bathroom"])
    draft.say_kind("damp-mould", "", hazard=True)
    draft.say_words("", language="en")

    report(session, draft, aware_at=THURSDAY - timedelta(days=3))
    assert draft.aware_at == THURSDAY - timedelta(days=3)

    other = start_draft(session, session.get_one(Tenant, cast.tomasz.id))
    other.say_where(["bathroom"])
    other.say_kind("damp-mould", "", hazard=True)
    other.say_words("", language="en")
    report(session, other, aware_at=THURSDAY + timedelta(days=3))
    assert other.aware_at == THURSDAY


def _as(session: Session, worker: Worker, repair: Repair, state: State) -> None:
    visit = {"visit_on": MONDAY, "visit_window": "09:00-12:00"} if state is State.BOOKED else {}
    change_state(session, worker, repair, state, "Words", zone=LONDON, **visit)


@pytest.mark.parametrize(
    ("before", "after"), list(product([state for state in State if state is not State.DRAFT], State))
)
def test_a_repair_goes_only_where_it_may(
    session: Session, reported: Reported, devon: Worker, before: State, after: State
) -> None:
    repair = reported()
    if before is not State.REPORTED:
        _as(session, devon, repair, before)

    if after in MOVES[before]:
        _as(session, devon, repair, after)
        assert repair.state is after
    else:
        with pytest.raises(ValueError, match="no way"):
            _as(session, devon, repair, after)
        assert repair.state is before


def test_each_change_tells_the_tenant_and_the_newest_news_replaces_what_still_waits(
    session: Session, reported: Reported, devon: Worker
) -> None:
    repair = reported()
    change_state(session, devon, repair, State.SEEN, "I am on it", zone=LONDON)
    with clock.stopped_at(THURSDAY + timedelta(hours=1)):
        booked(session, devon, repair)

    notices = session.scalars(select(Notice).where(Notice.kind == "repairs.news").order_by(Notice.due_at)).all()

    assert [(notice.kind, notice.state) for notice in notices] == [
        ("repairs.news", NoticeState.WITHDRAWN), ("repairs.news", NoticeState.WAITING),
    ]  # fmt: skip
    assert notices[1].tenant_id == repair.tenant_id
    assert notices[1].facts["visit_on"] == "2026-11-30"


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": State.BOOKED},
        {"state": State.BOOKED, "visit_on": MONDAY},
        {"state": State.BOOKED, "visit_on": date(2026, 11, 25), "visit_window": "09:00-12:00"},
        {"state": State.FIXED, "visit_on": MONDAY, "visit_window": "09:00-12:00"},
    ],
)
def test_days_must_make_sense(session: Session, reported: Reported, devon: Worker, wrong: dict) -> None:
    repair = reported(hazard=True)

    with pytest.raises(ValueError):
        change_state(session, devon, repair, zone=LONDON, **wrong)
    assert repair.state is State.REPORTED


def test_news_says_something(session: Session, reported: Reported, devon: Worker) -> None:
    repair = reported()
    change_state(session, devon, repair, State.SEEN, zone=LONDON)

    with pytest.raises(ValueError, match="says something"):
        change_state(session, devon, repair, State.SEEN, zone=LONDON)


def test_what_is_not_fixed_is_open_again_once(session: Session, reported: Reported, devon: Worker) -> None:
    repair = reported()
    booked(session, devon, repair)
    change_state(session, devon, repair, State.FIXED, zone=LONDON)

    not_fixed(session, repair, "It drips again")
    not_fixed(session, repair, "It drips again")
    session.expire(repair, ["updates"])

    assert (repair.state, repair.visit_on, repair.visit_window) == (State.REPORTED, None, "")
    assert [update.words for update in repair.updates if update.worker is None] == ["It drips again", ""]
    assert repair.reported_at == THURSDAY


def test_a_hazard_that_came_back_has_a_new_clock(session: Session, reported: Reported, devon: Worker) -> None:
    repair = reported(kind="damp-mould", hazard=True)
    change_state(session, devon, repair, State.FIXED, zone=LONDON)
    assert repair.investigated_on == date(2026, 11, 26)

    with clock.stopped_at(THURSDAY + timedelta(days=30)):
        not_fixed(session, repair)

    assert (repair.aware_at, repair.investigated_on) == (THURSDAY + timedelta(days=30), None)


def test_a_note_that_named_mould_earlier_makes_it_a_hazard(session: Session, reported: Reported, devon: Worker) -> None:
    repair = reported()

    known_since(session, repair, datetime(2026, 11, 20, tzinfo=UTC))

    assert (repair.hazard, repair.aware_at) == (True, datetime(2026, 11, 20, tzinfo=UTC))


def test_open_repairs_and_visits_are_the_tenants_own(
    session: Session, cast: Cast, reported: Reported, devon: Worker
) -> None:
    mine, theirs, done = reported(), reported(cast.tomasz), reported(kind="window")
    booked(session, devon, mine)
    booked(session, devon, theirs)
    change_state(session, devon, done, State.FIXED, zone=LONDON)
    amina = session.get_one(Tenant, cast.amina.id)
    start_draft(session, amina)

    assert open_repairs(session, amina) == [mine]
    assert visits_between(session, amina, MONDAY, MONDAY) == [mine]
    assert visits_between(session, amina, date(2026, 11, 26), date(2026, 11, 29)) == []


def test_what_was_sent_cannot_be_taken_back(session: Session, reported: Reported) -> None:
    with pytest.raises(ValueError):
        delete_draft(session, reported())


def test_what_breaches_next_comes_first(
    session: Session, cast: Cast, reported: Reported, devon: Worker
) -> None:
    def at(hours: int, **how: object) -> Repair:
        with clock.stopped_at(THURSDAY + timedelta(hours=hours)):
            return reported(**how)

    older = at(0)
    mould_later = at(1, kind="damp-mould", hazard=True)
    mould_sooner = at(2, kind="damp-mould", hazard=True)
    known_since(session, mould_sooner, datetime(2026, 11, 20, tzinfo=UTC))
    looked_into = at(3, kind="damp-mould", hazard=True)
    with clock.stopped_at(THURSDAY + timedelta(hours=3)):
        note_investigated(session, looked_into, clock.now())
    wires = at(4, kind="power", urgent="exposed-wires")
    newest = at(5, kind="window")

    order = session.scalars(desk(devon, (State.REPORTED, State.SEEN))).all()

    # Tomorrow at one; the summary on Tuesday 1 December; an urgent leak on Thursday 3; known since Friday 20 November, on
    # Friday 4; known since yesterday, on Thursday 10; a window, in 21 working days.
    assert order == [wires, looked_into, older, mould_sooner, mould_later, newest]


def test_hours_are_read_as_they_were_written() -> None:
    hours = read_window("13:00-16:30")

    assert hours is not None
    assert write_window(*hours) == "13:00-16:30"
    assert read_window("") is None
    with pytest.raises(ValueError):
        write_window(hours[1], hours[0])
