"""A housing officer notes Breathing Space, and from that moment nothing more is said about what was owed before."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.rent.breathing_space import BreathingSpace, RespiteKind, usual_end
from tenant_app.rent.models import RentAccount
from tenant_app.rent.rules import keep_reminding


class Overlaps(ValueError):
    """The account has a Breathing Space on one of these days already."""


def note_breathing_space(
    session: Session, worker: Worker, account: RentAccount, kind: RespiteKind, starts_on: date, *,
    ends_on: date | None = None, reference: str = "",
) -> BreathingSpace:  # fmt: skip
    """Note what the scheme told us. Without `ends_on` a standard one ends when the law says, a crisis stays open.

    What waits to be said about arrears is taken back at once. Noting the same twice notes it once. Raises `Overlaps`,
    and `ValueError` for an end before the start.
    """
    session.execute(select(RentAccount.id).where(RentAccount.id == account.id).with_for_update())
    ends_on = ends_on or usual_end(kind, starts_on)
    if ends_on is not None and ends_on < starts_on:
        raise ValueError("it ends after it starts")
    clash = BreathingSpace.of(account).where(or_(BreathingSpace.ends_on.is_(None), BreathingSpace.ends_on >= starts_on))
    if ends_on is not None:
        clash = clash.where(BreathingSpace.starts_on <= ends_on)
    for other in session.scalars(clash):
        if (other.kind, other.starts_on, other.ends_on, other.reference) == (kind, starts_on, ends_on, reference):
            return other
        raise Overlaps
    space = BreathingSpace(
        account=account, kind=kind, starts_on=starts_on, ends_on=ends_on, reference=reference, noted_by=worker,
        noted_at=clock.now(),
    )  # fmt: skip
    session.add(space)
    session.flush()
    keep_reminding(session, account)
    return space


def change_end(session: Session, worker: Worker, space: BreathingSpace, last_day: date) -> None:
    """It ends on another day than noted. Raises `ValueError` if that lies before its start."""
    space.ends(worker, last_day)
    session.flush()
    keep_reminding(session, space.account)


def treatment_ended(session: Session, worker: Worker, space: BreathingSpace, day: date) -> None:
    """Crisis treatment ended; Breathing Space goes on for 30 days. Raises `ValueError` for another kind, or an end
    before its start."""
    space.treatment_ended(worker, day)
    session.flush()
    keep_reminding(session, space.account)
