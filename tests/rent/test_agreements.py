"""An arrears agreement: previewed whole, agreed by both, kept by what comes in, and never harsher than it says."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.reminders.models import Notice, State
from tenant_app.rent.agreeing import (
    Moved,
    NothingOwed,
    agree,
    arrears_of,
    ask_for_other,
    cancel,
    covered_by_agreement,
    live_agreement,
    pause,
    plan_now,
    propose,
    resume,
    review_agreements,
    standing_of,
)
from tenant_app.rent.agreements import Agreement, AgreementMove, AgreementState
from tenant_app.rent.models import EntryKind, Frequency, Part, RentAccount, RentEntry
from tenant_app.rent.owing import owed_as_of
from tenant_app.rent.plans import MOST, Instalment, Rest, Terms, Unfit, check, plan_of, total_by
from tenant_app.rent.rules import next_payment, record_payment
from tenant_app.rent.standing import standing_on
from tests.cast import Cast
from tests.rent.conftest import FRIDAY, LONDON, TODAY, Agreed, Opened, days_later

PENCE = st.integers(1, 5_000_000)


def terms(arrears: int = 6000, instalment: int = 500, **other: object) -> Terms:
    return Terms(arrears, instalment, Frequency.WEEKLY, FRIDAY, **other)  # type: ignore[arg-type]


def notices(session: Session, kind: str = "rent.instalment") -> list[tuple[str, str]]:
    """(which, day of the payment) of what waits to be said."""
    found = session.execute(
        select(Notice.source, Notice.occurrence).where(Notice.kind == kind, Notice.state == State.WAITING)
        .order_by(Notice.due_at)
    )  # fmt: skip
    return [(source.rpartition(":")[2], occurrence) for source, occurrence in found]


# The plan


@given(
    arrears=PENCE, instalment=PENCE, initial=st.integers(0, 5_000_000), frequency=st.sampled_from(Frequency),
    first=st.dates(date(2020, 1, 1), date(2090, 1, 1)),
)  # fmt: skip
def test_the_plan_adds_up_to_the_arrears_to_the_penny(
    arrears: int, instalment: int, initial: int, frequency: Frequency, first: date
) -> None:
    agreed = Terms(arrears, instalment, frequency, first, initial, first if initial else None)
    try:
        check(agreed, first)
    except Unfit:
        return
    plan = plan_of(agreed)

    assert sum(one.pence for one in plan) == arrears == plan[-1].total
    assert all(type(one.pence) is int and one.pence > 0 for one in plan)
    instalments = plan[1:] if initial else plan
    assert [one.pence for one in instalments[:-1]] == [instalment] * (len(instalments) - 1)
    assert instalments[-1].pence <= instalment
    assert len(instalments) <= MOST[frequency]
    assert [one.day for one in plan] == sorted(one.day for one in plan)
    assert instalments[0].day == first


@given(
    arrears=st.integers(1, 60_000), instalment=st.integers(200, 60_000), frequency=st.sampled_from(Frequency),
    rests=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 40)), max_size=4),
)  # fmt: skip
def test_a_rest_moves_days_and_never_sums(
    arrears: int, instalment: int, frequency: Frequency, rests: list[tuple[int, int]]
) -> None:
    agreed = Terms(arrears, instalment, frequency, FRIDAY)
    rested = [Rest(days_later(first), days_later(first + length)) for first, length in rests]
    plan, moved = plan_of(agreed), plan_of(agreed, rested)

    assert [one.pence for one in moved] == [one.pence for one in plan]
    assert all(later.day >= sooner.day for later, sooner in zip(moved, plan, strict=True))
    assert not any(rest.first <= one.day <= rest.last for rest in rested for one in moved)


def test_a_plan_worked_by_hand() -> None:
    plan = plan_of(Terms(5000, 1500, Frequency.MONTHLY, date(2027, 1, 31), 1000, date(2027, 1, 4)))

    assert plan == [
        Instalment(date(2027, 1, 4), 1000, 1000), Instalment(date(2027, 1, 31), 1500, 2500),
        Instalment(date(2027, 2, 28), 1500, 4000), Instalment(date(2027, 3, 31), 1000, 5000),
    ]  # fmt: skip
    assert [total_by(plan, date(2027, month, 1)) for month in (1, 2, 3, 4)] == [0, 2500, 4000, 5000]


@pytest.mark.parametrize(
    ("wrong", "field", "why"),
    [
        ({"instalment": 0}, "instalment_pence", "none"),
        ({"instalment": 6001}, "instalment_pence", "above"),
        ({"initial_pence": 6000, "initial_on": TODAY}, "initial_pence", "above"),
        ({"initial_pence": -1}, "initial_pence", "none"),
        ({"initial_pence": 100}, "initial_on", "early"),
        ({"initial_pence": 100, "initial_on": TODAY - timedelta(days=1)}, "initial_on", "early"),
        ({"initial_pence": 100, "initial_on": days_later(9)}, "initial_on", "order"),
        ({"arrears": 60000, "instalment": 100}, "instalment_pence", "long"),
        ({"instalment": 5.0}, "instalment_pence", "none"),
    ],
)
def test_terms_that_make_no_plan_are_refused(wrong: dict[str, object], field: str, why: str) -> None:
    with pytest.raises(Unfit) as refused:
        check(terms(**wrong), TODAY)  # type: ignore[arg-type]

    assert (refused.value.field, refused.value.why) == (field, why)


# How it stands


@given(
    frequency=st.sampled_from(Frequency), rhythm=st.sampled_from(Frequency), service=st.integers(0, 9000),
    arrears=st.integers(1, 20_000), instalment=st.integers(500, 9000),
    payments=st.lists(st.tuples(st.integers(-20, 150), st.integers(1, 9000)), max_size=12), later=st.integers(0, 160),
)  # fmt: skip
def test_every_penny_is_rent_or_agreement_or_waits(
    frequency: Frequency, rhythm: Frequency, service: int, arrears: int, instalment: int,
    payments: list[tuple[int, int]], later: int,
) -> None:  # fmt: skip
    account = RentAccount(
        frequency=frequency, first_due_on=TODAY - timedelta(days=60), service_charge_pence=service,
        eligible_rent_pence=0, benefit_pays_rent=True,
    )  # fmt: skip
    day = days_later(later)
    entries = [
        RentEntry(kind=EntryKind.PAYMENT, part=Part.SERVICE, pence=pence, day=days_later(on), reference=f"bank:{number}")
        for number, (on, pence) in enumerate(payments)
    ]
    plan = plan_of(Terms(arrears, min(instalment, arrears), rhythm, FRIDAY))
    stands = standing_on(account, entries, arrears, TODAY, plan, day)

    assert arrears - stands.paid - stands.waiting + stands.rent_behind == owed_as_of(account, entries, day)
    assert min(stands.paid, stands.waiting, stands.rent_behind) >= 0
    assert stands.paid <= total_by(plan, day)
    assert not (stands.waiting and stands.rent_behind)
    assert stands.on_track == stands.settled or stands.missed is None or stands.paid < stands.missed.total


def test_ongoing_rent_is_paid_first(session: Session, behind: RentAccount, agreed: Agreed) -> None:
    agreement = agreed(500)
    record_payment(session, behind, 1600, FRIDAY, "bank:1")

    stands = standing_of(session, agreement, FRIDAY)

    assert (stands.paid, stands.rent_behind, stands.waiting) == (180, 0, 0)
    assert stands.missed == Instalment(FRIDAY, 500, 500)


def test_money_that_comes_the_day_before_is_first_for_the_rent(
    session: Session, behind: RentAccount, agreed: Agreed
) -> None:
    agreement = agreed(500)
    record_payment(session, behind, 1920, TODAY + timedelta(days=0), "bank:1")
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        stands = standing_of(session, agreement, FRIDAY)

    assert (stands.paid, stands.on_track, stands.settled) == (500, True, False)


def test_the_rent_of_a_week_paid_early_does_not_settle_what_little_is_left(
    session: Session, behind: RentAccount, agreed: Agreed
) -> None:
    agreement = agreed(500)
    record_payment(session, behind, 3680, FRIDAY, "bank:1")  # rent, and all but 2000 of the arrears of 4260
    with clock.stopped_at(clock.now() + timedelta(days=7)):
        record_payment(session, behind, 1420, days_later(7), "bank:2")

        assert not standing_of(session, agreement, days_later(7)).settled


def test_what_an_instalment_was_given_stays_given(session: Session, behind: RentAccount, agreed: Agreed) -> None:
    agreement = agreed(500)
    record_payment(session, behind, 1920, FRIDAY, "bank:1")

    stands = standing_of(session, agreement, days_later(8))  # the next rent and instalment are unpaid

    assert (stands.paid, stands.rent_behind) == (500, 1420)
    assert stands.missed == Instalment(days_later(8), 500, 1000)


# Both agree


def test_one_side_proposes_and_the_other_agrees(
    session: Session, behind: RentAccount, amina: Tenant, officer: Worker
) -> None:
    agreement = propose(session, behind, officer, terms(4260), TODAY)
    with pytest.raises(Moved):
        agree(session, agreement, officer, TODAY)
    agree(session, agreement, amina, TODAY)
    agree(session, agreement, amina, TODAY)

    assert live_agreement(session, behind) is agreement
    moves = [(move.came_from, move.state, move.person) for move in agreement.moves]
    assert moves == [(None, "proposed", officer), ("proposed", "active", amina)]
    assert all(move.at == clock.now() for move in agreement.moves)


def test_the_tenant_may_propose_and_the_officer_agrees(
    session: Session, behind: RentAccount, amina: Tenant, officer: Worker
) -> None:
    agreement = propose(session, behind, amina, terms(4260), TODAY)
    with pytest.raises(Moved):
        agree(session, agreement, amina, TODAY)
    agree(session, agreement, officer, TODAY)

    assert agreement.state is AgreementState.ACTIVE
    assert notices(session, "rent.agreement") == [(str(agreement.moves[-1].id), "once")]


def test_proposing_twice_proposes_once(session: Session, behind: RentAccount, amina: Tenant) -> None:
    assert propose(session, behind, amina, terms(4260), TODAY) is propose(session, behind, amina, terms(4260), TODAY)


def test_other_terms_are_another_agreement_and_the_running_one_goes_on_meanwhile(
    session: Session, behind: RentAccount, amina: Tenant, officer: Worker, agreed: Agreed
) -> None:
    running = agreed(500)
    wished = propose(session, behind, officer, terms(4260, 1000), TODAY)
    ask_for_other(wished, "Seven pounds a week would work.", "en", 700)
    better = propose(session, behind, officer, terms(4260, 700), TODAY)

    assert live_agreement(session, behind) is running
    assert (wished.state, wished.wish_pence) == ("cancelled", 700)
    agree(session, better, amina, TODAY)
    assert running.state is AgreementState.CANCELLED
    assert live_agreement(session, behind) is better
    with pytest.raises(Moved):
        ask_for_other(better, "Even less", "en", None)


def test_an_account_has_one_live_agreement_whoever_writes_it(
    session: Session, behind: RentAccount, agreed: Agreed
) -> None:
    agreed(500)
    session.add(Agreement(
        account=behind, state=AgreementState.PAUSED, arrears_pence=1, reckoned_on=TODAY, instalment_pence=1,
        frequency=Frequency.WEEKLY, first_on=FRIDAY,
    ))  # fmt: skip
    with pytest.raises(IntegrityError):
        session.flush()


def test_without_arrears_there_is_nothing_to_agree(session: Session, opened: Opened, amina: Tenant) -> None:
    account = opened()

    with pytest.raises(NothingOwed):
        propose(session, account, amina, terms(1), TODAY)


def test_arrears_that_changed_meanwhile_are_looked_at_again(
    session: Session, behind: RentAccount, amina: Tenant
) -> None:
    record_payment(session, behind, 100, TODAY, "bank:1")

    assert arrears_of(session, behind, TODAY) == 4160
    with pytest.raises(Moved):
        propose(session, behind, amina, terms(4260), TODAY)


def test_a_plan_whose_first_day_has_passed_is_not_agreed(
    session: Session, behind: RentAccount, amina: Tenant, officer: Worker
) -> None:
    agreement = propose(session, behind, officer, terms(4260), TODAY)

    with clock.stopped_at(clock.now() + timedelta(days=2)), pytest.raises(Moved):
        agree(session, agreement, amina, TODAY + timedelta(days=2))


def test_a_tenant_takes_back_their_own_proposal_and_nothing_else(
    session: Session, behind: RentAccount, amina: Tenant, officer: Worker
) -> None:
    own = propose(session, behind, amina, terms(4260), TODAY)
    cancel(session, own, amina)
    cancel(session, own, amina)
    ours = propose(session, behind, officer, terms(4260), TODAY)
    with pytest.raises(Moved):
        cancel(session, ours, amina)

    assert [move.state for move in own.moves] == ["proposed", "cancelled"]


# What comes in moves it on


def lived(session: Session, account: RentAccount, days: int, pays: dict[int, int] | None = None) -> None:
    """Live `days` days from Thursday, the worker going round each morning; `pays` are pence by day."""
    for day in range(days + 1):
        with clock.stopped_at(datetime(2026, 11, 26, 9, 30, tzinfo=UTC) + timedelta(days=day)):
            on = TODAY + timedelta(days=day)
            if pays and day in pays:
                record_payment(session, account, pays[day], on, f"bank:{day}")
            while review_agreements(session, on):
                pass


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


# What is asked for, and said


def test_what_the_agreement_asks_later_is_not_asked_now(
    session: Session, behind: RentAccount, agreed: Agreed, amina: Tenant
) -> None:
    upcoming = next_payment(session, amina, TODAY)
    assert upcoming is not None
    assert upcoming.pence == 1420 + 4260
    agreed(500)
    upcoming = next_payment(session, amina, TODAY)

    assert upcoming is not None
    assert (upcoming.day, upcoming.pence) == (FRIDAY, 1920)
    assert upcoming.parts == (("service", 1420), ("plan", 500))


def test_an_instalment_between_two_rents_is_the_next_payment(
    session: Session, behind: RentAccount, agreed: Agreed, amina: Tenant
) -> None:
    agreed(500, first_on=date(2026, 12, 1))
    record_payment(session, behind, 1420, TODAY, "bank:1")
    upcoming = next_payment(session, amina, TODAY)

    assert upcoming is not None
    assert (upcoming.day, upcoming.pence, upcoming.parts) == (date(2026, 12, 1), 500, (("plan", 500),))


def test_the_agreement_covers_it_while_rent_and_instalments_are_paid(
    session: Session, behind: RentAccount, agreed: Agreed
) -> None:
    assert not covered_by_agreement(session, behind, TODAY)
    agreed(500)

    assert covered_by_agreement(session, behind, TODAY)
    assert not covered_by_agreement(session, behind, FRIDAY)  # rent and an instalment fall due, and nothing came


def test_instalments_are_reminded_of_until_they_are_paid(
    session: Session, behind: RentAccount, agreed: Agreed
) -> None:
    agreed(500, first_on=date(2026, 11, 30))

    assert notices(session)[:3] == [
        ("plan-before", "2026-11-30"), ("plan-due", "2026-11-30"), ("plan-before", "2026-12-07")
    ]  # fmt: skip
    assert len(notices(session)) == 6
    record_payment(session, behind, 1920, TODAY, "bank:1")
    assert notices(session)[0] == ("plan-before", "2026-12-07")


def test_one_payment_of_rent_and_plan_is_one_reminder(session: Session, behind: RentAccount, agreed: Agreed) -> None:
    agreed(500)

    assert notices(session) == []
    assert ("due", "2026-11-27") in notices(session, "rent.due")


@pytest.mark.parametrize("ends", ["pause", "cancel", "kept"])
def test_reminders_are_withdrawn_when_nothing_is_asked_any_more(
    session: Session, behind: RentAccount, agreed: Agreed, officer: Worker, ends: str
) -> None:
    agreement = agreed(500, first_on=date(2026, 11, 30))
    if ends == "pause":
        pause(session, agreement, officer, "In hospital", None)
    elif ends == "cancel":
        cancel(session, agreement, officer, "We wrote the debt off.")
    else:
        record_payment(session, behind, 5680, TODAY, "bank:1")
        review_agreements(session, TODAY)
        assert agreement.state is AgreementState.KEPT

    assert notices(session) == []


def test_a_reminder_that_was_withdrawn_is_said_after_all_when_the_agreement_goes_on(
    session: Session, agreed: Agreed, officer: Worker
) -> None:
    agreement = agreed(500, first_on=date(2026, 11, 30))
    before = notices(session)
    pause(session, agreement, officer, "In hospital", None)
    resume(session, agreement, officer)

    assert notices(session) == before


def test_no_move_is_ever_lost(session: Session, behind: RentAccount, agreed: Agreed, cast: Cast) -> None:
    agreement = agreed(500)
    lived(session, behind, 12, {10: 3840})

    written = session.scalars(select(AgreementMove).where(AgreementMove.agreement_id == agreement.id)).all()
    assert [move.came_from for move in sorted(written, key=lambda move: move.at)][1:] == [
        move.state for move in sorted(written, key=lambda move: move.at)
    ][:-1]
    assert LONDON.key == behind.zone
