"""Contractors at the desk: the list, giving a repair away, and having it back."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from staff_portal.repairs_desk import sending
from tenant_app.accounts.models import Look
from tenant_app.reminders.answers import Kind, Outcome
from tenant_app.reminders.letters import Letter
from tenant_app.repairs.contractors.jobs import write_contractor
from tenant_app.repairs.contractors.models import Contractor, RepairJob, Trade
from tenant_app.repairs.models import Event, Repair, RepairUpdate, State
from tenant_app.repairs.rules import change_state
from tenant_app.repairs.visits.models import VisitSlot
from tests.cast import Cast
from tests.repairs.conftest import LONDON, Reported, rows
from tests.repairs.contractors.conftest import ROWS

ON_ONE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
PLUMBER = {"version": "0", "name": "Mill Lane Plumbing", "trade": "plumbing", "email": "office@Mill-Lane.example"}


@pytest.fixture
def officer(staff_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(staff_door, cast.devon)


@pytest.fixture
def plumber(session: Session) -> str:
    made = write_contractor(session, None, name="Mill Lane Plumbing", trade=Trade.PLUMBING, email="office@mill.example")
    key = str(made.id)
    session.commit()
    return key


def link_in(page: str) -> str:
    found = re.search(r'id="address" value="http://[^"/]+(/job/[^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


@ON_ONE
def test_the_list_begins_empty_and_is_kept_by_those_who_keep_it(
    officer: FlaskClient, staff_door: Flask, cast: Cast, session: Session
) -> None:
    assert "No contractors yet" in officer.get("/contractors").text
    assert cast.at(staff_door, cast.grace).get("/contractors").status_code == 403

    assert officer.post("/contractors/new", data=PLUMBER).status_code == 303
    [made] = rows(session, select(Contractor))
    key = made.id
    assert made.email == "office@mill-lane.example"
    session.commit()
    assert "Plumbing" in officer.get("/contractors").text
    changed = {**PLUMBER, "version": "1", "name": "Mill & Sons", "phone": "020 7946 0123"}
    assert officer.post(f"/contractors/{key}", data=changed).status_code == 303
    stale = officer.post(f"/contractors/{key}", data={**changed, "name": "Something else"})
    assert (stale.status_code, "Something else" in stale.text, "Mill &amp; Sons" in stale.text) == (409, True, True)


@ON_ONE
@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"name": " "}, "Write a name"),
        ({"trade": "spells"}, "Not a valid choice"),
        ({"email": "office"}, "Write an e-mail address, such as"),
        ({"email": "a@b.example\r\nBcc: c@d.example"}, "Write an e-mail address, such as"),
        ({"phone": "<script>"}, "Write a phone number"),
        ({"name": "x" * 81}, "Use at most 80 letters"),
    ],
)
def test_what_is_no_contractor_is_asked_for_again(
    officer: FlaskClient, session: Session, sent: dict[str, str], said: str
) -> None:
    answer = officer.post("/contractors/new", data={**PLUMBER, **sent})

    assert (answer.status_code, said in answer.text) == (422, True)
    assert rows(session, select(Contractor)) == []


@ON_ONE
def test_without_a_mail_server_the_link_is_shown_once(
    officer: FlaskClient, tenant_door: Flask, session: Session, reported: Reported, plumber: str
) -> None:
    repair = reported()
    address = f"/repairs/{repair.id}/contractor"
    version = str(repair.version)
    session.commit()

    answer = officer.post(address, data={"version": version, "contractor": plumber})

    assert answer.status_code == 200
    assert "mailto:office@mill.example?subject=" in answer.text
    link = link_in(answer.text)
    assert tenant_door.test_client().get(link).status_code == 200
    assert link not in officer.get(address).text
    again = officer.post(address, data={"version": version, "contractor": plumber})
    assert again.status_code == 409  # the same page sent again gives nothing away anew
    assert tenant_door.test_client().get(link).status_code == 200
    assert len(rows(session, select(Look))) >= 2

    assert officer.post(f"{address}/take-back").status_code == 303
    assert tenant_door.test_client().get(link).status_code == 404
    page = officer.get(f"/repairs/{repair.id}").text
    assert "asked" in page
    assert "took it back from" in page


@ON_ONE
@pytest.mark.parametrize(("kind", "status"), [(Kind.ACCEPTED, 303), (Kind.LATER, 200), (Kind.REFUSED, 200)])
def test_a_mail_server_that_takes_the_letter_spares_the_showing(
    officer: FlaskClient, staff_door: Flask, session: Session, reported: Reported, plumber: str,
    monkeypatch: pytest.MonkeyPatch, kind: Kind, status: int,
) -> None:  # fmt: skip
    sent: list[tuple[str, Letter]] = []

    def deliver(_settings: object, _keys: object, _carrier: object, to: str, letter: Letter) -> Outcome:
        sent.append((to, letter))
        return Outcome(kind)

    monkeypatch.setattr(sending, "deliver_now", deliver)
    house = staff_door.extensions["homeward"]
    posted = replace(house.settings, smtp="smtp://mail.example.org", mail_from="homeward@example.org")
    monkeypatch.setitem(staff_door.extensions, "homeward", replace(house, settings=posted))
    repair = reported()
    version = str(repair.version)
    session.commit()

    answer = officer.post(f"/repairs/{repair.id}/contractor", data={"version": version, "contractor": plumber})

    assert answer.status_code == status
    assert ('id="address"' in answer.text) is (status == 200)
    [(to, letter)] = sent
    assert to == "office@mill.example"
    assert "/job/" in letter.text
    assert letter.stops_at == ""
    for private in ("Amina", "Alma Road", "Kitchen", "The tap drips"):
        assert private not in letter.text + letter.subject


@ON_ONE
def test_a_number_goes_along_only_where_the_tenant_agreed(
    officer: FlaskClient, session: Session, reported: Reported, plumber: str
) -> None:
    repair = reported()
    address, version = f"/repairs/{repair.id}/contractor", str(repair.version)
    session.commit()
    sent = {"version": version, "contractor": plumber, "phone": "020 7946 0123"}

    refused = officer.post(address, data=sent)
    assert (refused.status_code, "Ask the tenant first" in refused.text) == (422, True)
    assert "020 7946 0123" in refused.text
    assert officer.post(address, data={**sent, "agreed": "y"}).status_code == 200
    assert [job.phone for job in rows(session, select(RepairJob))] == ["020 7946 0123"]
    officer.post(f"{address}/take-back")
    assert [job.phone for job in rows(session, select(RepairJob))] == [""]


@ON_ONE
def test_taking_it_back_calls_off_the_visit_that_they_were_to_make(
    officer: FlaskClient, tenant_door: Flask, session: Session, reported: Reported, plumber: str, cast: Cast
) -> None:
    repair = reported()
    address, version = f"/repairs/{repair.id}", str(repair.version)
    session.commit()
    link = link_in(officer.post(f"{address}/contractor", data={"version": version, "contractor": plumber}).text)
    [seen] = rows(session, select(Repair.version))
    tenant_door.test_client().post(f"{link}/times", data={"version": str(seen), **ROWS})
    slot = rows(session, select(VisitSlot.id).order_by(VisitSlot.starts_at))[0]
    cast.at(tenant_door, cast.amina).post(f"{address}/times", data={"slot": str(slot)})

    officer.post(f"{address}/contractor/take-back")

    [now] = rows(session, select(Repair))
    assert (now.state, now.visit_on) == (State.SEEN, None)
    session.commit()
    assert all(slot.closed_at for slot in rows(session, select(VisitSlot)))
    assert "called off" in cast.at(tenant_door, cast.amina).get(address).text


@ON_ONE
def test_what_is_done_is_given_to_nobody(
    officer: FlaskClient, session: Session, reported: Reported, plumber: str, cast: Cast
) -> None:
    from tenant_app.accounts.models import Worker

    repair = reported()
    change_state(session, session.get_one(Worker, cast.devon.id), repair, State.CLOSED, "Not ours", zone=LONDON)
    address, version = f"/repairs/{repair.id}/contractor", str(repair.version)
    session.commit()

    assert "Only what is still to do" in officer.get(address).text
    assert officer.post(address, data={"version": version, "contractor": plumber}).status_code == 303
    assert rows(session, select(RepairJob)) == []


@ON_ONE
def test_a_contractor_who_is_retired_loses_every_job(
    officer: FlaskClient, tenant_door: Flask, session: Session, reported: Reported, plumber: str
) -> None:
    repair = reported()
    address, version = f"/repairs/{repair.id}/contractor", str(repair.version)
    session.commit()
    link = link_in(officer.post(address, data={"version": version, "contractor": plumber}).text)

    for _ in range(2):
        assert officer.post(f"/contractors/{plumber}/active", data={"active": "0"}).status_code == 303

    assert tenant_door.test_client().get(link).status_code == 404
    taken = select(RepairUpdate).where(RepairUpdate.event == Event.TAKEN_BACK)
    assert len(rows(session, taken)) == 1
    assert "Given no more work" in officer.get("/contractors").text
    [now] = rows(session, select(Repair.version))
    assert officer.post(address, data={"version": str(now), "contractor": plumber}).status_code == 422
    assert officer.post(f"/contractors/{plumber}/active", data={"active": "1"}).status_code == 303
    assert "Given no more work" not in officer.get("/contractors").text
