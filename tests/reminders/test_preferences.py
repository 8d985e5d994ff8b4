"""What a tenant chose about reminders, and the moment at which each may come."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import Session

from tenant_app import tables
from tenant_app.accounts.models import Tenant
from tenant_app.reminders.notices import TEST
from tenant_app.reminders.preferences import (
    GO,
    IN_APP_ONLY,
    LAST_CALL,
    SILENT,
    USUAL,
    Group,
    Lead,
    Preference,
    ReminderPreference,
    Verdict,
    Way,
    group_of,
    preference_of,
    preferences_of,
    when,
)
from tenant_app.reminders.wording import is_timely

assert tables.metadata.tables

LONDON = ZoneInfo("Europe/London")
SPRING, AUTUMN = date(2027, 3, 28), date(2027, 10, 31)
"""London's clocks go from 01:00 to 02:00, and from 02:00 back to 01:00."""

NIGHT = Preference(quiet_from=time(22), quiet_to=time(7))
LATE = datetime(2026, 11, 26, 23, 30, tzinfo=UTC)
MORNING = datetime(2026, 11, 27, 7, 0, tzinfo=UTC)

moments = st.integers(0, 366 * 24 * 60).map(lambda minutes: LATE + timedelta(minutes=minutes))
wall_times = st.times().map(lambda shown: shown.replace(second=0, microsecond=0))
zones = st.sampled_from(["Europe/London", "Europe/Istanbul", "America/St_Johns", "Australia/Lord_Howe", "Africa/Cairo"])


def judged(preference: Preference, *, kind: str = "rent.due", timely: bool = False, now: datetime = LATE,
           lasts: timedelta = timedelta(hours=12), zone: ZoneInfo = LONDON) -> Verdict:  # fmt: skip
    return when(kind, timely, now, now + lasts, now, preference, zone)


def shows_quiet(moment: datetime, preference: Preference, zone: ZoneInfo) -> bool:
    """Whether somebody who looks at the clock sees a time within the quiet hours."""
    assert preference.quiet_from is not None and preference.quiet_to is not None  # noqa: PT018
    shown = moment.astimezone(zone).time()
    if preference.quiet_from < preference.quiet_to:
        return preference.quiet_from <= shown < preference.quiet_to
    return shown >= preference.quiet_from or shown < preference.quiet_to


def test_who_chose_nothing_is_told_everything_at_any_hour() -> None:
    assert judged(USUAL) == GO
    assert judged(USUAL, kind="medication.dose", timely=True) == GO


def test_what_can_wait_comes_when_the_quiet_hours_end() -> None:
    assert judged(NIGHT) == Verdict(Way.HOLD, MORNING)


def test_a_dose_at_the_time_its_tenant_set_comes_without_a_sound() -> None:
    assert judged(NIGHT, kind="medication.dose", timely=True) == SILENT


def test_what_would_be_too_late_in_the_morning_comes_without_a_sound() -> None:
    night_is_long = MORNING - LATE
    assert judged(NIGHT, lasts=night_is_long) == SILENT
    assert judged(NIGHT, lasts=night_is_long + LAST_CALL) == SILENT
    assert judged(NIGHT, lasts=night_is_long + LAST_CALL + timedelta(seconds=1)).way is Way.HOLD


def test_quiet_hours_begin_at_their_first_minute_and_are_over_at_their_last() -> None:
    evening = datetime(2026, 11, 26, 22, 0, tzinfo=UTC)
    assert judged(NIGHT, now=evening - timedelta(seconds=1)) == GO
    assert judged(NIGHT, now=evening).way is Way.HOLD
    assert judged(NIGHT, now=MORNING - timedelta(seconds=1)).way is Way.HOLD
    assert judged(NIGHT, now=MORNING) == GO


def test_a_group_that_is_off_stands_in_the_app_alone_even_where_it_is_timely() -> None:
    off = Preference(frozenset({Group.MEDICINES}))
    assert judged(off, kind="medication.dose", timely=True) == IN_APP_ONLY
    assert judged(off, kind="rent.due") == GO


def test_kinds_that_nobody_listed_cannot_be_turned_off() -> None:
    everything_off = Preference(frozenset(Group))
    for kind in (TEST, "meetings.soon", "nonsense", "", "."):
        assert group_of(kind) is Group.OTHER
        assert judged(everything_off, kind=kind) == GO
    with pytest.raises(ValueError):
        ReminderPreference(muted=[], leads={}).mute(Group.OTHER, True)


def test_how_early_a_group_is_announced_is_the_tenants_choice() -> None:
    for lead, day_before, hour_before in ((Lead.BOTH, GO, GO), (Lead.DAY, GO, IN_APP_ONLY), (Lead.HOUR, IN_APP_ONLY, GO)):
        chosen = Preference(leads={Group.GROUPS: lead})
        assert judged(chosen, kind="groups.day_before") == day_before
        assert judged(chosen, kind="groups.hour_before") == hour_before
        assert judged(chosen, kind="groups.called_off") == GO
        assert judged(chosen, kind="rent.due") == GO


def test_what_is_planned_ahead_is_judged_by_the_moment_it_is_due() -> None:
    noon = datetime(2026, 11, 26, 12, tzinfo=UTC)
    assert when("rent.due", False, LATE, LATE + timedelta(hours=12), noon, NIGHT, LONDON) == Verdict(Way.HOLD, MORNING)


@pytest.mark.parametrize("day", [SPRING, AUTUMN, SPRING + timedelta(days=100)])
def test_on_days_when_clocks_change_no_half_hour_is_loud_that_the_clock_shows_as_quiet(day: date) -> None:
    half_hours = [time(hour, minute) for hour in range(24) for minute in (0, 30)]
    midnight = datetime.combine(day, time(), tzinfo=LONDON).astimezone(UTC)
    for number, begins in enumerate(half_hours):
        for length in (1, 3, 19, 40):  # half hours
            chosen = Preference(quiet_from=begins, quiet_to=half_hours[(number + length) % 48])
            for step in range(50):
                moment = midnight + timedelta(minutes=30 * step)
                until = chosen.quiet_until(moment, LONDON)
                assert until is not None or not shows_quiet(moment, chosen, LONDON), (chosen, moment)
                if until is not None:
                    assert moment < until <= moment + timedelta(hours=length / 2 + 1)
                    assert chosen.quiet_until(until, LONDON) is None, "what is let out is let out"


def test_the_night_the_clocks_go_back_is_one_stretch_of_quiet() -> None:
    chosen = Preference(quiet_from=time(22), quiet_to=time(1, 30))
    half_past_one_again = datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    for minutes in range(1, 4 * 60):
        moment = half_past_one_again - timedelta(minutes=minutes)
        assert chosen.quiet_until(moment, LONDON) == half_past_one_again
    assert chosen.quiet_until(half_past_one_again, LONDON) is None


def test_quiet_hours_that_spring_skips_begin_an_hour_early_rather_than_late() -> None:
    chosen = Preference(quiet_from=time(1, 30), quiet_to=time(7))
    six_in_utc = datetime(2027, 3, 28, 6, tzinfo=UTC)
    assert chosen.quiet_until(datetime(2027, 3, 28, 1, 0, tzinfo=UTC), LONDON) == six_in_utc
    assert chosen.quiet_until(datetime(2027, 3, 28, 0, 29, tzinfo=UTC), LONDON) is None


@given(moments, wall_times, wall_times, zones, st.booleans(), st.timedeltas(timedelta(), timedelta(days=3)))
def test_every_verdict_keeps_every_promise(
    now: datetime, begins: time, ends: time, zone_key: str, timely: bool, lasts: timedelta
) -> None:
    chosen, zone = Preference(quiet_from=begins, quiet_to=ends), ZoneInfo(zone_key)
    verdict = judged(chosen, timely=timely, now=now, lasts=lasts, zone=zone)
    if verdict.way is Way.HOLD:
        assert verdict.until is not None and not timely  # noqa: PT018
        assert now < verdict.until < now + lasts - LAST_CALL
        assert verdict.until - now <= timedelta(hours=25)
    elif verdict == GO:
        assert begins == ends or not shows_quiet(now, chosen, zone)
    else:
        assert verdict == SILENT


def test_choices_are_kept_and_read_for_everybody_in_one_question(
    session: Session, amina: Tenant, tomasz: Tenant
) -> None:
    row = ReminderPreference.of(session, amina)
    row.mute(Group.RENT, True)
    row.mute(Group.GOALS, True)
    row.mute(Group.GOALS, False)
    row.keep_quiet(time(22), time(7))
    row.lead(Group.GROUPS, Lead.HOUR)
    session.commit()
    asked: list[object] = []
    stranger = uuid4()
    event.listen(session, "do_orm_execute", asked.append)
    found = preferences_of(session, [amina.id, tomasz.id, stranger])
    assert len(asked) == 1
    assert found[amina.id] == Preference(frozenset({Group.RENT}), time(22), time(7), {Group.GROUPS: Lead.HOUR})
    assert found[tomasz.id] == found[stranger] == USUAL
    assert ReminderPreference.of(session, amina) is row


def test_words_of_another_release_in_a_row_change_nothing(session: Session, amina: Tenant) -> None:
    session.add(ReminderPreference(tenant_id=amina.id, muted=["singing", "other", "rent"], leads={"groups": "week", "x": "day"}))
    session.flush()
    assert preference_of(session, amina) == Preference(frozenset({Group.RENT}))


def test_quiet_hours_of_a_whole_day_or_of_none_are_refused() -> None:
    with pytest.raises(ValueError):
        ReminderPreference(muted=[], leads={}).keep_quiet(time(9), time(9))


def test_a_dose_is_timely_and_news_is_not(tenant_door: Flask) -> None:
    assert is_timely("medication.dose")
    assert not any(is_timely(kind) for kind in ("rent.due", "groups.hour_before", "goals.review"))
