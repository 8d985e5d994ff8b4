"""An arrears agreement: what comes in is counted, and both sides agree."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.rent.agreeing import (
    Moved,
    NothingOwed,
    agree,
    arrears_of,
    ask_for_other,
    cancel,
    live_agreement,
    propose,
    standing_of,
)
from tenant_app.rent.agreements import Agreement, AgreementState
from tenant_app.rent.models import EntryKind, Frequency, Part, RentAccount, RentEntry
from tenant_app.rent.owing import owed_as_of
from tenant_app.rent.plans import Instalment, Terms, plan_of, total_by
from tenant_app.rent.rules import record_payment
from tenant_app.rent.standing import standing_on
from tests.rent.agreed import notices, terms
from tests.rent.conftest import FRIDAY, TODAY, Agreed, Opened, days_later

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
