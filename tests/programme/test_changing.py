"""One session, or the rest of a series, is changed or called off; who booked is told, once."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.programme.arranging import Clashing
from tenant_app.groups.programme.changing import Stale, call_off_sessions, change_sessions
from tenant_app.groups.programme.foreseeing import PlacesTaken, foresee, rest_of
from tenant_app.groups.programme.planning import Past
from tenant_app.groups.programme.series import BankHolidays, NoSuchTime, Part
from tenant_app.groups.reminding import ALL_CALLED_OFF, OFFERED
from tenant_app.groups.rules import Cancelled, Started, book_place, join_waiting_list
from tests.cast import Cast
from tests.groups.programme import fill, neighbours
from tests.programme.changes import as_it_is, change, waiting
from tests.programme.series import FRIDAY, series


@pytest.fixture
def nasrin(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.nasrin.id)


@pytest.fixture
def marek(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.marek.id)


def test_one_session_is_changed_and_the_others_stay(session: Session, cast: Cast, nasrin: Worker) -> None:
    first, second, third = series(session, cast)

    change(session, nasrin, second, day=date(2026, 12, 12), starts=time(14), ends=time(15), place="Lounge")
    session.commit()
    session.expire_all()

    assert second.starts_at == datetime(2026, 12, 12, 14, 0, tzinfo=UTC)
    assert (second.place, second.version, second.changed_by_id, second.regular_on) == (
        "Lounge", 2, nasrin.id, date(2026, 12, 11),
    )  # fmt: skip
    assert [(each.day, each.place, each.version) for each in (first, third)] == [
        (FRIDAY, "Kitchen, ground floor", 1), (date(2026, 12, 18), "Kitchen, ground floor", 1),
    ]  # fmt: skip


def test_the_rest_of_a_series_is_changed_from_here_on(session: Session, cast: Cast, nasrin: Worker) -> None:
    first, second, third = series(session, cast)

    change(session, nasrin, second, rest=True, starts=time(15), ends=time(16), capacity=10)

    assert first.starts_at.hour == 11
    assert [(each.starts_at.hour, each.ends_at.hour, each.capacity) for each in (second, third)] == [(15, 16, 10)] * 2


def test_the_rest_takes_on_only_what_was_changed_here(session: Session, cast: Cast, nasrin: Worker) -> None:
    _first, second, third = series(session, cast)
    change(session, nasrin, third, place="Lounge", starts=time(9), ends=time(10))

    change(session, nasrin, second, rest=True, capacity=12)

    assert (third.place, third.starts_at.hour, third.capacity) == ("Lounge", 9, 12)
    assert (second.place, second.starts_at.hour) == ("Kitchen, ground floor", 11)


def test_the_rest_moves_to_another_weekday_and_around_bank_holidays(
    session: Session, cast: Cast, nasrin: Worker
) -> None:
    planned = series(session, cast, weeks=5, bank_holidays=BankHolidays.MOVE)

    change(session, nasrin, planned[0], rest=True, day=date(2026, 12, 7))

    # From Friday to Monday: 28 December is a bank holiday, and 4 January is where New Year's Day had been moved to.
    assert [each.day for each in planned] == [
        date(2026, 12, 7), date(2026, 12, 14), date(2026, 12, 21), date(2026, 12, 29), date(2027, 1, 4),
    ]  # fmt: skip
    assert [each.regular_on for each in planned][3] == date(2026, 12, 28)


def test_a_rest_that_skips_bank_holidays_calls_off_what_would_fall_on_one(
    session: Session, cast: Cast, nasrin: Worker, amina: Tenant
) -> None:
    planned = series(session, cast, first_on=date(2026, 12, 15), weeks=3)  # Tuesdays
    book_place(session, amina, planned[1])
    book_place(session, amina, planned[2])

    outcome = foresee(session, nasrin, planned[0], as_it_is(planned[0], day=date(2026, 12, 18)), rest=True)
    assert [(each.day, each.wanted is None) for each in outcome.altered] == [
        (date(2026, 12, 18), False), (date(2026, 12, 22), True), (date(2026, 12, 29), True),
    ]  # fmt: skip
    assert outcome.told == 1
    change(session, nasrin, planned[0], rest=True, day=date(2026, 12, 18))

    assert [each.cancelled for each in planned] == [False, True, True]
    assert set(waiting(session, amina)) == {ALL_CALLED_OFF}


def test_places_that_are_added_go_to_those_who_wait(
    session: Session, cast: Cast, nasrin: Worker, amina: Tenant, tomasz: Tenant, salma: Tenant
) -> None:
    first = series(session, cast, capacity=1)[0]
    fill(session, cast, first)
    for tenant in (amina, tomasz, salma):
        join_waiting_list(session, tenant, first)

    change(session, nasrin, first, capacity=3)

    session.refresh(first)
    assert (first.places_taken, first.capacity) == (3, 3)
    assert OFFERED in waiting(session, amina)
    assert OFFERED in waiting(session, tomasz)
    assert waiting(session, salma) == {}


def test_fewer_places_than_are_taken_is_refused_saying_where(
    session: Session, cast: Cast, nasrin: Worker
) -> None:
    _, second, third = series(session, cast)
    for neighbour in neighbours(session, cast, 3):
        book_place(session, neighbour, third)
    session.refresh(third)

    with pytest.raises(PlacesTaken) as refused:
        change(session, nasrin, second, rest=True, capacity=2)

    assert [(each, each.places_taken) for each in refused.value.sessions] == [(third, 3)]
    assert (second.capacity, third.capacity) == (8, 8)
    change(session, nasrin, second, capacity=2)


def test_a_page_that_is_not_the_newest_overwrites_nothing(
    session: Session, cast: Cast, nasrin: Worker, joana: Worker
) -> None:
    first, second, _ = series(session, cast)
    stale, stale_second = first.edition, second.edition
    change(session, joana, first, place="Lounge")

    with pytest.raises(Stale):
        change_sessions(session, nasrin, first, as_it_is(first, place="Hall"), rest=False, seen=stale)
    with pytest.raises(Stale):
        call_off_sessions(session, nasrin, first, rest=False, seen=stale)
    # The series has changed too, and who changes the rest of it has not seen that; this one session has not.
    with pytest.raises(Stale):
        change_sessions(session, nasrin, second, as_it_is(second, place="Hall"), rest=True, seen=stale_second)
    change_sessions(session, nasrin, second, as_it_is(second, place="Hall"), rest=False, seen=stale_second)

    assert (first.place, second.place) == ("Lounge", "Hall")


def test_what_has_begun_or_is_called_off_is_not_changed(session: Session, cast: Cast, nasrin: Worker) -> None:
    first, second, _ = series(session, cast)
    call_off_sessions(session, nasrin, second, rest=False, seen=second.edition)

    with pytest.raises(Cancelled):
        change(session, nasrin, second, place="Lounge")
    with clock.stopped_at(first.starts_at), pytest.raises(Started):
        change(session, nasrin, first, place="Lounge")
    with pytest.raises(Past):
        change(session, nasrin, first, day=date(2026, 11, 20))


def test_the_rest_leaves_out_what_is_called_off_and_what_others_lead(
    session: Session, cast: Cast, nasrin: Worker, joana: Worker, marek: Worker
) -> None:
    planned = series(session, cast, weeks=3)
    call_off_sessions(session, nasrin, planned[1], rest=False, seen=planned[1].edition)
    change(session, nasrin, planned[2], lead=marek)

    assert rest_of(session, nasrin, planned[0]) == [planned[0], planned[2]]
    assert rest_of(session, joana, planned[0]) == [planned[0]]


def test_a_change_into_a_gap_of_the_clocks_is_refused_with_its_day(
    session: Session, cast: Cast, nasrin: Worker
) -> None:
    first, _ = series(session, cast, first_on=date(2027, 3, 21), weeks=2)

    with pytest.raises(NoSuchTime) as refused:
        change(session, nasrin, first, rest=True, starts=time(1, 15), ends=time(2, 15))
    assert refused.value.gaps == [(date(2027, 3, 28), time(1, 15))]


def test_a_change_does_not_clash_with_itself_but_with_others(
    session: Session, cast: Cast, nasrin: Worker, marek: Worker
) -> None:
    first, second, _ = series(session, cast)
    busy = series(session, cast, lead=marek, place="Lounge")[0]

    change(session, nasrin, first, starts=time(11, 30), ends=time(13))
    with pytest.raises(Clashing) as refused:
        change(session, nasrin, first, lead=marek)
    assert [clash.other for clash in refused.value.clashes.of_people] == [busy]
    with pytest.raises(Clashing):
        change(session, nasrin, second, rest=True, place="Lounge")


def test_helpers_come_and_go(session: Session, cast: Cast, nasrin: Worker, marek: Worker, grace: Worker) -> None:
    first = series(session, cast, beside=((marek, Part.CO), (grace, Part.PEER)))[0]

    change(session, nasrin, first, beside=((grace, Part.VOLUNTEER),))
    session.commit()
    session.expire_all()

    assert [(each.worker, each.part) for each in first.beside] == [(grace, Part.VOLUNTEER)]
    change(session, nasrin, first, lead=grace, beside=((grace, Part.PEER),))
    session.commit()
    session.expire_all()
    assert (first.facilitator, first.beside) == (grace, [])
