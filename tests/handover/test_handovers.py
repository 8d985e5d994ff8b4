"""One shift to the next: read by those of the building, stated and kept, put right and never rewritten."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Look, Property, Role, Tenant, Worker
from tenant_app.accounts.rules import welcome_worker
from tenant_app.handover.models import About, Handover, HandoverLine
from tenant_app.handover.rules import (
    NotToBeNamed,
    Read,
    TooLate,
    acknowledge,
    buildings_of,
    correct,
    handovers_unread,
    may_be_named,
    reword,
)
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.handover.conftest import Say


def unread(session: Session, worker: Worker) -> list[str]:
    return [one.shift for one in handovers_unread(session, worker)]


def looks(session: Session) -> list[tuple[str, object]]:
    session.rollback()
    found = [(look.what, look.tenant_id) for look in session.scalars(select(Look))]
    session.commit()
    return found


def test_a_handover_waits_for_everyone_of_the_building_until_each_says_they_read_it(
    session: Session, night: Handover, say: Say, grace: Worker, marek: Worker, cast: Cast
) -> None:
    nasrin = session.get_one(Worker, cast.nasrin.id)
    assert unread(session, marek) == []
    line = say("The boiler was off from two to four.")
    assert (unread(session, grace), unread(session, marek), unread(session, nasrin)) == ([], ["night"], ["night"])

    acknowledge(session, marek, night, line.written_at)
    acknowledge(session, marek, night, line.written_at)
    assert [(one.worker.known_as, one.at) for one in night.acknowledgements] == [("Marek", THURSDAY)]
    assert (unread(session, marek), unread(session, nasrin)) == ([], ["night"])


def test_what_is_written_after_somebody_read_it_waits_again(
    session: Session, night: Handover, say: Say, marek: Worker
) -> None:
    first = say("Quiet.")
    with clock.stopped_at(THURSDAY + timedelta(minutes=5)):
        later = say("One thing more.")
    with clock.stopped_at(THURSDAY + timedelta(minutes=6)):
        acknowledge(session, marek, night, first.written_at)
        assert unread(session, marek) == ["night"]
        acknowledge(session, marek, night, later.written_at)
        assert unread(session, marek) == []
    assert len(night.acknowledgements) == 2


def test_nobody_else_sees_it(
    session: Session, night: Handover, say: Say, cast: Cast, staff_door: Flask
) -> None:
    line = say("CANARY")
    elsewhere = welcome_worker(
        session, "Oona Byrne", "oona@wrenfield.org.uk", Role.KEYWORKER,
        building=session.get_one(Property, cast.mare_street.id),
    )  # fmt: skip
    everywhere = welcome_worker(session, "Ada Obi", "ada@wrenfield.org.uk", Role.COORDINATOR)
    assert (unread(session, elsewhere), unread(session, everywhere)) == ([], ["night"])
    session.commit()
    for other, status in ((elsewhere, 404), (cast.joana, 403), (cast.devon, 403), (cast.priya, 403), (everywhere, 200)):
        client = cast.at(staff_door, other)
        pages = [client.get(f"/handover/{night.id}"), client.get(f"/handover/lines/{line.id}/correct")]
        assert [page.status_code for page in pages] == [status] * 2, other.name
        assert ("CANARY" in pages[0].text) is (status == 200)
        if status != 200:
            for address in (f"/handover/{night.id}/lines", f"/handover/{night.id}/read", f"/handover/lines/{line.id}",
                            f"/handover/lines/{line.id}/correct"):  # fmt: skip
                assert client.post(address, data={"words": "x", "about": "needs"}).status_code == status, address


def test_only_tenants_of_the_building_whom_the_writer_supports_can_be_named(
    session: Session, night: Handover, say: Say, grace: Worker, marek: Worker, cast: Cast,
    amina: Tenant, tomasz: Tenant, salma: Tenant,
) -> None:  # fmt: skip
    nasrin = session.get_one(Worker, cast.nasrin.id)
    amina.keyworker = marek
    session.flush()
    assert session.scalars(may_be_named(grace, night)).all() == [tomasz]
    assert session.scalars(may_be_named(marek, night)).all() == [amina]  # and not Salma, who lives elsewhere
    assert session.scalars(may_be_named(nasrin, night)).all() == [amina, tomasz]
    for tenant in (amina, salma):
        with pytest.raises(NotToBeNamed):
            say("x", tenant=tenant)
    assert say("Lost her key", tenant=tomasz).tenant_id == tomasz.id


def test_reading_a_line_that_names_a_tenant_is_written_down_and_told(
    session: Session, say: Say, night: Handover, amina: Tenant, tomasz: Tenant, desk: FlaskClient, cast: Cast,
    tenant_door: Flask,
) -> None:  # fmt: skip
    say("Quiet")
    say("Lost her key", tenant=amina)
    say("Waits for the plumber", About.NEEDS, tenant=amina)
    session.commit()
    assert "Lost" not in desk.get("/handover").text
    assert looks(session) == []
    page = desk.get(f"/handover/{night.id}").text
    assert "Lost her key" in page
    assert looks(session) == [("handover", amina.id)]
    told = cast.at(tenant_door, cast.amina).get("/settings/looks").text
    assert "read a handover between shifts that names you" in told


def test_a_line_changes_only_until_somebody_has_read_it(
    session: Session, night: Handover, say: Say, grace: Worker, marek: Worker
) -> None:
    line = say("The boiler was of")
    reword(session, grace, line, "The boiler was off", "en")
    with pytest.raises(LookupError):
        reword(session, marek, line, "Mine", "en")
    acknowledge(session, marek, night, line.written_at)
    with pytest.raises(Read):
        reword(session, grace, line, "It was never off", "en")
    assert line.words == "The boiler was off"
    later = correct(session, grace, line, "Off from two to three", "en")
    assert (later.corrects_id, line.words) == (line.id, "The boiler was off")


def test_a_correction_names_whom_the_line_names_and_takes_over_what_is_to_be_done(
    session: Session, night: Handover, say: Say, amina: Tenant, desk: FlaskClient, cast: Cast
) -> None:
    line = say("Let the plumber in at nine", About.NEEDS, tenant=amina)
    session.commit()
    address = f"/handover/lines/{line.id}/correct"
    assert desk.post(address, data={"words": "At ten"}).status_code == 303
    page = desk.get(f"/handover/{night.id}").text
    assert "A later line puts this right." in page
    assert page.count("It is done") == 1
    later = session.scalars(select(HandoverLine).where(HandoverLine.corrects_id == line.id)).one()
    assert (later.tenant_id, later.about) == (amina.id, About.NEEDS)
    session.commit()


def test_the_next_shift_marks_what_is_done_and_the_first_to_do_it_stands(
    session: Session, night: Handover, say: Say, desk: FlaskClient, staff_door: Flask, cast: Cast
) -> None:
    line, fact = say("Ring the plumber", About.NEEDS), say("Quiet").id
    session.commit()
    for client in (desk, desk, cast.at(staff_door, cast.nasrin)):
        assert client.post(f"/handover/lines/{line.id}", data={"done": "1"}).status_code == 303
    session.expire_all()
    assert line.done_by_id == cast.marek.id
    session.commit()
    assert desk.post(f"/handover/lines/{fact}", data={"done": "1"}).status_code == 404
    assert desk.post(f"/handover/lines/{line.id}", data={"done": "x"}).status_code == 400


def test_a_shift_long_over_is_put_right_and_gets_no_new_lines(
    session: Session, night: Handover, say: Say, grace: Worker
) -> None:
    line = say("Quiet")
    with clock.stopped_at(THURSDAY + timedelta(hours=24)):
        with pytest.raises(TooLate):
            say("One thing more")
        correct(session, grace, line, "Not so quiet", "en")


def test_whoever_was_away_for_a_week_is_not_asked_to_read_it_all(
    session: Session, say: Say, marek: Worker
) -> None:
    say("Quiet")
    with clock.stopped_at(THURSDAY + timedelta(days=4)):
        assert unread(session, marek) == []


def test_a_worker_of_one_building_writes_for_that_one(session: Session, grace: Worker, cast: Cast) -> None:
    assert [one.name for one in session.scalars(buildings_of(grace))] == ["Alma Road"]
    grace.property_id = None
    session.flush()
    session.expire(grace)
    assert [one.name for one in session.scalars(buildings_of(grace))] == ["Alma Road", "Mare Street"]
