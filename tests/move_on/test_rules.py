"""Where a plan for moving on begins, what is on its list, and when it is looked over."""

from __future__ import annotations

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category, give_consent, withdraw_consent
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.move_on.models import Listed, MoveOnPlan, MoveOnReview, Part, Ready, Wishes
from tenant_app.move_on.reminding import REVIEW
from tenant_app.move_on.reviewing import hold_review, move_on_reviews_due, put_off, review_due
from tenant_app.move_on.rules import (
    ListFull,
    Meanwhile,
    ReviewRhythm,
    add_item,
    begin,
    begin_all,
    say_state,
    say_wishes,
)
from tenant_app.move_on.standing import standing, stood
from tenant_app.move_on.suggesting import MOST_WAITING, answer_suggestion, suggest
from tenant_app.reminders.models import Notice, Schedule, State
from tenant_app.reminders.preferences import Group, Preference, group_of
from tenant_app.reminders.rules import occurrences, plan_ahead
from tenant_app.settings import Settings
from tests.cast import Cast
from tests.conftest import THURSDAY

LONDON = ZoneInfo("Europe/London")
RHYTHM = ReviewRhythm()
TODAY = date(2026, 11, 26)
LIST = {
    "bank": Listed("bank", Part.MONEY, "A bank account", "en"),
    "folder": Listed("folder", Part.PAPERS, "One folder", "en"),
}


@pytest.fixture
def plan(session: Session, amina: Tenant) -> MoveOnPlan:
    return begin(session, amina, RHYTHM, LONDON)


def test_everyone_who_lives_here_has_a_plan_and_is_asked_once_after_four_weeks(
    session: Session, cast: Cast, amina: Tenant
) -> None:
    cast.now(session, cast.salma).leave()
    session.flush()
    assert begin_all(session, RHYTHM, LONDON) is False
    assert begin_all(session, RHYTHM, LONDON) is False
    plans = session.scalars(select(MoveOnPlan)).all()
    assert {plan.tenant_id for plan in plans} == {cast.amina.id, cast.tomasz.id}
    assert {plan.review_on for plan in plans} == {TODAY + timedelta(weeks=4)}
    assert not any(plan.written for plan in plans)
    assert review_due(session, amina, TODAY) is None
    assert review_due(session, amina, TODAY + timedelta(weeks=4)) is not None


def test_whoever_moves_in_later_is_asked_four_weeks_after_that_day(session: Session, amina: Tenant) -> None:
    amina.moved_in_on = TODAY + timedelta(days=7)
    session.flush()
    begin_all(session, RHYTHM, LONDON)
    assert session.scalar(MoveOnPlan.of(amina)) is None
    assert begin(session, amina, RHYTHM, LONDON).review_on == TODAY + timedelta(weeks=5)


def test_an_association_sets_its_own_rhythm() -> None:
    settings = Settings.from_environment({"HOMEWARD_MOVE_ON_FIRST_WEEKS": "6", "HOMEWARD_MOVE_ON_WEEKS": "26"})
    assert ReviewRhythm.of(settings) == ReviewRhythm(6, 26)
    assert ReviewRhythm.of(Settings()) == RHYTHM
    for nonsense in ("0", "x", "-3", "105", "1" * 5000):
        with pytest.raises(ValueError, match="HOMEWARD_MOVE_ON_WEEKS"):
            Settings.from_environment({"HOMEWARD_MOVE_ON_WEEKS": nonsense})


def test_a_review_is_reminded_of_on_its_day_and_once_more_and_then_no_more(session: Session, plan: MoveOnPlan) -> None:
    schedule = session.scalars(select(Schedule).where(Schedule.kind == REVIEW)).one()
    days = occurrences(schedule, TODAY, TODAY + timedelta(days=400))
    assert days == [plan.review_on, plan.review_on + timedelta(weeks=2)]
    assert group_of(REVIEW) is Group.MOVE_ON
    assert not Preference(muted=frozenset({Group.MOVE_ON})).wants(REVIEW)


def test_looking_it_over_takes_back_the_reminder_and_asks_again_in_twelve_weeks(
    session: Session, plan: MoveOnPlan
) -> None:
    with clock.stopped_at(THURSDAY + timedelta(weeks=4, days=-1)):
        plan_ahead(session)
        assert session.scalars(select(Notice.state).where(Notice.kind == REVIEW)).all() == [State.WAITING]
        hold_review(session, plan, LIST, "", RHYTHM, LONDON)
        waiting = select(Notice).where(Notice.kind == REVIEW, Notice.state == State.WAITING)
        assert session.scalars(waiting).all() == []
        assert plan.review_on == TODAY + timedelta(weeks=16, days=-1)


def test_a_review_in_a_hard_week_is_put_off_and_only_when_it_is_due(session: Session, plan: MoveOnPlan) -> None:
    first = plan.review_on
    put_off(session, plan, LONDON)
    assert plan.review_on == first
    with clock.stopped_at(THURSDAY + timedelta(weeks=5)):
        for _ in range(2):
            put_off(session, plan, LONDON)
        assert plan.review_on == TODAY + timedelta(weeks=7)


def test_a_review_keeps_how_it_stood_whatever_changes_afterwards(session: Session, plan: MoveOnPlan) -> None:
    say_wishes(session, plan, Wishes(area="By the canal"), seen=0, language="en")
    say_state(session, plan, "bank", Part.MONEY, Ready.DONE)
    own = add_item(session, plan, Part.MONEY, "Sell the bike", language="en")
    review = hold_review(session, plan, LIST, "I like the canal", RHYTHM, LONDON, language="en")
    assert hold_review(session, plan, LIST, "I like the canal", RHYTHM, LONDON).id == review.id
    say_wishes(session, plan, Wishes(area="Leeds"), seen=1)
    session.delete(own)
    say_state(session, plan, "bank", Part.MONEY, Ready.NOT_YET)
    session.expire_all()

    kept = session.scalars(select(MoveOnReview)).one()
    assert (kept.wishes.area, kept.changed) == ("By the canal", "I like the canal")
    money = stood(kept)[0]
    assert [(thing.words, thing.state) for thing in money.things] == [
        ("A bank account", Ready.DONE), ("Sell the bike", Ready.NOT_YET),
    ]  # fmt: skip


def test_saying_the_same_state_again_keeps_the_first_date(session: Session, plan: MoveOnPlan) -> None:
    first = say_state(session, plan, "bank", Part.MONEY, Ready.DONE).changed_at
    with clock.stopped_at(THURSDAY + timedelta(days=3)):
        assert say_state(session, plan, "bank", Part.MONEY, Ready.DONE).changed_at == first
        assert say_state(session, plan, "bank", Part.MONEY, Ready.NOT_MINE).changed_at == clock.now()
    money = standing(LIST, plan.items)[0]
    assert [money.count(state) for state in Ready] == [0, 0, 0, 1]
    assert list(money.applies) == []


def test_what_the_association_takes_off_its_list_is_told_no_more(session: Session, plan: MoveOnPlan) -> None:
    say_state(session, plan, "fax-machine", Part.MONEY, Ready.DONE)
    assert [thing.key for part in standing(LIST, plan.items) for thing in part.things] == ["bank", "folder"]


def test_of_two_changes_from_the_same_page_the_second_is_told(session: Session, plan: MoveOnPlan) -> None:
    say_wishes(session, plan, Wishes(area="Leeds"), seen=0)
    say_wishes(session, plan, Wishes(area="Leeds"), seen=0)
    assert plan.version == 1
    with pytest.raises(Meanwhile) as meanwhile:
        say_wishes(session, plan, Wishes(area="London"), seen=0)
    assert meanwhile.value.plan.wishes.area == "Leeds"


def test_a_suggestion_is_taken_once_and_the_first_answer_stands(
    session: Session, amina: Tenant, grace: Worker, plan: MoveOnPlan
) -> None:
    one = suggest(session, grace, plan, Part.PAPERS, "Ask for a reference", language="en")
    assert suggest(session, grace, plan, Part.PAPERS, "Ask for a reference").id == one.id
    assert [notice.facts for notice in session.scalars(select(Notice))] == [{"from": "Grace"}]
    answer_suggestion(session, plan, one, accepted=True)
    answer_suggestion(session, plan, one, accepted=False)
    assert one.accepted is True
    assert [item.words for item in plan.items] == ["Ask for a reference"]
    for number in range(MOST_WAITING):
        suggest(session, grace, plan, Part.MONEY, f"Idea {number}")
    with pytest.raises(ListFull):
        suggest(session, grace, plan, Part.MONEY, "One more")


def test_reviews_due_are_told_to_the_keyworker_with_whom_the_plan_is_shared_in_constant_questions(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, grace: Worker
) -> None:
    begin_all(session, RHYTHM, LONDON)
    later = TODAY + timedelta(weeks=5)
    assert move_on_reviews_due(session, grace, later) == []
    for tenant in (amina, tomasz):
        give_consent(session, tenant, Category.MOVE_ON, grace, LONDON)
    session.flush()
    assert move_on_reviews_due(session, grace, TODAY) == []

    asked: list[str] = []
    session.expunge_all()
    grace = session.get_one(Worker, grace.id)
    listen = lambda *given: asked.append(given[2])  # noqa: E731
    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", listen)
    due = move_on_reviews_due(session, grace, later)
    assert {plan.tenant.name for plan in due} == {"Amina Warsame", "Tomasz Wójcik"}
    event.remove(engine, "before_cursor_execute", listen)
    assert len(asked) == 2

    marek = cast.now(session, cast.marek)
    assert isinstance(marek, Worker)
    assert move_on_reviews_due(session, marek, later) == []
    withdraw_consent(session, session.get_one(Tenant, amina.id), Category.MOVE_ON, grace)
    assert [plan.tenant.known_as for plan in move_on_reviews_due(session, grace, later)] == ["Tomasz"]
