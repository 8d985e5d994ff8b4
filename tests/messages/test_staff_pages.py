"""Messages at the desk: who waits, who may open a thread, and that each opening is written down."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Property, Tenant, Worker
from tenant_app.accounts.rules import welcome_tenant
from tenant_app.messages.models import LONGEST, Message
from tenant_app.messages.rules import write
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.messages.thread import kept
from tests.questions import counted

CANARY = "Canary of the harbour wall"


@pytest.fixture
def desk(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.grace)


@pytest.fixture
def address(session: Session, amina: Tenant, grace: Worker) -> str:
    """Of a thread in which something waits."""
    write(session, amina, grace.id, CANARY, "en")
    session.commit()
    return f"/messages/{amina.id}"


def looks(session: Session) -> list[str]:
    session.rollback()
    found = list(session.scalars(select(Look.what)))
    session.commit()  # or it would keep the doors from writing
    return found


def test_whoever_waits_longest_stands_first_and_the_list_holds_no_words(
    desk: FlaskClient, session: Session, amina: Tenant, tomasz: Tenant, grace: Worker
) -> None:
    write(session, tomasz, grace.id, CANARY, "en")
    with clock.stopped_at(THURSDAY + timedelta(hours=1)):
        write(session, amina, grace.id, CANARY, "en")
    session.commit()
    page = desk.get("/messages").text
    assert page.index("Tomasz Wójcik") < page.index("Amina Warsame")
    assert CANARY not in page
    assert "Salma" not in page
    assert looks(session) == []
    assert '<span class="vh">, 2 wait</span>' in page

    desk.post(f"/messages/{tomasz.id}", data={"words": "Of course"})
    page = desk.get("/messages").text
    assert page.index("Amina Warsame") < page.index("Tomasz Wójcik")
    assert '<span class="vh">, 1 waits</span>' in page


def test_each_opening_of_a_thread_is_written_down_and_told(
    desk: FlaskClient, tenant_door: Flask, cast: Cast, session: Session, address: str
) -> None:
    for _ in range(3):
        assert CANARY in desk.get(address).text
    assert looks(session) == ["messages"] * 3
    assert "opened your messages" in cast.at(tenant_door, cast.amina).get("/settings/looks").text


def test_a_refused_answer_was_a_reading_too(desk: FlaskClient, session: Session, address: str) -> None:
    answered = desk.post(address, data={"words": " "})
    assert answered.status_code == 422
    assert CANARY in answered.text
    assert looks(session) == ["messages"]


def test_where_the_opening_cannot_be_written_down_nothing_is_shown(
    desk: FlaskClient, staff_door: Flask, session: Session, address: str
) -> None:
    engine = staff_door.extensions["homeward"].database.engine

    def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("INSERT INTO look"):
            raise RuntimeError("no room in the log")

    event.listen(engine, "before_cursor_execute", fail)
    try:
        answered = desk.get(address)
    finally:
        event.remove(engine, "before_cursor_execute", fail)
    assert answered.status_code == 500
    assert CANARY not in answered.text
    assert kept(session)[0].seen_on is None


def test_an_answer_reaches_the_tenant_and_the_tenant_alone_knows_whether_they_read_it(
    desk: FlaskClient, tenant_door: Flask, cast: Cast, address: str
) -> None:
    assert desk.post(address, data={"words": "Come by at three"}).status_code == 303
    assert "Come by at three" in cast.at(tenant_door, cast.amina).get("/messages").text
    page = desk.get(address).text
    assert "Come by at three" in page
    assert "Seen" not in page
    assert "Take back" not in page


def test_what_a_worker_sent_stays_as_it_is(desk: FlaskClient, session: Session, address: str) -> None:
    desk.post(address, data={"words": "Come by at three"})
    sent = kept(session)[1]
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert desk.open(f"/messages/{sent.id}", method=method, data={"words": "At four"}).status_code in (404, 405)
    assert kept(session)[1].words == "Come by at three"


def test_what_needs_no_answer_waits_no_longer(desk: FlaskClient, address: str) -> None:
    assert "No answer needed" in desk.get(address).text
    for _ in range(2):
        assert desk.post(f"{address}/answered", data={"needed": "0"}).status_code == 303
    assert "No answer needed" not in desk.get(address).text
    assert desk.post(f"{address}/answered", data={"needed": "1"}).status_code == 400
    assert desk.post(f"{address}/answered").status_code == 400


@pytest.mark.parametrize("words", ["", "  ", "\x00", "x" * (LONGEST + 1), "x" * 100_000])
def test_what_cannot_be_is_asked_again_and_nothing_typed_is_lost(
    desk: FlaskClient, session: Session, address: str, words: str
) -> None:
    answered = desk.post(address, data={"words": words})
    assert answered.status_code == 422
    assert 'role="alert"' in answered.text
    assert words.replace("\x00", "").strip() in answered.text
    assert len(kept(session)) == 1


def test_hostile_words_are_only_words(desk: FlaskClient, address: str) -> None:
    desk.post(address, data={"words": "\u202e<img src=x onerror=alert(1) hx-get=/x>"})
    page = desk.get(address).text
    assert "<img src=x" not in page
    assert "\u202e&lt;img src=x" in page


def test_a_form_sent_twice_is_one_message(desk: FlaskClient, session: Session, address: str) -> None:
    for _ in range(2):
        desk.post(address, data={"words": "Of course"})
    assert len(kept(session)) == 2


def test_nobody_but_the_keyworker_opens_a_thread(
    staff_door: Flask, cast: Cast, session: Session, address: str
) -> None:
    for other in (cast.marek, cast.nasrin, cast.joana, cast.devon, cast.priya):
        client = cast.at(staff_door, other)
        for answered in (client.get(address), client.post(address, data={"words": "Hello"}),
                         client.post(f"{address}/answered", data={"needed": "0"})):  # fmt: skip
            assert answered.status_code in (403, 404), other.name
            assert CANARY not in answered.text
        assert "Amina" not in client.get("/messages").text
    assert len(kept(session)) == 1
    assert looks(session) == []


def test_a_keyworker_who_was_replaced_is_refused_at_the_next_request_on_every_phone(
    staff_door: Flask, cast: Cast, session: Session, amina: Tenant, address: str
) -> None:
    open_at = [cast.at(staff_door, cast.grace) for _ in range(5)]
    assert [client.get(address).status_code for client in open_at] == [200] * 5
    amina.keyworker_id = cast.marek.id
    session.commit()
    assert [client.get(address).status_code for client in open_at] == [404] * 5
    assert [client.post(address, data={"words": "Bye"}).status_code for client in open_at] == [404] * 5
    marek = cast.at(staff_door, cast.marek).get(address)
    assert (marek.status_code, CANARY in marek.text) == (200, False)


def test_a_thread_of_somebody_who_moved_out_is_gone(
    desk: FlaskClient, session: Session, amina: Tenant, address: str
) -> None:
    amina.leave()
    session.commit()
    assert desk.get(address).status_code == 404
    assert desk.post(address, data={"words": "Hello"}).status_code == 404
    assert "Amina" not in desk.get("/messages").text


def test_what_stands_above_another_threads_message_is_not_found(
    desk: FlaskClient, session: Session, cast: Cast, tomasz: Tenant, grace: Worker, address: str
) -> None:
    other = write(session, tomasz, grace.id, "Elsewhere", "en")
    session.commit()
    assert desk.get(f"{address}?above={other.id}").status_code == 404
    assert desk.get(f"{address}?above=x").status_code == 404


def test_a_thousand_threads_ask_no_more_than_two(
    desk: FlaskClient, staff_door: Flask, session: Session, cast: Cast, grace: Worker, address: str
) -> None:
    with counted(staff_door) as few:
        desk.get("/messages")
    home, tenants = session.get_one(Property, cast.alma_road.id), []
    for number in range(1000):
        tenants.append(welcome_tenant(
            session, f"Tenant {number:03}", building=home, moved_in_on=date(2026, 9, 1), keyworker=grace
        ))  # fmt: skip
    session.flush()
    session.add_all(
        Message(tenant=tenant, worker=grace, by_tenant=True, words="Hello", written_at=THURSDAY,
                waits_since=THURSDAY if number % 2 else None)
        for number, tenant in enumerate(tenants)
    )  # fmt: skip
    session.commit()
    with counted(staff_door) as many:
        page = desk.get("/messages").text
    assert len(many) == len(few)
    assert "Page 1 of 21" in page
    assert desk.get("/messages?page=21").status_code == 200
    assert desk.get("/messages?page=x").status_code == 200
