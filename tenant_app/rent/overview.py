"""What covers an account, put together for its page: agreement, proposal, Breathing Space, and a word not answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from tenant_app.rent.agreeing import is_stale, standing_of
from tenant_app.rent.agreements import Agreement
from tenant_app.rent.aside import live_agreement, plan_now, proposal
from tenant_app.rent.breathing_space import BreathingSpace
from tenant_app.rent.hardship import Hardship, open_hardship
from tenant_app.rent.models import RentAccount
from tenant_app.rent.plans import Instalment, plan_of
from tenant_app.rent.standing import Standing


@dataclass(frozen=True)
class Running:
    """An agreement that covers an account now, and how it stands."""

    agreement: Agreement
    plan: Sequence[Instalment]
    stands: Standing

    @property
    def next(self) -> Instalment | None:
        """The first payment that is not paid in full."""
        return next((one for one in self.plan if one.total > self.stands.paid), None)


@dataclass(frozen=True)
class Overview:
    """What covers an account today."""

    running: Running | None
    proposed: Agreement | None
    plan: Sequence[Instalment]
    """Of what is proposed."""
    stale: bool
    """Whether the first day of what is proposed has passed."""
    space: BreathingSpace | None
    told: Hardship | None
    """A tenant's word that they cannot pay, until it is answered."""


def overview(session: Session, account: RentAccount, today: date) -> Overview:
    """What covers this account today."""
    agreement, proposed = live_agreement(session, account), proposal(session, account)
    running = None
    if agreement is not None:
        plan = plan_now(session, agreement, today)
        running = Running(agreement, plan, standing_of(session, agreement, today))
    space = session.scalars(BreathingSpace.covering(account, today).limit(1)).first()
    stale = proposed is not None and is_stale(proposed, today)
    would_be = plan_of(proposed.terms) if proposed else []
    return Overview(running, proposed, would_be, stale, space, open_hardship(session, account))
