"""Two groups at the same time in the same place: seen even by two who plan at the same moment, and never imagined."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date, time
from threading import Barrier, BrokenBarrierError
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Property, Worker
from tenant_app.database import Database
from tenant_app.groups.models import GroupSession
from tenant_app.groups.programme import foreseeing, planning
from tenant_app.groups.programme.arranging import Arrangement, Clashes, Clashing, Wanted, clashes
from tenant_app.groups.programme.changing import change_sessions
from tenant_app.groups.programme.foreseeing import Change
from tenant_app.groups.programme.planning import plan_series
from tests.cast import Cast
from tests.programme.series import FRIDAY, series, series_plan

LINK = "https://meet.example/Room-1"


@pytest.fixture
def marek(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.marek.id)


def release(session: Session, ready: Barrier) -> None:
    """Let both begin together, connected already and holding nothing."""
    session.commit()
    ready.wait(10)


def _both_plan(database: Database, cast: Cast, **changes: Any) -> list[str]:
    """Joana and Marek each put cooking on in a transaction of their own, at the same moment; how each fared."""
    ready = Barrier(2)

    def one(lead: UUID) -> str:
        with database.session() as session:
            wanted = series_plan(session, cast, lead=session.get_one(Worker, lead), **changes)
            release(session, ready)
            try:
                plan_series(session, session.get_one(Worker, cast.nasrin.id), wanted)
            except Clashing:
                return "clash"
            session.commit()
            return "planned"

    with ThreadPoolExecutor(2) as both:
        return sorted(both.map(one, (cast.joana.id, cast.marek.id)))


def _count(database: Database) -> int:
    with database.session() as session:
        return session.scalar(select(func.count()).select_from(GroupSession)) or 0


@pytest.fixture
def look_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks whether a place is free waits a little for the other to look too: the worst moment there is."""
    both = Barrier(2)

    def looked(session: Session, wanted: list[Wanted], **more: Any) -> Clashes:
        found = clashes(session, wanted, **more)
        with suppress(BrokenBarrierError):  # the other may wait for its turn
            both.wait(1)
        return found

    for room in (planning, foreseeing):
        monkeypatch.setattr(room, "clashes", looked)


@pytest.mark.parametrize("where", [{}, {"place": "KITCHEN,  ground floor"}, {"place": "", "link": LINK}])
@pytest.mark.usefixtures("look_together")
def test_of_two_who_plan_the_same_place_at_the_same_moment_one_is_told(
    database: Database, cast: Cast, where: dict[str, str]
) -> None:
    assert _both_plan(database, cast, **where) == ["clash", "planned"]
    assert _count(database) == 3


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
@pytest.mark.usefixtures("look_together")
def test_without_the_guard_both_get_the_place(database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control, so that the test above can fail. Not on SQLite, where those who may write take turns."""
    monkeypatch.setattr(planning, "hold", lambda *_: None)

    assert _both_plan(database, cast) == ["planned", "planned"]
    assert _count(database) == 6


def test_a_rest_that_is_moved_and_a_plan_for_its_new_time_do_not_both_get_the_place(
    session: Session, database: Database, cast: Cast, request: pytest.FixtureRequest
) -> None:
    """The second of the series meets in the garden room, and its new time is just being planned there."""
    mine = series(session, cast)
    mine[1].place = "Garden room"
    session.commit()
    first, edition = mine[0].id, mine[0].edition
    session.commit()
    request.getfixturevalue("look_together")
    ready = Barrier(2)

    def move() -> str:
        with database.session() as own:
            it, worker = own.get_one(GroupSession, first), own.get_one(Worker, cast.nasrin.id)
            change = Change(FRIDAY, time(15), time(16, 30), Arrangement.of(it))
            release(own, ready)
            try:
                change_sessions(own, worker, it, change, rest=True, seen=edition)
            except Clashing:
                return "clash"
            own.commit()
            return "done"

    def put_on() -> str:
        with database.session() as own:
            lead, nasrin = own.get_one(Worker, cast.marek.id), own.get_one(Worker, cast.nasrin.id)
            garden = series_plan(
                own, cast, lead=lead, place="garden room", starts=time(15), ends=time(16), weeks=1,
                first_on=date(2026, 12, 11),
            )  # fmt: skip
            release(own, ready)
            try:
                plan_series(own, nasrin, garden)
            except Clashing:
                return "clash"
            own.commit()
            return "done"

    with ThreadPoolExecutor(2) as both:
        fared = [each.result() for each in (both.submit(move), both.submit(put_on))]

    assert sorted(fared) == ["clash", "done"]


@pytest.mark.parametrize(
    ("starts", "ends", "clash"),
    [
        (time(10), time(11), False),
        (time(10), time(11, 1), True),
        (time(12, 30), time(13), False),
        (time(12, 29), time(13), True),
        (time(11, 30), time(12), True),
        (time(0), time(23, 59), True),
        (time(0), time(0, 1), False),
        (time(23, 58), time(23, 59), False),
    ],
)
def test_only_what_overlaps_clashes(
    session: Session, cast: Cast, marek: Worker, starts: time, ends: time, clash: bool
) -> None:
    series(session, cast, weeks=1)
    wanted = series_plan(session, cast, lead=marek, weeks=1, starts=starts, ends=ends)

    assert bool(planning.look_ahead(session, wanted).clashes.of_places) is clash


def test_the_end_of_one_day_is_not_in_the_way_of_the_next(session: Session, cast: Cast, marek: Worker) -> None:
    series(session, cast, weeks=1, starts=time(22), ends=time(23, 59))

    assert series(session, cast, lead=marek, weeks=1, first_on=date(2026, 12, 5), starts=time(0), ends=time(2))


@pytest.mark.parametrize(
    ("day", "first", "second", "clash"),
    [
        # Clocks go forward: half past midnight to half past two is one hour.
        (date(2027, 3, 28), (time(0, 30), time(2, 30)), (time(2, 30), time(3)), False),
        (date(2027, 3, 28), (time(0, 30), time(2, 30)), (time(2), time(3)), True),
        (date(2027, 3, 28), (time(0), time(0, 59)), (time(2), time(3)), False),
        # Clocks go back: until half past one means the first of the two, and so does from half past one on.
        (date(2027, 10, 31), (time(0, 30), time(1, 30)), (time(1, 30), time(2, 30)), False),
        (date(2027, 10, 31), (time(0, 30), time(2)), (time(1, 45), time(3)), True),
        (date(2027, 10, 31), (time(0, 30), time(2)), (time(2), time(3)), False),
    ],
)
def test_a_session_over_a_clock_change_is_as_long_as_it_lasts(
    session: Session, cast: Cast, marek: Worker, day: date, first: tuple[time, time], second: tuple[time, time],
    clash: bool,
) -> None:  # fmt: skip
    series(session, cast, weeks=1, first_on=day, starts=first[0], ends=first[1])
    wanted = series_plan(session, cast, lead=marek, weeks=1, first_on=day, starts=second[0], ends=second[1])

    assert bool(planning.look_ahead(session, wanted).clashes.of_places) is clash


@pytest.mark.parametrize(
    ("link", "clash"),
    [
        (LINK, True),
        ("HTTPS://Meet.Example/Room-1/", True),
        ("https://meet.example/room-1", False),
        ("https://meet.example/Room-1?for=cooks", False),
        ("", False),
    ],
)
def test_a_link_clashes_with_itself_only_whatever_home_it_is_for(
    session: Session, cast: Cast, marek: Worker, link: str, clash: bool
) -> None:
    series(session, cast, place="Lounge", link=LINK, building=session.get_one(Property, cast.alma_road.id))
    wanted = series_plan(
        session, cast, lead=marek, place="Garden room", link=link,
        building=session.get_one(Property, cast.mare_street.id),
    )  # fmt: skip

    assert bool(planning.look_ahead(session, wanted).clashes.of_places) is clash
