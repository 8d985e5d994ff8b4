"""Words on a repair, whether it is fixed, how it went, and what it cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.reminders.models import Notice
from tenant_app.repairs.models import Event, Repair, State
from tenant_app.repairs.rules import change_state, not_fixed
from tenant_app.repairs.visits.desk import Stale, answer, needs_no_answer, write_cost
from tenant_app.repairs.visits.rules import (
    TooLate,
    close_by_time,
    opened,
    rate,
    rating_of,
    say_fixed,
    words_waiting,
    write,
)
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.repairs.conftest import LONDON, Reported


@pytest.fixture
def fixed(session: Session, reported: Reported, devon: Worker) -> Repair:
    repair = reported()
    change_state(session, devon, repair, State.FIXED, zone=LONDON)
    session.commit()
    return repair


def test_what_a_tenant_writes_waits_at_the_desk_until_somebody_answers(
    session: Session, cast: Cast, reported: Reported, devon: Worker
) -> None:
    repair = reported()
    marek = session.get_one(Worker, cast.marek.id)

    write(session, repair, "The bell does not ring", language="en")
    session.refresh(repair)
    write(session, repair, "The bell does not ring", language="en")

    assert (words_waiting(session, devon), words_waiting(session, marek)) == (1, 0)
    answer(session, devon, repair, "Thank you, we knock")
    session.refresh(repair)
    answer(session, devon, repair, "Thank you, we knock")
    session.refresh(repair)
    assert [line.event for line in repair.updates] == [Event.MESSAGE, Event.MESSAGE, Event.CHANGE]
    assert (words_waiting(session, devon), repair.unread, repair.state) == (0, True, State.SEEN)
    assert [notice.facts["event"] for notice in session.scalars(select(Notice))] == ["message"]


def test_what_needs_no_answer_waits_no_longer(session: Session, reported: Reported, devon: Worker) -> None:
    repair = reported()
    write(session, repair, "Thank you", language="en")

    needs_no_answer(session, repair)

    assert words_waiting(session, devon) == 0


def test_opening_the_page_is_no_change_that_the_desk_would_stumble_over(
    session: Session, reported: Reported, devon: Worker
) -> None:
    repair = reported()
    answer(session, devon, repair, "We are on it")
    version = repair.version

    opened(session, repair)

    session.refresh(repair)
    assert (repair.unread, repair.version) == (False, version)


def test_yes_closes_it_once_and_it_can_still_be_opened_again(session: Session, fixed: Repair) -> None:
    say_fixed(session, fixed)
    say_fixed(session, fixed)

    session.refresh(fixed)
    assert fixed.state is State.CLOSED
    assert [line.event for line in fixed.updates].count(Event.FIXED_YES) == 1
    not_fixed(session, fixed, "It drips again", language="en")
    assert fixed.state is State.REPORTED
    with pytest.raises(TooLate):
        say_fixed(session, fixed)


def test_how_it_went_is_one_to_five_and_the_newest_holds(session: Session, fixed: Repair) -> None:
    with pytest.raises(TooLate):
        rate(session, fixed, 5)
    say_fixed(session, fixed)

    rate(session, fixed, 2, "They came late", language="en")
    rate(session, fixed, 4, "But it holds", language="en")

    said = rating_of(session, fixed)
    assert said is not None
    assert (said.stars, said.words) == (4, "But it holds")
    for stars in (0, 6, -1):
        with pytest.raises(ValueError, match="1 to 5"):
            rate(session, fixed, stars)


def test_after_some_days_without_a_word_it_is_closed_by_time_and_says_so(session: Session, fixed: Repair) -> None:
    with clock.stopped_at(THURSDAY + timedelta(days=14, minutes=-1)):
        close_by_time(session, 14)
        assert fixed.state is State.FIXED
    with clock.stopped_at(THURSDAY + timedelta(days=14)):
        close_by_time(session, 14)
        close_by_time(session, 14)
        session.refresh(fixed)

        assert fixed.state is State.CLOSED
        assert [line.event for line in fixed.updates][:2] == [Event.TIME, Event.CHANGE]
        not_fixed(session, fixed)
        assert fixed.open


def test_a_word_from_the_tenant_keeps_it_from_being_closed_by_time(session: Session, fixed: Repair) -> None:
    with clock.stopped_at(THURSDAY + timedelta(days=13)):
        write(session, fixed, "I will look on Sunday", language="en")
    with clock.stopped_at(THURSDAY + timedelta(days=15)):
        close_by_time(session, 14)

    assert fixed.state is State.FIXED


def test_costs_are_pence_and_of_two_who_write_the_second_is_told(
    session: Session, reported: Reported, devon: Worker
) -> None:
    repair = reported()

    first = write_cost(session, devon, repair, estimate=12_050, actual=None)
    write_cost(session, devon, repair, estimate=12_050, actual=None)
    with pytest.raises(Stale):
        write_cost(session, devon, repair, estimate=9_000, actual=None)
    write_cost(session, devon, repair, estimate=12_050, actual=11_000, version=first.version)

    assert (first.estimate_pence, first.actual_pence) == (12_050, 11_000)
