"""Many rows at once: asked for by their ids, put down or replaced, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Person
from tenant_app.bulk import among, put_or_replace
from tenant_app.database import new_id
from tenant_app.reminders.models import Delivery, Notice, Subscription
from tenant_app.reminders.rules import announce
from tests.cast import Cast

DELIVERIES = cast("Table", Delivery.__table__)


def delivered(notice: UUID, subscription: UUID, outcome: str, **more: Any) -> dict[str, Any]:
    usual = {"answer": 201, "tried_at": clock.now(), "again_at": None}
    return {"notice_id": notice, "subscription_id": subscription, "outcome": outcome, **usual, **more}


def test_among_finds_those_and_no_others(session: Session, cast: Cast) -> None:
    wanted = {cast.amina.id, cast.tomasz.id}
    found = session.scalars(select(Person.id).where(among(Person.id, [*wanted, new_id()])))
    assert set(found) == wanted


def test_among_none_is_nobody(session: Session, cast: Cast) -> None:
    assert session.scalars(select(Person.id).where(among(Person.id, []))).all() == []


def test_among_a_thousand_is_one_question(session: Session, cast: Cast) -> None:
    many = [new_id() for _ in range(40_000)]
    assert session.scalars(select(Person.id).where(among(Person.id, [*many, cast.amina.id]))).all() == [cast.amina.id]


def test_one_question_asked_twice_is_answered_for_each(session: Session, cast: Cast) -> None:
    def ask(person: Person) -> list[object]:
        return list(session.scalars(select(Person.id).where(among(Person.id, [person.id]))))

    assert (ask(cast.amina), ask(cast.tomasz)) == ([cast.amina.id], [cast.tomasz.id])


def test_rows_are_put_down_and_those_that_are_there_replaced(session: Session, cast: Cast) -> None:
    amina = cast.now(session, cast.amina)
    phones = [
        Subscription(person_id=amina.id, endpoint=f"https://push.test/{n}", p256dh="p", auth="a") for n in range(3)
    ]
    session.add_all(phones)
    announce(session, amina, "goals.review", source="goal:1", lasts=timedelta(hours=1))
    session.flush()
    notice = session.scalars(select(Notice.id)).one()
    first, second, third = (phone.id for phone in phones)
    in_an_hour = clock.now() + timedelta(hours=1)
    put_or_replace(session, DELIVERIES, [
        delivered(notice, first, "later", answer=None, again_at=in_an_hour), delivered(notice, second, "accepted"),
    ])  # fmt: skip
    put_or_replace(session, DELIVERIES, [
        delivered(notice, first, "accepted"), delivered(notice, third, "later", answer=429, again_at=in_an_hour),
    ])  # fmt: skip
    put_or_replace(session, DELIVERIES, [])
    rows = session.execute(
        select(Delivery.subscription_id, Delivery.outcome, Delivery.answer, Delivery.again_at, Delivery.tried_at)
    ).all()
    assert {row[0]: tuple(row[1:]) for row in rows} == {
        first: ("accepted", 201, None, clock.now()),
        second: ("accepted", 201, None, clock.now()),
        third: ("later", 429, in_an_hour, clock.now()),
    }
