"""Once a meeting has begun, at the tenants’ door: its words stand, and minutes are read when they are published."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.meetings.minutes import MeetingAction
from tenant_app.groups.models import GroupSession
from tests.cast import Cast
from tests.meetings.house import AFTER, DURING, agreed, bins, items, spoken_of

HTMX = {"HX-Request": "true"}


def test_once_the_meeting_has_begun_nothing_typed_is_lost_and_nothing_changed(
    phone: FlaskClient, session: Session, friday: GroupSession, amina: Tenant
) -> None:
    item = bins(session, amina)
    session.commit()
    with clock.stopped_at(DURING):
        answer = phone.post(f"/meetings/items/{item.id}", data={"title": "Late words", "named": "0", "seen": "1"})
        assert answer.status_code == 409
        assert 'value="Late words"' in answer.text
        assert phone.post(f"/meetings/items/{item.id}/off", data={"off": "1"}).status_code == 409
        assert "no longer be changed" in phone.get(f"/meetings/items/{item.id}").text
        assert "for the meeting after this one" in phone.get(f"/meetings/{friday.id}").text
    assert [one.title for one in items(session)] == ["The bins"]


def test_minutes_are_read_once_they_are_published_and_not_before(
    phone: FlaskClient, session: Session, cast: Cast, friday: GroupSession, amina: Tenant, joana: Worker
) -> None:
    item = bins(session, amina)
    spoken_of(session, joana, friday, item)
    session.commit()
    with clock.stopped_at(friday.ends_at):
        for path in ("/meetings", f"/meetings/{friday.id}", "/meetings/said"):
            assert "We order a second bin." not in phone.get(path).text
        assert "The minutes are being written" in phone.get(f"/meetings/{friday.id}").text

    agreed(session, joana, friday, item, owner=joana)
    session.commit()
    with clock.stopped_at(AFTER):
        page = phone.get(f"/meetings/{friday.id}").text
        for words in ("We order a second bin.", "data-print", "You said", "Joana</bdi> does it", "is not done yet"):
            assert words in page
        assert '<bdi lang="en" dir="ltr">We order' in page
        assert f"/meetings/{friday.id}" in phone.get("/meetings").text
        assert "We order a second bin." in phone.get("/meetings/said").text
        assert phone.get("/meetings/said?open=1").status_code == 200


def test_what_is_left_to_the_house_is_taken_with_one_tap_and_no_name(
    tenant_door: Flask, phone: FlaskClient, session: Session, cast: Cast, amina: Tenant, joana: Worker,
    friday: GroupSession,
) -> None:  # fmt: skip
    action = agreed(session, joana, friday, bins(session, amina))
    session.commit()
    tomasz, tap = cast.at(tenant_door, cast.tomasz), f"/meetings/actions/{action.id}"
    with clock.stopped_at(friday.ends_at):
        assert "You offered to do it." in tomasz.post(tap, data={"mine": "1"}, headers=HTMX).text
        assert "Somebody else does it already." in phone.post(tap, data={"mine": "1"}, headers=HTMX).text
        assert phone.post(tap, data={"mine": "1"}).status_code == 303
        page = phone.get(f"/meetings/{friday.id}").text
        assert "A neighbour offered to do it." in page
        assert "Tomasz" not in page
        assert phone.post(tap, data={"done": "1"}).status_code == 404
        assert tomasz.post(tap, data={"done": "1"}).status_code == 303
        assert "Done on" in phone.get(f"/meetings/{friday.id}").text
        assert tomasz.post(tap, data={"done": "0"}).status_code == 303
        assert tomasz.post(tap, data={}).status_code == 400
    assert session.scalar(select(MeetingAction.state)) == "open"
