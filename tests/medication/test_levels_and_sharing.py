"""Levels that both agree on, and sharing that ends as it was said."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.accounts.safeguarding import override_for_safety
from tenant_app.medication.auditing.models import Level, SelfAdministration, medicines_shared_with
from tenant_app.medication.auditing.rules import agree_level, usual_review
from tenant_app.medication.sharing.rules import SHARING_ENDS, share_medicines, stop_sharing
from tenant_app.reminders.models import Notice, State
from tenant_app.reminders.wording import full_words, lock_screen_words
from tenant_app.web.locale import speaking
from tests.medication.conftest import LONDON, Shelf


def test_a_level_is_agreed_looked_at_again_and_kept(session: Session, amina: Tenant, grace: Worker) -> None:
    first = agree_level(
        session, grace, amina, Level.DAILY_CHECK, usual_review(LONDON), LONDON, tenant_words="I like the chart.",
        worker_words="She sets her own alarm.",
    )  # fmt: skip
    assert first.review_on == date(2027, 2, 26)
    with clock.stopped_at(datetime(2027, 2, 26, 12, tzinfo=UTC)):
        second = agree_level(session, grace, amina, Level.WEEKLY_CHECK, date(2027, 5, 1), LONDON)
        again = agree_level(session, grace, amina, Level.WEEKLY_CHECK, date(2027, 5, 1), LONDON)

        assert again is second
        assert session.scalars(SelfAdministration.of(amina)).all() == [second, first]
        assert (first.ended_at, second.ended_at) == (clock.now(), None)


@pytest.mark.parametrize("review_on", [date(2026, 11, 26), date(2026, 1, 1), date(2027, 11, 27)])
def test_a_level_is_looked_at_again_within_a_year(
    session: Session, amina: Tenant, grace: Worker, review_on: date
) -> None:
    with pytest.raises(ValueError):
        agree_level(session, grace, amina, Level.SELF_MANAGED, review_on, LONDON)

    assert session.scalars(select(SelfAdministration)).all() == []


def test_medicines_are_reached_through_consent_or_a_reason(
    full_shelf: Shelf, session: Session, amina: Tenant, grace: Worker, nasrin: Worker, marek: Worker
) -> None:
    def readable(worker: Worker) -> int:
        return len(session.scalars(medicines_shared_with(worker)).all())

    assert [readable(worker) for worker in (grace, nasrin, marek)] == [0, 0, 0]
    share_medicines(session, amina, grace, LONDON)
    share_medicines(session, amina, marek, LONDON)
    assert [readable(worker) for worker in (grace, nasrin, marek)] == [2, 0, 0]
    override_for_safety(session, nasrin, amina, Category.MEDICATION, "She rang us and could hardly speak.")
    assert readable(nasrin) == 2
    stop_sharing(session, amina, grace)
    assert readable(grace) == 0


def notices(session: Session) -> list[tuple[datetime, State]]:
    found = session.scalars(select(Notice).where(Notice.kind == SHARING_ENDS).order_by(Notice.due_at))
    return [(notice.due_at, notice.state) for notice in found]


def test_two_weeks_before_sharing_ends_its_owner_is_told(session: Session, amina: Tenant, grace: Worker) -> None:
    share_medicines(session, amina, grace, LONDON, expires_on=date(2027, 5, 26))
    share_medicines(session, amina, grace, LONDON, expires_on=date(2027, 5, 26))

    assert notices(session) == [(datetime(2027, 5, 12, 9, tzinfo=UTC), State.WAITING)]


def test_shared_for_longer_the_notice_moves_along(session: Session, amina: Tenant, grace: Worker) -> None:
    share_medicines(session, amina, grace, LONDON, expires_on=date(2027, 1, 26))
    share_medicines(session, amina, grace, LONDON, expires_on=date(2027, 5, 26))

    assert [state for _, state in notices(session)] == [State.WITHDRAWN, State.WAITING]


def test_stopped_the_notice_is_taken_back(session: Session, amina: Tenant, grace: Worker) -> None:
    share_medicines(session, amina, grace, LONDON)
    stop_sharing(session, amina, grace)
    stop_sharing(session, amina, grace)

    assert [state for _, state in notices(session)] == [State.WITHDRAWN]


def test_the_notice_says_what_one_can_do_and_a_locked_phone_nothing(
    tenant_door: Flask, session: Session, amina: Tenant, grace: Worker
) -> None:
    share_medicines(session, amina, grace, LONDON, expires_on=date(2027, 5, 26))
    notice = session.scalars(select(Notice).where(Notice.kind == SHARING_ENDS)).one()

    with tenant_door.test_request_context(), speaking("en"):
        assert full_words(notice).title.striptags() == "Grace sees your medicines until Wednesday 26 May"
        assert full_words(notice).address == "/medicines/sharing"
        assert lock_screen_words(notice, named=False).body == "There is something new for you."
