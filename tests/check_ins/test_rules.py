"""One check-in a day, what a second one changes, which months a page shows, and when anybody is reminded."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.check_ins.models import CheckIn, CheckInAnswer
from tenant_app.check_ins.reminding import ASKED, Weekly, remind, stop, weekly
from tenant_app.check_ins.rules import (
    SUNDAY,
    Asked,
    NothingSaid,
    check_in,
    day_meant,
    may_be_mentioned,
    on_day,
    span_of,
)
from tenant_app.reminders.models import Notice, State
from tenant_app.reminders.preferences import Group, Preference, group_of
from tests.conftest import THURSDAY

LONDON = ZoneInfo("Europe/London")
TODAY = date(2026, 11, 26)
HOME, HOPE = Asked("weekly", "home", 1), Asked("weekly", "hope", 1)


def said(it: CheckIn) -> dict[str, int]:
    return {answer.statement: answer.choice for answer in it.answers}


def waiting(session: Session) -> list[str]:
    found = session.scalars(
        select(Notice.occurrence).where(Notice.kind == ASKED, Notice.state == State.WAITING).order_by(Notice.due_at)
    )
    return list(found)


def test_a_double_tap_is_one_check_in(session: Session, amina: Tenant) -> None:
    first = check_in(session, amina, TODAY, {HOME: 4}, "Soup")
    assert check_in(session, amina, TODAY, {HOME: 4}, "Soup").id == first.id
    assert session.scalar(select(func.count()).select_from(CheckIn)) == 1
    assert said(first) == {"home": 4}


def test_the_same_days_is_changed_and_another_days_is_its_own(session: Session, amina: Tenant) -> None:
    first = check_in(session, amina, TODAY, {HOME: 4, HOPE: 2}, "Soup")
    yesterday = check_in(session, amina, TODAY - timedelta(days=1), {HOME: 1})
    changed = check_in(session, amina, TODAY, {HOME: 5, HOPE: None}, "Bread", seen=first.edition)
    session.expire_all()

    assert changed.id == first.id
    assert (said(changed), changed.words) == ({"home": 5}, "Bread")
    assert said(yesterday) == {"home": 1}


def test_a_form_that_did_not_show_what_is_there_takes_nothing_away(session: Session, amina: Tenant) -> None:
    check_in(session, amina, TODAY, {HOME: 4}, "Soup", language="en")
    late = check_in(session, amina, TODAY, {HOME: None, HOPE: 3}, "", seen=0)

    assert said(late) == {"home": 4, "hope": 3}
    assert (late.words, late.language) == ("Soup", "en")


def test_nothing_at_all_is_no_check_in(session: Session, amina: Tenant) -> None:
    with pytest.raises(NothingSaid):
        check_in(session, amina, TODAY, {HOME: None})
    assert check_in(session, amina, TODAY, {}, "Only words").answers == []


@pytest.mark.parametrize("choice", [0, 6, -1])
def test_an_answer_is_one_of_five(session: Session, amina: Tenant, choice: int) -> None:
    with pytest.raises(ValueError, match="one of five"):
        check_in(session, amina, TODAY, {HOME: choice})


def test_a_check_in_goes_wholly(session: Session, amina: Tenant) -> None:
    session.delete(check_in(session, amina, TODAY, {HOME: 4, HOPE: 2}, "Soup"))
    session.flush()

    assert on_day(session, amina, TODAY) is None
    assert session.scalars(select(CheckInAnswer)).all() == []


def test_whoever_is_erased_leaves_no_check_in(session: Session, amina: Tenant) -> None:
    check_in(session, amina, TODAY, {HOME: 4}, "Soup")
    session.commit()
    session.execute(CheckIn.__table__.delete().where(CheckIn.__table__.c.tenant_id == amina.id))
    assert session.scalars(select(CheckInAnswer)).all() == []


def test_nothing_that_is_kept_is_a_score() -> None:
    kept = {column.name for table in (CheckIn, CheckInAnswer) for column in table.__table__.columns}
    assert kept == {"id", "tenant_id", "day", "words", "language", "edition", "said_at",
                    "check_in_id", "asked_in", "statement", "version", "choice"}  # fmt: skip


@pytest.mark.parametrize(
    ("tapped_at", "day"),
    [
        (None, TODAY), ("", TODAY), ("yesterday", TODAY), ("2026-11-26T08:00:00", TODAY),
        ("2026-11-24T23:59:00Z", date(2026, 11, 24)), ("2026-11-24T23:30:00-02:00", date(2026, 11, 25)),
        ("2026-11-26T09:00:01Z", TODAY), ("2099-01-01T00:00:00Z", TODAY), ("1999-01-01T00:00:00Z", TODAY),
        ("2026-10-26T10:00:00Z", TODAY), ("0001-01-01T00:00:00+23:59", TODAY), ("9" * 1000, TODAY), ("\x00", TODAY),
    ],
)  # fmt: skip
def test_it_is_about_the_day_on_which_it_was_tapped(tapped_at: str | None, day: date) -> None:
    assert day_meant(tapped_at, LONDON) == day


def test_the_thousandth_check_in_is_reached_month_by_month(session: Session, amina: Tenant) -> None:
    days = [TODAY - timedelta(days=9 * number) for number in range(1000)]
    session.add_all(CheckIn(tenant=amina, day=day, words=str(day)) for day in days)
    session.flush()
    span = span_of(session, CheckIn.of(amina))
    reached: list[date] = []
    while span is not None:
        assert len(span.check_ins) <= 11
        reached += [it.day for it in span.check_ins]
        span = span_of(session, CheckIn.of(amina), span.older) if span.older else None

    assert reached == days


def test_months_in_which_nothing_was_said_are_passed_over(session: Session, amina: Tenant) -> None:
    assert span_of(session, CheckIn.of(amina)) is None
    check_in(session, amina, TODAY, {HOME: 3})
    check_in(session, amina, date(2025, 1, 31), {HOME: 3})
    newest = span_of(session, CheckIn.of(amina))
    assert newest is not None
    assert (newest.first, newest.last) == (date(2026, 9, 1), date(2026, 11, 30))
    assert (newest.older, newest.newer) == (date(2025, 1, 31), None)
    before = span_of(session, CheckIn.of(amina), newest.older)
    assert before is not None
    assert (before.older, before.newer) == (None, TODAY)


def test_nobody_is_reminded_who_did_not_ask(session: Session, amina: Tenant) -> None:
    check_in(session, amina, TODAY, {HOME: 3})
    assert weekly(session, amina) is None
    assert waiting(session) == []


def test_a_reminder_comes_on_its_day_unless_that_day_has_its_check_in(session: Session, amina: Tenant) -> None:
    wanted = Weekly(TODAY.weekday(), time(18))
    remind(session, amina, wanted, LONDON)
    remind(session, amina, wanted, LONDON)
    assert weekly(session, amina) == wanted
    assert waiting(session) == ["2026-11-26"]

    check_in(session, amina, TODAY, {HOME: 3})
    assert waiting(session) == []
    remind(session, amina, Weekly(TODAY.weekday(), time(19)), LONDON)
    assert waiting(session) == []


def test_a_reminder_is_moved_and_ends(session: Session, amina: Tenant) -> None:
    remind(session, amina, Weekly(TODAY.weekday(), time(18)), LONDON)
    remind(session, amina, Weekly((TODAY.weekday() + 1) % 7, time(7, 30)), LONDON)
    assert waiting(session) == ["2026-11-27"]
    stop(session, amina)
    stop(session, amina)
    assert weekly(session, amina) is None
    assert waiting(session) == []


def test_phones_can_be_told_to_keep_quiet_about_it() -> None:
    assert group_of(ASKED) is Group.CHECK_INS
    assert not Preference(muted=frozenset({Group.CHECK_INS})).wants(ASKED)


def test_today_mentions_it_on_one_day_a_week_and_not_to_those_who_did(
    session: Session, amina: Tenant, tomasz: Tenant
) -> None:
    sunday = TODAY + timedelta(days=3)
    assert sunday.weekday() == SUNDAY
    check_in(session, amina, TODAY, {HOME: 3})
    week = [sunday + timedelta(days=number) for number in range(-6, 8)]

    assert [day for day in week if may_be_mentioned(session, tomasz, day)] == [sunday, sunday + timedelta(days=7)]
    assert [day for day in week if may_be_mentioned(session, amina, day)] == [sunday + timedelta(days=7)]


def test_the_clock_of_the_house_names_the_day() -> None:
    night = datetime(2026, 7, 1, 23, 30, tzinfo=THURSDAY.tzinfo)
    with clock.stopped_at(night):
        assert day_meant(None, LONDON) == date(2026, 7, 2)
