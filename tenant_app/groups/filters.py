"""Looking for a session: what is ahead of one tenant in a single question, and what of it was asked for.

Everything asked for stands in the address, so that it can be kept, shared and gone back to. A page is whole weeks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, selectinload

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.groups.models import Booking, GroupSession, Standing

WEEK = timedelta(days=7)
ENOUGH = 12
"""Beyond this week, weeks are put on a page until it has so many sessions."""
SHOWN = ("week", "all", "booked")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
YEARS = range(1900, 2100)
"""Years in which somebody may mean a day; weeks are counted from it, and no calendar goes on for ever."""
LONGEST_TOLD = 40
"""Letters of an unknown value that are shown again."""
ONLINE = "@online"
"""What is asked for as a place to find every session that one can join online; no place is called so."""


@dataclass(frozen=True)
class Line:
    """What must be known of a session to find it."""

    id: UUID
    starts_at: datetime
    day: date
    """By the clocks it goes by."""
    kind: str
    place: str
    """Empty where people meet online only."""
    languages: tuple[str, ...]
    """Beside English: spoken there, or an interpreter comes."""
    booked: bool
    online: bool = False

    @property
    def weekday(self) -> str:
        """`mon` to `sun`."""
        return WEEKDAYS[self.day.weekday()]

    @property
    def places(self) -> tuple[str, ...]:
        """Every place at which one can take part."""
        return (*([self.place] if self.place else []), *([ONLINE] if self.online else []))


@dataclass(frozen=True)
class Choice:
    """What was asked for; empty where anything will do."""

    show: str = "week"
    kind: str = ""
    day: str = ""
    """A day of the week: `mon`."""
    place: str = ""
    language: str = ""
    since: date | None = None
    """First day of the page; None: today."""
    unknown: tuple[str, ...] = field(default=(), compare=False)
    """Values that were asked for and that nothing has: they are left out, and it is said."""

    @property
    def narrowed(self) -> bool:
        """Whether some sessions are left out."""
        return any((self.kind, self.day, self.place, self.language))

    def fits(self, line: Line) -> bool:
        """Whether it is among what was asked for, on whichever day."""
        return (
            self.kind in ("", line.kind)
            and self.day in ("", line.weekday)
            and (not self.place or self.place in line.places)
            and (not self.language or self.language in line.languages)
            and (self.show != "booked" or line.booked)
        )

    def query(self, **changes: object) -> dict[str, Any]:
        """The same as parameters of an address, with changes."""
        changed = replace(self, **changes)  # type: ignore[arg-type]
        values = {each.name: getattr(changed, each.name) for each in fields(changed) if each.name != "unknown"}
        since = values.pop("since")
        return {**{name: value for name, value in values.items() if value}, **({"from": str(since)} if since else {})}


@dataclass(frozen=True)
class Options:
    """What can be asked for: only what something ahead has."""

    kinds: tuple[str, ...]
    days: tuple[str, ...]
    places: tuple[str, ...]
    languages: tuple[str, ...]

    @classmethod
    def of(cls, lines: Sequence[Line]) -> Options:
        """Everything that these lines have."""
        return cls(
            kinds=tuple(sorted({line.kind for line in lines})),
            days=tuple(sorted({line.weekday for line in lines}, key=WEEKDAYS.index)),
            places=tuple(sorted({place for line in lines for place in line.places}, key=str.casefold)),
            languages=tuple(sorted({code for line in lines for code in line.languages})),
        )


@dataclass(frozen=True)
class Page:
    """One page of what was asked for."""

    lines: list[Line]
    earlier: date | None
    """From which day on the page before begins; None if there is none."""
    later: date | None
    """The same of the page after."""
    beyond: bool
    """Whether something else that fits is ahead, before or after this page."""


def lines_ahead(session: Session, tenant: Tenant) -> list[Line]:
    """All that is on or to come and that this tenant may come to, soonest first, in one question.

    What is called off is told to those whom it concerns only.
    """
    mine = and_(Booking.session_id == GroupSession.id, Booking.tenant_id == tenant.id)
    concerned = Booking.standing.in_((Standing.PLACE, Standing.WAITING, Standing.OFFERED))
    found = session.execute(
        select(
            GroupSession.id, GroupSession.starts_at, GroupSession.zone, GroupSession.kind, GroupSession.place,
            GroupSession.link, GroupSession.languages, GroupSession.interpreter, Booking.standing,
        )
        .outerjoin(Booking, mine)
        .where(
            GroupSession.open_for(tenant),
            GroupSession.ends_at > clock.now(),
            or_(GroupSession.cancelled_at.is_(None), concerned),
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
    )  # fmt: skip
    return [
        Line(
            id=session_id, starts_at=starts_at, day=starts_at.astimezone(ZoneInfo(zone)).date(), kind=kind, place=place,
            languages=tuple(dict.fromkeys(code for code in f"{languages},{interpreter}".split(",") if code)),
            booked=standing is Standing.PLACE, online=bool(link),
        )
        for session_id, starts_at, zone, kind, place, link, languages, interpreter, standing in found
    ]  # fmt: skip


def choose(asked: Mapping[str, str], options: Options) -> Choice:
    """Read what an address asks for. What nothing ahead has is left out and named in `unknown`."""
    unknown: list[str] = []

    def one_of(name: str, known: Sequence[str]) -> str:
        value = asked.get(name, "")
        if not value or value in known:
            return value
        unknown.append(value[:LONGEST_TOLD])
        return ""

    show = asked.get("show") or "week"
    if show not in SHOWN:
        unknown.append(show[:LONGEST_TOLD])
        show = "all"
    since = None
    if asked.get("from"):
        with suppress(ValueError):
            since = date.fromisoformat(asked["from"])
        if since is None or since.year not in YEARS:
            since = None
            unknown.append(asked["from"][:LONGEST_TOLD])
    return Choice(
        show=show, kind=one_of("kind", options.kinds), day=one_of("day", options.days),
        place=one_of("place", options.places), language=one_of("language", options.languages), since=since,
        unknown=tuple(unknown),
    )  # fmt: skip


def page_of(lines: Sequence[Line], choice: Choice, today: date) -> Page:
    """What is shown of it: seven days, or beyond this week as many whole weeks as hold `ENOUGH`.

    Nothing is lost between pages: one begins where the other ends, and empty weeks are passed over.
    """
    fitting = [line for line in lines if choice.fits(line)]
    start = max(choice.since or today, today)
    following = [line for line in fitting if line.day >= start or start == today]
    if choice.show == "week":
        end = start + WEEK
    else:
        if following:
            start = max(start, following[0].day)
        last = following[min(ENOUGH, len(following)) - 1].day if following else start
        end = start + WEEK * max((last - start).days // 7 + 1, 1)
    shown = [line for line in following if line.day < end]
    after = next((line.day for line in following if line.day >= end), None)
    before = [line.day for line in fitting if line.day < start] if start > today else []
    earlier = max(before[-1] - WEEK + timedelta(days=1), today) if before else None
    return Page(shown, earlier, after, beyond=after is not None or bool(before))


def sessions_of(session: Session, lines: Sequence[Line]) -> list[GroupSession]:
    """The sessions of these lines, soonest first, with those who run them."""
    ids = [line.id for line in lines]
    found = session.scalars(
        select(GroupSession).options(selectinload(GroupSession.facilitator)).where(GroupSession.id.in_(ids))
    )
    return sorted(found, key=lambda each: ids.index(each.id))


def weekday_like(code: str) -> date:
    """Some day that is a `mon`, so that it can be told in any language."""
    return date(2026, 1, 5) + timedelta(days=WEEKDAYS.index(code))


def series_ahead(session: Session, tenant: Tenant, group_session: GroupSession) -> list[GroupSession]:
    """What this tenant may still come to of a session's series, soonest first; empty for one that stands alone."""
    if group_session.series_id is None:
        return []
    ahead = GroupSession.of(tenant).where(
        GroupSession.series_id == group_session.series_id,
        GroupSession.starts_at > clock.now(),
        GroupSession.cancelled_at.is_(None),
    )
    return list(session.scalars(ahead))
