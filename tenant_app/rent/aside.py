"""What a tenant owes and is not asked for now: what an agreement asks for later, and what Breathing Space covers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import merge

from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.database import Pence
from tenant_app.rent.agreements import LIVE, Agreement, AgreementState
from tenant_app.rent.breathing_space import BreathingSpace, rests_of
from tenant_app.rent.models import RentAccount, RentEntry
from tenant_app.rent.owing import owed_as_of
from tenant_app.rent.plans import Instalment, Rest, plan_of, total_by


@dataclass(frozen=True)
class Aside:
    """What is not asked for, in pence. Without anything in it, all that is owed is asked for."""

    covered: Pence = 0
    """By Breathing Space, whatever the day."""
    plan: tuple[Instalment, ...] = ()
    """Of the agreement that covers the rest."""

    def on(self, day: date) -> Pence:
        """How much of what is owed on `day` is not asked for by then."""
        return self.covered + (self.plan[-1].total - total_by(self.plan, day) if self.plan else 0)

    def asked(self, first: date, last: date) -> Pence:
        """What the plan asks for on the days from `first` to `last`."""
        return sum(one.pence for one in self.plan if first <= one.day <= last)

    def days(self, due: Iterator[date], today: date) -> Iterator[tuple[date, bool]]:
        """From today on, each day on which something is asked for, and whether rent falls due on it."""
        plan = sorted({one.day for one in self.plan if one.day >= today})
        last: date | None = None
        # Of one day, rent comes before the plan.
        for day, is_plan in merge(((day, False) for day in due), ((day, True) for day in plan)):
            if day != last:
                yield day, not is_plan
            last = day


EVERYTHING = Aside()
"""All that is owed is asked for."""


def live_agreement(session: Session, account: RentAccount) -> Agreement | None:
    """The agreement that covers the account now, if there is one."""
    return session.scalars(Agreement.of_account(account).where(Agreement.state.in_(LIVE))).first()


def proposal(session: Session, account: RentAccount) -> Agreement | None:
    """The agreement that waits for one side's answer, if there is one."""
    waits = Agreement.of_account(account).where(Agreement.state == AgreementState.PROPOSED)
    return session.scalars(waits).first()


def rests(session: Session, agreement: Agreement, today: date) -> list[Rest]:
    """All days on which the agreement rested or will: pauses and Breathing Spaces, in order."""
    spaces = session.scalars(
        select(BreathingSpace).where(BreathingSpace.account_id == agreement.account_id)
    ).all()
    return sorted([*agreement.rests(today), *rests_of(spaces, today)], key=lambda rest: rest.first)


def plan_now(session: Session, agreement: Agreement, today: date) -> list[Instalment]:
    """The agreement's payments with the days on which they fall now, after every rest."""
    return plan_of(agreement.terms, rests(session, agreement, today))


def set_aside(session: Session, account: RentAccount, entries: Sequence[RentEntry], today: date) -> Aside:
    """What is set aside of this account, as things are today."""
    space = session.scalars(BreathingSpace.covering(account, today).limit(1)).first()
    if space is not None:
        covered = max(owed_as_of(account, entries, space.starts_on - timedelta(days=1)), 0)
        return Aside(covered=covered)
    agreement = live_agreement(session, account)
    if agreement is None:
        return EVERYTHING
    return Aside(plan=tuple(plan_now(session, agreement, today)))
