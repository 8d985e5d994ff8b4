"""How long a place is held for whom it is offered to: shorter the nearer the session, and never into the night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenant_app.groups.models import GroupSession
from tenant_app.groups.waiting import (
    LONGEST,
    SHORTEST,
    answer_by,
)


def _utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        # A quarter of what is left until Friday the fourth, 14:00; a day at most.
        ("2026-11-26 09:00", "2026-11-27 09:00"),
        ("2026-12-03 06:00", "2026-12-03 14:00"),
        ("2026-12-04 10:00", "2026-12-04 11:00"),
        ("2026-12-04 12:00", "2026-12-04 12:30"),
        ("2026-12-04 12:59", "2026-12-04 13:14:15"),
        # What would end at night is held until nine.
        ("2026-12-03 20:00", "2026-12-04 09:00"),
        ("2026-12-03 18:00", "2026-12-04 09:00"),
        ("2026-12-04 02:00", "2026-12-04 09:00"),
    ],
)
def test_a_place_is_held_for_a_shorter_time_the_nearer_the_session(now: str, until: str) -> None:
    cooking = GroupSession(starts_at=_utc("2026-12-04 14:00"), zone="Europe/London")

    assert answer_by(cooking, _utc(now)) == _utc(until)


def test_at_night_too_an_hour_is_left_for_whoever_is_next() -> None:
    early = GroupSession(starts_at=_utc("2026-12-04 08:00"), zone="Europe/London")

    assert answer_by(early, _utc("2026-12-03 21:00")) == _utc("2026-12-04 07:00")
    assert answer_by(early, _utc("2026-12-04 06:59")) == _utc("2026-12-04 07:14:15")


@given(minutes=st.integers(min_value=61, max_value=60 * 24 * 30), of_day=st.integers(min_value=0, max_value=1439))
def test_a_place_is_held_for_at_least_a_quarter_of_an_hour_and_never_past_the_start(minutes: int, of_day: int) -> None:
    now = _utc("2027-03-26 00:00") + timedelta(minutes=of_day)
    cooking = GroupSession(starts_at=now + timedelta(minutes=minutes), zone="Europe/London")

    assert now + SHORTEST <= answer_by(cooking, now) <= min(cooking.starts_at, now + LONGEST + timedelta(hours=11))
