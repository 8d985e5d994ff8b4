"""House meetings at the tenants' door: the agenda, wanting things too, minutes, and what bad input comes to."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.meetings.minuting import open_meeting
from tenant_app.groups.meetings.rules import MOST_ITEMS, put_on, want
from tenant_app.groups.models import GroupSession
from tests.cast import Cast
from tests.groups.programme import neighbours
from tests.meetings.house import AFTER, DURING, agreed, bins, items, meeting, spoken_of
from tests.questions import counted

HTMX = {"HX-Request": "true"}
LONG = "x" * 100_000


def test_before_anything_is_on_it_the_page_asks_what_to_talk_about(phone: FlaskClient, friday: GroupSession) -> None:
    for path in ("/meetings", f"/meetings/{friday.id}", "/meetings/said"):
        assert "What should we talk about?" in phone.get(path).text
    assert "Nothing is left to do" in phone.get("/meetings/said?open=1").text


def test_without_any_meeting_an_item_waits_for_one(phone: FlaskClient, session: Session) -> None:
    assert "No meeting is planned yet" in phone.get("/meetings").text
    assert phone.post("/meetings/items/new", data={"title": "The bins", "named": "0"}).status_code == 303
    assert [item.title for item in items(session)] == ["The bins"]


def test_an_item_is_put_on_in_the_language_of_the_page(
    tenant_door: Flask, cast: Cast, session: Session, phone: FlaskClient
) -> None:
    salma = cast.at(tenant_door, cast.salma)
    salma.post("/meetings/items/new", data={"title": "حفلة", "named": "0", "of": "everybody"})

    assert [item.language for item in items(session)] == ["ar"]
    assert '<bdi lang="ar" dir="rtl">حفلة</bdi>' in phone.get("/meetings").text


def test_two_taps_on_the_button_put_one_item_on(phone: FlaskClient, session: Session) -> None:
    sent = {"title": "The bins", "named": "0", "idempotency_key": uuid4().hex}
    assert [phone.post("/meetings/items/new", data=sent).status_code for _twice in range(2)] == [303, 303]
    assert len(items(session)) == 1


@pytest.mark.parametrize("title", ["", "   ", "\x00\x00", LONG])
def test_a_title_that_is_none_is_asked_for_again(phone: FlaskClient, session: Session, title: str) -> None:
    answer = phone.post("/meetings/items/new", data={"title": title, "detail": "They are full", "named": "1"})

    assert answer.status_code == 422
    assert "They are full" in answer.text
    assert items(session) == []


def test_strange_letters_harm_nobody(phone: FlaskClient, session: Session) -> None:
    title = "\u202ebins\x00 <script>alert(1)</script>"
    phone.post("/meetings/items/new", data={"title": title, "detail": "a\x00b", "named": "0"})

    page = phone.get("/meetings").text
    assert "<script>alert" not in page
    assert '<bdi lang="en" dir="ltr">\u202ebins' in page
    assert [(item.title, item.detail) for item in items(session)] == [(title.replace("\x00", ""), "ab")]


def test_one_tenant_has_five_items_waiting_at_most_and_keeps_what_was_typed(
    phone: FlaskClient, session: Session, amina: Tenant
) -> None:
    waiting = [
        put_on(session, amina, amina.property_id if turn else None, f"Item {turn}") for turn in range(MOST_ITEMS)
    ]
    session.commit()
    sent = {"title": "Canary sentence", "detail": "Canary detail", "named": "0", "of": "home"}

    answer = phone.post("/meetings/items/new", data=sent)
    assert answer.status_code == 422
    assert "5 things of yours are on the agenda" in answer.text
    assert "Canary sentence" in answer.text
    assert "Canary detail" in answer.text
    assert len(items(session)) == MOST_ITEMS
    session.commit()

    phone.post(f"/meetings/items/{waiting[0].id}/off", data={"off": "1"})
    assert phone.post("/meetings/items/new", data=sent).status_code == 303


@pytest.mark.parametrize("named", ["2", "", LONG])
def test_whose_words_they_are_is_asked_again_if_it_was_not_said(phone: FlaskClient, named: str) -> None:
    assert phone.post("/meetings/items/new", data={"title": "Bins", "named": named}).status_code == 422


def test_an_item_about_something_broken_leads_to_repairs(phone: FlaskClient) -> None:
    assert "/repairs/new" in phone.get("/meetings/items/new").text
    phone.post("/meetings/items/new", data={"title": "The tap leaks", "named": "0"})
    assert "A repair does not wait for a meeting" in phone.get("/meetings").text


def test_others_are_named_only_if_they_said_so(
    phone: FlaskClient, session: Session, cast: Cast, friday: GroupSession, tomasz: Tenant
) -> None:
    canary, other = neighbours(session, cast, 2)
    silent = put_on(session, canary, canary.property_id, "Silence at night")
    want(session, other, silent, wanted=True)
    put_on(session, tomasz, tomasz.property_id, "A film evening", named=True)
    session.commit()
    pages = [phone.get(path).text for path in ("/meetings", f"/meetings/{friday.id}")]

    for page in pages:
        assert "Silence at night" in page
        assert "1 person wants this too" in page
        assert "From <bdi>Tomasz</bdi>" in page
        assert "Wójcik" not in page
        assert "Quentin" not in page
        assert "Canary" not in page


def test_one_tap_wants_an_item_and_a_second_changes_nothing(
    phone: FlaskClient, session: Session, friday: GroupSession, tomasz: Tenant
) -> None:
    item = bins(session, tomasz)
    session.commit()
    for _twice in range(2):
        answer = phone.post(f"/meetings/items/{item.id}/wanted", data={"wanted": "1"}, headers=HTMX)
        assert "You want this too" in answer.text
        assert "<html" not in answer.text
    plain = phone.post(f"/meetings/items/{item.id}/wanted", data={"wanted": "0", "at": str(friday.id)})

    assert plain.headers["Location"].endswith(f"/meetings/{friday.id}#item-{item.id}")
    assert "want this too</span>" not in phone.get("/meetings").text
    assert phone.post(f"/meetings/items/{item.id}/wanted", data={"wanted": "toggle"}).status_code == 400
    assert phone.post(
        f"/meetings/items/{item.id}/wanted", data={"wanted": "1", "at": str(uuid4())}
    ).status_code == 404  # fmt: skip


def test_what_is_not_yours_does_not_exist(
    phone: FlaskClient, session: Session, cast: Cast, tomasz: Tenant, salma: Tenant, joana: Worker
) -> None:
    elsewhere = meeting(session, cast, building=salma.building)
    foreign, neighbours_own = bins(session, salma), bins(session, tomasz)
    action = agreed(session, joana, elsewhere, foreign)
    session.commit()

    assert phone.get(f"/meetings/{elsewhere.id}").status_code == 404
    assert phone.get(f"/meetings/{uuid4()}").status_code == 404
    for item in (foreign, neighbours_own):
        assert phone.get(f"/meetings/items/{item.id}").status_code == 404
        assert phone.post(f"/meetings/items/{item.id}", data={"title": "x", "named": "0"}).status_code == 404
        assert phone.post(f"/meetings/items/{item.id}/off", data={"off": "1"}).status_code == 404
    assert phone.post(f"/meetings/items/{foreign.id}/wanted", data={"wanted": "1"}).status_code == 404
    assert phone.post(f"/meetings/actions/{action.id}", data={"mine": "1"}).status_code == 404


def test_a_session_of_another_kind_has_no_agenda(phone: FlaskClient, session: Session, cast: Cast) -> None:
    cooking = meeting(session, cast)
    cooking.kind = "cooking-together"
    session.commit()

    assert phone.get(f"/meetings/{cooking.id}").status_code == 404
    assert f"/meetings/{cooking.id}" not in phone.get(f"/groups/{cooking.id}").text


def test_its_writer_changes_it_and_takes_it_off(phone: FlaskClient, session: Session, amina: Tenant) -> None:
    item = bins(session, amina)
    session.commit()
    sent = {"title": "More bins", "detail": "", "named": "1", "seen": "1"}
    assert phone.post(f"/meetings/items/{item.id}", data=sent).status_code == 303
    assert [(one.title, one.named) for one in items(session)] == [("More bins", True)]
    session.commit()

    assert phone.post(f"/meetings/items/{item.id}/off", data={"off": "1"}).status_code == 303
    assert items(session) == []


@pytest.mark.parametrize("seen", ["1", "", "x", "9" * 50, "²"])
def test_a_stale_page_shows_both_texts(phone: FlaskClient, session: Session, amina: Tenant, seen: str) -> None:
    item = bins(session, amina)
    item.reword("The newer words", "", "en", named=False)
    session.commit()
    answer = phone.post(f"/meetings/items/{item.id}", data={"title": "My words", "named": "0", "seen": seen})

    assert answer.status_code == 409
    assert "The newer words" in answer.text
    assert 'value="My words"' in answer.text
    assert [one.title for one in items(session)] == ["The newer words"]


def test_a_meeting_after_the_next_says_which_comes_first(
    phone: FlaskClient, session: Session, cast: Cast, friday: GroupSession, amina: Tenant
) -> None:
    later = meeting(session, cast, AFTER)
    bins(session, amina)
    session.commit()

    assert "comes first" in phone.get(f"/meetings/{later.id}").text
    assert "The bins" not in phone.get(f"/meetings/{later.id}").text
    friday = session.get_one(GroupSession, friday.id)
    friday.cancelled_at = clock.now()
    session.commit()
    assert "The bins" in phone.get(f"/meetings/{later.id}").text
    assert "is called off" in phone.get(f"/meetings/{friday.id}").text


def test_pages_ask_as_many_questions_for_thirty_items_as_for_one(
    tenant_door: Flask, phone: FlaskClient, session: Session, cast: Cast, friday: GroupSession, tomasz: Tenant
) -> None:
    bins(session, tomasz, named=True)
    session.commit()
    paths, before = ("/meetings", f"/meetings/{friday.id}"), {}
    for path in paths:
        with counted(tenant_door) as few:
            phone.get(path)
        before[path] = len(few)
    for number, neighbour in enumerate(neighbours(session, cast, 30)):
        put_on(session, neighbour, neighbour.property_id, f"Item {number}", named=True)
    session.commit()
    for path in paths:
        with counted(tenant_door) as many:
            phone.get(path)
        assert len(many) == before[path]


def test_the_list_of_groups_and_the_sessions_page_lead_to_the_agenda(phone: FlaskClient, friday: GroupSession) -> None:
    assert "/meetings" in phone.get("/groups").text
    assert f"/meetings/{friday.id}" in phone.get(f"/groups/{friday.id}").text


def test_pages_of_numbers_that_are_none_are_the_first(
    phone: FlaskClient, session: Session, cast: Cast, amina: Tenant, joana: Worker
) -> None:
    for week in range(14):
        it = meeting(session, cast, DURING - timedelta(weeks=week + 1))
        with clock.stopped_at(it.starts_at - timedelta(days=1)):
            item = put_on(session, amina, amina.property_id, f"Item {week}")
        spoken_of(session, joana, it, item)
        agreed(session, joana, it, item)
    open_meeting(session, joana, it)
    session.commit()
    for page in ("0", "-1", "x", "99", ""):
        assert phone.get(f"/meetings?page={page}").status_code == 200
        assert phone.get(f"/meetings/said?page={page}").status_code == 200
    assert "Page 1 of 2" in phone.get("/meetings").text
