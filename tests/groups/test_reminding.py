"""What tenants are told about their places, when, and in which words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.groups.reminding import CALLED_OFF, DAY_BEFORE, FREE, HOUR_BEFORE, OFFERED
from tenant_app.groups.rules import book_place, call_off, cancel_place, join_waiting_list
from tenant_app.reminders.models import Notice, State
from tenant_app.reminders.wording import full_words
from tenant_app.web.locale import speaking
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import TOMORROW, fill, plan


def _waiting(session: Session, tenant: Tenant) -> dict[str, datetime]:
    """Kind and due time of each notice that waits to be said."""
    found = session.scalars(
        select(Notice).where(Notice.tenant_id == tenant.id, Notice.state == State.WAITING)
    )
    return {notice.kind: notice.due_at for notice in found}


def test_a_place_is_remembered_the_evening_before_and_an_hour_before(
    session: Session, cast: Cast, amina: Tenant
) -> None:
    book_place(session, amina, plan(session, cast))

    assert _waiting(session, amina) == {
        DAY_BEFORE: datetime(2026, 11, 26, 18, 0, tzinfo=UTC),
        HOUR_BEFORE: TOMORROW - timedelta(hours=1),
    }


def test_the_evening_before_is_an_evening_by_the_wall_clock_in_summer_too(
    session: Session, cast: Cast, amina: Tenant
) -> None:
    summer = datetime(2027, 7, 1, 10, 0, tzinfo=UTC)
    book_place(session, amina, plan(session, cast, starts_at=summer))

    assert _waiting(session, amina)[DAY_BEFORE] == datetime(2027, 6, 30, 17, 0, tzinfo=UTC)


def test_a_reminder_whose_moment_has_gone_is_not_planned(session: Session, cast: Cast, amina: Tenant) -> None:
    cooking = plan(session, cast)
    with clock.stopped_at(datetime(2026, 11, 26, 20, 0, tzinfo=UTC)):
        book_place(session, amina, cooking)
    assert set(_waiting(session, amina)) == {HOUR_BEFORE}

    soon = plan(session, cast, starts_at=THURSDAY + timedelta(minutes=30))
    book_place(session, amina, soon)
    assert set(_waiting(session, amina)) == {HOUR_BEFORE}


def test_giving_a_place_back_takes_its_reminders_back(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant
) -> None:
    cooking = plan(session, cast)
    book_place(session, amina, cooking)
    book_place(session, tomasz, cooking)

    cancel_place(session, amina, cooking)

    assert _waiting(session, amina) == {}
    assert set(_waiting(session, tomasz)) == {DAY_BEFORE, HOUR_BEFORE}


def test_booking_again_plans_the_reminders_again(session: Session, cast: Cast, amina: Tenant) -> None:
    cooking = plan(session, cast)
    book_place(session, amina, cooking)
    cancel_place(session, amina, cooking)

    book_place(session, amina, cooking)

    assert set(_waiting(session, amina)) == {DAY_BEFORE, HOUR_BEFORE}


def test_a_place_from_the_waiting_list_is_told_now_and_remembered_once_it_is_taken(
    session: Session, cast: Cast, amina: Tenant
) -> None:
    cooking = plan(session, cast, capacity=1)
    holder = fill(session, cast, cooking)[0]
    join_waiting_list(session, amina, cooking)
    assert _waiting(session, amina) == {}

    cancel_place(session, holder, cooking)

    assert _waiting(session, amina) == {OFFERED: THURSDAY}
    book_place(session, amina, cooking)
    assert set(_waiting(session, amina)) == {DAY_BEFORE, HOUR_BEFORE}


def test_a_session_that_is_called_off_is_told_once_to_all_it_concerns(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, salma: Tenant
) -> None:
    cooking = plan(session, cast, capacity=1)
    book_place(session, amina, cooking)
    join_waiting_list(session, tomasz, cooking)

    call_off(session, cooking)
    call_off(session, cooking)

    assert set(_waiting(session, amina)) == set(_waiting(session, tomasz)) == {CALLED_OFF}
    assert _waiting(session, salma) == {}


def test_notices_name_the_group_in_the_tenants_language(
    session: Session, cast: Cast, amina: Tenant, tenant_door: Flask
) -> None:
    book_place(session, amina, plan(session, cast))
    notice = session.scalars(select(Notice).where(Notice.kind == DAY_BEFORE)).one()

    with tenant_door.app_context():
        with speaking("en"):
            english = full_words(notice)
        with speaking("ar"):
            arabic = full_words(notice)

    assert "Cooking together" in english.title
    assert "Friday" in english.title
    assert "Kitchen, ground floor" in english.body
    assert english.address == f"/groups/{notice.facts['session']}"
    assert "نطبخ معًا" in arabic.title


def test_every_kind_of_notice_has_words(session: Session, cast: Cast, amina: Tenant, tenant_door: Flask) -> None:
    cooking = plan(session, cast, capacity=1)
    holder = fill(session, cast, cooking)[0]
    join_waiting_list(session, amina, cooking)
    cancel_place(session, holder, cooking)
    book_place(session, amina, cooking)
    call_off(session, cooking)
    tea = plan(session, cast, capacity=1)
    book_place(session, holder, tea)
    join_waiting_list(session, amina, tea)
    with clock.stopped_at(tea.starts_at - timedelta(minutes=30)):
        cancel_place(session, holder, tea)

    notices = session.scalars(select(Notice).where(Notice.tenant_id == amina.id)).all()

    assert {notice.kind for notice in notices} == {DAY_BEFORE, HOUR_BEFORE, OFFERED, FREE, CALLED_OFF}
    with tenant_door.app_context(), speaking("en"):
        assert all("Cooking together" in full_words(notice).title for notice in notices)
