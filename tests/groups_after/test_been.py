"""What a tenant came to: all of it, in order, and nothing that counts against them."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Property, Tenant
from tenant_app.groups.models import Attendance
from tenant_app.groups.rules import call_off
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.groups_after.after import booked, came


def test_before_the_first_group_the_page_says_what_will_stand_there(phone: FlaskClient) -> None:
    page = phone.get("/groups/been").text

    assert "After a group, what you came to stands here." in page
    assert "You came to" not in page
    assert 'href="/groups/been"' in phone.get("/groups").text


def test_it_says_what_they_came_to_newest_first_and_where_they_let_us_know(
    phone: FlaskClient, session: Session, cast: Cast, amina: Tenant
) -> None:
    came(session, cast, amina, days_ago=9, kind="mindfulness")
    came(session, cast, amina, days_ago=2, mark=Attendance.LATE)
    came(session, cast, amina, days_ago=5, kind="budgeting", mark=Attendance.SENT_WORD)
    session.commit()

    page = phone.get("/groups/been").text

    assert page.index("Cooking together") < page.index("Money made simple") < page.index("Mindfulness")
    assert (page.count("You came</span>"), page.count("You let us know")) == (2, 1)
    assert "You came to 2 sessions." in page


def test_an_absence_stands_nowhere_and_is_in_no_count(
    phone: FlaskClient, session: Session, cast: Cast, amina: Tenant
) -> None:
    missed = came(session, cast, amina, days_ago=2, mark=Attendance.NOT_HERE)
    unmarked = booked(session, cast, amina, starts_at=THURSDAY - timedelta(days=3))
    off = came(session, cast, amina, days_ago=4)
    call_off(session, off)
    session.commit()

    page = phone.get("/groups/been").text
    for it in (missed, unmarked, off):
        assert str(it.id) not in page
    assert "After a group" in page


def test_a_long_list_goes_on_to_its_last_row(phone: FlaskClient, session: Session, cast: Cast, amina: Tenant) -> None:
    for days in range(1, 42):
        came(session, cast, amina, days_ago=days)
    session.commit()

    pages = [phone.get("/groups/been", query_string={"page": number}).text for number in (1, 2, 3)]

    assert [page.count('class="row"') for page in pages] == [20, 20, 1]
    assert "16 October 2026" in pages[2]
    assert all("You came to 41 sessions." in page for page in pages)
    for wrong in ("0", "4", "-1", "x", "٣", "1.0", "9" * 30, "", "1'--"):
        assert phone.get("/groups/been", query_string={"page": wrong}).status_code == 404


def test_it_is_their_own(tenant_door: Flask, session: Session, cast: Cast, amina: Tenant, tomasz: Tenant) -> None:
    theirs = came(session, cast, amina, days_ago=2, building=session.get_one(Property, cast.alma_road.id))
    session.commit()

    assert str(theirs.id) not in cast.at(tenant_door, cast.tomasz).get("/groups/been").text


def test_what_they_came_to_in_another_home_opens(phone: FlaskClient, session: Session, cast: Cast, amina: Tenant) -> None:
    it = came(session, cast, amina, days_ago=2, building=session.get_one(Property, cast.mare_street.id))
    session.commit()

    assert f'href="/groups/{it.id}"' in phone.get("/groups/been").text
    assert phone.get(f"/groups/{it.id}").status_code == 200
