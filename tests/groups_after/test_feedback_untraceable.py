"""Nothing in the database says whose an answer is: no column, no value, no order, no transaction."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text
from sqlalchemy.orm import Session

from tenant_app import clock, tables
from tenant_app.accounts.models import Tenant
from tenant_app.groups.after.models import FeedbackGiven, SessionFeedback
from tenant_app.groups.models import GroupSession
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups_after.said import GOOD, crowd, kept, say


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
