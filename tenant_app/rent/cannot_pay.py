"""What happens when a tenant tells us that they cannot pay: reminders of that payment rest, and somebody answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import islice

from sqlalchemy.orm import Session

from tenant_app.accounts.models import Worker
from tenant_app.database import Pence
from tenant_app.reminders.rules import announce
from tenant_app.rent.agreeing import standing_of
from tenant_app.rent.aside import live_agreement, plan_now
from tenant_app.rent.breathing_space import silenced
from tenant_app.rent.calendar import due_from
from tenant_app.rent.hardship import About, Hardship, HardshipState, write_down
from tenant_app.rent.models import RentAccount
from tenant_app.rent.reminding import AHEAD, ANSWERED, NEWS_LASTS
from tenant_app.rent.rules import keep_reminding, next_payment


def tell_us(
    session: Session, account: RentAccount, about: About, about_day: date, *, happened: Sequence[str] = (),
    words: str = "", language: str = "", can_pay_pence: Pence | None = None, can_pay_on: date | None = None,
    tell_keyworker: bool = False,
) -> tuple[Hardship, bool]:  # fmt: skip
    """The tenant cannot make a payment. Its reminders rest until somebody answers, or for seven days.

    While an earlier one waits for an answer, that one is returned, and False. Raises `ValueError` as `write_down`.
    """
    told, new = write_down(
        session, account, about, about_day, happened=happened, words=words, language=language,
        can_pay_pence=can_pay_pence, can_pay_on=can_pay_on, tell_keyworker=tell_keyworker,
    )  # fmt: skip
    if new:
        keep_reminding(session, account)
    return told, new


def take_back(session: Session, told: Hardship) -> None:
    """The tenant can pay after all: reminders go on. Twice is once."""
    told.take_back()
    session.flush()
    keep_reminding(session, told.account)


def answer(
    session: Session, worker: Worker, told: Hardship, state: HardshipState, reply: str, language: str
) -> None:
    """A housing officer answers, and the tenant is told that there is an answer.

    It is said during Breathing Space too: the tenant asked, and the notice says nothing of arrears. Raises
    `ValueError` without words.
    """
    told.answer(worker, state, reply, language)
    session.flush()
    keep_reminding(session, told.account)
    moment = told.answered_at.isoformat() if told.answered_at else ""
    announce(
        session, told.account.tenant, ANSWERED, source=f"hardship:{told.id}", occurrence=moment[:40],
        facts={"from": worker.known_as}, lasts=NEWS_LASTS,
    )  # fmt: skip


def payments_ahead(session: Session, account: RentAccount, today: date) -> list[tuple[About, date]]:
    """The payments that a tenant may mean, in order: one of the agreement that did not reach us, then the next ones of
    rent and of the agreement. Of one day, rent stands for both."""
    found: dict[date, About] = {}
    agreement = live_agreement(session, account)
    if agreement is not None and not silenced(session, account, today):
        missed = standing_of(session, agreement, today).missed
        plan = plan_now(session, agreement, today)
        ahead = [one.day for one in plan if one.day >= today][:AHEAD]
        found = dict.fromkeys([missed.day, *ahead] if missed else ahead, About.PLAN)
    first = next_payment(session, account.tenant, today)
    found |= dict.fromkeys(islice(due_from(account, first.day if first else today), AHEAD), About.RENT)
    return [(found[day], day) for day in sorted(found)]
