"""A repair's clocks: what starts, meets, stops and ends them, and that what is written follows from what is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import inspect
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.repairs.clocks.models import PauseReason, RepairClock
from tenant_app.repairs.clocks.policy import Kind, Priority
from tenant_app.repairs.clocks.rules import (
    NotYet,
    fill_in,
    go_on,
    keep_clocks,
    note_awareness,
    note_investigated,
    note_made_safe,
    note_works_begun,
    pause,
    running,
    set_level,
)
from tenant_app.repairs.clocks.stays import StayAnswer, change_stay, offer_stay
from tenant_app.repairs.clocks.summaries import write_summary
from tenant_app.repairs.models import Repair, State
from tenant_app.repairs.rules import change_state, not_fixed
from tests.conftest import THURSDAY
from tests.repairs.conftest import LONDON, Reported

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def midnight_after(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=LONDON) + DAY


def kinds(repair: Repair) -> dict[Kind, RepairClock]:
    return {row.kind: row for row in repair.clocks if row.running}


@pytest.fixture
def damp(reported: Reported) -> Repair:
    return reported(kind="damp-mould", hazard=True)


def test_an_ordinary_repair_has_one_clock_by_the_priority_of_its_kind(reported: Reported) -> None:
    leak, window = reported(), reported(kind="window")

    # Urgent: 27 November and 30 November to 3 December. Routine: 21 working days from 27 November end on 29 December.
    assert [(row.kind, row.rule, row.due_at) for row in leak.clocks] == [
        (Kind.MEND, "urgent", midnight_after(2026, 12, 3)),
    ]  # fmt: skip
    assert [row.due_at for row in window.clocks] == [midnight_after(2026, 12, 29)]


def test_what_is_happening_now_is_an_emergency_and_bare_wires_one_of_the_law(reported: Reported) -> None:
    cold, wires = reported(kind="heating", urgent="no-heat-water"), reported(kind="power", urgent="exposed-wires")

    assert [(row.kind, row.due_at) for row in cold.clocks] == [(Kind.MEND, THURSDAY + DAY)]
    assert sorted((row.kind.value, row.due_at) for row in wires.clocks) == [
        ("investigate", THURSDAY + DAY), ("make_safe", THURSDAY + DAY),
    ]  # fmt: skip


def test_looking_into_it_starts_the_later_clocks(session: Session, damp: Repair) -> None:
    assert list(kinds(damp)) == [Kind.INVESTIGATE]

    with clock.stopped_at(THURSDAY + DAY):
        note_investigated(session, damp, clock.now())
        found = kinds(damp)

        # Friday 27 November is day 0: summary on Wednesday, made safe and begun on Friday, or by 19 February.
        assert {kind: row.due_at for kind, row in found.items()} == {
            Kind.SUMMARY: midnight_after(2026, 12, 2), Kind.MAKE_SAFE: midnight_after(2026, 12, 4),
            Kind.BEGIN_WORKS: midnight_after(2026, 12, 4), Kind.BACKSTOP: midnight_after(2027, 2, 19),
        }  # fmt: skip
        assert [row.kind for row in running(damp)] == [Kind.SUMMARY, Kind.MAKE_SAFE, Kind.BEGIN_WORKS]
        investigate = next(row for row in damp.clocks if row.kind is Kind.INVESTIGATE)
        assert (investigate.met, investigate.breached) == (True, False)
        assert damp.investigated_on == date(2026, 11, 27)

    with clock.stopped_at(THURSDAY + 9 * DAY):
        note_made_safe(session, damp, clock.now())
        note_works_begun(session, damp, THURSDAY + 2 * DAY)
        safe = next(row for row in damp.clocks if row.kind is Kind.MAKE_SAFE)
        assert (safe.met, safe.breached, safe.running) == (False, True, False)
        assert list(kinds(damp)) == [Kind.SUMMARY]


def test_writing_the_same_again_changes_nothing(session: Session, damp: Repair, devon: Worker) -> None:
    note_investigated(session, damp, THURSDAY)
    pause(session, devon, damp, Kind.MAKE_SAFE, PauseReason.NO_ACCESS, "Nobody in", since=THURSDAY)
    session.commit()
    before = [{c.key: getattr(row, c.key) for c in inspect(RepairClock).columns} for row in damp.clocks]
    version = damp.version

    with clock.stopped_at(THURSDAY + 40 * DAY):
        keep_clocks(session, damp)
        keep_clocks(session, damp)
        assert not session.dirty
    session.commit()

    assert [{c.key: getattr(row, c.key) for c in inspect(RepairClock).columns} for row in damp.clocks] == before
    assert damp.version == version


def test_a_summary_meets_its_clock_and_no_hazard_ends_the_rest(
    session: Session, damp: Repair, devon: Worker
) -> None:
    with pytest.raises(ValueError, match="not looked into"):
        write_summary(session, devon, damp, found="Dry", hazard=False)
    note_investigated(session, damp, THURSDAY)
    with pytest.raises(ValueError, match="by when"):
        write_summary(session, devon, damp, found="Mould", hazard=True, todo="Clean it")

    write_summary(session, devon, damp, found="The wall is dry. It was soot.", hazard=False)

    ended = {row.kind: row for row in damp.clocks}
    assert running(damp) == []
    assert ended[Kind.SUMMARY].met
    assert [ended[kind].ended_at for kind in (Kind.MAKE_SAFE, Kind.BEGIN_WORKS, Kind.BACKSTOP)] == [THURSDAY] * 3
    assert not any(row.breached for row in damp.clocks)

    write_summary(session, devon, damp, found="Behind the bath it is wet", hazard=True, todo="Dry it",
                  done_by=date(2026, 12, 1))  # fmt: skip
    assert [row.kind for row in running(damp)] == [Kind.MAKE_SAFE, Kind.BEGIN_WORKS]


def test_time_in_a_pause_does_not_count(session: Session, damp: Repair, devon: Worker) -> None:
    with clock.stopped_at(THURSDAY + DAY):
        away = pause(session, devon, damp, Kind.INVESTIGATE, PauseReason.TENANT_AWAY, "At her sister’s until Tuesday",
                     since=clock.now())  # fmt: skip
        assert damp.clocks[0].due_at == midnight_after(2026, 12, 10)
        with pytest.raises(ValueError, match="still then already"):
            pause(session, devon, damp, Kind.INVESTIGATE, PauseReason.NO_ACCESS, "Again", since=clock.now())
    with clock.stopped_at(THURSDAY + 30 * DAY):
        assert damp.clocks[0].paused_at == THURSDAY + DAY
        assert not damp.clocks[0].breached  # it stands still since the second day
    with clock.stopped_at(THURSDAY + 5 * DAY):
        go_on(session, damp, away)

        # Day 0 is Thursday 26 November. Friday 27, when she left, is day 1; Monday 30 and Tuesday 1, when she came back,
        # do not count; 2 to 4 December are 2 to 4, 7 to 11 are 5 to 9, Monday 14 is the tenth.
        assert damp.clocks[0].due_at == midnight_after(2026, 12, 14)
        assert damp.clocks[0].paused_at is None


def test_hours_in_a_pause_do_not_count_and_a_known_end_moves_the_clock_at_once(
    session: Session, reported: Reported, devon: Worker
) -> None:
    wires = reported(kind="power", urgent="exposed-wires")
    with clock.stopped_at(THURSDAY + 2 * HOUR):
        pause(session, devon, wires, Kind.MAKE_SAFE, PauseReason.TENANT_ASKED, "After work", since=clock.now(),
              until=THURSDAY + 9 * HOUR)  # fmt: skip

    due = {row.kind: row.due_at for row in wires.clocks}
    assert due == {Kind.INVESTIGATE: THURSDAY + DAY, Kind.MAKE_SAFE: THURSDAY + DAY + 7 * HOUR}


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_clock_stops_only_for_what_can_be_told(session: Session, damp: Repair, devon: Worker) -> None:
    def stop(kind: Kind = Kind.INVESTIGATE, words: str = "Why", since: datetime = THURSDAY, **more: datetime) -> None:
        pause(session, devon, damp, kind, PauseReason.NO_ACCESS, words, since=since, **more)

    for wrong in (
        {"kind": Kind.MAKE_SAFE}, {"words": " "}, {"since": THURSDAY + HOUR}, {"since": THURSDAY - HOUR},
        {"until": THURSDAY},
    ):  # fmt: skip
        with pytest.raises(ValueError):
            stop(**wrong)  # type: ignore[arg-type]
    assert damp.clocks[0].paused_at is None


def test_an_earlier_awareness_moves_every_clock_that_counts_from_it(session: Session, reported: Reported) -> None:
    wires, window = reported(kind="power", urgent="exposed-wires"), reported(kind="window")

    note_awareness(session, wires, THURSDAY - 5 * HOUR)
    note_awareness(session, window, THURSDAY - DAY)
    note_awareness(session, window, THURSDAY)

    assert {row.due_at for row in wires.clocks} == {THURSDAY + 19 * HOUR}
    assert window.clocks[0].due_at == midnight_after(2026, 12, 24)
    with pytest.raises(NotYet):
        note_awareness(session, window, THURSDAY + HOUR)
    with pytest.raises(NotYet):
        note_investigated(session, wires, THURSDAY - DAY)


def test_what_is_not_fixed_has_a_new_round_and_the_old_one_stays_counted(
    session: Session, reported: Reported, devon: Worker
) -> None:
    repair = reported()
    with clock.stopped_at(THURSDAY + 14 * DAY):
        change_state(session, devon, repair, State.FIXED, zone=LONDON)
        assert [(row.met, row.breached) for row in repair.clocks] == [(False, True)]
    with clock.stopped_at(THURSDAY + 16 * DAY):
        not_fixed(session, repair)

        # Saturday 12 December: 14 to 18 December are the five working days.
        assert [(row.round, row.running, row.due_at) for row in repair.clocks] == [
            (1, False, midnight_after(2026, 12, 3)), (2, True, midnight_after(2026, 12, 18)),
        ]  # fmt: skip


def test_closing_ends_what_runs_but_not_the_duty_to_write(session: Session, damp: Repair, devon: Worker) -> None:
    note_investigated(session, damp, THURSDAY)
    change_state(session, devon, damp, State.CLOSED, "It was a poster", zone=LONDON)

    assert [row.kind for row in running(damp)] == [Kind.SUMMARY]


def test_the_desk_says_how_grave_it_is_and_a_running_limit_stays_what_it_was(
    session: Session, reported: Reported
) -> None:
    repair = reported(kind="window")
    set_level(session, repair, hazard=False, priority=Priority.URGENT)
    assert repair.clocks[0].due_at == midnight_after(2026, 12, 3)
    repair.clocks[0].amount = 4  # as it was when this one began
    keep_clocks(session, repair)
    assert repair.clocks[0].due_at == midnight_after(2026, 12, 2)

    set_level(session, repair, hazard=True, emergency=True)
    assert {row.kind for row in repair.clocks if row.running} == {Kind.INVESTIGATE, Kind.MAKE_SAFE}
    assert next(row for row in repair.clocks if row.kind is Kind.MEND).ended_at == THURSDAY


def test_an_offer_of_somewhere_to_stay_is_kept_with_its_answer(session: Session, damp: Repair, devon: Worker) -> None:
    stay = offer_stay(session, devon, damp, "Room 3, Mare Street", date(2026, 11, 27))
    change_stay(session, damp, stay, StayAnswer.ACCEPTED, date(2026, 12, 4))

    assert (stay.answer, stay.answered_at, stay.last_on) == (StayAnswer.ACCEPTED, THURSDAY, date(2026, 12, 4))
    with pytest.raises(ValueError):
        change_stay(session, damp, stay, StayAnswer.ACCEPTED, date(2026, 11, 1))


def test_repairs_from_before_there_were_clocks_are_given_theirs(session: Session, damp: Repair) -> None:
    for row in list(damp.clocks):
        session.delete(row)
    session.delete(damp.course)
    session.commit()
    session.expire_all()

    assert fill_in(session) is False
    session.expire_all()

    assert [(row.kind, row.due_at) for row in damp.clocks] == [(Kind.INVESTIGATE, datetime(2026, 12, 11, tzinfo=UTC))]
