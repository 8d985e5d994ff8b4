"""Reminders of payments: some days before, or on the payday before, and on the morning of the day. They tell the day
and never a sum. Paydays follow no rule that a recurrence could say, so the next payments are announced one by one, and
planned again whenever money, paydays or terms change, and each day by the worker.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.reminders.models import Notice, State
from tenant_app.reminders.rules import announce
from tenant_app.rent.agreements import AgreementState
from tenant_app.rent.aside import live_agreement, plan_now, rests
from tenant_app.rent.breathing_space import BreathingSpace, silenced
from tenant_app.rent.calendar import due_before, due_from
from tenant_app.rent.hardship import Hardship, open_hardship
from tenant_app.rent.models import RentAccount, RentEntry
from tenant_app.rent.paydays import Payday, RentWishes, paydays_between, reminder_days, wishes_of
from tenant_app.rent.plans import Instalment, Rest
from tenant_app.rent.recurring import day_before
from tenant_app.rent.standing import standing_on

DUE = "rent.due"
"""Kind of notice: a payment is due soon, or today."""
INSTALMENT = "rent.instalment"
"""Kind of notice: a payment of the agreement is due soon, or today."""
LATE = "rent.late"
"""Kind of notice: a payment of the agreement has not reached us; it asks whether this week is hard."""
AGREEMENT = "rent.agreement"
"""Kind of notice: something about the agreement itself changed."""
ANSWERED = "rent.answered"
"""Kind of notice: somebody answered a tenant who told us that they cannot pay."""

ABOUT_ARREARS = (INSTALMENT, LATE, AGREEMENT)
"""Kinds that Breathing Space silences. None of them is said while one lasts, whenever it was planned: `notices` vetoes
them."""

MORNING = time(9)
LASTS = timedelta(hours=12)
"""After nine in the evening nobody is woken for rent."""
NEWS_LASTS = timedelta(days=3)

AHEAD = 3
"""Payments of each kind that are announced. A worker that is down for weeks still leaves reminders behind."""

WHICH = ("before", "due", "plan-before", "plan-due", "plan-late")
"""Last parts of reminders' sources."""

LATE_AFTER = 2
"""Working days after an instalment's day before anybody asks for it: money takes its time through the bank."""


@dataclass(frozen=True)
class Wanted:
    """One reminder as it should be: said on the morning of `on`, about a payment of `day`."""

    kind: str
    which: str
    on: date
    day: date


def remind_from(session: Session, account: RentAccount, day: date | None) -> None:
    """Remind of due days from `day` on, not of those before it: they are paid. None: no rent is to be paid. Payments
    of the agreement are looked at here too."""
    today = clock.today(ZoneInfo(account.zone))
    wishes, hardship = wishes_of(session, account), open_hardship(session, account)
    paydays = session.scalars(Payday.of(account.tenant)).all()
    rent: list[Wanted] = []
    if day is not None:
        due = list(islice(due_from(account, day), AHEAD))
        before = due_before(account, due[0]) if due else day
        rent = list(_around(DUE, "", [before, *due], paydays, wishes))
    plan = _of_plan(session, account, paydays, wishes, hardship, today)
    # One payment is one reminder, although part of it is rent and part of it the agreement's.
    said = {(one.on, one.day) for one in rent}
    wanted = [*rent, *(one for one in plan if one.kind == LATE or (one.on, one.day) not in said)]
    _say_exactly(session, account, [one for one in wanted if not (hardship and hardship.quiets(one.day, one.on))])
    if silenced(session, account, today):
        _fall_silent(session, account)
    wishes.planned_on = today


def tell(session: Session, account: RentAccount, kind: str, about: str, facts: dict[str, str]) -> None:
    """Say something new about the account's arrears, once for each `about`; nothing while Breathing Space lasts."""
    if not silenced(session, account, clock.today(ZoneInfo(account.zone))):
        announce(session, account.tenant, kind, source=f"agreement:{account.id}:{about}", facts=facts,
                 lasts=NEWS_LASTS)  # fmt: skip


def _around(
    kind: str, which: str, days: Sequence[date], paydays: Sequence[Payday], wishes: RentWishes
) -> Iterator[Wanted]:
    """Two reminders of each of `days` but the first: beforehand, and on the day."""
    if len(days) < 2:
        return
    comes = paydays_between(paydays, days[0], days[-1])
    for day, before in zip(days[1:], reminder_days(days, comes, wishes.days_before), strict=True):
        if before < day:
            yield Wanted(kind, f"{which}before", before, day)
        yield Wanted(kind, f"{which}due", day, day)


def _of_plan(
    session: Session, account: RentAccount, paydays: Sequence[Payday], wishes: RentWishes,
    hardship: Hardship | None, today: date,
) -> list[Wanted]:  # fmt: skip
    agreement = live_agreement(session, account)
    if agreement is not None:
        agreement.reviewed_on = None
    if agreement is None or agreement.state is not AgreementState.ACTIVE or silenced(session, account, today):
        return []
    entries = session.scalars(RentEntry.of(account)).all()
    plan = plan_now(session, agreement, today)

    def unpaid(one: Instalment) -> bool:
        stands = standing_on(account, entries, agreement.arrears_pence, agreement.reckoned_on, plan, one.day)
        return stands.paid < one.total and not stands.settled

    ahead = [one for one in plan if one.day >= today][:AHEAD]
    open_days = {one.day for one in ahead if unpaid(one)}
    days = sorted({one.day for one in ahead})
    wanted: list[Wanted] = []
    if days:
        gone = max((one.day for one in plan if one.day < days[0]), default=None)
        before = gone or day_before(agreement.frequency, days[0], days[0])
        around = _around(INSTALMENT, "plan-", [before, *days], paydays, wishes)
        wanted = [one for one in around if one.day in open_days]
    missed = standing_on(account, entries, agreement.arrears_pence, agreement.reckoned_on, plan, today).missed
    if missed is not None and missed.day < today and hardship is None:
        on = clock.add_working_days(after_rests(missed.day, rests(session, agreement, today), today), LATE_AFTER)
        wanted.append(Wanted(LATE, "plan-late", on, missed.day))
    spaces = session.scalars(BreathingSpace.of(account)).all()
    return [one for one in wanted if not any(space.covers(one.on) for space in spaces)]


def after_rests(day: date, rested: Sequence[Rest], today: date) -> date:
    """From when days of grace are counted for a payment of `day`: not while the agreement rested."""
    return max([day, *(rest.last for rest in rested if rest.first <= today and rest.last >= day)])


def _say_exactly(session: Session, account: RentAccount, wanted: Sequence[Wanted]) -> None:
    """Plan these reminders, and take back whatever else waits. What was said already is not said again."""
    zone, now = ZoneInfo(account.zone), clock.now()
    due: dict[tuple[str, str], tuple[Wanted, datetime]] = {}
    for one in wanted:
        at = clock.at(one.on, MORNING, zone)
        if at + LASTS > now:
            due[_source(account, one.which), one.day.isoformat()] = one, at
    known = session.scalars(
        select(Notice).where(
            Notice.source.in_([_source(account, which) for which in WHICH]),
            Notice.state.in_((State.WAITING, State.WITHDRAWN)),
        )
    )
    for notice in known.all():
        planned = due.get((notice.source, notice.occurrence))
        if planned is None:
            if notice.state is State.WAITING:
                notice.settle(State.WITHDRAWN)
        elif notice.state is State.WITHDRAWN or notice.due_at != planned[1]:
            session.delete(notice)  # or its place would be taken, and the reminder never said
        else:
            del due[notice.source, notice.occurrence]  # it waits as it should
    session.flush()
    for (source, occurrence), (one, at) in due.items():
        announce(session, account.tenant, one.kind, source=source, occurrence=occurrence, due_at=at, lasts=LASTS,
                 facts={"day": one.day.isoformat()})  # fmt: skip


def _fall_silent(session: Session, account: RentAccount) -> None:
    """What waits to be said about arrears is taken back; what was said and not read asks to be read no longer."""
    for notice in session.scalars(
        select(Notice).where(
            Notice.tenant_id == account.tenant_id, Notice.kind.in_(ABOUT_ARREARS), Notice.seen_at.is_(None),
            Notice.state != State.WITHDRAWN,
            or_(Notice.source.startswith(f"agreement:{account.id}:"), Notice.source.startswith(f"rent:{account.id}:")),
        )
    ):  # fmt: skip
        if notice.state is State.WAITING:
            notice.settle(State.WITHDRAWN)
        else:
            notice.see()


def _source(account: RentAccount, which: str) -> str:
    """What a reminder is about, for the reminder engine: `rent:<account>:before`."""
    return f"rent:{account.id}:{which}"
