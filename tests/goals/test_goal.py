"""What a goal is and what can happen to it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.database import Database
from tenant_app.goals.models import Goal, Review
from tenant_app.goals.rules import next_step, review_goal, unseen_reviews, write_goal
from tenant_app.reminders.models import Notice
from tests.cast import Cast
from tests.conftest import THURSDAY


@pytest.fixture
def cooking(session: Session, amina: Tenant) -> Goal:
    goal = write_goal(session, amina, "Cook twice a week", first_step="Choose two meals", shared=True)
    goal.add_step("Buy a knife")
    goal.add_step("Cook soup")
    session.flush()
    return goal


def test_a_new_goal_is_private_unless_its_writer_says_otherwise(session: Session, amina: Tenant) -> None:
    assert not write_goal(session, amina, "See my sister").shared


def test_progress_counts_what_is_done_and_names_what_is_next(cooking: Goal) -> None:
    cooking.steps[0].mark(done=True)

    progress = cooking.progress

    assert (progress.done, progress.total) == (1, 3)
    assert progress.stones == ["did", "here", "to-come"]
    assert progress.next is cooking.steps[1]


def test_a_step_done_out_of_turn_still_moves_the_path_on(cooking: Goal) -> None:
    cooking.steps[2].mark(done=True)

    assert cooking.progress.stones == ["did", "here", "to-come"]
    assert cooking.progress.next is cooking.steps[0]


def test_marking_a_step_twice_keeps_the_first_time(cooking: Goal) -> None:
    cooking.steps[0].mark(done=True)
    with clock.stopped_at(THURSDAY + timedelta(days=1)):
        cooking.steps[0].mark(done=True)

    assert cooking.steps[0].done_at == THURSDAY


def test_the_last_step_reaches_the_goal_and_taking_it_back_sets_out_again(cooking: Goal) -> None:
    for step in cooking.steps:
        step.mark(done=True)
    assert cooking.reached

    cooking.steps[1].mark(done=False)
    assert not cooking.reached


def test_a_new_step_on_a_reached_goal_sets_out_again(cooking: Goal) -> None:
    for step in cooking.steps:
        step.mark(done=True)

    cooking.add_step("Invite Linh")

    assert not cooking.reached
    assert cooking.progress.stones == ["did", "did", "did", "here"]


def test_a_paused_goal_rests_without_losing_what_was_done(cooking: Goal) -> None:
    cooking.steps[0].mark(done=True)
    cooking.pause(paused=True)

    assert cooking.progress.stones == ["did", "rest", "rest"]
    assert cooking.progress.next is None


def test_a_goal_without_steps_has_nothing_next(session: Session, amina: Tenant) -> None:
    progress = write_goal(session, amina, "See my sister").progress

    assert (progress.done, progress.total, progress.stones, progress.next) == (0, 0, [], None)


def test_today_shows_the_next_step_of_the_goal_moved_on_last(session: Session, amina: Tenant, cooking: Goal) -> None:
    with clock.stopped_at(THURSDAY + timedelta(hours=1)):
        write_goal(session, amina, "Computers for work", first_step="Ring the library")
    with clock.stopped_at(THURSDAY + timedelta(hours=2)):
        cooking.steps[0].mark(done=True)
    session.flush()

    assert next_step(session, amina) is cooking.steps[1]


def test_today_leaves_out_goals_that_rest(session: Session, amina: Tenant, cooking: Goal) -> None:
    cooking.pause(paused=True)
    session.flush()

    assert next_step(session, amina) is None


def test_a_keyworker_sees_shared_goals_of_her_own_caseload_only(
    session: Session, cast: Cast, amina: Tenant, grace: Worker, cooking: Goal
) -> None:
    write_goal(session, amina, "Something private")
    salma = session.get_one(Tenant, cast.salma.id)
    write_goal(session, salma, "English for the bank", shared=True)

    assert session.scalars(Goal.shared_with(grace)).all() == [cooking]


def test_taking_a_goal_back_hides_it_at_once(session: Session, grace: Worker, cooking: Goal) -> None:
    cooking.share(shared=False)
    session.flush()

    assert session.scalars(Goal.shared_with(grace)).all() == []


def test_a_review_is_told_to_the_tenant_once(session: Session, amina: Tenant, grace: Worker, cooking: Goal) -> None:
    review = review_goal(session, grace, cooking, "That soup smelled wonderful")

    assert unseen_reviews(session, amina) == [review]
    notice = session.scalars(select(Notice)).one()
    assert (notice.tenant_id, notice.source) == (amina.id, f"review:{review.id}")


def test_a_review_leaves_the_tenants_words_as_they_are(session: Session, grace: Worker, cooking: Goal) -> None:
    before = (cooking.words, [step.words for step in cooking.steps])

    review_goal(session, grace, cooking, "Well done", suggested_step="Write down the recipe")

    assert (cooking.words, [step.words for step in cooking.steps]) == before


def test_an_empty_review_is_refused(session: Session, grace: Worker, cooking: Goal) -> None:
    with pytest.raises(ValueError, match="says something"):
        review_goal(session, grace, cooking, "")


def test_a_suggested_step_is_added_once_however_often_it_is_taken(
    session: Session, grace: Worker, cooking: Goal
) -> None:
    review = review_goal(session, grace, cooking, "", suggested_step="Write down the recipe")

    review.answer(accepted=True)
    review.answer(accepted=True)
    review.answer(accepted=False)

    assert [step.words for step in cooking.steps].count("Write down the recipe") == 1
    assert review.accepted is True


def test_a_suggestion_left_out_changes_nothing(session: Session, grace: Worker, cooking: Goal) -> None:
    review = review_goal(session, grace, cooking, "", suggested_step="Run a marathon")

    review.answer(accepted=False)

    assert len(cooking.steps) == 3
    assert not review.awaits


def test_of_two_changes_at_the_same_moment_the_version_lets_one_through(
    database: Database, session: Session, cooking: Goal
) -> None:
    session.commit()
    for number in range(10):
        session.expire_all()
        stale = session.get_one(Goal, cooking.id)
        before = stale.words
        session.commit()
        with database.step() as other:
            first = other.get_one(Goal, cooking.id)
            assert first.words == before
            first.reword(f"Cook on {number} days", "", "")

        stale.reword(f"Cook {number} soups", "", "")

        with pytest.raises(StaleDataError):
            session.commit()
        session.rollback()

    session.expire_all()
    assert session.get_one(Goal, cooking.id).words == "Cook on 9 days"


def test_reviews_are_reached_through_their_tenant(session: Session, cast: Cast, grace: Worker, cooking: Goal) -> None:
    review_goal(session, grace, cooking, "Hello")
    tomasz = session.get_one(Tenant, cast.tomasz.id)

    assert session.scalars(Review.of(tomasz)).all() == []
