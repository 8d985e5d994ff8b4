"""Decisions about check-ins: one a day, what a second one on the same day changes, and which of them a page shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.check_ins.models import ANSWERS, CheckIn, CheckInAnswer
from tenant_app.check_ins.reminding import say_no_more

SPAN = relativedelta(months=3)
"""How much a page shows. A check-in a week makes thirteen, which a phone can draw; more is on the page before."""
WAITED_AT_MOST = timedelta(days=30)
"""No phone keeps longer what it could not send."""
SUNDAY = 6
"""The weekday on which Today mentions it, to those who have not checked in lately."""


class NothingSaid(ValueError):
    """No answer and no words."""


@dataclass(frozen=True)
class Asked:
    """A statement as it was worded when somebody answered it."""

    asked_in: str
    statement: str
    version: int


@dataclass(frozen=True)
class Span:
    """Check-ins of some months, newest first, and where those before and after them begin."""

    first: date
    last: date
    check_ins: Sequence[CheckIn]
    older: date | None
    """The newest day before these."""
    newer: date | None
    """The oldest day after these."""


def check_in(
    session: Session, tenant: Tenant, day: date, answers: Mapping[Asked, int | None], words: str = "", *,
    language: str = "", seen: int = 0,
) -> CheckIn:  # fmt: skip
    """Keep what a tenant says of this day. A second one on the same day changes the first.

    `answers` are 1 to 5, the lowest first, or None where a statement is left out. `seen` is the edition that the form
    showed: one that showed another, or none, adds to what is there and takes nothing away. Raises `NothingSaid`.
    """
    if not all(choice is None or 1 <= choice <= ANSWERS for choice in answers.values()):
        raise ValueError("an answer is one of five")
    # Two taps at the same moment queue here; the second then finds what the first wrote.
    session.execute(select(Tenant.id).where(Tenant.id == tenant.id).with_for_update(key_share=True))
    kept = on_day(session, tenant, day, afresh=True)
    adds = kept is not None and kept.edition != seen
    if not words and not any(answers.values()) and not (adds and kept):
        raise NothingSaid
    if kept is None:
        kept = CheckIn(tenant=tenant, day=day, edition=0)
        session.add(kept)
    for asked, choice in answers.items():
        _put(kept, asked, choice, adds=adds)
    if words or not adds:
        kept.words, kept.language = words, language if words else ""
    kept.edition += 1
    session.flush()
    say_no_more(session, tenant, day)
    return kept


def on_day(session: Session, tenant: Tenant, day: date, *, afresh: bool = False) -> CheckIn | None:
    """What this tenant said on that day. `afresh`: as the database has it now, whatever was read before."""
    theirs = CheckIn.of(tenant).where(CheckIn.day == day)
    return session.scalars(theirs.execution_options(populate_existing=afresh)).one_or_none()


def day_meant(tapped_at: str | None, zone: ZoneInfo) -> date:
    """The day that a check-in is about: the one on which it was tapped (`tapped_at`, ISO 8601 with a zone) where a
    phone had to keep it, else today. What cannot be read, or cannot be, is today."""
    now = clock.now()
    try:
        moment = datetime.fromisoformat(tapped_at or "")
        waited = now - moment
    except (ValueError, TypeError, OverflowError):
        return now.astimezone(zone).date()
    then = moment if timedelta() <= waited <= WAITED_AT_MOST else now
    return then.astimezone(zone).date()


def span_of(session: Session, listed: Select[CheckIn], month: date | None = None) -> Span | None:
    """The check-ins among `listed` of the months up to and with `month`; without one, of the last months in which there
    are any. None where there are none at all."""
    days = listed.order_by(None).with_only_columns(func.max(CheckIn.day))
    newest = session.scalar(days)
    if newest is None:
        return None
    last = (month or newest) + relativedelta(day=31)
    first = last + relativedelta(day=1) - SPAN + relativedelta(months=1)
    shown = session.scalars(listed.where(CheckIn.day.between(first, last))).all()
    older = session.scalar(days.where(CheckIn.day < first))
    oldest = listed.order_by(None).with_only_columns(func.min(CheckIn.day))
    newer = session.scalar(oldest.where(CheckIn.day > last)) if newest > last else None
    return Span(first, last, shown, older, newer)


def may_be_mentioned(session: Session, tenant: Tenant, today: date) -> bool:
    """Whether Today offers a check-in: on one day of the week, to those who have made none in the days before."""
    if today.weekday() != SUNDAY:
        return False
    lately = CheckIn.of(tenant).where(CheckIn.day > today - timedelta(days=6))
    return session.scalars(lately.limit(1)).first() is None


def _put(kept: CheckIn, asked: Asked, choice: int | None, *, adds: bool) -> None:
    there = kept.answer_to(asked.asked_in, asked.statement)
    if choice is None:
        if there is not None and not adds:
            kept.answers.remove(there)
    elif there is None:
        kept.answers.append(
            CheckInAnswer(
                asked_in=asked.asked_in, statement=asked.statement, version=asked.version, choice=choice
            )
        )
    else:
        there.version, there.choice = asked.version, choice
