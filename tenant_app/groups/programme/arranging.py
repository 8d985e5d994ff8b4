"""Where a session is, who runs it and for how many; and what stands in its way at that time."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit, urlunsplit
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from tenant_app.accounts.models import Worker
from tenant_app.groups.models import GroupSession
from tenant_app.groups.programme.series import Part, SessionFacilitator


@dataclass(frozen=True)
class Arrangement:
    """All that can be said of a session beside what it is and when. A place, a link, or both."""

    place: str
    lead: Worker
    capacity: int
    link: str = ""
    beside: tuple[tuple[Worker, Part], ...] = ()
    step_free: bool = False
    access_note: str = ""
    languages: tuple[str, ...] = ()
    interpreter: tuple[str, ...] = ()

    @classmethod
    def of(cls, group_session: GroupSession) -> Arrangement:
        """As a session is arranged now."""
        return cls(
            group_session.place, group_session.facilitator, group_session.capacity, group_session.link,
            tuple((each.worker, each.part) for each in sorted(group_session.beside, key=_by_name)),
            group_session.step_free, group_session.access_note,
            tuple(sorted(group_session.spoken)), tuple(sorted(group_session.interpreted)),
        )  # fmt: skip

    def give_to(self, group_session: GroupSession) -> None:
        """Arrange a session so, apart from its capacity, which its bookings have a say in."""
        group_session.place, group_session.link, group_session.facilitator = self.place, self.link, self.lead
        group_session.step_free, group_session.access_note = self.step_free, self.access_note
        group_session.languages = ",".join(code for code in self.languages if code != "en")
        group_session.interpreter = ",".join(self.interpreter)
        # Of rows, those that stay are kept: a key that goes and comes in one breath would be written before it is free.
        known = {each.worker_id: each for each in group_session.beside}
        group_session.beside[:] = [
            known.get(worker.id) or SessionFacilitator(worker=worker, part=part)
            for worker, part in self.beside if worker.id != self.lead.id
        ]  # fmt: skip
        parts = {worker.id: part for worker, part in self.beside}
        for each in group_session.beside:
            each.part = parts[each.worker.id]

    @property
    def workers(self) -> dict[UUID, Worker]:
        """Everyone who is to be there."""
        return {each.id: each for each in (self.lead, *(worker for worker, _ in self.beside))}

    @property
    def grounds(self) -> set[str]:
        """Where people meet, as it can be taken by somebody else: the place, the link, or both."""
        return {name for name in (_plainly(self.place), _plain_link(self.link)) if name}


@dataclass(frozen=True)
class Wanted:
    """A time at which a session is to be held, so arranged."""

    starts_at: datetime
    ends_at: datetime
    arrangement: Arrangement
    building_id: UUID | None


@dataclass(frozen=True)
class Clash:
    """A session that is on at a time that is wanted: in the same place, or with the same person (`worker`)."""

    wanted: Wanted
    other: GroupSession
    worker: Worker | None = None


@dataclass(frozen=True)
class Clashes:
    """All of them, session by session."""

    of_people: Sequence[Clash] = ()
    """Nobody is in two places: these are always refused."""
    of_places: Sequence[Clash] = ()
    """These can be confirmed: a lounge may hold two groups."""


class Clashing(Exception):
    """Somebody or some place is taken at that time. Nothing was changed."""

    def __init__(self, clashes: Clashes) -> None:
        super().__init__("taken at that time")
        self.clashes = clashes


def clashes(session: Session, wanted: Sequence[Wanted], *, beside: Collection[UUID] = ()) -> Clashes:
    """What stands in the way; sessions whose ids are in `beside` are the ones being changed and do not count."""
    if not wanted:
        return Clashes()
    others = session.scalars(
        select(GroupSession)
        .options(selectinload(GroupSession.facilitator), selectinload(GroupSession.beside))
        .where(
            GroupSession.cancelled_at.is_(None),
            GroupSession.ends_at > min(each.starts_at for each in wanted),
            GroupSession.starts_at < max(each.ends_at for each in wanted),
        )
        .order_by(GroupSession.starts_at, GroupSession.id)
    ).all()
    people, places = [], []
    for each in wanted:
        for other in others:
            if other.id in beside or other.ends_at <= each.starts_at or other.starts_at >= each.ends_at:
                continue
            there = {other.facilitator_id, *(one.worker_id for one in other.beside)}
            people += [Clash(each, other, one) for key, one in each.arrangement.workers.items() if key in there]
            if _same_place(each, other):
                places.append(Clash(each, other))
    return Clashes(people, places)


def require_free(found: Clashes, *, despite_places: bool) -> None:
    """Raise `Clashing` for a person's clash, and for a place's that nobody confirmed."""
    if found.of_people or (found.of_places and not despite_places):
        raise Clashing(found)


def hold(session: Session, arrangements: Iterable[Arrangement]) -> None:
    """Let whoever else plans with these people, or in these places, wait until this is done: neither is promised twice.

    Called once in a transaction, before anything else is held, and always people before places: two who each wait for
    what the other holds would wait for ever. On SQLite all who may write wait for their turn already.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    arrangements = list(arrangements)
    ids = sorted({key for each in arrangements for key in each.workers})
    session.execute(select(Worker.id).where(Worker.id.in_(ids)).order_by(Worker.id).with_for_update(key_share=True))
    # A place is a name and no row, so that there is nothing but its name to hold.
    for key in sorted({_lock_of(ground) for each in arrangements for ground in each.grounds}):
        session.execute(select(func.pg_advisory_xact_lock(key)))


def _lock_of(ground: str) -> int:
    digest = hashlib.sha256(f"group place: {ground}".encode()).digest()
    return int.from_bytes(digest[:8], signed=True)


def _same_place(wanted: Wanted, other: GroupSession) -> bool:
    """A kitchen in one home is not the kitchen of another; of a group for everyone one cannot tell, so it may be."""
    mine = wanted.arrangement
    if mine.link and _plain_link(mine.link) == _plain_link(other.link):
        return True
    known = wanted.building_id is None or other.building_id is None or wanted.building_id == other.building_id
    return bool(mine.place) and known and _plainly(mine.place) == _plainly(other.place)


def _plainly(place: str) -> str:
    return " ".join(place.casefold().split())


def _plain_link(link: str) -> str:
    """Names of hosts are the same in capitals; what comes after them may not be."""
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return link
    return urlunsplit(parts._replace(scheme="", netloc=parts.netloc.casefold(), path=parts.path.rstrip("/")))


def _by_name(each: SessionFacilitator) -> tuple[str, UUID]:
    return each.worker.name.casefold(), each.worker_id
