"""What a contractor does about a job: times, a visit, no access, photos, and the end of it."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.repairs.models import MOST_PHOTOS, Event, Repair, RepairPhoto, State
from tenant_app.repairs.rules import change_state
from tenant_app.repairs.visits.models import RepairCost, VisitSlot
from tenant_app.repairs.visits.rules import write
from tenant_app.settings import Settings
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.repairs.conftest import LONDON, rows
from tests.repairs.contractors.conftest import MONDAY, ROWS, Plumber
from tests.repairs.pictures import TURNED_AWAY, from_a_phone, jpeg

ON_ONE = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)


def test_from_proposing_to_is_it_fixed(
    session: Session, plumber: Plumber, amina: FlaskClient, staff_door: Flask, cast: Cast
) -> None:
    given = plumber()
    hers = f"/repairs/{given.repair_id}"
    page = amina.get(hers).text
    assert "Mill Lane Plumbing" in page
    assert "Plumbing" in page
    assert "asked" in page

    assert given.browser.post(
        f"{given.address}/times", data={"version": given.version, **ROWS, "words": "We bring a <b>new</b> tap"}
    ).status_code == 303
    assert "has not chosen yet" in given.says()
    page = amina.get(hers).text
    assert "&lt;b&gt;new" in page
    assert "offered times to choose from" in page
    slot = session.scalars(select(VisitSlot.id).order_by(VisitSlot.starts_at)).first()
    session.commit()
    assert amina.post(f"{hers}/times", data={"slot": str(slot)}).status_code == 303
    assert MONDAY in given.says()

    with clock.stopped_at(THURSDAY.replace(day=30, hour=15)):
        sent = {"photos": [(BytesIO(from_a_phone()), "work.jpg")]}
        assert given.browser.post(f"{given.address}/photos", data=sent).status_code == 303
        assert "Photos of the work" in given.says()
        finished = {"version": given.version, "words": "A new tap", "cost": "48.50"}
        for _ in range(2):
            assert given.browser.post(f"{given.address}/finish", data=finished).status_code == 303
        page = given.says()
        assert "This job is done" in page
        assert "The tap drips" not in page
        assert given.browser.get(f"{given.address}/photos/{given.repair_id}").status_code == 404

        page = amina.get(hers).text
        assert "Is it fixed?" in page
        assert "Photos of the work" in page
        assert "48.50" not in page
        desk = cast.at(staff_door, cast.devon).get(hers).text
    assert "They say it cost" in desk
    assert "£48.50" in desk
    assert "Photos of the work" in desk
    repair, job = given.repair, given.job
    assert (repair.state, job.cost_pence, job.finished_at is not None) == (State.FIXED, 4850, True)
    assert [line.event for line in repair.updates if line.contractor is not None] == [
        Event.CHANGE, Event.OFFERED, Event.GIVEN,
    ]  # fmt: skip
    [cost] = rows(session, select(RepairCost))
    assert cost.actual_pence == 4850


@ON_ONE
def test_a_visit_is_called_off_with_a_reason_and_that_time_is_gone(
    session: Session, plumber: Plumber, amina: FlaskClient
) -> None:
    given = plumber()
    given.browser.post(f"{given.address}/times", data={"version": given.version, **ROWS})
    slot = session.scalars(select(VisitSlot.id).order_by(VisitSlot.starts_at)).first()
    session.commit()
    amina.post(f"/repairs/{given.repair_id}/times", data={"slot": str(slot)})
    visit = {"visit_on": "2026-11-30", "visit_window": "13:00-16:00"}

    assert given.browser.post(f"{given.address}/times/{slot}", data={"offered": "0"}).status_code == 409
    assert given.browser.post(f"{given.address}/call-off", data=visit).status_code == 422
    assert given.browser.post(f"{given.address}/call-off", data={"visit_on": "x"}).status_code == 400
    answer = given.browser.post(f"{given.address}/call-off", data={**visit, "why": "The van broke down"})

    assert answer.status_code == 303
    again = given.browser.post(f"{given.address}/call-off", data={**visit, "why": "The van broke down"})
    assert (again.status_code, "The van broke down" in again.text) == (409, True)
    page = amina.get(f"/repairs/{given.repair_id}").text
    assert "called off the visit" in page
    assert "The van broke down" in page
    assert MONDAY not in amina.get(f"/repairs/{given.repair_id}/times").text
    assert "Tuesday 1 December" in amina.get(f"/repairs/{given.repair_id}/times").text
    assert given.repair.state is State.SEEN


@ON_ONE
def test_no_access_is_written_down_with_how_they_tried_and_their_name(plumber: Plumber, amina: FlaskClient) -> None:
    given = plumber()
    when = {"day": "2026-11-26", "hour": "09:00"}
    with clock.stopped_at(THURSDAY.replace(hour=14)):
        assert given.browser.post(f"{given.address}/no-access", data=when).status_code == 422
        early = {"day": "2026-11-25", "hour": "09:00", "methods": ["rang"]}
        assert "before it was reported" in given.browser.post(f"{given.address}/no-access", data=early).text
        late = {"day": "2026-11-27", "hour": "09:00", "methods": ["rang"]}
        assert given.browser.post(f"{given.address}/no-access", data=late).status_code == 422
        sent = {**when, "methods": ["rang", "card"], "words": "We left a card"}
        for _ in range(2):
            assert given.browser.post(f"{given.address}/no-access", data=sent).status_code == 303
        page = amina.get(f"/repairs/{given.repair_id}").text
    assert page.count("and could not get in") == 1
    assert "Rang the bell" in page
    [line] = [line for line in given.repair.updates if line.event is Event.NO_ACCESS]
    assert line.contractor is not None
    assert (line.contractor.name, line.methods) == ("Mill Lane Plumbing", ["rang", "card"])


@ON_ONE
@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "Choose at least one day"),
        ({"day1": "2026-11-25", "from1": "09:00", "to1": "12:00"}, "Choose a day from today"),
        ({"day1": "2026-11-26", "from1": "08:00", "to1": "12:00"}, "a time to come"),
        ({"day1": "\x00soon"}, "Choose a day from the calendar"),
        ({**ROWS, "words": "x" * 5000}, "Use at most 1000 letters"),
    ],
    ids=["nothing", "past", "begun", "no day", "long"],
)
def test_times_that_cannot_be_are_asked_for_again(plumber: Plumber, sent: dict[str, str], said: str) -> None:
    given = plumber()

    answer = given.browser.post(f"{given.address}/times", data={"version": given.version, "words": "Kept", **sent})

    assert answer.status_code == 422
    assert said in answer.text
    assert sent.get("words", "Kept") in answer.text


@ON_ONE
def test_more_times_than_anybody_chooses_from_are_refused(plumber: Plumber) -> None:
    given = plumber()
    for day in (1, 5, 9):
        four = {f"day{n}": f"2026-12-{day + n - 1:02}" for n in range(1, 5)} | {
            f"{name}{n}": hour for n in range(1, 5) for name, hour in (("from", "09:00"), ("to", "12:00"))
        }
        assert given.browser.post(f"{given.address}/times", data={"version": given.version, **four}).status_code == 303

    more = given.browser.post(f"{given.address}/times", data={"version": given.version, **ROWS})
    assert (more.status_code, "At most 12 times" in more.text) == (422, True)


@ON_ONE
def test_of_two_changes_from_the_same_page_the_later_is_told(
    session: Session, plumber: Plumber, devon: Worker
) -> None:
    given = plumber()
    old = given.version
    change_state(session, devon, given.repair, State.BOOKED, zone=LONDON, visit_on=date(2026, 12, 3),
                 visit_window="09:00-12:00")  # fmt: skip
    session.commit()

    for page, sent in (("/times", {**ROWS, "words": "Kept words"}), ("/finish", {"words": "Kept words"})):
        answer = given.browser.post(given.address + page, data={"version": old, **sent})
        assert answer.status_code == 409
        assert "This has changed meanwhile" in answer.text
        assert "Kept words" in answer.text
        assert "Thursday 3 December" in answer.text
    assert given.repair.state is State.BOOKED


@ON_ONE
def test_what_is_no_photo_is_said_and_the_others_are_kept(
    plumber: Plumber, session: Session, settings: Settings, amina: FlaskClient
) -> None:
    given = plumber()
    wrong = [(BytesIO(TURNED_AWAY[name]), f"{name}.jpg") for name in ("svg", "png bomb", "text")]

    answer = given.browser.post(f"{given.address}/photos", data={"photos": [*wrong, (BytesIO(jpeg()), "a.jpg")]})

    assert answer.status_code == 422
    assert answer.text.count("not a photo we can open") + answer.text.count("too large a picture") >= 3
    assert given.browser.post(f"{given.address}/photos", data={}).status_code == 422
    [photo] = rows(session, select(RepairPhoto))
    session.commit()
    assert photo.contractor_id is not None
    shown = given.browser.get(f"{given.address}/photos/{photo.id}")
    assert (shown.status_code, shown.mimetype, shown.headers["Cache-Control"]) == (200, "image/jpeg", "no-store")
    shown.close()
    session.commit()
    theirs = amina.get(f"/repairs/{given.repair_id}/photos/{photo.id}")
    assert theirs.status_code == 200
    theirs.close()
    session.commit()

    many = [(BytesIO(jpeg((40 + n, 40))), f"{n}.jpg") for n in range(MOST_PHOTOS + 2)]
    assert given.browser.post(f"{given.address}/photos", data={"photos": many}).status_code == 422
    assert len(rows(session, select(RepairPhoto.id))) == MOST_PHOTOS
    assert len(list(settings.photos.iterdir())) == MOST_PHOTOS


@ON_ONE
def test_a_sum_that_is_none_and_no_words_are_asked_for_again(plumber: Plumber) -> None:
    given = plumber()

    answer = given.browser.post(
        f"{given.address}/finish", data={"version": given.version, "words": " ", "cost": "a <lot>"}
    )

    assert answer.status_code == 422
    assert "Write what you did" in answer.text
    assert "Write a sum of money" in answer.text
    assert "a &lt;lot&gt;" in answer.text
    repair: Repair = given.repair
    assert repair.open


@ON_ONE
def test_what_the_desk_and_the_tenant_write_to_each_other_stays_theirs(
    session: Session, plumber: Plumber
) -> None:
    given = plumber()
    write(session, given.repair, "My neighbour Canary has my key", language="en")
    session.commit()

    assert "Canary" not in given.says()
