"""A coordinator reaches the records of their own team; an administrator reads no record to have it corrected."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Role, Tenant, Worker
from tenant_app.accounts.rules import welcome_worker
from tenant_app.key_work.awareness import awareness_open
from tenant_app.key_work.models import How
from tenant_app.key_work.rules import Contact, Hold, notes_held, write_note
from tenant_app.settings import Settings
from tenant_app.support.record.models import Asked
from tenant_app.support.record.rules import ask, requests_waiting
from tests.cast import Cast


@pytest.fixture
def wanda(session: Session, cast: Cast) -> Worker:
    """Another coordinator, who supervises Marek by name; Nasrin supervises Grace."""
    wanda = welcome_worker(session, "Wanda Adeyemi", "wanda@wrenfield.org.uk", Role.COORDINATOR)
    session.flush()
    session.get_one(Worker, cast.marek.id).coordinator_id = wanda.id
    session.get_one(Worker, cast.grace.id).coordinator_id = cast.nasrin.id
    session.commit()
    return wanda


def test_a_coordinator_sees_what_is_held_named_and_asked_in_their_own_team_only(
    staff_door: Flask, cast: Cast, session: Session, settings: Settings, wanda: Worker
) -> None:
    amina, grace = session.get_one(Tenant, cast.amina.id), session.get_one(Worker, cast.grace.id)
    nasrin = session.get_one(Worker, cast.nasrin.id)
    until = clock.today(settings.zone) + timedelta(days=2)
    note = write_note(
        session, grace, amina, Contact(clock.now(), How.VISIT, "Damp in the hall"), terms=["damp"], zone=settings.zone,
        hold=Hold("Her brother must not know of it yet", until),
    )  # fmt: skip
    asked = ask(session, amina, Asked.CORRECTION, ["goals"], settings.zone, words="My goal is told wrongly")
    session.commit()
    [mention] = awareness_open(session, nasrin)

    for worker, count in ((nasrin, 1), (wanda, 0)):
        assert len(awareness_open(session, worker)) == count
        assert len(notes_held(session, worker)) == count
        assert len(requests_waiting(session, worker)) == count
    addresses = (f"/awareness/{mention.id}", f"/record-requests/{asked.id}")
    hold, correction = f"/notes/{note.id}/hold", f"/record-requests/{asked.id}"
    session.commit()
    others = cast.at(staff_door, wanda)
    assert [others.get(address).status_code for address in addresses] == [404, 404]
    assert others.post(hold, data={"held": "0"}).status_code == 404
    assert "brother" not in others.get("/held-back").text
    ours = cast.at(staff_door, cast.nasrin)
    assert [ours.get(address).status_code for address in addresses] == [200, 200]
    # What was asked to be corrected tells of a record: nothing for an administrator, while a coordinator is here.
    assert cast.at(staff_door, cast.priya).get(correction).status_code == 404

    for coordinator in (wanda, nasrin):
        coordinator.leave()
    session.commit()
    assert cast.at(staff_door, cast.priya).get(correction).status_code == 200


def test_of_who_moved_out_the_wall_and_the_request_still_wait_for_their_team(
    cast: Cast, session: Session, settings: Settings, wanda: Worker
) -> None:
    amina, grace = session.get_one(Tenant, cast.amina.id), session.get_one(Worker, cast.grace.id)
    write_note(session, grace, amina, Contact(clock.now(), How.VISIT, "Damp"), terms=["damp"], zone=settings.zone)
    ask(session, amina, Asked.ERASURE, ["goals"], settings.zone)
    amina.leave()
    session.commit()
    nasrin, priya = session.get_one(Worker, cast.nasrin.id), session.get_one(Worker, cast.priya.id)

    seen = {one.name: (len(awareness_open(session, one)), len(requests_waiting(session, one)))
            for one in (nasrin, wanda, grace, priya)}  # fmt: skip
    assert list(seen.values()) == [(1, 1), (0, 0), (0, 0), (0, 1)]
