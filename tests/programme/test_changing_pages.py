"""A session is changed or called off at the desk: what happens is said before, and nothing typed is lost."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.models import GroupSession
from tenant_app.groups.programme.series import Part
from tenant_app.groups.reminding import ALL_CALLED_OFF, CALLED_OFF, CHANGED
from tenant_app.groups.rules import book_place, join_waiting_list
from tenant_app.reminders.models import Notice, State
from tests.cast import Cast
from tests.groups.programme import plan
from tests.programme.series import series


@pytest.fixture
def joana(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.joana)


@pytest.fixture
def nasrin(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.nasrin)


@pytest.fixture
def cooking(session: Session, cast: Cast) -> list[GroupSession]:
    """Three Fridays, committed."""
    planned = series(session, cast)
    session.commit()
    return planned


def form_of(client: FlaskClient, it: GroupSession, **changes: str) -> dict[str, str]:
    """What the change form of a session would send, with some of it typed over."""
    page = client.get(f"/programme/{it.id}/change").text
    inputs = re.findall(r"<input[^>]+>", page)
    sent = {}
    for each in inputs:
        name, value = re.search(r'name="([^"]+)"', each), re.search(r'value="([^"]*)"', each)
        kind = re.search(r'type="([^"]+)"', each)
        if name and value and (not kind or kind[1] not in ("checkbox", "radio") or "checked" in each):
            sent[name[1]] = unescape(value[1])
    for name, body in re.findall(r'<select[^>]+name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', body)
        sent[name] = chosen[1] if chosen else ""
    return {**sent, **changes}


def told(session: Session, kind: str) -> list[Notice]:
    session.commit()
    found = list(session.scalars(select(Notice).where(Notice.kind == kind, Notice.state == State.WAITING)))
    session.commit()
    return found


def now(session: Session, it: GroupSession) -> GroupSession:
    session.commit()
    session.refresh(it)
    session.commit()
    return it


def test_the_page_says_how_many_are_told_before_it_is_done(
    joana: FlaskClient, session: Session, cooking: list[GroupSession], amina: Tenant, tomasz: Tenant
) -> None:
    book_place(session, amina, cooking[0])
    book_place(session, amina, cooking[1])
    book_place(session, tomasz, cooking[1])
    session.commit()
    address = f"/programme/{cooking[0].id}/change"
    one = form_of(joana, cooking[0], place="Lounge")

    assert "1 person has booked or waits, and is told at once" in joana.get(address, query_string=one).text
    rest = {**one, "rest": "1"}
    preview = joana.get(address, query_string=rest).text
    assert "2 people have booked or wait, and are told at once" in preview
    assert "3 sessions" in preview
    assert "Lounge" in preview
    assert told(session, CHANGED) == []

    key = re.search(r'name="idempotency_key" value="(\w+)"', preview)
    assert key
    for _ in range(2):  # a double tap
        answer = joana.post(address, data={**rest, "idempotency_key": key[1]})
        assert answer.status_code == 303
    assert "We are telling 2 people." in joana.get(answer.location).text
    assert len(told(session, CHANGED)) == 2
    assert [now(session, each).place for each in cooking] == ["Lounge"] * 3


def test_a_change_that_concerns_nobody_says_so(
    joana: FlaskClient, session: Session, cooking: list[GroupSession]
) -> None:
    sent = form_of(joana, cooking[0], capacity="12")

    assert "Nobody needs to be told." in joana.get(f"/programme/{cooking[0].id}/change", query_string=sent).text


def test_fewer_places_than_are_taken_is_refused_saying_how_many_hold_one(
    joana: FlaskClient, session: Session, cooking: list[GroupSession], amina: Tenant, tomasz: Tenant
) -> None:
    for tenant in (amina, tomasz):
        book_place(session, tenant, cooking[1])
    session.commit()
    sent = form_of(joana, cooking[0], capacity="1", rest="1", place="Lounge")

    answer = joana.post(f"/programme/{cooking[0].id}/change", data=sent)

    assert answer.status_code == 422
    assert "2 places are taken already (Friday 11 December). Enter at least 2." in answer.text
    assert 'value="Lounge"' in answer.text
    assert now(session, cooking[0]).capacity == 8


def test_a_stale_page_keeps_what_was_typed_and_says_what_changed_meanwhile(
    joana: FlaskClient, nasrin: FlaskClient, session: Session, cooking: list[GroupSession]
) -> None:
    address = f"/programme/{cooking[0].id}/change"
    mine = form_of(joana, cooking[0], place="Garden room", access_note="Side door")
    hers = form_of(nasrin, cooking[0], place="Lounge", starts="10:00")
    assert nasrin.post(address, data=hers).status_code == 303

    for stale in (joana.get(address, query_string=mine), joana.post(address, data=mine)):
        assert stale.status_code == 409
        text = re.sub(r"</?(?:bdi|b)>", "", stale.text)
        assert "Nasrin Begum changed it" in text
        assert "Where? It was Kitchen, ground floor, and is Lounge now." in text
        assert "Starts at It was 11:00, and is 10:00 now." in text
        assert 'value="Garden room"' in stale.text
        assert 'value="Side door"' in stale.text
    assert now(session, cooking[0]).place == "Lounge"

    seen = re.search(r'name="seen"[^>]+value="([^"]+)"', stale.text)
    assert seen
    assert joana.post(address, data={**mine, "seen": seen[1], "starts": "10:00"}).status_code == 303
    assert now(session, cooking[0]).place == "Garden room"


def test_the_rest_of_a_series_that_somebody_else_changed_is_looked_at_again(
    joana: FlaskClient, nasrin: FlaskClient, session: Session, cooking: list[GroupSession]
) -> None:
    mine = form_of(joana, cooking[0], place="Garden room", rest="1")
    hers = form_of(nasrin, cooking[2], place="Lounge")
    nasrin.post(f"/programme/{cooking[2].id}/change", data=hers)

    stale = joana.post(f"/programme/{cooking[0].id}/change", data=mine)

    assert stale.status_code == 409
    assert "It was another session of the series." in stale.text
    assert joana.post(f"/programme/{cooking[0].id}/change", data={**mine, "rest": "0"}).status_code == 303


def test_what_was_called_off_meanwhile_is_not_changed_and_nothing_typed_is_lost(
    joana: FlaskClient, nasrin: FlaskClient, session: Session, cooking: list[GroupSession]
) -> None:
    mine = form_of(joana, cooking[0], place="Garden room")
    nasrin.post(f"/programme/{cooking[0].id}/call-off", data={"rest": "0", "seen": mine["seen"]})

    answer = joana.post(f"/programme/{cooking[0].id}/change", data=mine)

    assert answer.status_code == 409
    assert "It cannot be changed any more." in answer.text
    assert 'value="Garden room"' in answer.text
    assert "Show what happens" not in answer.text


@pytest.mark.parametrize("was", ['["<script>"', "[" * 100_000])
def test_nonsense_in_what_a_page_carried_is_no_error(
    joana: FlaskClient, cooking: list[GroupSession], was: str
) -> None:
    sent = form_of(joana, cooking[0], place="Lounge", was=was, seen="never")

    answer = joana.post(f"/programme/{cooking[0].id}/change", data=sent)

    assert answer.status_code == 409
    assert "<script>" not in answer.text
    assert joana.post(f"/programme/{cooking[0].id}/change", data={}).status_code == 422


def test_a_busy_colleague_cannot_take_over(
    nasrin: FlaskClient, session: Session, cast: Cast, cooking: list[GroupSession]
) -> None:
    series(session, cast, lead=session.get_one(Worker, cast.marek.id), place="Lounge", weeks=1)
    session.commit()
    sent = form_of(nasrin, cooking[0], lead=str(cast.marek.id), despite="1")

    answer = nasrin.post(f"/programme/{cooking[0].id}/change", data=sent)

    assert answer.status_code == 422
    assert "Nobody can be in two places" in answer.text
    assert now(session, cooking[0]).facilitator_id == cast.joana.id


def test_calling_off_says_how_many_are_told_and_tells_them_once(
    joana: FlaskClient, session: Session, cooking: list[GroupSession], amina: Tenant, tomasz: Tenant
) -> None:
    book_place(session, amina, cooking[0])
    for tenant in (amina, tomasz):
        book_place(session, tenant, cooking[1])
    session.commit()
    address = f"/programme/{cooking[0].id}/call-off"
    page = joana.get(address).text
    assert "1 person has booked or waits." in page
    assert "2 people are told, each once." in page
    seen = cooking[0].edition

    for _ in range(2):
        answer = joana.post(address, data={"rest": "1", "seen": seen})

    assert answer.status_code == 303
    assert "This session is called off." in joana.get(answer.location).text
    assert [now(session, each).cancelled for each in cooking] == [True] * 3
    assert (len(told(session, ALL_CALLED_OFF)), len(told(session, CALLED_OFF))) == (1, 1)
    assert "Cooking together" not in joana.get("/registers").text


def test_a_session_that_changed_meanwhile_is_not_called_off_unseen(
    joana: FlaskClient, nasrin: FlaskClient, session: Session, cooking: list[GroupSession]
) -> None:
    seen = cooking[0].edition
    session.commit()
    nasrin.post(f"/programme/{cooking[0].id}/change", data=form_of(nasrin, cooking[0], place="Lounge"))

    answer = joana.post(f"/programme/{cooking[0].id}/call-off", data={"rest": "0", "seen": seen})

    assert answer.status_code == 409
    assert "Nothing was called off." in answer.text
    assert "Lounge" in answer.text
    assert not now(session, cooking[0]).cancelled
    assert joana.post(f"/programme/{cooking[0].id}/call-off", data={"rest": "perhaps"}).status_code == 400


def test_what_has_begun_is_neither_changed_nor_called_off(
    joana: FlaskClient, staff_door: Flask, session: Session, cast: Cast, cooking: list[GroupSession]
) -> None:
    sent = form_of(joana, cooking[0], place="Lounge")

    with clock.stopped_at(cooking[0].starts_at):
        joana = cast.at(staff_door, cast.joana)  # her visit of last week is over
        assert joana.post(f"/programme/{cooking[0].id}/change", data=sent).status_code == 409
        off = joana.post(f"/programme/{cooking[0].id}/call-off", data={"rest": "0", "seen": sent["seen"]})
        assert off.status_code == 409
    assert not now(session, cooking[0]).cancelled


def test_who_helps_sees_a_session_and_does_not_change_it(
    staff_door: Flask, session: Session, cast: Cast, amina: Tenant
) -> None:
    theirs = series(session, cast, beside=((session.get_one(Worker, cast.marek.id), Part.PEER),), capacity=1)[0]
    book_place(session, amina, theirs)
    join_waiting_list(session, session.get_one(Tenant, cast.tomasz.id), theirs)
    session.commit()
    marek, grace = cast.at(staff_door, cast.marek), cast.at(staff_door, cast.grace)

    page = marek.get(f"/programme/{theirs.id}").text
    assert "Marek Nowak" in page
    assert "(Peer)" in page
    assert "Amina" not in page
    assert "/change" not in page
    assert marek.get(f"/registers/{theirs.id}").status_code == 200
    for path in ("change", "call-off"):
        assert marek.get(f"/programme/{theirs.id}/{path}").status_code == 404
        assert marek.post(f"/programme/{theirs.id}/{path}", data={"rest": "0"}).status_code == 404
    assert grace.get(f"/programme/{theirs.id}").status_code == 404
    for stranger in (cast.devon, cast.priya):
        assert cast.at(staff_door, stranger).get("/programme").status_code == 403


def test_a_single_session_is_changed_too(joana: FlaskClient, session: Session, cast: Cast) -> None:
    alone = plan(session, cast)
    session.commit()
    page = joana.get(f"/programme/{alone.id}/change").text
    assert "after it" not in page

    sent = form_of(joana, alone, day="2026-12-01", starts="09:00", ends="10:00")
    assert joana.post(f"/programme/{alone.id}/change", data=sent).status_code == 303
    assert now(session, alone).day.isoformat() == "2026-12-01"
