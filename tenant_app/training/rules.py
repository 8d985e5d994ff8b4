"""What holds on a day: records written and corrected, and who needs what by when."""

from __future__ import annotations

import enum
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from dateutil.relativedelta import relativedelta
from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.database import put_if_absent
from tenant_app.training.models import UNPAID, Course, Duty, TrainingRecord

SOON = timedelta(days=60)
"""How long before it runs out a course is shown as running out."""
MONTH, WEEK = timedelta(days=30), timedelta(days=7)
"""When we say so on the page that somebody starts from, and when we say it once more."""
LONGEST_AGO, LONGEST = relativedelta(years=50), relativedelta(years=10)
"""A course that was done longer ago, or that would hold for longer, is a slip of the finger."""
ALWAYS = date.max
"""Stands for "does not run out" where days are compared."""

Held = Mapping[UUID, Mapping[str, date]]
"""By worker and course, the last day on which it holds; courses never done are not in it."""


class NotDoneYet(ValueError):
    """The course would have been done on a day to come."""


class TooLongAgo(ValueError):
    """The day it was done lies further back than anyone works."""


class EndsBeforeDone(ValueError):
    """It would run out before it was done."""


class TooLong(ValueError):
    """It would hold for longer than any certificate does."""


class OwnCertificate(ValueError):
    """Nobody checks their own certificate."""


class AlreadyWritten(ValueError):
    """There is a record of that course on that day, and it says something else."""


class Stale(Exception):
    """Somebody corrected it since the page was made. Nothing was overwritten."""


class State(enum.StrEnum):
    """How one course stands for one person."""

    VALID = "valid"
    SOON = "soon"
    RUN_OUT = "run_out"
    MISSING = "missing"


@dataclass(frozen=True)
class Line:
    """One course for one person."""

    course: Course
    needed: bool
    until: date | None
    """The last day on which it holds or held; None if it was never done; `ALWAYS` if it does not run out."""
    today: date

    @property
    def state(self) -> State:
        if self.until is None:
            return State.MISSING
        if self.until < self.today:
            return State.RUN_OUT
        return State.SOON if self.until <= self.today + SOON else State.VALID

    @property
    def to_do(self) -> bool:
        """Whether somebody should see to it."""
        return self.needed and self.state is not State.VALID

    @property
    def due(self) -> bool:
        """Whether it is said on the page that they start from: a month before, and until it is done again."""
        return self.needed and self.until is not None and self.until <= self.today + MONTH

    @property
    def pressing(self) -> bool:
        """Whether it is a week or less, or over."""
        return self.due and self.until is not None and self.until <= self.today + WEEK


@dataclass(frozen=True)
class Gap:
    """A needed course that does not hold on the day of a session."""

    worker: Worker
    course: Course
    until: date | None
    """Until when it holds; None where it was never done."""
    on: date
    """The first of the days on which it does not."""
    refused: bool
    """Whether the session cannot be planned with them; else it can be confirmed."""


def write_record(
    session: Session, worker: Worker, course: Course, *, done_on: date, valid_until: date | None, checked_by: Worker,
    today: date,
) -> TrainingRecord:  # fmt: skip
    """Keep that `worker` has done a course, as `checked_by` saw on the certificate. The same twice is one record.

    Raises `OwnCertificate`, `NotDoneYet`, `TooLongAgo`, `EndsBeforeDone`, `TooLong` or `AlreadyWritten`.
    """
    if worker.id == checked_by.id:
        raise OwnCertificate
    _require_days(done_on, valid_until, today)
    put_if_absent(session, TrainingRecord, [{
        "worker_id": worker.id, "course": course.slug, "done_on": done_on, "valid_until": valid_until,
        "checked_by_id": checked_by.id,
    }])  # fmt: skip
    kept = session.scalars(_standing(worker.id, course.slug, done_on)).one()
    if kept.valid_until != valid_until:
        raise AlreadyWritten
    return kept


def correct_record(
    session: Session, record: TrainingRecord, *, done_on: date, valid_until: date | None, by: Worker, seen: int,
    today: date,
) -> None:  # fmt: skip
    """Put the days of a record right; `seen` is the version that `by` had before them, who saw the certificate.

    Raises as `write_record`, or `Stale`.
    """
    session.refresh(record, with_for_update=True)
    if record.version != seen or record.set_aside_at is not None:
        raise Stale
    if record.worker_id == by.id:
        raise OwnCertificate
    _require_days(done_on, valid_until, today)
    if session.scalar(_standing(record.worker_id, record.course, done_on).where(TrainingRecord.id != record.id)):
        raise AlreadyWritten
    if (record.done_on, record.valid_until) == (done_on, valid_until):
        return
    try:
        # Another record may be corrected to the same day at this moment: the database says which came first.
        with session.begin_nested():
            record.done_on, record.valid_until, record.checked_by = done_on, valid_until, by
            record.changed_at, record.changed_by, record.version = clock.now(), by, record.version + 1
            session.flush()
    except IntegrityError as refused:
        raise AlreadyWritten from refused


def held(session: Session, worker_ids: Collection[UUID] | None = None) -> Held:
    """Until when each course holds, for these workers or for everyone; of several records, that which holds longest.
    One question."""
    until = func.max(func.coalesce(TrainingRecord.valid_until, ALWAYS))
    asked = (
        select(TrainingRecord.worker_id, TrainingRecord.course, until)
        .where(TrainingRecord.set_aside_at.is_(None))
        .group_by(TrainingRecord.worker_id, TrainingRecord.course)
    )
    if worker_ids is not None:
        asked = asked.where(TrainingRecord.worker_id.in_(worker_ids))
    found: dict[UUID, dict[str, date]] = defaultdict(dict)
    for worker_id, course, day in session.execute(asked):
        found[worker_id][course] = day
    return found


def may_be_due(session: Session, today: date) -> set[UUID]:
    """Workers of whom some course runs out within a month, or has, unless it was renewed: a few of a large house, found
    by an index, of whom the rest is then asked. One question."""
    ending = select(TrainingRecord.worker_id).where(
        TrainingRecord.valid_until <= today + MONTH, TrainingRecord.set_aside_at.is_(None)
    )
    return set(session.scalars(ending.distinct()))


def lines(
    courses: Sequence[Course], duties: Collection[Duty], kinds: Collection[str], done: Mapping[str, date], today: date
) -> list[Line]:
    """How each course stands for somebody with these duties, at sessions of these kinds."""
    return [Line(each, each.needed(duties, kinds), done.get(each.slug), today) for each in courses]


def gaps(
    courses: Sequence[Course], people: Iterable[tuple[Worker, Collection[Duty]]], kind: str, days: Collection[date],
    done: Held,
) -> list[Gap]:  # fmt: skip
    """Who of those who are to run a session of a kind on these days has not done what they need, or no longer."""
    found = []
    for worker, duties in people:
        for course in courses:
            until = done.get(worker.id, {}).get(course.slug)
            late = [day for day in days if until is None or until < day]
            if late and course.needed(duties, {kind}):
                refused = course.refuses and not UNPAID.isdisjoint(duties)
                found.append(Gap(worker, course, until, min(late), refused))
    return found


def _require_days(done_on: date, valid_until: date | None, today: date) -> None:
    if done_on > today:
        raise NotDoneYet
    if done_on < today - LONGEST_AGO:
        raise TooLongAgo
    if valid_until is not None and valid_until < done_on:
        raise EndsBeforeDone
    if valid_until is not None and valid_until > done_on + LONGEST:
        raise TooLong


def _standing(worker_id: UUID, course: str, done_on: date) -> Select[TrainingRecord]:
    return select(TrainingRecord).where(
        TrainingRecord.worker_id == worker_id, TrainingRecord.course == course, TrainingRecord.done_on == done_on,
        TrainingRecord.set_aside_at.is_(None),
    )  # fmt: skip
