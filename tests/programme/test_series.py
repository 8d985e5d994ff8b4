"""A series is planned: on which days, at which times, and what stands in its way."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Property, Worker
from tenant_app.groups.models import GroupSession
from tenant_app.groups.programme.arranging import Clashing
from tenant_app.groups.programme.planning import NothingLeft, Past, TooLong, look_ahead, plan_series
from tenant_app.groups.programme.series import BankHolidays, GroupSeries, NoSuchTime, Part, SeriesDay
from tenant_app.groups.rules import call_off
from tests.cast import Cast
from tests.groups.programme import LONDON, plan
from tests.programme.series import FRIDAY, series, series_plan


@pytest.fixture
def nasrin(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.nasrin.id)


@pytest.fixture
def marek(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.marek.id)


def _sessions(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(GroupSession)) or 0


def test_a_series_keeps_its_weekday_and_all_that_was_arranged(session: Session, cast: Cast, marek: Worker) -> None:
    planned = series(
        session, cast, link="https://meet.wrenfield.org.uk/cook", beside=((marek, Part.PEER),), step_free=True,
        access_note="Lift to the first floor", languages=("en", "tr"), interpreter=("so",),
    )  # fmt: skip
    session.commit()
    session.expire_all()

    assert [each.day for each in planned] == [FRIDAY, date(2026, 12, 11), date(2026, 12, 18)]
    for each in planned:
        assert each.starts_at.astimezone(LONDON).time() == time(11)
        assert (each.spoken, each.interpreted, each.access_note) == (["tr"], ["so"], "Lift to the first floor")
        assert [(one.worker_id, one.part) for one in each.beside] == [(marek.id, Part.PEER)]
        assert (each.link, each.step_free, each.capacity, each.version) == (
            "https://meet.wrenfield.org.uk/cook", True, 8, 1,
        )  # fmt: skip
    row = session.scalars(select(GroupSeries)).one()
    assert {each.series_id for each in planned} == {row.id}
    assert (row.first_on, row.weeks, row.planned_by_id) == (FRIDAY, 3, cast.nasrin.id)


def test_a_bank_holiday_is_skipped_and_the_preview_says_so(session: Session, cast: Cast) -> None:
    outlook = look_ahead(session, series_plan(session, cast, weeks=5))

    assert outlook.days[3] == SeriesDay(date(2026, 12, 25), None)
    assert outlook.days[4] == SeriesDay(date(2027, 1, 1), None)
    assert [each.day for each in series(session, cast, weeks=6)] == [
        FRIDAY, date(2026, 12, 11), date(2026, 12, 18), date(2027, 1, 8),
    ]  # fmt: skip


def test_a_bank_holiday_is_moved_to_the_next_working_day(session: Session, cast: Cast) -> None:
    moved = look_ahead(session, series_plan(session, cast, weeks=5, bank_holidays=BankHolidays.MOVE)).days

    # Christmas Day is a Friday; Boxing Day's substitute is the Monday after it.
    assert [(day.regular_on, day.on, day.moved) for day in moved[2:]] == [
        (date(2026, 12, 18), date(2026, 12, 18), False),
        (date(2026, 12, 25), date(2026, 12, 29), True),
        (date(2027, 1, 1), date(2027, 1, 4), True),
    ]
    planned = series(session, cast, weeks=5, bank_holidays=BankHolidays.MOVE)
    assert [(each.regular_on, each.day) for each in planned][3] == (date(2026, 12, 25), date(2026, 12, 29))


def test_one_session_stays_on_the_day_that_was_chosen(session: Session, cast: Cast) -> None:
    christmas = series(session, cast, first_on=date(2026, 12, 25), weeks=1)

    assert [each.day for each in christmas] == [date(2026, 12, 25)]
    assert christmas[0].series is None


def test_a_series_of_nothing_but_bank_holidays_is_refused(session: Session, cast: Cast) -> None:
    with pytest.raises(NothingLeft):
        series(session, cast, first_on=date(2026, 12, 25), weeks=2)


def test_wall_times_keep_when_clocks_change(session: Session, cast: Cast) -> None:
    walks = series(session, cast, first_on=date(2027, 3, 23), weeks=2)

    assert [walk.starts_at.hour for walk in walks] == [11, 10]


def test_a_time_that_clocks_skip_is_refused_with_its_day(session: Session, cast: Cast) -> None:
    with pytest.raises(NoSuchTime) as refused:
        series(session, cast, first_on=date(2027, 3, 21), weeks=2, starts=time(1, 30), ends=time(2, 30))

    assert refused.value.gaps == [(date(2027, 3, 28), time(1, 30))]
    assert _sessions(session) == 0


def test_of_a_time_that_happens_twice_the_first_is_meant_and_the_preview_says_so(session: Session, cast: Cast) -> None:
    night = {"first_on": date(2027, 10, 24), "weeks": 2, "starts": time(1, 30), "ends": time(2, 30)}

    assert look_ahead(session, series_plan(session, cast, **night)).twice == [date(2027, 10, 31)]
    assert series(session, cast, **night)[1].starts_at == datetime(2027, 10, 31, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("weeks", [0, 54, 5000])
def test_a_series_over_a_year_is_refused(session: Session, cast: Cast, weeks: int) -> None:
    with pytest.raises(TooLong):
        series(session, cast, weeks=weeks)
    assert _sessions(session) == 0


def test_a_year_and_a_week_can_be_planned(session: Session, cast: Cast) -> None:
    assert series(session, cast, weeks=53)[-1].day == date(2027, 12, 3)


def test_what_would_have_begun_already_is_refused(session: Session, cast: Cast) -> None:
    with pytest.raises(Past):
        series(session, cast, first_on=date(2026, 11, 26), starts=time(9), ends=time(10))


def test_a_facilitator_is_not_in_two_places(session: Session, cast: Cast, nasrin: Worker, joana: Worker) -> None:
    first = series(session, cast)

    with pytest.raises(Clashing) as refused:
        plan_series(
            session, nasrin, series_plan(session, cast, place="Lounge", starts=time(12), ends=time(13)),
            despite_place_clashes=True,
        )  # fmt: skip

    found = refused.value.clashes
    assert [(clash.other, clash.worker) for clash in found.of_people] == [(each, joana) for each in first]
    assert found.of_places == []
    assert _sessions(session) == 3


def test_somebody_who_helps_is_not_in_two_places_either(session: Session, cast: Cast, marek: Worker) -> None:
    series(session, cast, beside=((marek, Part.CO),))

    with pytest.raises(Clashing) as refused:
        series(session, cast, lead=marek, place="Lounge")
    assert {clash.worker for clash in refused.value.clashes.of_people} == {marek}


def test_a_place_that_is_taken_is_listed_session_by_session_and_can_be_confirmed(
    session: Session, cast: Cast, nasrin: Worker, marek: Worker
) -> None:
    first = series(session, cast)
    second = series_plan(session, cast, lead=marek, place="kitchen,  Ground floor", first_on=date(2026, 12, 11))

    with pytest.raises(Clashing) as refused:
        plan_series(session, nasrin, second)

    assert [clash.other for clash in refused.value.clashes.of_places] == first[1:]
    assert len(plan_series(session, nasrin, second, despite_place_clashes=True)) == 2


@pytest.mark.parametrize(
    "free",
    [{"starts": time(12, 30), "ends": time(13)}, {"starts": time(10), "ends": time(11)}, {"place": "Lounge"}],
)
def test_what_only_touches_does_not_clash(
    session: Session, cast: Cast, marek: Worker, free: dict[str, object]
) -> None:
    series(session, cast)

    assert len(series(session, cast, lead=marek, **free)) == 3


def test_the_kitchen_of_another_home_is_another_kitchen(session: Session, cast: Cast, marek: Worker) -> None:
    series(session, cast, building=session.get_one(Property, cast.alma_road.id))

    assert series(session, cast, lead=marek, building=session.get_one(Property, cast.mare_street.id))
    with pytest.raises(Clashing):  # of a group for everyone one cannot tell whose kitchen is meant
        series(session, cast, lead=session.get_one(Worker, cast.grace.id))


def test_one_link_is_not_for_two_groups(session: Session, cast: Cast, marek: Worker) -> None:
    series(session, cast, place="", link="https://meet.example/one")

    with pytest.raises(Clashing) as refused:
        series(session, cast, lead=marek, place="Lounge", link="https://meet.example/one")
    assert len(refused.value.clashes.of_places) == 3


def test_what_is_called_off_is_in_nobodys_way(session: Session, cast: Cast) -> None:
    for each in series(session, cast):
        call_off(session, each)

    assert len(series(session, cast)) == 3


def test_everyone_who_runs_a_session_keeps_its_register_and_its_lead_alone_changes_it(
    session: Session, cast: Cast, joana: Worker, marek: Worker, nasrin: Worker, grace: Worker
) -> None:
    theirs = series(session, cast, beside=((marek, Part.VOLUNTEER),), weeks=1)
    plan(session, cast, "walk-and-talk", facilitator=grace, starts_at=theirs[0].starts_at + timedelta(days=1))

    assert [set(session.scalars(GroupSession.run_by(each))) >= set(theirs) for each in (joana, marek, nasrin)] == [
        True, True, True,
    ]  # fmt: skip
    assert len(session.scalars(GroupSession.run_by(marek)).all()) == 1
    assert [set(session.scalars(GroupSession.led_by(each))) >= set(theirs) for each in (joana, marek, nasrin)] == [
        True, False, True,
    ]  # fmt: skip
