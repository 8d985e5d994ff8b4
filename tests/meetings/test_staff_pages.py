"""House meetings at the staff door: who runs which, writing at once, publishing, and what is to be done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.meetings.doing import offer
from tenant_app.groups.meetings.minutes import Correction, MeetingAction, Minute
from tenant_app.groups.meetings.minuting import add_action, open_meeting
from tenant_app.groups.meetings.models import AgendaItem, MeetingRecord
from tenant_app.groups.meetings.rules import put_on, want
from tenant_app.groups.models import GroupSession
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import neighbours
from tests.meetings.house import AFTER, DUE, DURING, agreed, bins, meeting, spoken_of
from tests.questions import counted

HTMX = {"HX-Request": "true"}
LONG = "x" * 100_000


@pytest.fixture(autouse=True)
def during(thursday: None) -> Iterator[None]:
    """Ten minutes into Alma Road's meeting, unless a test says otherwise."""
    with clock.stopped_at(DURING):
        yield


@pytest.fixture
def desk(staff_door: Flask, cast: Cast) -> FlaskClient:
    """Joana's, who runs the groups."""
    return cast.at(staff_door, cast.joana)


@pytest.fixture
def item(session: Session, amina: Tenant) -> AgendaItem:
    """Put on the day before."""
    with clock.stopped_at(THURSDAY):
        return bins(session, amina)


@pytest.fixture
def opened(session: Session, cast: Cast, item: AgendaItem, joana: Worker) -> GroupSession:
    """Alma Road's, ten minutes in."""
    it = meeting(session, cast)
    open_meeting(session, joana, it)
    session.commit()
    return it


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


@pytest.mark.parametrize(
    "changed",
    [
        {"what": ""}, {"what": LONG}, {"what": "\x00 "}, {"due_on": ""}, {"due_on": "soon"}, {"due_on": "2020-01-01"},
        {"due_on": "9999-01-01"}, {"owner": str(uuid4())}, {"owner": "x"},
    ],
)  # fmt: skip
def test_an_action_says_what_and_when_and_who(
    desk: FlaskClient, opened: GroupSession, item: AgendaItem, session: Session, changed: dict[str, str]
) -> None:
    sent = {"what": "Order it", "due_on": DUE.isoformat(), "owner": "", **changed}
    answer = desk.post(f"/meetings/{opened.id}/items/{item.id}/actions/new", data=sent)

    assert answer.status_code == 422
    assert session.scalars(select(MeetingAction)).all() == []


def test_a_tenant_can_never_be_made_the_owner_by_staff(
    desk: FlaskClient, opened: GroupSession, item: AgendaItem, cast: Cast
) -> None:
    sent = {"what": "Order it", "due_on": DUE.isoformat(), "owner": str(cast.tomasz.id)}
    assert desk.post(f"/meetings/{opened.id}/items/{item.id}/actions/new", data=sent).status_code == 422
    assert "Tomasz" not in desk.get(f"/meetings/{opened.id}/items/{item.id}/actions/new").text


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


def test_done_is_one_tap_and_undo_another(
    staff_door: Flask, session: Session, cast: Cast, item: AgendaItem, joana: Worker, grace: Worker
) -> None:
    action = agreed(session, joana, meeting(session, cast), item, owner=grace)
    session.commit()
    tap = f"/meetings/actions/{action.id}/state"
    with clock.stopped_at(AFTER):
        graces = cast.at(staff_door, cast.grace)
        page = graces.get("/meetings").text
        assert "Its day has passed" in page
        assert "the day of 1 has passed" in page
        assert "Undo" in graces.post(tap, data={"done": "1", "at": "mine"}, headers=HTMX).text
        answer = graces.post(tap, data={"done": "0", "at": "mine"}, headers=HTMX)
        assert "It is done" in answer.text
        assert "<html" not in answer.text
        plain = graces.post(tap, data={"done": "1", "at": "mine"})
        assert plain.status_code == 303
        assert "Undo" in graces.get(plain.headers["Location"]).text
        assert graces.post(tap, data={"done": "toggle"}).status_code == 400
        assert "Nothing is waiting for you" in graces.get("/meetings").text


def test_an_action_is_dropped_with_a_reason_that_tenants_read(
    staff_door: Flask, tenant_door: Flask, session: Session, cast: Cast, item: AgendaItem, joana: Worker
) -> None:
    it = meeting(session, cast)
    action = agreed(session, joana, it, item)
    session.commit()
    here = f"/meetings/actions/{action.id}/drop"
    with clock.stopped_at(AFTER):
        desk = cast.at(staff_door, cast.joana)
        for nothing in ("", " \x00", LONG):
            assert desk.post(here, data={"reason": nothing}).status_code == 422
        answer = desk.post(here, data={"reason": "The council stopped", "at": "meeting"})
        assert answer.headers["Location"].endswith(f"/meetings/{it.id}#action-{action.id}")
        assert "The council stopped" in cast.at(tenant_door, cast.amina).get(f"/meetings/{it.id}").text


def test_a_stale_change_of_an_action_shows_both(
    staff_door: Flask, session: Session, cast: Cast, item: AgendaItem, joana: Worker
) -> None:
    action = agreed(session, joana, meeting(session, cast), item, owner=joana)
    session.commit()
    here, later = f"/meetings/actions/{action.id}", (DUE + timedelta(days=7)).isoformat()
    with clock.stopped_at(AFTER):
        desk = cast.at(staff_door, cast.joana)
        sent = {"due_on": later, "owner": str(cast.grace.id), "seen": _seen(desk.get(here).text)}
        assert desk.post(here, data=sent).status_code == 303
        answer = desk.post(here, data={**sent, "owner": ""})
        assert answer.status_code == 409
        assert "Grace Okafor" in answer.text
        assert "First it was to be by" in desk.get(f"/meetings?show={cast.alma_road.id}").text


def test_the_thousandth_action_is_on_the_last_page(
    staff_door: Flask, session: Session, cast: Cast, item: AgendaItem, joana: Worker, grace: Worker
) -> None:
    first = agreed(session, joana, meeting(session, cast), item, owner=grace)
    session.add_all(
        MeetingAction(
            session_id=first.session_id, item_id=item.id, what=f"Number {number}", due_on=DUE + timedelta(days=number),
            first_due_on=DUE, worker_id=grace.id, written_at=clock.now(),
        )
        for number in range(1, 1000)
    )  # fmt: skip
    session.commit()
    graces = cast.at(staff_door, cast.grace)
    with counted(staff_door) as statements:
        page = graces.get("/meetings?page=20").text

    assert "Number 999" in page
    assert "Number 1</bdi>" not in page
    assert "Page 20 of 20" in page
    assert len(statements) < 30
    for odd in ("0", "-5", "x", "999"):
        assert graces.get(f"/meetings?page={odd}").status_code == 200


def test_the_questions_a_meetings_page_asks_do_not_grow_with_its_minutes(
    staff_door: Flask, desk: FlaskClient, session: Session, cast: Cast, opened: GroupSession, joana: Worker
) -> None:
    def asked(items: int) -> int:
        for number, writer in enumerate(neighbours(session, cast, items)):
            with clock.stopped_at(THURSDAY):
                one = put_on(session, writer, writer.property_id, f"Number {number} of {items}")
            spoken_of(session, joana, opened, one)
            add_action(session, joana, opened, one, "Order a second bin", DUE)
            minute = session.scalars(select(Minute).where(Minute.item_id == one.id)).one()
            session.add(Correction(minute_id=minute.id, words="Two bins.", worker=joana))
        session.commit()
        with counted(staff_door) as statements:
            assert f"Number {items - 1} of {items}" in desk.get(f"/meetings/{opened.id}").text
        return len(statements)

    assert asked(2) == asked(8)


def test_who_runs_another_meeting_of_a_home_is_not_told_which_tenant_offered(
    staff_door: Flask, session: Session, cast: Cast, item: AgendaItem, joana: Worker, tomasz: Tenant
) -> None:
    action = agreed(session, joana, meeting(session, cast), item)
    offer(session, tomasz, action, offered=True)
    meeting(session, cast, AFTER, facilitator=session.get_one(Worker, cast.marek.id))
    session.commit()

    kept = cast.at(staff_door, cast.joana).get(f"/meetings/said?home={cast.alma_road.id}").text
    other = cast.at(staff_door, cast.marek).get(f"/meetings/said?home={cast.alma_road.id}").text

    assert "Tomasz" in kept
    assert "Order a second bin" in other
    assert "Tomasz" not in other
    assert f"/meetings/actions/{action.id}" in kept
    assert f"/meetings/actions/{action.id}" not in other


def test_a_housing_officer_has_a_list_and_no_minutes(
    staff_door: Flask, session: Session, cast: Cast, item: AgendaItem, joana: Worker
) -> None:
    devon = session.get_one(Worker, cast.devon.id)
    it = meeting(session, cast)
    action = agreed(session, joana, it, item, owner=devon)
    session.commit()
    client = cast.at(staff_door, cast.devon)

    page = client.get("/meetings").text
    assert "Order a second bin" in page
    assert f"/meetings/{it.id}" not in page
    assert client.get(f"/meetings/{it.id}").status_code == 403
    assert client.get(f"/meetings/actions/{action.id}").status_code == 200
    assert client.post(f"/meetings/actions/{action.id}/state", data={"done": "1"}).status_code == 303


def test_everybodys_meeting_has_a_list_of_its_own(
    desk: FlaskClient, session: Session, cast: Cast, salma: Tenant, joana: Worker
) -> None:
    it = meeting(session, cast, building=None)
    with clock.stopped_at(THURSDAY):
        item = put_on(session, salma, None, "A summer party")
    spoken_of(session, joana, it, item)
    agreed(session, joana, it, item, what="Ask for a tent")
    session.commit()

    assert "Ask for a tent" in desk.get("/meetings?show=everybody").text
    assert "Ask for a tent" in desk.get("/meetings/said?home=everybody").text
    assert desk.get("/meetings/said").status_code == 200
    assert session.scalar(select(MeetingRecord.published_at)) is not None


def test_a_desk_without_meetings_says_what_will_be_there(staff_door: Flask, cast: Cast) -> None:
    client = cast.at(staff_door, cast.grace)

    assert "Nothing is waiting for you" in client.get("/meetings").text
    assert client.get("/meetings/said").status_code == 200
