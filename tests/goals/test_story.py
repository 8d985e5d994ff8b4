"""The story of a goal: written by what happens, never rewritten, and seen from the day it was shared."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.goals.history import GoalEvent
from tenant_app.goals.models import Goal
from tenant_app.goals.obstacles import plan_for
from tenant_app.goals.rules import review_goal, write_goal
from tenant_app.goals.story import shared_story, story_of
from tests.conftest import THURSDAY


@pytest.fixture
def lived(session: Session, amina: Tenant, grace: Worker) -> Goal:
    """A goal with a past that was hers alone, and three weeks in which Grace saw it."""

    def day(number: int):
        return clock.stopped_at(THURSDAY - timedelta(days=30 - number))

    with day(0):
        goal = write_goal(session, amina, "Cook twice a week", first_step="Choose two meals")
        goal.say_confidence(2)
    with day(2):
        goal.pause(True)
    with day(8):
        goal.pause(False)
    with day(9):
        goal.share(True)
    with day(12):
        goal.steps[0].mark(done=True)
        goal.steps[0].mark(done=True)
    with day(13):
        goal.steps[0].mark(done=False)
    with day(14):
        review_goal(session, grace, goal, "How did it go?")
        plan_for(session, goal, "I am tired", "I cook at noon")
    with day(20):
        goal.say_confidence(7)
        goal.reword("Cook three times", "", "")
    with day(25):
        goal.steps[0].mark(done=True)
    session.flush()
    return goal


AFTER_SHARING = [
    "shared", "step_done", "reached", "step_undone", "set_out_again", "reviewed", "planned", "confidence", "reworded",
    "step_done", "reached",
]  # fmt: skip


def test_everything_that_happens_to_a_goal_is_in_its_story_once(session: Session, lived: Goal) -> None:
    story = story_of(session, lived)

    told = [str(moment.kind) for moment in reversed(story.moments)]
    assert sorted(told[:5]) == ["confidence", "paused", "resumed", "step_added", "written"]
    assert sorted(told[5:]) == sorted(AFTER_SHARING)
    assert [moment.at for moment in story.moments] == sorted((m.at for m in story.moments), reverse=True)


def test_a_keyworker_sees_the_story_from_the_day_it_was_shared(session: Session, lived: Goal) -> None:
    assert sorted(str(moment.kind) for moment in shared_story(session, lived).moments) == sorted(AFTER_SHARING)

    lived.share(False)
    with clock.stopped_at(THURSDAY + timedelta(days=1)):
        lived.share(True)
        session.flush()
        assert [str(moment.kind) for moment in shared_story(session, lived).moments] == ["shared"]


def test_what_happened_is_not_rewritten(session: Session, lived: Goal) -> None:
    row = session.scalars(select(GoalEvent)).first()
    assert row
    row.number = 10

    with pytest.raises(TypeError):
        session.flush()


def test_what_was_done_before_there_were_stories_is_told_from_the_step(session: Session, lived: Goal) -> None:
    session.execute(delete(GoalEvent))

    told = [str(moment.kind) for moment in story_of(session, lived).moments]

    assert told == ["step_done", "reviewed", "written"]


def test_a_long_story_is_read_page_by_page_and_none_of_it_is_left_out(session: Session, lived: Goal) -> None:
    whole = story_of(session, lived).moments
    read, until = [], None
    while True:
        page = story_of(session, lived, until=until, most=4)
        read += page.moments
        until = page.earlier
        if until is None:
            break

    assert [(m.at, m.kind) for m in read] == [(m.at, m.kind) for m in whole]


def test_the_story_is_a_picture_and_a_table(phone: FlaskClient, session: Session, lived: Goal) -> None:
    session.commit()

    page = phone.get(f"/goals/{lived.id}/story").text

    assert 'role="img"' in page
    assert "How sure: from 2 to 7 of 10" in page
    assert "How did it go?" in page
    assert page.count("<tr>") == len(AFTER_SHARING) + 5 + 1
    for asked in ("", "yesterday", "9999-99-99", "0001-01-01T00:00:00+14:00", "2026-11-20", "2026-11-20T10:00:00Z"):
        assert phone.get(f"/goals/{lived.id}/story", query_string={"until": asked}).status_code == 200


def test_deleting_a_goal_takes_its_story_with_it(session: Session, lived: Goal) -> None:
    session.delete(lived)
    session.flush()

    assert session.scalars(select(GoalEvent)).all() == []
