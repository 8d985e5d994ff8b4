"""When a review opens and falls due, and what waits for whom."""

from __future__ import annotations

from datetime import date, timedelta
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.reminders.models import Notice, State
from tenant_app.support_plan.kinds import Kind, Stage, Stand
from tenant_app.support_plan.models import PlanReview
from tenant_app.support_plan.policy import DEFAULT, Policy
from tenant_app.support_plan.recording import answer, write
from tenant_app.support_plan.rules import (
    awaiting_worker,
    for_today,
    next_review_of,
    open_reviews,
    reviews_due,
    tell_change,
)
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.questions import counted
from tests.support_plan.meeting import LONDON, NEXT_REVIEW, THIS_DAY, draft, opened, signed


def reviews_of(session: Session, tenant: Tenant) -> list[PlanReview]:
    return list(session.scalars(PlanReview.of(tenant)))


def waiting(session: Session, kind: str) -> list[Notice]:
    asked = select(Notice).where(Notice.kind == kind, Notice.state == State.WAITING).order_by(Notice.due_at)
    return list(session.scalars(asked))


def test_the_first_review_is_due_four_weeks_after_moving_in_and_opens_two_weeks_before(
    session: Session, amina: Tenant
) -> None:
    amina.moved_in_on = THIS_DAY - timedelta(days=13)
    due_on = THIS_DAY + timedelta(days=15)
    assert next_review_of(session, [amina.id]) == {amina.id: due_on}
    open_reviews(session, THIS_DAY, LONDON)
    assert reviews_of(session, amina) == []
    open_reviews(session, THIS_DAY + timedelta(days=1), LONDON)
    assert [it.due_on for it in reviews_of(session, amina)] == [due_on]
    told = [notice.due_at.date() for notice in waiting(session, "support-plan.due") if notice.tenant_id == amina.id]
    assert told == [due_on - timedelta(days=7), due_on]


def test_nobody_is_late_on_the_day_that_reviews_begin_to_be_kept(session: Session, amina: Tenant) -> None:
    amina.moved_in_on = date(2023, 1, 9)
    open_reviews(session, THIS_DAY, LONDON)
    open_reviews(session, THIS_DAY, LONDON)
    assert [it.due_on for it in reviews_of(session, amina)] == [THIS_DAY + timedelta(days=14)]


def test_the_next_review_follows_from_the_last_and_never_stands_beside_one(
    session: Session, amina: Tenant, grace: Worker
) -> None:
    review = signed(session, amina, grace)
    answer(session, amina, review, Stand.AGREES, seen=1)
    assert next_review_of(session, [amina.id]) == {amina.id: NEXT_REVIEW}
    early, opens = (NEXT_REVIEW - timedelta(days=days) for days in (15, 14))
    for day, expected in ((early, 1), (opens, 2), (opens, 2)):
        open_reviews(session, day, LONDON)
        assert len(reviews_of(session, amina)) == expected
    assert reviews_of(session, amina)[0].due_on == NEXT_REVIEW
    assert review.due_again_on is None


def test_a_change_of_circumstances_opens_one_review_or_hastens_the_one_that_is_open(
    session: Session, amina: Tenant, grace: Worker
) -> None:
    amina.moved_in_on = THIS_DAY - timedelta(days=15)
    open_reviews(session, THIS_DAY, LONDON)
    [review] = reviews_of(session, amina)
    for _ in range(2):
        tell_change(session, amina, amina, Kind.HOSPITAL, "Three nights", language="en", zone=LONDON)
    tell_change(session, grace, amina, Kind.HOSPITAL, "Three nights", language="en", zone=LONDON)
    assert reviews_of(session, amina) == [review]
    assert review.due_on == THIS_DAY + timedelta(days=7)
    assert [(it.kind, it.told_by.name) for it in review.changes] == [
        (Kind.HOSPITAL, "Amina Warsame"), (Kind.HOSPITAL, "Grace Okafor"),
    ]  # fmt: skip
    told = [notice.due_at for notice in waiting(session, "support-plan.due") if notice.tenant_id == amina.id]
    assert told == [THURSDAY, THURSDAY + timedelta(days=7, hours=1)], "at once, because another said so"


def test_the_database_itself_refuses_a_second_open_review(session: Session, amina: Tenant) -> None:
    opened(session, amina)
    session.add(PlanReview(tenant=amina, due_on=THIS_DAY))
    with pytest.raises(IntegrityError):
        session.flush()


def test_two_who_open_at_the_same_moment_open_one(cast: Cast) -> None:
    def tells() -> None:
        with cast.database.step() as session:
            opened(session, session.get_one(Tenant, cast.amina.id))

    threads = [Thread(target=tells) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with cast.database.session() as session:
        [review] = session.scalars(select(PlanReview))
        assert len(review.changes) == 1


def test_what_waits_for_a_worker_costs_the_same_however_much_it_is(
    session: Session, staff_door: Flask, cast: Cast, amina: Tenant, tomasz: Tenant, grace: Worker
) -> None:
    opened(session, amina)
    session.commit()

    def asked() -> tuple[int, int, int]:
        at_door = staff_door.extensions["homeward"].database
        with at_door.session() as inside, counted(staff_door) as statements:
            worker = inside.get_one(Worker, cast.grace.id)
            due, signing = reviews_due(inside, worker, THIS_DAY), awaiting_worker(inside, worker)
            assert all(it.tenant.name and it.changes is not None for it in [*due, *signing])
            next_review_of(inside, [cast.amina.id, cast.tomasz.id])
        return len(due), len(signing), len(statements)

    few = asked()
    assert few[:2] == (1, 0)
    opened(session, tomasz)
    session.commit()
    many = asked()
    assert many == (2, 0, few[2])
    review = session.scalars(PlanReview.of(amina)).one()
    write(session, grace, review, draft(next_on=None), seen=0, language="en")
    session.commit()
    assert asked()[:2] == (1, 1)


def test_what_is_due_far_off_is_not_mentioned(session: Session, amina: Tenant, grace: Worker) -> None:
    amina.moved_in_on = THIS_DAY - timedelta(days=16)
    open_reviews(session, THIS_DAY, LONDON)
    assert for_today(session, amina, THIS_DAY) is None
    assert [it for it in reviews_due(session, grace, THIS_DAY) if it.tenant_id == amina.id] == []
    near = THIS_DAY + timedelta(days=5)
    found = for_today(session, amina, near)
    assert found is not None
    assert found.stage is Stage.AHEAD
    assert found in reviews_due(session, grace, near)


def test_how_often_is_the_associations_own_choice(session: Session, amina: Tenant) -> None:
    amina.moved_in_on = THIS_DAY
    monthly = Policy(first_weeks=2, every_weeks=4, change_days=3)
    assert next_review_of(session, [amina.id], monthly)[amina.id] == THIS_DAY + timedelta(weeks=2)
    review = tell_change(session, amina, amina, Kind.RISK, "", language="en", zone=LONDON, policy=monthly)
    assert review.due_on == THIS_DAY + timedelta(days=3)
    assert DEFAULT.next_due(THIS_DAY) == NEXT_REVIEW


def test_the_reminders_end_once_the_two_have_met(session: Session, amina: Tenant, grace: Worker) -> None:
    review = opened(session, amina)
    assert waiting(session, "support-plan.due")
    write(session, grace, review, draft(met_on=None), seen=0, language="en")
    assert waiting(session, "support-plan.due"), "notes before the meeting are no meeting"
    write(session, grace, review, draft(), seen=1, language="en")
    assert waiting(session, "support-plan.due") == []


def test_a_review_that_came_long_after_is_not_due_in_the_past(
    session: Session, amina: Tenant, grace: Worker
) -> None:  # fmt: skip
    review = signed(session, amina, grace)
    answer(session, amina, review, Stand.AGREES, seen=1)
    with clock.stopped_at(THURSDAY + timedelta(days=200)):
        today = clock.today(LONDON)
        open_reviews(session, today, LONDON)
        assert reviews_of(session, amina)[0].due_on == today + timedelta(days=14)
