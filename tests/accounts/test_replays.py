"""What waited on a phone arrives once, however often it is sent, and as nobody else."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tenant_app import clock
from tenant_app.accounts.entry import digest
from tenant_app.accounts.models import Person, Tenant
from tenant_app.accounts.replays import KEPT_FOR, Replay, begin
from tenant_app.accounts.rules import sweep
from tenant_app.database import Database
from tenant_app.goals.models import Goal
from tenant_app.goals.rules import write_goal
from tenant_app.web.whose import tag_of
from tests.cast import Cast

BY_SCRIPT = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def amina(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


def write(client: FlaskClient, key: str, words: str = "Cook", **headers: str) -> TestResponse:
    return client.post("/goals/new", data={"words": words}, headers={"Idempotency-Key": key, **headers})


def tag(door: Flask, person: Person) -> str:
    with door.app_context():
        return tag_of(person.id)


def count(database: Database, what: type = Goal) -> int:
    with database.session() as session:
        return session.scalar(select(func.count()).select_from(what)) or 0


def test_two_hundred_things_sent_five_times_in_any_order_are_two_hundred(database: Database, cast: Cast) -> None:
    items = {str(uuid4()): f"Goal {number}" for number in range(200)}
    sent = [*items] * 5
    random.Random(18).shuffle(sent)

    for number in range(0, 1000, 10):
        with database.session() as session:
            amina = session.get_one(Tenant, cast.amina.id)
            for key in sent[number : number + 10]:
                replay = begin(session, amina, key, digest(items[key]))
                if not replay.status:
                    replay.answer(303, f"/goals/{write_goal(session, amina, items[key]).id}")
            if number % 50:  # else the power fails, and nothing of it was done
                session.commit()

    assert count(database, Replay) == 200
    with database.session() as session:
        assert sorted(session.scalars(select(Goal.words))) == sorted(items.values())


def test_at_the_door_too_each_leads_to_the_same_place_each_time(amina: FlaskClient, database: Database) -> None:
    sent = [str(uuid4()) for _ in range(10)] * 5
    random.Random(19).shuffle(sent)

    answers = Counter((key, write(amina, key, key).location) for key in sent)

    assert count(database) == count(database, Replay) == 10
    assert set(answers.values()) == {5}


def test_a_replay_is_answered_as_the_first_was(amina: FlaskClient) -> None:
    first, again = (write(amina, "a-key-of-amina") for _ in range(2))

    assert (first.status_code, first.location) == (again.status_code, again.location)
    assert first.headers["X-Homeward-Done"] == again.headers["X-Homeward-Done"] == "a-key-of-amina"


def test_the_key_may_be_a_field_of_the_form(amina: FlaskClient, database: Database) -> None:
    form = {"words": "Cook", "idempotency_key": str(uuid4())}
    locations = {amina.post("/goals/new", data=form).location for _ in range(3)}

    assert (len(locations), count(database)) == (1, 1)


def test_a_form_that_waited_is_the_same_form_as_before(amina: FlaskClient, database: Database) -> None:
    form = {"words": "Cook", "idempotency_key": str(uuid4())}
    amina.post("/goals/new", data={**form, "told": "A new goal"})
    later = amina.post("/goals/new", data={**form, "tapped_at": "2026-11-26T08:55:00.000Z"})

    assert (later.status_code, count(database)) == (303, 1)


@pytest.mark.parametrize("changed", [{"words": "Swim"}, {"words": "Cook", "shared": "1"}, {"words": ["Cook", "Swim"]}])
def test_another_body_under_the_same_key_is_refused(
    amina: FlaskClient, database: Database, changed: dict[str, str]
) -> None:
    write(amina, "a-key-of-amina")
    refused = amina.post("/goals/new", data=changed, headers={"Idempotency-Key": "a-key-of-amina"})

    assert (refused.status_code, refused.headers["X-Homeward-Refused"]) == (409, "body")
    assert "X-Homeward-Done" not in refused.headers
    assert count(database) == 1


def test_another_page_under_the_same_key_is_refused(amina: FlaskClient) -> None:
    goal = write(amina, "a-key-of-amina").location
    headers = {"Idempotency-Key": "a-key-of-amina"}

    assert amina.post(f"{goal}/pause", data={"words": "Cook"}, headers=headers).status_code == 409


def test_two_at_the_same_moment_write_one(tenant_door: Flask, cast: Cast, database: Database) -> None:
    clients, ready = [cast.at(tenant_door, cast.amina) for _ in range(8)], Barrier(8)

    def send(client: FlaskClient) -> tuple[int, str | None]:
        ready.wait()
        answer = write(client, "tapped-eight-times")
        return answer.status_code, answer.location

    with ThreadPoolExecutor(8) as crowd:
        answers = set(crowd.map(send, clients))

    assert (len(answers), count(database)) == (1, 1)
    assert answers.pop()[0] == 303


def test_what_was_refused_may_be_put_right_under_its_key(amina: FlaskClient, database: Database) -> None:
    wrong = write(amina, "a-key-of-amina", words="")
    right = write(amina, "a-key-of-amina", words="Cook")

    assert (wrong.status_code, right.status_code, count(database)) == (422, 303, 1)
    assert "X-Homeward-Done" not in wrong.headers


def test_nothing_is_done_as_somebody_else(tenant_door: Flask, cast: Cast, database: Database) -> None:
    tomasz = cast.at(tenant_door, cast.tomasz)
    hers = {"X-Homeward-Whose": tag(tenant_door, cast.amina)}

    refused = [write(tomasz, str(uuid4()), **hers) for _ in range(5)]
    in_the_form = tomasz.post(
        "/goals/new", data={"words": "Cook", "idempotency_key": str(uuid4()), "whose": hers["X-Homeward-Whose"]}
    )

    for answer in (*refused, in_the_form):
        assert (answer.status_code, answer.headers["X-Homeward-Refused"]) == (409, "person")
        assert "Somebody else is signed in here now" in answer.text
    assert count(database) == 0


def test_what_a_person_did_is_done_as_them(tenant_door: Flask, cast: Cast, amina: FlaskClient) -> None:
    assert write(amina, str(uuid4()), **{"X-Homeward-Whose": tag(tenant_door, cast.amina)}).status_code == 303


def test_a_tag_is_one_persons_and_says_nothing(tenant_door: Flask, cast: Cast, amina: FlaskClient) -> None:
    tags = {tag(tenant_door, person) for person in (cast.amina, cast.tomasz, cast.salma, cast.grace)}

    assert len(tags) == 4
    assert not any(str(cast.amina.id).replace("-", "") in each for each in tags)
    assert f'<meta name="homeward-whose" content="{tag(tenant_door, cast.amina)}">' in amina.get("/more").text
    assert "homeward-whose" not in tenant_door.test_client().get("/help").text


def test_two_people_may_have_the_same_key(tenant_door: Flask, cast: Cast, database: Database) -> None:
    for person in (cast.amina, cast.tomasz):
        assert write(cast.at(tenant_door, person), "the-same-key").status_code == 303

    assert count(database) == 2


def test_a_script_gets_no_redirect_and_no_page(amina: FlaskClient) -> None:
    first, again = (write(amina, "a-key-of-amina", **BY_SCRIPT) for _ in range(2))

    for answer in (first, again):
        assert (answer.status_code, answer.data, answer.location) == (204, b"", None)
        assert answer.headers["X-Homeward-Done"] == "a-key-of-amina"
    assert first.headers["Content-Location"] == again.headers["Content-Location"]


def test_htmx_still_gets_the_pieces_that_it_changes(amina: FlaskClient) -> None:
    goal = write(amina, str(uuid4())).location
    headers = {"HX-Request": "true", "Idempotency-Key": "a-key-of-amina", **BY_SCRIPT}
    first, again = (amina.post(f"{goal}/pause", data={"paused": "1"}, headers=headers) for _ in range(2))

    assert first.status_code == 200
    assert 'id="steps"' in first.text
    assert (again.status_code, again.data) == (204, b"")


def test_a_stranger_with_a_key_is_asked_to_sign_in(tenant_door: Flask, database: Database) -> None:
    stranger = tenant_door.test_client()

    assert write(stranger, str(uuid4()), **BY_SCRIPT).status_code == 401
    assert count(database, Replay) == 0


def test_a_key_that_is_none_is_refused(amina: FlaskClient, database: Database) -> None:
    for key in ("short", "with spaces in it", "x" * 65, "sëven-letters", "null\x7fbyte"):
        form = {"words": "Cook", "idempotency_key": key}
        assert amina.post("/goals/new", data=form).status_code == 400, key
    assert count(database) == 0


def test_a_key_also_holds_at_the_staff_door(staff_door: Flask, cast: Cast, database: Database) -> None:
    priya = cast.at(staff_door, cast.priya)
    form = {"words": "anything"}
    headers = {"Idempotency-Key": "a-key-of-priya", "X-Homeward-Whose": "somebody-else"}

    assert priya.post("/sign-out", data=form, headers=headers).status_code == 409


def test_answers_are_forgotten_after_a_month(amina: FlaskClient, session: Session, database: Database) -> None:
    write(amina, "a-key-of-amina")
    for days, left in ((KEPT_FOR - timedelta(minutes=1), 1), (KEPT_FOR, 0)):
        with clock.stopped_at(clock.now() + days):
            sweep(session)
            session.commit()
        assert count(database, Replay) == left
