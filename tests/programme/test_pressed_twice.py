"""The same button pressed twice, from the same page or from an older one: done once, and nobody is blamed."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.groups.models import GroupSession
from tenant_app.groups.reminding import CALLED_OFF, CHANGED
from tenant_app.groups.rules import book_place
from tenant_app.reminders.models import Notice
from tests.cast import Cast
from tests.programme.series import series
from tests.programme.test_changing_pages import form_of
from tests.programme.test_planning_pages import asked, key_in


@pytest.fixture
def nasrin(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.nasrin)


@pytest.fixture
def cooking(session: Session, cast: Cast, amina: Tenant) -> list[GroupSession]:
    """Three Fridays; Amina has a place in the first."""
    planned = series(session, cast)
    book_place(session, amina, planned[0])
    session.commit()
    return planned


def count(session: Session, what: type = GroupSession) -> int:
    found = session.scalar(select(func.count()).select_from(what)) or 0
    session.commit()
    return found


def told(session: Session, kind: str) -> int:
    found = session.scalar(select(func.count()).where(Notice.kind == kind)) or 0
    session.commit()
    return found


@pytest.mark.parametrize("weeks", ["1", "6"])
def test_a_series_put_on_from_two_previews_is_planned_once_and_the_second_press_leads_to_it(
    nasrin: FlaskClient, session: Session, cast: Cast, weeks: str
) -> None:
    wanted = asked(cast, weeks=weeks, beside_1=str(cast.grace.id), part_1="peer", link="https://meet.example/walk")
    keys = [key_in(nasrin.get("/programme/new", query_string=wanted).text) for _ in range(2)]
    assert keys[0] != keys[1]

    first, second = (nasrin.post("/programme/new", data={**wanted, "idempotency_key": key}) for key in keys)

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert count(session) == int(weeks)
    page = nasrin.get(second.location).text
    assert "It is planned already. Nothing was planned twice." in page
    looked = nasrin.get("/programme/new", query_string=wanted)
    assert looked.status_code == 200
    assert f'href="{first.location}"' in looked.text
    for blame in ("Nobody can be in two places", "The place is taken", "session on", "sessions on"):
        assert blame not in looked.text


@pytest.mark.parametrize(
    "changes",
    [{"weeks": "7"}, {"place": "Back door"}, {"ends": "12:30"}, {"kind": "mindfulness"}, {"building": "home"}],
)
def test_a_plan_that_only_resembles_it_clashes(
    nasrin: FlaskClient, session: Session, cast: Cast, changes: dict[str, str]
) -> None:
    wanted = asked(cast)
    nasrin.post("/programme/new", data=wanted)
    changed = {**wanted, **changes}
    if "building" in changes:
        changed["building"] = str(cast.alma_road.id)

    refused = nasrin.post("/programme/new", data=changed)

    assert refused.status_code == 422
    assert "Nobody can be in two places" in refused.text
    assert count(session) == 6


@pytest.mark.parametrize("rest", ["0", "1"])
def test_a_change_sent_again_from_an_older_page_leads_to_what_was_changed_and_tells_nobody_twice(
    nasrin: FlaskClient, session: Session, cooking: list[GroupSession], rest: str
) -> None:
    address = f"/programme/{cooking[0].id}/change"
    sent = form_of(nasrin, cooking[0], place="Lounge", starts="10:00", ends="11:00", capacity="9", rest=rest)
    assert nasrin.post(address, data=sent).status_code == 303

    again = nasrin.post(address, data=sent)

    assert (again.status_code, again.location) == (303, f"/programme/{cooking[0].id}")
    assert "It is so already. Nobody was told twice." in nasrin.get(again.location).text
    assert told(session, CHANGED) == 1
    assert nasrin.get(address, query_string=sent).status_code == 303


def test_the_rest_is_not_said_to_be_so_when_only_this_one_is(
    nasrin: FlaskClient, session: Session, cooking: list[GroupSession]
) -> None:
    address = f"/programme/{cooking[0].id}/change"
    sent = form_of(nasrin, cooking[0], place="Lounge")
    nasrin.post(address, data=sent)

    again = nasrin.post(address, data={**sent, "rest": "1"})

    assert again.status_code == 409
    assert 'value="Lounge"' in again.text


def test_a_colleague_who_changed_it_to_something_else_is_still_named(
    nasrin: FlaskClient, staff_door: Flask, cast: Cast, session: Session, cooking: list[GroupSession]
) -> None:
    joana = cast.at(staff_door, cast.joana)
    hers = form_of(joana, cooking[0], place="Garden room")
    nasrin.post(f"/programme/{cooking[0].id}/change", data=form_of(nasrin, cooking[0], place="Lounge"))

    stale = joana.post(f"/programme/{cooking[0].id}/change", data=hers)

    assert stale.status_code == 409
    assert "Nasrin Begum" in stale.text


@pytest.mark.parametrize("rest", ["0", "1"])
def test_calling_off_twice_says_it_once(
    nasrin: FlaskClient, session: Session, cooking: list[GroupSession], rest: str
) -> None:
    address = f"/programme/{cooking[0].id}/call-off"
    sent = {"rest": rest, "seen": cooking[0].edition}
    session.commit()

    first, second = nasrin.post(address, data=sent), nasrin.post(address, data=sent)

    assert (first.status_code, second.status_code) == (303, 303)
    page = nasrin.get(second.location).text
    assert page.count("We are telling 1 person.") == 1
    assert told(session, CALLED_OFF) == 1


def test_who_calls_off_the_rest_learns_that_only_this_one_was_called_off_before(
    nasrin: FlaskClient, session: Session, cast: Cast, cooking: list[GroupSession]
) -> None:
    seen = cooking[0].edition
    session.commit()
    address = f"/programme/{cooking[0].id}/call-off"
    nasrin.post(address, data={"rest": "0", "seen": seen})

    answer = nasrin.post(address, data={"rest": "1", "seen": seen}, follow_redirects=True)

    assert "Those after it are still on." in answer.text
