"""Feedback that nobody can trace: once each, together, and with nothing in the database that says whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from tenant_app import clock, tables
from tenant_app.accounts.models import Property, Tenant, Worker
from tenant_app.accounts.replays import Replay
from tenant_app.groups.after.feedback import (
    FEWEST,
    LASTS,
    Answered,
    NotNow,
    answer,
    feedback_on,
    has_answered,
    helped_by_kind,
)
from tenant_app.groups.after.models import FeedbackGiven, Said, SessionFeedback
from tenant_app.groups.booking import book_place
from tenant_app.groups.models import Attendance, GroupSession
from tenant_app.groups.rules import call_off
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import neighbours, plan
from tests.groups_after.after import booked, booking_of, came, marked

SECRET = "the house's seal"
GOOD = {"helped": "yes", "welcome": "partly", "words": "The soup was good"}


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    """Amina's."""
    return cast.at(tenant_door, cast.amina)


@pytest.fixture
def cooking(session: Session, cast: Cast, amina: Tenant, tomasz: Tenant) -> GroupSession:
    """Yesterday; Amina and Tomasz came."""
    planned = booked(session, cast, amina, tomasz, starts_at=THURSDAY - timedelta(days=1))
    for tenant in (amina, tomasz):
        marked(session, cast, tenant, planned)
    session.commit()
    return planned


def crowd(session: Session, cast: Cast, count: int) -> tuple[GroupSession, Sequence[Tenant]]:
    """A session of yesterday that so many neighbours came to."""
    people = neighbours(session, cast, count)
    with clock.stopped_at(THURSDAY - timedelta(days=4)):
        planned = plan(session, cast, starts_at=THURSDAY - timedelta(days=1), capacity=count)
        for tenant in people:
            book_place(session, tenant, planned)
    return planned, people


def say(session: Session, tenant: Tenant, it: GroupSession, words: str = "", helped: Said = Said.YES) -> None:
    answer(session, booking_of(session, tenant, it), SECRET, helped=helped, welcome=Said.YES, words=words)


def kept(session: Session) -> list[SessionFeedback]:
    found = session.scalars(select(SessionFeedback).execution_options(populate_existing=True)).all()
    session.commit()
    return list(found)


def test_three_questions_are_answered_once(phone: FlaskClient, session: Session, cooking: GroupSession) -> None:
    assert f'href="/groups/{cooking.id}/feedback"' in phone.get(f"/groups/{cooking.id}").text
    assert "Do not write names" in phone.get(f"/groups/{cooking.id}/feedback").text

    for _tap in range(2):
        assert phone.post(f"/groups/{cooking.id}/feedback", data=GOOD).status_code == 303

    [said] = kept(session)
    assert (said.helped, said.welcome, said.words) == (Said.YES, Said.PARTLY, "The soup was good")
    assert "You told us how it was." in phone.get(f"/groups/{cooking.id}").text
    assert "cannot be changed" in phone.get(f"/groups/{cooking.id}/feedback").text


@pytest.mark.parametrize(
    ("data", "problem"),
    [({}, "Choose whether it helped you"), ({"helped": "yes"}, "Choose whether you felt welcome"),
     ({"helped": "YES", "welcome": "yes"}, "Choose whether it helped you"),
     ({**GOOD, "words": "x" * 201}, "Use at most 200 letters"), ({"helped": "1", "welcome": "5"}, "Choose whether it")],
)  # fmt: skip
def test_what_cannot_be_is_asked_again(
    phone: FlaskClient, session: Session, cooking: GroupSession, data: dict[str, str], problem: str
) -> None:
    answer = phone.post(f"/groups/{cooking.id}/feedback", data=data)

    assert answer.status_code == 422
    assert problem in answer.text
    assert kept(session) == []


@pytest.mark.parametrize(("minutes", "status"), [(89, 409), (90, 303), (90 + 7 * 1440 - 1, 303), (90 + 7 * 1440, 409)])
def test_it_is_asked_for_a_week_after_the_end(
    phone: FlaskClient, session: Session, cooking: GroupSession, minutes: int, status: int
) -> None:
    with clock.stopped_at(THURSDAY - timedelta(days=1) + timedelta(minutes=minutes)):
        page = phone.get(f"/groups/{cooking.id}").text
        assert (f'href="/groups/{cooking.id}/feedback"' in page) is (status == 303)
        assert phone.get(f"/groups/{cooking.id}/feedback").status_code == 200
        assert phone.post(f"/groups/{cooking.id}/feedback", data=GOOD).status_code == status
    assert len(kept(session)) == (status == 303)


def test_only_who_came_is_asked(
    tenant_door: Flask, phone: FlaskClient, session: Session, cast: Cast, amina: Tenant, cooking: GroupSession
) -> None:
    marked(session, cast, amina, cooking, Attendance.NOT_HERE)
    off = came(session, cast, amina, days_ago=2)
    call_off(session, off)
    theirs = booked(session, cast, session.get_one(Tenant, cast.salma.id), starts_at=THURSDAY - timedelta(days=1),
                    building=session.get_one(Property, cast.mare_street.id))  # fmt: skip
    session.commit()

    assert phone.post(f"/groups/{cooking.id}/feedback", data=GOOD).status_code == 409
    assert phone.post(f"/groups/{off.id}/feedback", data=GOOD).status_code == 409
    assert phone.post(f"/groups/{theirs.id}/feedback", data=GOOD).status_code == 404
    assert cast.at(tenant_door, cast.salma).post(f"/groups/{cooking.id}/feedback", data=GOOD).status_code == 404
    assert kept(session) == []


def test_a_key_that_would_remember_whose_it_was_is_refused(
    phone: FlaskClient, session: Session, cooking: GroupSession
) -> None:
    address = f"/groups/{cooking.id}/feedback"

    assert phone.post(address, data=GOOD, headers={"Idempotency-Key": "a" * 20}).status_code == 400
    assert phone.post(address, data={**GOOD, "idempotency_key": "a" * 20}).status_code == 400
    assert kept(session) == []
    assert '<form class="stack roomy" method="post" novalidate>' in phone.get(address).text  # kept by no outbox
    assert session.scalars(select(Replay)).all() == []


def test_staff_see_it_after_the_session_and_from_three_answers_on(
    staff_door: Flask, session: Session, cast: Cast
) -> None:
    it, people = crowd(session, cast, 4)
    session.commit()
    for number, tenant in enumerate(people):
        say(session, tenant, it, "Canary sentence" if number == 0 else "", Said.NO if number == 1 else Said.YES)
        session.commit()
        with clock.stopped_at(it.ends_at + LASTS):
            page = cast.at(staff_door, cast.joana).get(f"/programme/{it.id}").text
        enough = number + 1 >= FEWEST
        assert ("Answers stand here once 3 or more" in page) is not enough
        assert (f"{number + 1} people answered." in page) is enough
        assert ("Canary sentence" in page) is enough
        assert "Quentin" not in page

    with clock.stopped_at(it.ends_at + LASTS):
        assert "<td>3 of 4</td>" in cast.at(staff_door, cast.joana).get("/programme/figures").text
    joana = cast.at(staff_door, cast.joana)
    assert "What people said" not in joana.get(f"/programme/{plan_ahead(session, cast)}").text


def test_no_answer_is_seen_to_arrive(staff_door: Flask, session: Session, cast: Cast) -> None:
    """Whoever loads the page before and after one answer would know what it says: nothing moves while anybody can
    still answer."""
    it, people = crowd(session, cast, 5)
    session.commit()
    seen = set()
    for number, tenant in enumerate(people):
        say(session, tenant, it, f"Canary sentence {number}")
        session.commit()
        with clock.stopped_at(it.ends_at + LASTS - timedelta(minutes=1)):
            joana = cast.at(staff_door, cast.joana)
            page = joana.get(f"/programme/{it.id}").text
            assert "People can answer until Wednesday 2 December" in page
            assert "Canary" not in page
            assert "Too few answers" in joana.get("/programme/figures").text
            seen.add(page[page.index('id="feedback"') : page.index("</section>", page.index('id="feedback"'))])
    assert len(seen) == 1


def plan_ahead(session: Session, cast: Cast) -> object:
    it = plan(session, cast)
    session.commit()
    return it.id


def test_figures_leave_out_what_too_few_answered(staff_door: Flask, session: Session, cast: Cast) -> None:
    it, people = crowd(session, cast, 2)
    for tenant in people:
        say(session, tenant, it)
    session.commit()

    with clock.stopped_at(it.ends_at + LASTS):
        assert "Too few answers" in cast.at(staff_door, cast.nasrin).get("/programme/figures").text
        nasrin = session.get_one(Worker, cast.nasrin.id)
        assert helped_by_kind(session, nasrin, THURSDAY - timedelta(days=9), THURSDAY) == {}


def test_a_second_answer_is_refused_and_another_secret_tells_nothing(
    session: Session, cast: Cast, amina: Tenant, cooking: GroupSession
) -> None:
    say(session, amina, cooking)
    with pytest.raises(Answered):
        say(session, amina, cooking, "again")
    booking = booking_of(session, amina, cooking)

    assert has_answered(session, booking, SECRET)
    assert not has_answered(session, booking, "somebody else's")


def test_nothing_is_shown_while_the_session_goes_on(session: Session, cast: Cast) -> None:
    it, people = crowd(session, cast, 3)
    for tenant in people:
        say(session, tenant, it)
    with clock.stopped_at(it.ends_at + LASTS):
        assert feedback_on(session, it)
    with clock.stopped_at(it.ends_at - timedelta(minutes=1)):
        assert feedback_on(session, it) is None
        with pytest.raises(NotNow):
            say(session, people[0], it)


# ---- Nothing in the database joins an answer to a person


def test_no_column_of_an_answer_leads_to_a_person_or_a_time(session: Session) -> None:
    answers, marks = (tables.metadata.tables[name] for name in ("session_feedback", "feedback_given"))

    assert set(answers.columns.keys()) == {"id", "session_id", "helped", "welcome", "words"}
    assert set(marks.columns.keys()) == {"session_id", "token"}
    for table in (answers, marks):
        assert {key.column.table.name for key in table.foreign_keys} == {"group_session"}
    leading_here = [
        table.name for table in tables.metadata.sorted_tables for key in table.foreign_keys
        if key.column.table in (answers, marks)
    ]  # fmt: skip
    assert leading_here == []


def test_the_id_of_an_answer_tells_no_time(session: Session, cast: Cast, amina: Tenant, cooking: GroupSession) -> None:
    say(session, amina, cooking)

    assert {each.id.version for each in kept(session)} == {4}


def test_no_value_of_an_answer_or_a_mark_stands_anywhere_else(
    phone: FlaskClient, tenant_door: Flask, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    phone.post(f"/groups/{cooking.id}/feedback", data={**GOOD, "words": "Canary sentence"})
    cast.at(tenant_door, cast.tomasz).post(f"/groups/{cooking.id}/feedback", data=GOOD)
    ours = {"session_feedback", "feedback_given"}
    telling = {
        str(value) for name in ours for row in session.execute(select(tables.metadata.tables[name])).mappings()
        for column, value in row.items() if column in ("id", "token", "words") and value
    }  # fmt: skip
    elsewhere = {
        str(value) for table in tables.metadata.sorted_tables if table.name not in ours
        for row in session.execute(select(table)) for value in row if value is not None
    }  # fmt: skip

    assert telling & elsewhere == set()
    people = {str(cast.amina.id), str(cast.tomasz.id), cast.amina.id.hex, cast.tomasz.id.hex}
    assert not any(person in value for person in people for value in telling)


def hidden(session: Session, table: str, columns: str) -> list[tuple[Any, ...]]:
    """What a database keeps of each row beside its columns: place and transaction."""
    beside = "rowid" if session.get_bind().dialect.name == "sqlite" else "ctid, xmin"
    rows = [tuple(row) for row in session.execute(text(f"SELECT {beside}, {columns} FROM {table}"))]
    session.commit()
    return rows


def test_neither_the_order_of_rows_nor_their_transactions_tell_who_answered(
    session: Session, cast: Cast
) -> None:
    """Eight people answer one after the other, each with their own sentence. Whoever reads the file, even with the
    secret, finds all answers and all marks in one transaction, and in an order that is another one each time."""
    orders = set()
    for run in range(4):
        with clock.stopped_at(THURSDAY + timedelta(minutes=run)):
            it, people = crowd(session, cast, 8)
            session.commit()
            for number, tenant in enumerate(people):
                say(session, tenant, it, f"sentence {number}")
                session.commit()
            answers = sorted(hidden(session, "session_feedback", "words, session_id"))
            marks = hidden(session, "feedback_given", "token, session_id")
            if session.get_bind().dialect.name == "postgresql":
                mine = [row for row in answers if row[3] == it.id]
                assert len({str(row[1]) for row in [*mine, *(row for row in marks if row[3] == it.id)]}) == 1
            orders.add(tuple(row[-2] for row in answers))
            session.execute(delete(SessionFeedback))
            session.execute(delete(FeedbackGiven))
            for tenant in people:
                tenant.name = f"Gone {run}"
            session.commit()

    assert len(orders) > 1  # by chance all alike once in 40320 to the third


def test_what_names_the_person_is_written_in_another_transaction(
    phone: FlaskClient, session: Session, cast: Cast, cooking: GroupSession
) -> None:
    """A phone that was last used yesterday is noted as in use with the same request."""
    if session.get_bind().dialect.name != "postgresql":
        return
    with clock.stopped_at(THURSDAY + timedelta(hours=13)):
        assert phone.post(f"/groups/{cooking.id}/feedback", data=GOOD).status_code == 303
    [(_, answered, _)] = hidden(session, "session_feedback", "words")
    by_person = [
        str(row[1]) for table in ("visit", "booking", "person", "tenant") for row in hidden(session, table, "1")
    ]

    assert str(answered) not in by_person


def test_marks_go_when_nobody_may_answer_any_more(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, cooking: GroupSession
) -> None:
    say(session, amina, cooking)
    with clock.stopped_at(THURSDAY + timedelta(days=8)):
        newer = booked(session, cast, tomasz, starts_at=THURSDAY + timedelta(days=7))
        say(session, tomasz, newer)

    assert {mark.session_id for mark in session.scalars(select(FeedbackGiven))} == {newer.id}
    assert len(kept(session)) == 2


def test_answers_go_with_their_session_and_stay_when_a_tenant_goes(
    session: Session, cast: Cast, amina: Tenant, cooking: GroupSession
) -> None:
    say(session, amina, cooking)
    session.delete(booking_of(session, amina, cooking))
    session.commit()
    assert len(kept(session)) == 1

    session.delete(session.get_one(GroupSession, cooking.id))
    session.commit()
    assert kept(session) == []
    assert session.scalars(select(FeedbackGiven)).all() == []


def test_every_pair_of_answers_is_counted_where_it_belongs(session: Session, cast: Cast) -> None:
    pairs = list(product(Said, Said))
    it, people = crowd(session, cast, len(pairs))
    for tenant, (helped, welcome) in zip(people, pairs, strict=True):
        answer(session, booking_of(session, tenant, it), SECRET, helped=helped, welcome=welcome)

    with clock.stopped_at(it.ends_at + LASTS):
        found = feedback_on(session, it)
    assert found is not None
    assert dict(found.helped) == dict(found.welcome) == dict.fromkeys(Said, 3)
