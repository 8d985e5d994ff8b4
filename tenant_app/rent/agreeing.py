"""How an arrears agreement comes about, rests and ends: agreed by both sides, and moved on by what comes in."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Person, Tenant, Worker
from tenant_app.chores import apart
from tenant_app.database import Pence
from tenant_app.rent.agreements import LIVE, Agreement, AgreementState
from tenant_app.rent.aside import live_agreement, plan_now, proposal, rests
from tenant_app.rent.breathing_space import silenced
from tenant_app.rent.hardship import open_hardship
from tenant_app.rent.models import RentAccount, RentEntry
from tenant_app.rent.owing import owed_through
from tenant_app.rent.plans import Terms, check
from tenant_app.rent.reminding import AGREEMENT, after_rests, tell
from tenant_app.rent.rules import keep_reminding
from tenant_app.rent.standing import Standing, standing_on

__all__ = ["live_agreement", "plan_now", "proposal"]

GRACE = 5
"""Working days that a missed payment has before the agreement counts as breached. A policy; change it here."""


class CannotAgree(Exception):
    """Why no agreement can be made now. Each kind has its own words on the page."""


class NothingOwed(CannotAgree):
    """There is nothing to catch up on."""


class Silenced(CannotAgree):
    """Breathing Space: nothing may be asked about arrears."""


class Moved(CannotAgree):
    """Things changed while somebody was reading: other arrears, another state, or days that have passed."""


def arrears_of(session: Session, account: RentAccount, today: date) -> Pence:
    """What an agreement made today would be about, in pence. Raises `Silenced` or `NothingOwed`."""
    if silenced(session, account, today):
        raise Silenced
    owed = owed_through(account, session.scalars(RentEntry.of(account)).all(), today)
    if owed <= 0:
        raise NothingOwed
    return owed


def propose(session: Session, account: RentAccount, person: Person, terms: Terms, today: date) -> Agreement:
    """One side proposes terms; an earlier proposal gives way to them. An agreement that runs goes on until the other
    side agrees. Telling the same twice proposes once.

    Raises `Unfit` for terms that make no plan, `Moved` if the arrears are no longer those of `terms`, `Silenced`,
    `NothingOwed`.
    """
    _hold(session, account)
    arrears = arrears_of(session, account, today)
    if arrears != terms.arrears_pence:
        raise Moved
    check(terms, today)
    earlier = proposal(session, account)
    if earlier is not None:
        if earlier.terms == terms and earlier.proposed_by_id == person.id and not earlier.wished_at:
            return earlier
        earlier.move(AgreementState.CANCELLED, person)
        session.flush()
    agreement = Agreement(
        account=account, state=AgreementState.PROPOSED, proposed_by=person, arrears_pence=arrears, reckoned_on=today,
        initial_pence=terms.initial_pence, initial_on=terms.initial_on if terms.initial_pence else None,
        instalment_pence=terms.instalment_pence, frequency=terms.frequency, first_on=terms.first_on,
    )  # fmt: skip
    session.add(agreement)
    session.flush()
    agreement.move(AgreementState.PROPOSED, person)
    session.flush()
    if isinstance(person, Worker):
        _tell(session, agreement)
    return agreement


def agree(session: Session, agreement: Agreement, person: Person, today: date) -> None:
    """The other side agrees: from now on it covers the account, in place of one that did before. Twice is once.

    Raises `Moved` if it is no longer proposed, was proposed by this very side, or its first day has passed;
    `Silenced` during Breathing Space.
    """
    _hold(session, agreement.account, agreement)
    if agreement.state is AgreementState.ACTIVE:
        return
    if agreement.state is not AgreementState.PROPOSED or agreement.by_tenant is isinstance(person, Tenant):
        raise Moved
    if silenced(session, agreement.account, today):
        raise Silenced
    if is_stale(agreement, today):
        raise Moved
    before = live_agreement(session, agreement.account)
    if before is not None:
        before.move(AgreementState.CANCELLED, person)
        session.flush()
    agreement.move(AgreementState.ACTIVE, person)
    agreement.agreed_at = clock.now()
    session.flush()
    keep_reminding(session, agreement.account)
    if isinstance(person, Worker):
        _tell(session, agreement)


def is_stale(agreement: Agreement, today: date) -> bool:
    """Whether a day of the proposed plan has passed before anybody agreed."""
    first = agreement.initial_on or agreement.first_on
    return agreement.state is AgreementState.PROPOSED and first < today


def ask_for_other(agreement: Agreement, words: str, language: str, pence: Pence | None) -> None:
    """The tenant would rather have other terms than those we proposed. Raises `Moved` if there is nothing proposed,
    `ValueError` if they neither say nor suggest anything."""
    if agreement.state is not AgreementState.PROPOSED or agreement.by_tenant:
        raise Moved
    if not words and pence is None:
        raise ValueError("a wish says something")
    agreement.wish_for(words, language, pence)


def pause(session: Session, agreement: Agreement, worker: Worker, reason: str, until: date | None) -> None:
    """Nothing is asked for until somebody says so, or until a day. The tenant reads the reason.

    Raises `ValueError` without a reason, `Moved` unless it is active or breached.
    """
    if not reason.strip():
        raise ValueError("a pause has a reason")
    _hold(session, agreement.account, agreement)
    if agreement.state not in (AgreementState.ACTIVE, AgreementState.BREACHED):
        raise Moved
    agreement.paused_until = until
    _move(session, agreement, AgreementState.PAUSED, worker, reason)


def resume(session: Session, agreement: Agreement, worker: Worker) -> None:
    """A paused agreement goes on; its days move by as long as it rested. Raises `Moved` unless it is paused."""
    _hold(session, agreement.account, agreement)
    if agreement.state is not AgreementState.PAUSED:
        raise Moved
    agreement.paused_until = None
    _move(session, agreement, AgreementState.ACTIVE, worker)


def cancel(session: Session, agreement: Agreement, person: Person, reason: str = "") -> None:
    """End it. A tenant may take back what they proposed themselves. Cancelling twice is once.

    Raises `Moved` if it ended otherwise, or is not the tenant's to take back.
    """
    _hold(session, agreement.account, agreement)
    if agreement.state is AgreementState.CANCELLED:
        return
    if not agreement.open or (isinstance(person, Tenant) and not (agreement.by_tenant and not agreement.live)):
        raise Moved
    _move(session, agreement, AgreementState.CANCELLED, person, reason)


def standing_of(session: Session, agreement: Agreement, today: date) -> Standing:
    """How an agreement stands at the end of today, by what was paid: ongoing rent first."""
    entries = session.scalars(RentEntry.of(agreement.account)).all()
    plan = plan_now(session, agreement, today)
    return standing_on(
        agreement.account, entries, agreement.arrears_pence, agreement.reckoned_on, plan, today
    )


def covered_by_agreement(session: Session, account: RentAccount, today: date) -> bool:
    """Whether all that is owed now is what an agreement asks for later: rent is paid, and no instalment is missed."""
    agreement = live_agreement(session, account)
    if agreement is None or agreement.state is AgreementState.BREACHED or silenced(session, account, today):
        return False
    stands = standing_of(session, agreement, today)
    return stands.on_track and not stands.rent_behind and not stands.settled


def review_agreements(session: Session, today: date, most: int = 50) -> bool:
    """A step of the worker: move agreements on by what came in. Returns whether more remain for `today`.

    Each is looked at once a day, and again when something came in. Stopped at any point, it goes on where it was.
    """
    agreements = session.scalars(
        select(Agreement)
        .where(Agreement.state.in_(LIVE), or_(Agreement.reviewed_on.is_(None), Agreement.reviewed_on < today))
        .order_by(Agreement.id)
        .limit(most)
        .with_for_update(skip_locked=True, of=Agreement)
    ).all()
    for agreement in agreements:
        with apart(session, "review_agreements", agreement.id):
            review(session, agreement, today)
        agreement.reviewed_on = today
    return len(agreements) == most


def review(session: Session, agreement: Agreement, today: date) -> None:
    """Move one agreement on. During Breathing Space nothing moves."""
    account = agreement.account
    if silenced(session, account, today):
        return
    if agreement.state is AgreementState.PAUSED and agreement.paused_until and agreement.paused_until <= today:
        agreement.paused_until = None
        _move(session, agreement, AgreementState.ACTIVE, None)
    if not agreement.live or agreement.state is AgreementState.PAUSED:
        return
    stands = standing_of(session, agreement, today)
    if stands.settled:
        _move(session, agreement, AgreementState.KEPT, None)
    elif stands.missed is None:
        _move(session, agreement, AgreementState.ACTIVE, None)
    elif open_hardship(session, account) is None:
        counted_from = after_rests(stands.missed.day, rests(session, agreement, today), today)
        if today > clock.add_working_days(counted_from, GRACE):
            _move(session, agreement, AgreementState.BREACHED, None)


def _move(
    session: Session, agreement: Agreement, state: AgreementState, person: Person | None, words: str = ""
) -> None:
    if agreement.state is state:
        return
    agreement.move(state, person, words)
    session.flush()
    keep_reminding(session, agreement.account)
    if not isinstance(person, Tenant):
        _tell(session, agreement)


def _tell(session: Session, agreement: Agreement) -> None:
    move = agreement.moves[-1]
    facts = {"state": str(move.state), "by": move.person.known_as if move.person else ""}
    tell(session, agreement.account, AGREEMENT, str(move.id), facts)


def _hold(session: Session, account: RentAccount, agreement: Agreement | None = None) -> None:
    """Let nobody else change this account's agreements until this transaction ends, and see what they are now."""
    session.execute(select(RentAccount.id).where(RentAccount.id == account.id).with_for_update())
    if agreement is not None:
        session.refresh(agreement, ["state"])
