"""What is written down of somebody's training: days that can be, one record a certificate, and nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import false, func, select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Role, Worker
from tenant_app.training import rules
from tenant_app.training.models import Course, Duty, TrainingRecord, overseen_by
from tenant_app.training.rules import ALWAYS, State, correct_record, gaps, held, lines, write_record
from tests.cast import Cast
from tests.training.conftest import SAFEGUARDING, TODAY

Write = Callable[..., TrainingRecord]


def line_for(session: Session, worker: Worker, duty: Duty = Duty.VOLUNTEER, kind: str = "") -> rules.Line:
    return lines([SAFEGUARDING], {duty}, {kind}, held(session).get(worker.id, {}), TODAY)[0]


@pytest.mark.parametrize(
    ("done_on", "until"),
    [
        (date(2026, 11, 19), date(2029, 11, 19)),
        (date(2024, 2, 29), date(2027, 2, 28)),
        (date(2026, 1, 31), date(2029, 1, 31)),
    ],
)
def test_a_course_holds_for_its_months_to_the_day(done_on: date, until: date) -> None:
    assert SAFEGUARDING.holds_until(done_on) == until
    assert Course("once", None, frozenset()).holds_until(done_on) is None


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (date(2026, 11, 25), State.RUN_OUT),
        (date(2026, 11, 26), State.SOON),
        (date(2027, 1, 25), State.SOON),
        (date(2027, 1, 26), State.VALID),
        (None, State.VALID),
    ],
)
def test_it_holds_on_its_last_day_and_runs_out_the_day_after(
    session: Session, ruth: Worker, has_done: Write, until: date | None, state: State
) -> None:
    has_done(ruth, date(2024, 1, 1), until)

    assert line_for(session, ruth).state is state


@pytest.mark.parametrize(
    ("until", "due", "pressing"),
    [
        (date(2026, 12, 27), False, False),
        (date(2026, 12, 26), True, False),
        (date(2026, 12, 4), True, False),
        (date(2026, 12, 3), True, True),
        (date(2026, 11, 1), True, True),
    ],
)
def test_it_is_said_a_month_before_and_once_more_a_week_before(
    session: Session, ruth: Worker, has_done: Write, until: date, due: bool, pressing: bool
) -> None:
    has_done(ruth, date(2024, 1, 1), until)

    line = line_for(session, ruth)
    assert (line.due, line.pressing) == (due, pressing)


def test_a_renewal_counts_and_the_old_record_stays(session: Session, ruth: Worker, has_done: Write) -> None:
    has_done(ruth, date(2023, 11, 20), date(2026, 11, 20))
    assert line_for(session, ruth).state is State.RUN_OUT

    has_done(ruth, date(2026, 11, 19), date(2029, 11, 19))

    assert line_for(session, ruth).until == date(2029, 11, 19)
    assert [each.done_on for each in session.scalars(TrainingRecord.of(ruth))] == [
        date(2026, 11, 19), date(2023, 11, 20),
    ]  # fmt: skip


def test_what_does_not_run_out_counts_for_longest(session: Session, ruth: Worker, has_done: Write) -> None:
    has_done(ruth, date(2023, 1, 1), None)
    has_done(ruth, date(2024, 1, 1), date(2025, 1, 1))

    assert line_for(session, ruth).until == ALWAYS


def test_the_same_certificate_twice_is_one_record(session: Session, ruth: Worker, has_done: Write) -> None:
    first = has_done(ruth, date(2026, 11, 19), date(2029, 11, 19))

    assert has_done(ruth, date(2026, 11, 19), date(2029, 11, 19)).id == first.id
    with pytest.raises(rules.AlreadyWritten):
        has_done(ruth, date(2026, 11, 19), date(2028, 11, 19))
    assert session.scalar(select(func.count()).where(TrainingRecord.worker_id == ruth.id)) == 1


@pytest.mark.parametrize(
    ("done_on", "until", "problem"),
    [
        (date(2026, 11, 27), None, rules.NotDoneYet),
        (date(1900, 1, 1), None, rules.TooLongAgo),
        (date(1976, 11, 25), None, rules.TooLongAgo),
        (date(2026, 11, 19), date(2026, 11, 18), rules.EndsBeforeDone),
        (date(2026, 11, 19), date(2036, 11, 20), rules.TooLong),
        (date(2026, 11, 19), date(2100, 1, 1), rules.TooLong),
    ],
)
def test_days_that_cannot_be_are_refused(
    session: Session, ruth: Worker, has_done: Write, done_on: date, until: date | None, problem: type[ValueError]
) -> None:
    with pytest.raises(problem):
        has_done(ruth, done_on, until)
    assert session.scalars(TrainingRecord.of(ruth)).all() == []
    kept = has_done(ruth, date(2026, 11, 1), date(2029, 11, 1))
    with pytest.raises(problem):
        correct_record(session, kept, done_on=done_on, valid_until=until, by=kept.checked_by, seen=1, today=TODAY)


def test_nobody_checks_their_own_certificate(session: Session, cast: Cast) -> None:
    nasrin = session.get_one(Worker, cast.nasrin.id)

    with pytest.raises(rules.OwnCertificate):
        write_record(
            session, nasrin, SAFEGUARDING, done_on=TODAY, valid_until=None, checked_by=nasrin, today=TODAY
        )


def test_a_correction_on_a_page_that_is_not_the_newest_overwrites_nothing(
    session: Session, ruth: Worker, has_done: Write
) -> None:
    kept = has_done(ruth, date(2026, 11, 19), date(2029, 11, 19))
    by = kept.checked_by
    correct_record(session, kept, done_on=date(2026, 11, 18), valid_until=None, by=by, seen=1, today=TODAY)

    with pytest.raises(rules.Stale):
        correct_record(session, kept, done_on=date(2026, 11, 1), valid_until=None, by=by, seen=1, today=TODAY)
    assert (kept.done_on, kept.version) == (date(2026, 11, 18), 2)


def test_a_correction_onto_another_record_is_refused(session: Session, ruth: Worker, has_done: Write) -> None:
    has_done(ruth, date(2023, 11, 19), date(2026, 11, 19))
    kept = has_done(ruth, date(2026, 11, 19), date(2029, 11, 19))

    with pytest.raises(rules.AlreadyWritten):
        correct_record(
            session, kept, done_on=date(2023, 11, 19), valid_until=None, by=kept.checked_by, seen=1, today=TODAY
        )


def test_two_records_corrected_to_the_same_day_at_the_same_moment_are_refused_kindly(
    session: Session, ruth: Worker, has_done: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other correction is not to be seen yet when this one looks, and there when it writes."""
    has_done(ruth, date(2023, 11, 19), date(2026, 11, 19))
    kept = has_done(ruth, date(2026, 11, 19), date(2029, 11, 19))
    by = kept.checked_by
    monkeypatch.setattr(rules, "_standing", lambda *_: select(TrainingRecord).where(false()))

    with pytest.raises(rules.AlreadyWritten):
        correct_record(session, kept, done_on=date(2023, 11, 19), valid_until=None, by=by, seen=1, today=TODAY)

    assert (kept.done_on, kept.version) == (date(2026, 11, 19), 1)


def test_what_was_written_by_mistake_counts_for_nothing_and_stays(
    session: Session, ruth: Worker, has_done: Write
) -> None:
    kept = has_done(ruth, date(2026, 11, 19), date(2029, 11, 19))
    kept.set_aside(kept.checked_by)
    session.commit()

    assert line_for(session, ruth).state is State.MISSING
    assert session.scalars(TrainingRecord.of(ruth)).all() == [kept]
    again = has_done(ruth, date(2026, 11, 19), date(2029, 11, 19))
    assert again.id != kept.id
    with pytest.raises(rules.Stale):
        correct_record(
            session, kept, done_on=TODAY, valid_until=None, by=kept.checked_by, seen=kept.version, today=TODAY
        )


def test_a_course_is_needed_for_a_duty_and_a_kind_of_session() -> None:
    food = Course("food-hygiene", 36, frozenset({Duty.VOLUNTEER}), at=frozenset({"cooking-together"}))

    assert food.needed({Duty.VOLUNTEER}, {"cooking-together", "budgeting"})
    assert not food.needed({Duty.VOLUNTEER}, {"budgeting"})
    assert not food.needed({Duty.WORKER}, {"cooking-together"})


def test_a_gap_names_the_first_day_on_which_it_does_not_hold(session: Session, ruth: Worker, has_done: Write) -> None:
    has_done(ruth, date(2024, 1, 1), date(2026, 12, 10))
    days = [date(2026, 12, 17), date(2026, 12, 3), date(2026, 12, 10), date(2026, 12, 24)]

    found = gaps([SAFEGUARDING], [(ruth, {Duty.VOLUNTEER})], "budgeting", days, held(session))

    assert [(gap.on, gap.until, gap.refused) for gap in found] == [(date(2026, 12, 17), date(2026, 12, 10), True)]
    assert gaps([SAFEGUARDING], [(ruth, {Duty.VOLUNTEER})], "budgeting", days[1:3], held(session)) == []
    asked = gaps([SAFEGUARDING], [(ruth, {Duty.CO})], "budgeting", days, held(session))
    assert [gap.refused for gap in asked] == [False]


@pytest.mark.parametrize("role", list(Role))
def test_coordinators_and_administrators_oversee_everyone_and_others_nobody(
    session: Session, cast: Cast, ruth: Worker, role: Role
) -> None:
    here = session.scalars(select(Worker).where(Worker.role == role).order_by(Worker.name)).first()
    assert here is not None

    team = session.scalars(overseen_by(here)).all()

    assert (ruth in team) is (role in (Role.COORDINATOR, Role.ADMINISTRATOR))
    assert (team == []) is (role not in (Role.COORDINATOR, Role.ADMINISTRATOR))
    ruth.leave()
    assert ruth not in session.scalars(overseen_by(here)).all()
