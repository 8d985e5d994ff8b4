"""Tasks: promised by a day, seen by the tenant, done by whoever supports them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.cover import arrange_cover
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.key_work.rules import Hold
from tenant_app.key_work.tasks import Task, add_task, open_tasks_of, tasks_due
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.key_work.conftest import LONDON, Written, rows
from tests.questions import counted

TODAY = date(2026, 11, 26)


def test_what_was_agreed_becomes_a_task_in_one_tap_and_the_tenant_sees_it(
    desk: FlaskClient, phone: FlaskClient, session: Session, cast: Cast, written: Written
) -> None:
    note = written(agreed="I ring the library.\nShe brings the letter.")
    page = desk.get(f"/notes/{note.id}").text
    assert 'value="I ring the library."' in page
    assert 'value="2026-12-03"' in page

    fields = {"words": "I ring the library.", "due_on": "2026-12-03", "who": str(cast.grace.id), "note": str(note.id)}
    for _ in range(2):
        assert desk.post(f"/caseload/{cast.amina.id}/tasks", data=fields).status_code == 303
    (task,) = rows(session, select(Task))
    assert (task.note_id, task.worker_id, task.due_on) == (note.id, cast.grace.id, date(2026, 12, 3))
    mine = phone.get("/key-work").text
    assert "What my keyworker will do" in mine
    assert "I ring the library." in mine
    assert "By Thursday 3 December" in mine

    for _ in range(2):
        desk.post(f"/tasks/{task.id}", data={"done": "1"})
    assert [one.done_at for one in rows(session, select(Task))] == [THURSDAY]
    assert ">Done</span>" in phone.get("/key-work").text
    desk.post(f"/tasks/{task.id}", data={"done": "0"})
    assert [one.done_by_id for one in rows(session, select(Task))] == [None]


@pytest.mark.parametrize(
    "given",
    [{"words": " "}, {"words": "w" * 100_000}, {"due_on": "2026-11-25"}, {"due_on": "2028-01-01"}, {"due_on": "soon"},
     {"who": "c2d9b6f0-0000-7000-8000-000000000000"}],
)  # fmt: skip
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_a_task_that_cannot_be_is_refused_with_what_was_typed(
    desk: FlaskClient, session: Session, cast: Cast, given: dict[str, str]
) -> None:
    fields = {"words": "CANARY typed", "due_on": "2026-12-01", "who": str(cast.grace.id)} | given
    answer = desk.post(f"/caseload/{cast.amina.id}/tasks", data=fields)

    assert answer.status_code == 422
    assert "words" in given or "CANARY typed" in answer.text
    assert rows(session, select(Task)) == []


def test_what_was_agreed_in_a_note_held_back_is_kept_from_the_tenant_as_long(
    phone: FlaskClient, session: Session, amina: Tenant, grace: Worker, written: Written, tenant_door: Flask, cast: Cast
) -> None:
    note = written(hold=Hold("He reads her phone", date(2026, 11, 27)))
    add_task(session, grace, amina, "CANARY ring the police", TODAY, zone=LONDON, note_id=note.id)
    session.commit()

    assert "CANARY" not in phone.get("/key-work").text
    with clock.stopped_at(THURSDAY + timedelta(days=2)):
        assert "CANARY" in cast.at(tenant_door, cast.amina).get("/key-work").text


def test_tasks_of_another_caseload_do_not_exist_and_are_taken_over_by_the_next(
    desk: FlaskClient, staff_door: Flask, session: Session, cast: Cast, amina: Tenant, grace: Worker, written: Written
) -> None:
    task = add_task(session, grace, amina, "Ring", TODAY, zone=LONDON)
    foreign = written()
    session.commit()
    marek = cast.at(staff_door, cast.marek)
    assert marek.post(f"/tasks/{task.id}", data={"done": "1"}).status_code == 404
    assert marek.get(f"/caseload/{cast.amina.id}/tasks").status_code == 404
    fields = {"words": "Theirs", "due_on": "2026-12-01", "who": str(cast.marek.id), "note": str(foreign.id)}
    assert marek.post(f"/caseload/{cast.salma.id}/tasks", data=fields).status_code == 404

    session.get_one(Tenant, cast.amina.id).keyworker_id = cast.marek.id
    session.commit()
    assert desk.post(f"/tasks/{task.id}", data={"done": "1"}).status_code == 404
    assert "Ring" not in desk.get("/tasks").text
    assert tasks_due(session, grace, TODAY) == []
    session.commit()
    assert marek.post(f"/tasks/{task.id}", data={"mine": "1"}).status_code == 303
    assert "Ring" in marek.get("/tasks").text


def test_the_desk_is_told_what_is_due_and_how_much_is_open(
    session: Session, amina: Tenant, tomasz: Tenant, grace: Worker, staff_door: Flask, cast: Cast
) -> None:
    late = add_task(session, grace, amina, "Late", TODAY, zone=LONDON)
    add_task(session, grace, tomasz, "To come", TODAY + timedelta(days=3), zone=LONDON)
    done = add_task(session, grace, amina, "Kept", TODAY, zone=LONDON)
    done.mark(grace, True)
    session.flush()

    assert [task.tenant.name for task in tasks_due(session, grace, TODAY + timedelta(days=1))] == ["Amina Warsame"]
    assert tasks_due(session, grace, TODAY - timedelta(days=1)) == []
    assert open_tasks_of(session, [grace.id, cast.marek.id]) == {grace.id: 2}
    assert open_tasks_of(session, []) == {}
    assert late.due_on == TODAY


def test_whoever_stands_in_can_be_given_a_task_while_they_do(
    desk: FlaskClient, session: Session, cast: Cast, amina: Tenant, grace: Worker
) -> None:
    address = f"/caseload/{cast.amina.id}/tasks"
    fields = {"words": "Ring the library", "due_on": "2026-11-27", "who": str(cast.marek.id)}
    session.commit()
    assert desk.post(address, data=fields).status_code == 422
    marek = cast.now(session, cast.marek)
    arrange_cover(session, grace, marek, TODAY, TODAY, LONDON, arranged_by=grace)
    session.commit()
    assert desk.post(address, data=fields).status_code == 303
    assert [task.worker_id for task in rows(session, select(Task))] == [cast.marek.id]


def test_a_long_list_costs_as_many_questions_as_a_short_one(
    desk: FlaskClient, staff_door: Flask, session: Session, cast: Cast, amina: Tenant, grace: Worker
) -> None:
    add_task(session, grace, amina, "One", TODAY, zone=LONDON)
    session.commit()
    for address in ("/tasks", f"/caseload/{cast.amina.id}/tasks"):
        desk.get(address)
        with counted(staff_door) as one:
            desk.get(address)
        session.add_all(
            Task(tenant=amina, worker=grace, made_by_id=grace.id, words=f"Task {number}", due_on=TODAY)
            for number in range(60)
        )  # fmt: skip
        session.commit()
        with counted(staff_door) as many:
            desk.get(address)
        assert len(many) == len(one)
