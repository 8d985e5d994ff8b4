"""House meetings at the staff door: who runs which, writing at once, publishing, and what is to be done."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.meetings.minutes import Correction, Minute
from tenant_app.groups.meetings.minuting import add_action, open_meeting
from tenant_app.groups.meetings.models import AgendaItem
from tenant_app.groups.meetings.rules import put_on, want
from tenant_app.groups.models import GroupSession
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import neighbours
from tests.meetings.house import AFTER, DUE, DURING, agreed, bins, meeting

pytestmark = pytest.mark.usefixtures("during")

LONG = "x" * 100_000


def _minute(session: Session) -> Minute:
    session.rollback()
    return session.scalars(select(Minute).execution_options(populate_existing=True)).one()


def _seen(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="(\d+)"', page)
    assert found
    return found[1]


def test_a_meeting_is_opened_written_up_and_published(
    desk: FlaskClient, session: Session, cast: Cast, item: AgendaItem
) -> None:
    it = meeting(session, cast)
    session.commit()
    here = f"/meetings/{it.id}"
    with clock.stopped_at(THURSDAY):
        assert "You can open the meeting from" in desk.get(here).text
        assert desk.post(f"{here}/open", data={"opened": "1"}).status_code == 409
        assert desk.get(f"{here}/publish").status_code == 409
    for _twice in range(2):
        assert desk.post(f"{here}/open", data={"opened": "1"}).status_code == 303
    wrote = {"words": "A second bin.", "outcome": "dealt", "seen": "0"}
    assert desk.post(f"{here}/items/{item.id}", data=wrote).status_code == 303
    todo = {"what": "Order it", "due_on": DUE.isoformat(), "owner": str(cast.grace.id)}
    assert desk.post(f"{here}/items/{item.id}/actions/new", data=todo).status_code == 303
    assert "1 item is dealt with" in desk.get(f"{here}/publish").text
    for _twice in range(2):
        assert desk.post(f"{here}/publish", data={"published": "1"}).status_code == 303
    page = desk.get(here).text

    for words in ("A second bin.", "Order it", "Grace Okafor", "Everyone in the house can read it"):
        assert words in page


def test_who_writes_on_a_stale_page_sees_both_texts_and_loses_none(
    desk: FlaskClient, staff_door: Flask, session: Session, cast: Cast, opened: GroupSession, item: AgendaItem
) -> None:
    nasrin, here = cast.at(staff_door, cast.nasrin), f"/meetings/{opened.id}/items/{item.id}"
    assert _seen(desk.get(here).text) == _seen(nasrin.get(here).text) == "0"
    assert nasrin.post(here, data={"words": "Nasrin wrote this", "outcome": "", "seen": "0"}).status_code == 303
    answer = desk.post(here, data={"words": "Joana wrote that", "outcome": "dealt", "seen": "0"})
    assert answer.status_code == 409
    assert "Nasrin wrote this" in answer.text
    assert "Joana wrote that</textarea>" in answer.text
    assert _minute(session).words == "Nasrin wrote this"

    session.rollback()
    both = {"words": "Both", "outcome": "dealt", "seen": _seen(answer.text)}
    assert desk.post(here, data=both).status_code == 303
    assert _minute(session).words == "Both"


def test_who_writes_while_it_is_published_keeps_what_they_typed(
    desk: FlaskClient, opened: GroupSession, item: AgendaItem, session: Session
) -> None:
    here = f"/meetings/{opened.id}"
    desk.post(f"{here}/publish", data={"published": "1"})
    answer = desk.post(f"{here}/items/{item.id}", data={"words": "Too late", "outcome": "", "seen": "0"})
    assert answer.status_code == 409
    assert "Too late</textarea>" in answer.text
    assert desk.get(f"{here}/items/{item.id}").status_code == 303
    key = {"words": "Put right", "idempotency_key": uuid4().hex}
    for _twice in range(2):
        assert desk.post(f"{here}/items/{item.id}/correct", data=key).status_code == 303
    assert "Put right" in desk.get(here).text
    assert len(session.scalars(select(Correction)).all()) == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"words": "", "outcome": "dealt"}, {"words": "\x00", "outcome": "dealt"}, {"words": LONG, "outcome": ""},
        {"words": "Fine", "outcome": "settled"},
    ],
)  # fmt: skip
def test_minutes_that_say_nothing_or_too_much_are_asked_for_again(
    desk: FlaskClient, opened: GroupSession, item: AgendaItem, session: Session, sent: dict[str, str]
) -> None:
    answer = desk.post(f"/meetings/{opened.id}/items/{item.id}", data={**sent, "seen": "0"})

    assert answer.status_code == 422
    assert session.scalars(select(Minute)).all() == []


def test_meetings_are_for_those_who_run_them(
    staff_door: Flask, cast: Cast, session: Session, opened: GroupSession, item: AgendaItem, joana: Worker
) -> None:
    action = add_action(session, joana, opened, item, "Order it", DUE)
    session.commit()
    paths = [
        f"/meetings/{opened.id}", f"/meetings/{opened.id}/publish", f"/meetings/{opened.id}/items/new",
        f"/meetings/{opened.id}/items/{item.id}", f"/meetings/{opened.id}/items/{item.id}/actions/new",
        f"/meetings/{opened.id}/items/{item.id}/correct", f"/meetings/actions/{action.id}",
        f"/meetings/actions/{action.id}/drop", f"/meetings/said?home={cast.alma_road.id}",
        f"/meetings?show={cast.alma_road.id}", "/meetings/said?home=x", "/meetings?show=everybody",
    ]  # fmt: skip
    marek, nasrin = cast.at(staff_door, cast.marek), cast.at(staff_door, cast.nasrin)
    for path in paths:
        assert marek.get(path).status_code == 404, path
    for path in paths[:2]:
        assert nasrin.get(path).status_code == 200, path
    assert marek.post(f"/meetings/{opened.id}/open", data={"opened": "1"}).status_code == 404
    assert marek.post(f"/meetings/actions/{action.id}/state", data={"done": "1"}).status_code == 404
    assert cast.at(staff_door, cast.priya).get("/meetings").status_code == 403


def test_an_item_of_another_home_is_not_on_this_agenda(
    desk: FlaskClient, session: Session, opened: GroupSession, salma: Tenant
) -> None:
    foreign = bins(session, salma)
    session.commit()

    for path in ("", "/actions/new", "/correct"):
        assert desk.get(f"/meetings/{opened.id}/items/{foreign.id}{path}").status_code == 404


def test_no_staff_page_tells_whose_an_item_without_a_name_is(
    staff_door: Flask, session: Session, cast: Cast, joana: Worker
) -> None:
    it = meeting(session, cast)
    canary, other = neighbours(session, cast, 2)
    with clock.stopped_at(THURSDAY):
        silent = put_on(session, canary, canary.property_id, "Silence at night", "I sleep badly.")
        want(session, other, silent, wanted=True)
    open_meeting(session, joana, it)
    action = agreed(session, joana, it, silent)
    session.commit()
    paths = [
        "/meetings", f"/meetings?show={cast.alma_road.id}", f"/meetings/{it.id}", f"/meetings/{it.id}/publish",
        f"/meetings/{it.id}/items/{silent.id}/correct", f"/meetings/{it.id}/items/{silent.id}/actions/new",
        f"/meetings/actions/{action.id}", f"/meetings/actions/{action.id}/drop", f"/registers/{it.id}",
        f"/meetings/said?home={cast.alma_road.id}", f"/programme/{it.id}",
    ]  # fmt: skip
    with clock.stopped_at(DURING + timedelta(days=1)):
        for client in (cast.at(staff_door, cast.joana), cast.at(staff_door, cast.nasrin)):
            for path in paths:
                answer = client.get(path)
                assert answer.status_code == 200, path
                for canary_of in ("Quentin", "Canary", str(canary.id), str(other.id)):
                    assert canary_of not in answer.text, path


def test_a_register_that_is_its_readers_no_longer_is_not_linked(
    staff_door: Flask, session: Session, cast: Cast
) -> None:
    it = str(meeting(session, cast).id)
    session.commit()
    with clock.stopped_at(AFTER):
        links = {
            one: f"/registers/{it}" in cast.at(staff_door, one).get(f"/meetings/{it}").text
            for one in (cast.joana, cast.nasrin)
        }
        assert cast.at(staff_door, cast.joana).get(f"/registers/{it}").status_code == 404
    assert links == {cast.joana: False, cast.nasrin: True}


def test_staff_add_items_of_their_own_even_while_it_is_on(
    desk: FlaskClient, session: Session, opened: GroupSession
) -> None:
    here = f"/meetings/{opened.id}/items/new"
    assert desk.post(here, data={"title": " "}).status_code == 422
    assert desk.post(here, data={"title": "Fire drill"}).status_code == 303
    page = desk.get(f"/meetings/{opened.id}").text
    assert "Fire drill" in page
    assert "From <bdi>Joana</bdi>" in page


def test_a_desk_without_meetings_says_what_will_be_there(staff_door: Flask, cast: Cast) -> None:
    client = cast.at(staff_door, cast.grace)

    assert "Nothing is waiting for you" in client.get("/meetings").text
    assert client.get("/meetings/said").status_code == 200
