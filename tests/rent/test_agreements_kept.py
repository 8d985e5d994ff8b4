"""What comes in moves an agreement on, and nothing about it is ever harsher than it says."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.reminders.models import Notice
from tenant_app.rent.agreeing import (
    Moved,
    live_agreement,
    pause,
    plan_now,
    resume,
    review_agreements,
)
from tenant_app.rent.agreements import AgreementMove, AgreementState
from tenant_app.rent.models import RentAccount
from tenant_app.rent.rules import record_payment
from tests.cast import Cast
from tests.rent.agreed import lived, notices
from tests.rent.conftest import LONDON, TODAY, Agreed


def test_an_agreement_that_is_paid_week_by_week_is_kept(
    session: Session, behind: RentAccount, agreed: Agreed
) -> None:
    agreement = agreed(1420)
    lived(session, behind, 16, {1: 2840, 8: 2840, 15: 2840})

    assert [(move.state, move.person) for move in agreement.moves][-1] == ("kept", None)
    assert len(agreement.moves) == 3
    assert live_agreement(session, behind) is None


def test_a_missed_payment_is_asked_about_kindly_before_it_counts(
    session: Session, behind: RentAccount, agreed: Agreed
) -> None:
    agreement = agreed(500)
    lived(session, behind, 2)
    from tenant_app.rent.replanning import replan_reminders

    with clock.stopped_at(datetime(2026, 11, 28, 9, 30, tzinfo=UTC)):
        replan_reminders(session, date(2026, 11, 28))

    # Friday 27 November; two working days later is Tuesday, five are Friday 4 December.
    assert notices(session, "rent.late") == [("plan-late", "2026-11-27")]
    assert session.scalar(select(Notice.due_at).where(Notice.kind == "rent.late")) == datetime(2026, 12, 1, 9, tzinfo=UTC)
    lived(session, behind, 8)
    assert agreement.state is AgreementState.ACTIVE
    lived(session, behind, 9)
    assert agreement.state is AgreementState.BREACHED
    assert [move.state for move in agreement.moves] == ["proposed", "active", "breached"]


def test_a_payment_within_the_days_of_grace_keeps_it_going(
    session: Session, behind: RentAccount, agreed: Agreed
) -> None:
    agreement = agreed(500)
    lived(session, behind, 12, {6: 1920, 8: 1920})

    assert agreement.state is AgreementState.ACTIVE
    assert notices(session, "rent.late") == []


def test_bank_holidays_are_no_days_of_grace(session: Session, behind: RentAccount, agreed: Agreed) -> None:
    # Friday 18 December; 25 and 28 December are bank holidays (Boxing Day falls on a Saturday).
    agreement = agreed(4260, first_on=date(2026, 12, 18))
    rent = {1 + 7 * week: 1420 for week in range(5)}
    lived(session, behind, 33, rent)  # Tuesday 29 December, the fifth working day

    assert agreement.state is AgreementState.ACTIVE
    lived(session, behind, 34, rent)
    assert agreement.state is AgreementState.BREACHED


def test_whoever_catches_up_goes_on_with_the_agreement(
    session: Session, behind: RentAccount, agreed: Agreed
) -> None:
    agreement = agreed(500)
    lived(session, behind, 11, {10: 3840})

    assert [move.state for move in agreement.moves] == ["proposed", "active", "breached", "active"]


def test_a_pause_stops_the_clock_and_moves_the_days(
    session: Session, behind: RentAccount, agreed: Agreed, officer: Worker
) -> None:
    agreement = agreed(500)
    pause(session, agreement, officer, "You start a job on Monday.", date(2026, 12, 10))
    lived(session, behind, 13)

    assert notices(session) == []
    assert agreement.state is AgreementState.PAUSED
    lived(session, behind, 14)
    assert agreement.state is AgreementState.ACTIVE
    assert [one.day for one in plan_now(session, agreement, date(2026, 12, 10))][:2] == [
        date(2026, 12, 11), date(2026, 12, 18)
    ]  # fmt: skip
    assert [(move.state, move.words) for move in agreement.moves][2:] == [
        ("paused", "You start a job on Monday."), ("active", "")
    ]  # fmt: skip


def test_a_pause_without_a_reason_is_refused(session: Session, agreed: Agreed, officer: Worker) -> None:
    with pytest.raises(ValueError):
        pause(session, agreed(500), officer, " ", None)


def test_a_paused_agreement_goes_on_when_somebody_says_so(
    session: Session, agreed: Agreed, officer: Worker
) -> None:
    agreement = agreed(500)
    pause(session, agreement, officer, "In hospital", None)
    resume(session, agreement, officer)

    assert agreement.state is AgreementState.ACTIVE
    assert agreement.rests(TODAY) == []
    with pytest.raises(Moved):
        resume(session, agreement, officer)


def test_the_step_of_the_worker_goes_on_where_it_stopped(
    session: Session, behind: RentAccount, agreed: Agreed
) -> None:
    agreed(500)

    assert [review_agreements(session, TODAY, most=1) for _ in range(2)] == [True, False]
    record_payment(session, behind, 4260, TODAY, "bank:1")
    assert review_agreements(session, TODAY, most=1)


def test_no_move_is_ever_lost(session: Session, behind: RentAccount, agreed: Agreed, cast: Cast) -> None:
    agreement = agreed(500)
    lived(session, behind, 12, {10: 3840})

    written = session.scalars(select(AgreementMove).where(AgreementMove.agreement_id == agreement.id)).all()
    assert [move.came_from for move in sorted(written, key=lambda move: move.at)][1:] == [
        move.state for move in sorted(written, key=lambda move: move.at)
    ][:-1]
    assert LONDON.key == behind.zone
