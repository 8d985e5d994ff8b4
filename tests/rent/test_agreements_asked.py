"""What an agreement asks for, and what is said of it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.rent.agreeing import (
    cancel,
    covered_by_agreement,
    pause,
    resume,
    review_agreements,
)
from tenant_app.rent.agreements import AgreementState
from tenant_app.rent.models import RentAccount
from tenant_app.rent.rules import next_payment, record_payment
from tests.rent.agreed import notices
from tests.rent.conftest import FRIDAY, TODAY, Agreed


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
