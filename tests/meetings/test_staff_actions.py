"""What a meeting agreed, at the staff door: who does it by when, done, undone or dropped with a reason."""

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
from tenant_app.groups.meetings.doing import offer
from tenant_app.groups.meetings.minutes import Correction, MeetingAction, Minute
from tenant_app.groups.meetings.minuting import add_action
from tenant_app.groups.meetings.models import AgendaItem, MeetingRecord
from tenant_app.groups.meetings.rules import put_on
from tenant_app.groups.models import GroupSession
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups.programme import neighbours
from tests.meetings.house import AFTER, DUE, agreed, meeting, spoken_of
from tests.questions import counted

HTMX = {"HX-Request": "true"}
pytestmark = pytest.mark.usefixtures("during")

LONG = "x" * 100_000


def _seen(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="(\d+)"', page)
    assert found
    return found[1]


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
