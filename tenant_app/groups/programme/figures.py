"""What came of the programme, in numbers: how full sessions are and how many came. People are counted, never named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.groups.models import CAME, Attendance, Booking, GroupSession, Standing


@dataclass(frozen=True)
class SessionFigures:
    """One session that was not called off: its places, and the marks of its register."""

    kind: str
    starts_at: datetime
    zone: str
    place: str
    link: str
    capacity: int
    booked: int
    """Places taken."""
    waiting: int
    came: int
    sent_word: int
    not_here: int
    unmarked: int
    """In the register, and nobody said yet whether they came."""
    over: bool

    @property
    def day(self) -> date:
        return self.starts_at.astimezone(ZoneInfo(self.zone)).date()


@dataclass(frozen=True)
class Sum:
    """Several sessions together."""

    of: object
    """What they have in common: a kind, or the first day of a week."""
    sessions: int
    over: int
    """How many of them are over: attendance is about these."""
    places: int
    booked: int
    came: int
    sent_word: int
    not_here: int
    unmarked: int

    @property
    def fill(self) -> int:
        """Places taken of all places, in whole percent."""
        return round(100 * self.booked / self.places) if self.places else 0

    @property
    def each(self) -> float:
        """People who came, a session that is over."""
        return round(self.came / self.over, 1) if self.over else 0


def figures(session: Session, worker: Worker, start: datetime, end: datetime) -> list[SessionFigures]:
    """Sessions that this worker runs, or coordinates, starting from `start` to before `end`; two questions."""
    chosen = GroupSession.ever_run_by(worker).where(
        GroupSession.starts_at >= start, GroupSession.starts_at < end, GroupSession.cancelled_at.is_(None)
    )
    columns = chosen.with_only_columns(
        GroupSession.id, GroupSession.kind, GroupSession.starts_at, GroupSession.ends_at, GroupSession.zone,
        GroupSession.place, GroupSession.link, GroupSession.capacity, GroupSession.places_taken,
        maintain_column_froms=True,
    )  # fmt: skip
    ids = chosen.with_only_columns(GroupSession.id).order_by(None)

    def count(condition: object) -> object:
        return func.sum(case((condition, 1), else_=0))  # type: ignore[arg-type]

    listed = Booking.in_register()
    counted = session.execute(
        select(
            Booking.session_id,
            count(Booking.standing == Standing.WAITING), count(listed & Booking.attendance.in_(CAME)),
            count(listed & (Booking.attendance == Attendance.SENT_WORD)),
            count(listed & (Booking.attendance == Attendance.NOT_HERE)), count(listed & Booking.attendance.is_(None)),
        )  # type: ignore[call-overload]
        .where(Booking.session_id.in_(ids))
        .group_by(Booking.session_id)
    )  # fmt: skip
    marks = {row[0]: [int(number) for number in row[1:]] for row in counted}
    now, found = clock.now(), []
    for key, kind, starts_at, ends_at, zone, place, link, capacity, taken in session.execute(columns):
        waiting, came, sent_word, not_here, unmarked = marks.get(key, [0] * 5)
        found.append(SessionFigures(
            kind, starts_at, zone, place, link, capacity, taken, waiting, came, sent_word, not_here, unmarked,
            ends_at <= now,
        ))  # fmt: skip
    return found


def by_kind(found: Sequence[SessionFigures]) -> list[Sum]:
    """One sum a kind, in the order of their folders."""
    return _sums(found, lambda each: each.kind, sorted({each.kind for each in found}))


def by_week(found: Sequence[SessionFigures], first: date, last: date) -> list[Sum]:
    """One sum a week from that of `first` to that of `last`, by its Monday; a week without sessions is nought."""
    monday = first - timedelta(days=first.weekday())
    weeks = [monday + timedelta(weeks=number) for number in range(((last - monday).days // 7) + 1)]
    return _sums(found, lambda each: each.day - timedelta(days=each.day.weekday()), weeks)


def total(found: Sequence[SessionFigures]) -> Sum:
    """All of them together."""
    return _sums(found, lambda _: None, [None])[0]


def _sums(
    found: Sequence[SessionFigures], key: Callable[[SessionFigures], object], keys: Iterable[object]
) -> list[Sum]:
    sums = []
    for of in keys:
        these = [each for each in found if key(each) == of]
        over = [each for each in these if each.over]
        sums.append(Sum(
            of, len(these), len(over), sum(each.capacity for each in these), sum(each.booked for each in these),
            sum(each.came for each in these), sum(each.sent_word for each in these),
            sum(each.not_here for each in these), sum(each.unmarked for each in over),
        ))  # fmt: skip
    return sums
