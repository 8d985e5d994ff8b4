"""The rota: each kind at each place once, in its rhythm whenever it was done, and nobody's room without a word."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.inspections.models import Inspection
from tenant_app.inspections.outcomes import Outcome
from tenant_app.inspections.planning import COMING, first_due, next_due
from tenant_app.inspections.rules import answer, arrange, finish, inspections_overdue
from tenant_app.reminders.models import Notice, State
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.inspections.conftest import LONDON, Rota

WEEK = timedelta(weeks=1)


def done(session: Session, worker: Worker, inspection: Inspection) -> None:
    for item in inspection.items:
        answer(session, worker, inspection, item["id"], Outcome.OK, zone=LONDON)
    finish(session, worker, inspection, zone=LONDON)


def of_kind(session: Session, kind: str, place: Property | None = None) -> list[Inspection]:
    found = select(Inspection).where(Inspection.kind == kind).order_by(Inspection.due_on)
    return list(session.scalars(found.where(Inspection.property_id == place.id) if place else found))


def test_each_kind_is_planned_once_at_each_place_however_often_the_worker_looks(
    session: Session, cast: Cast, rota: Rota
) -> None:
    for _ in range(3):
        assert rota() is False
    kinds = dict(session.execute(select(Inspection.kind, func.count()).group_by(Inspection.kind)).all())
    assert kinds == {"building-round": 2, "fire-alarm-test": 2, "room-condition": 3}
    assert {each.due_on for each in of_kind(session, "building-round")} == {THURSDAY.date()}


@pytest.mark.parametrize(
    ("due", "done_on", "then"),
    [
        (date(2026, 11, 26), date(2026, 11, 26), date(2026, 12, 3)),
        (date(2026, 11, 26), date(2026, 11, 24), date(2026, 12, 3)),
        (date(2026, 11, 26), date(2026, 12, 2), date(2026, 12, 3)),
        (date(2026, 11, 26), date(2026, 12, 3), date(2026, 12, 10)),
        (date(2026, 11, 26), date(2026, 12, 30), date(2026, 12, 31)),
    ],
)
def test_the_next_one_follows_from_the_planned_day_and_not_from_the_day_it_was_done(
    due: date, done_on: date, then: date
) -> None:
    assert next_due(due, done_on, WEEK) == then


def test_a_room_is_first_due_in_the_rhythm_since_they_moved_in_and_never_before_they_can_be_told() -> None:
    moved_in, quarter = date(2026, 9, 14), timedelta(weeks=13)
    assert first_due(moved_in, date(2026, 11, 26), quarter) == date(2026, 12, 14)
    assert first_due(moved_in, date(2026, 12, 12), quarter) == date(2026, 12, 14)
    assert first_due(moved_in, date(2026, 12, 13), quarter) == date(2027, 3, 15)


def test_done_late_it_is_due_again_in_its_rhythm(
    session: Session, cast: Cast, grace: Worker, alarm_test: Inspection, rota: Rota
) -> None:
    with clock.stopped_at(THURSDAY + timedelta(days=5)):
        done(session, grace, alarm_test)
        rota()
        rota()
    assert not alarm_test.on_time
    here = session.get_one(Property, cast.alma_road.id)
    assert [each.due_on for each in of_kind(session, "fire-alarm-test", here)] == [date(2026, 11, 26), date(2026, 12, 3)]


def test_a_tenant_is_told_the_day_before_at_ten_and_anew_when_the_day_moves(
    session: Session, amina: Tenant, room: Inspection
) -> None:
    def told() -> list[tuple[datetime, str]]:
        session.expire_all()
        rows = select(Notice).where(Notice.tenant_id == amina.id, Notice.kind == COMING, Notice.state == State.WAITING)
        return [(each.due_at, each.facts["day"]) for each in session.scalars(rows)]

    assert told() == [(datetime(2026, 12, 13, 10, tzinfo=UTC), "2026-12-14")]
    arrange(session, room, assigned_to=None, visit_on=date(2026, 11, 27), zone=LONDON)
    assert told() == [(datetime(2026, 11, 26, 10, tzinfo=UTC), "2026-11-27")]
    with pytest.raises(ValueError, match="day before"):
        arrange(session, room, assigned_to=None, visit_on=date(2026, 11, 26), zone=LONDON)


def test_what_nobody_has_begun_moves_with_the_tenant_and_goes_with_them(
    session: Session, cast: Cast, amina: Tenant, room: Inspection, rota: Rota
) -> None:
    amina.flat, amina.property_id = "Flat 9", cast.mare_street.id
    session.flush()
    rota()
    session.refresh(room)
    assert (room.flat, room.property_id, room.due_on) == ("Flat 9", cast.mare_street.id, date(2026, 12, 14))
    amina.leave()
    session.flush()
    rota()
    assert session.scalars(Inspection.of(amina)).all() == []
    waiting = select(Notice).where(Notice.tenant_id == amina.id, Notice.kind == COMING, Notice.state == State.WAITING)
    assert session.scalars(waiting).all() == []


def test_overdue_ones_wait_for_the_coordinator_and_open_ones_for_whoever_is_there(
    session: Session, cast: Cast, grace: Worker, joana: Worker, alarm_test: Inspection, monkeypatch: pytest.MonkeyPatch
) -> None:
    nasrin = session.get_one(Worker, cast.nasrin.id)
    marek = session.get_one(Worker, cast.marek.id)
    today, tomorrow = THURSDAY.date(), THURSDAY.date() + timedelta(days=1)
    assert inspections_overdue(session, nasrin, today) == []
    arrange(session, alarm_test, assigned_to=grace, visit_on=None, zone=LONDON)

    assert inspections_overdue(session, grace, today) == [alarm_test]
    late = {each.kind for each in inspections_overdue(session, nasrin, tomorrow)}
    assert late == {"building-round", "fire-alarm-test"}
    assert {each.kind for each in inspections_overdue(session, marek, tomorrow)} == {"building-round"}
    assert inspections_overdue(session, joana, tomorrow) == []


def test_only_somebody_who_works_there_can_be_asked(
    session: Session, cast: Cast, joana: Worker, alarm_test: Inspection
) -> None:
    with pytest.raises(ValueError, match="works there"):
        arrange(session, alarm_test, assigned_to=joana, visit_on=None, zone=LONDON)
    arrange(session, alarm_test, assigned_to=session.get_one(Worker, cast.devon.id), visit_on=None, zone=LONDON)


def test_a_year_of_weeks_is_planned_without_a_gap(
    session: Session, cast: Cast, grace: Worker, alarm_test: Inspection, rota: Callable[[], bool]
) -> None:
    here = session.get_one(Property, cast.alma_road.id)
    for week in range(6):
        with clock.stopped_at(THURSDAY + week * WEEK + timedelta(days=week % 3)):
            rota()
            [it] = [each for each in of_kind(session, "fire-alarm-test", here) if not each.finished]
            done(session, grace, it)
    days = [each.due_on for each in of_kind(session, "fire-alarm-test", here)]
    assert days == [THURSDAY.date() + week * WEEK for week in range(6)]
