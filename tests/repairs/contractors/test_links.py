"""A link opens its own repair, for as long as that is theirs, and everything else is one and the same closed door."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Property, Tenant, Worker
from tenant_app.repairs.contractors.jobs import give, retire, take_back, write_contractor
from tenant_app.repairs.contractors.links import LASTS, new_link
from tenant_app.repairs.contractors.models import Contractor, RepairJob, Trade
from tenant_app.repairs.contractors.opening import MOST_WRONG
from tenant_app.repairs.models import State
from tenant_app.repairs.rules import change_state, not_fixed
from tenant_app.repairs.told import details_to_fill
from tenant_app.repairs.visits.models import VisitSlot
from tenant_app.repairs.visits.rules import say_fixed, write
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.repairs.conftest import LONDON, Reported
from tests.repairs.contractors.conftest import ROWS, Given, Plumber

ON_ONE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


@ON_ONE
def test_a_link_shows_the_job_and_nothing_of_the_tenant_beside_it(
    session: Session, cast: Cast, plumber: Plumber, reported: Reported
) -> None:
    amina = session.get_one(Tenant, cast.amina.id)
    amina.name, amina.known_as = "Canary Surname", "Canaryfirst"
    session.get_one(Property, amina.property_id).address = "12 Alma Road, E5"
    repair = reported()
    repair.access = "The bell is <b>broken</b>"
    details = details_to_fill(session, repair)
    details.at_home = ["condition", "pregnant"]
    details.say_access(times=["morning"], may_use_key=False, someone_with_me=False, spoken="so", interpreter=True)
    write(session, repair, "Canarymessage to the desk", language="en")
    session.commit()
    given = plumber(repair, phone="020 7946 0123")

    answer = given.browser.get(given.address)

    for told in ("The tap drips", "Kitchen", "12 Alma Road", "Mornings", "Only when somebody is in", "Soomaali",
                 "&lt;b&gt;broken", "020 7946 0123", "Due", "Mill Lane Plumbing"):
        assert told in answer.text, told
    for kept in ("Canary", "pregnant", "health condition", "Devon", str(cast.amina.id)):
        assert kept not in answer.text, kept
    assert answer.headers["Referrer-Policy"] == "strict-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "/sign-in" not in answer.text


def _forged(given: Given, plumber: Plumber) -> str:
    return f"/job/{new_link('x' * 44)[0]}"


def _altered(given: Given, plumber: Plumber) -> str:
    first = "B" if given.token[0] == "A" else "A"
    return f"/job/{first}{given.token[1:]}"


def _made_up(given: Given, plumber: Plumber) -> str:
    return "/job/%F0%9F%94%91.x"


def _unsigned(given: Given, plumber: Plumber) -> str:
    return f"/job/{given.token.rpartition('.')[0]}"


def _renewed(given: Given, plumber: Plumber) -> str:
    plumber(given.repair)
    return given.address


def _by_the_repair(given: Given, plumber: Plumber) -> str:
    return f"/job/{given.repair_id}"


@ON_ONE
@pytest.mark.parametrize("wrong", [_forged, _altered, _made_up, _unsigned, _renewed, _by_the_repair])
def test_a_link_that_leads_nowhere_says_whom_to_ring_and_no_more(
    plumber: Plumber, wrong: Callable[[Given, Plumber], str]
) -> None:
    given = plumber()
    assert given.browser.get(given.address).status_code == 200

    answer = given.browser.get(wrong(given, plumber))

    assert answer.status_code == 404
    assert "This link leads nowhere now" in answer.text
    assert answer.text == given.browser.get("/job/x").text


def test_a_link_ends_with_its_time_its_job_and_its_repair(
    session: Session, plumber: Plumber, devon: Worker, reported: Reported, at_work: Contractor, seal: str
) -> None:
    def shut(given: Given) -> None:
        for method, page in (("get", ""), ("get", "/times"), ("post", "/finish"), ("post", "/photos")):
            assert getattr(given.browser, method)(given.address + page).status_code == 404, (method, page)

    with clock.stopped_at(THURSDAY + LASTS - timedelta(minutes=1)):
        given = plumber()
    expired = plumber(given.repair)
    with clock.stopped_at(THURSDAY + LASTS):
        shut(expired)

    take_back(session, devon, expired.repair, LONDON)
    session.commit()
    shut(expired)

    closed = plumber(expired.repair)
    change_state(session, devon, closed.repair, State.CLOSED, "Not ours", zone=LONDON)
    session.commit()
    shut(closed)

    other = write_contractor(session, None, name="Other", trade=Trade.GENERAL, email="o@example.org")
    first = plumber(reported())
    give(session, devon, first.repair, other, seal=seal, zone=LONDON)
    session.commit()
    shut(first)
    second = plumber(first.repair)
    retire(session, devon, session.get_one(Contractor, at_work.id), LONDON)
    session.commit()
    shut(second)
    assert second.repair.open
    with pytest.raises(ValueError, match="takes work"):
        give(session, devon, second.repair, session.get_one(Contractor, at_work.id), seal=seal, zone=LONDON)


@ON_ONE
def test_a_link_opens_no_photo_and_no_time_of_another_repair(
    session: Session, plumber: Plumber, reported: Reported, cast: Cast
) -> None:
    one, two = plumber(), plumber(reported(cast.tomasz))
    two.browser.post(f"{two.address}/times", data={"version": two.version, **ROWS})
    slot_id = session.scalars(select(VisitSlot.id)).first()
    session.commit()

    assert one.browser.post(f"{one.address}/times/{slot_id}", data={"offered": "0"}).status_code == 404
    assert one.browser.get(f"{one.address}/photos/{slot_id}").status_code == 404
    assert two.browser.post(f"{two.address}/times/{slot_id}", data={"offered": "0"}).status_code == 303


@ON_ONE
def test_no_link_is_kept_anywhere_but_in_its_letter(
    session: Session, plumber: Plumber, capsys: pytest.CaptureFixture[str]
) -> None:
    given = plumber()
    given.says()

    rows = session.execute(select(*RepairJob.__table__.c)).all()
    assert given.token not in str(rows)
    assert given.token.partition(".")[0] not in str(rows)
    logged = capsys.readouterr()
    assert given.token not in logged.out + logged.err
    assert session.scalars(select(Look)).all() == []


@ON_ONE
def test_trying_links_is_slowed_down_and_a_right_one_is_not(plumber: Plumber) -> None:
    given = plumber()
    for _ in range(MOST_WRONG):
        assert given.browser.get("/job/x").status_code == 404

    assert given.browser.get("/job/x").status_code == 429
    assert given.browser.get(given.address).status_code == 200


@ON_ONE
def test_the_language_is_english_until_they_choose_whoever_is_signed_in_beside(
    plumber: Plumber, tenant_door: Flask, cast: Cast
) -> None:
    given = plumber()
    given.browser = cast.at(tenant_door, cast.salma)
    assert '<html lang="en" dir="ltr"' in given.says()
    assert "X-Homeward-Keep" not in given.browser.get(given.address).headers

    assert given.browser.post(f"{given.address}/language", data={"language": "ar"}).status_code == 303
    assert '<html lang="ar" dir="rtl"' in given.says()
    assert given.browser.post(f"{given.address}/language", data={"language": "xx"}).status_code == 400


@ON_ONE
def test_a_repair_that_was_fixed_and_closed_is_shown_to_no_contractor_when_it_opens_again(
    session: Session, plumber: Plumber
) -> None:
    given = plumber()
    given.browser.post(f"{given.address}/finish", data={"version": given.version, "words": "A new valve"})
    assert "This job is done" in given.says()
    say_fixed(session, given.repair)
    session.commit()
    assert given.browser.get(given.address).status_code == 404
    not_fixed(session, given.repair)
    session.commit()
    assert given.browser.get(given.address).status_code == 404
