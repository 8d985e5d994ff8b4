"""How the engine stands is told from its own tables: to the administrator, to Prometheus, and to all staff when silent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from tenant_app import clock
from tenant_app.reminders.models import State
from tenant_app.reminders.outbox import claim
from tenant_app.reminders.standing import standing
from tests.cast import Cast
from tests.questions import counted
from tests.reminders.conftest import Office


def test_what_is_planned_due_and_late_is_counted_apart(office: Office) -> None:
    office.dose(office.cast.amina, "now")
    with clock.stopped_at(clock.now() - timedelta(minutes=5)):
        office.dose(office.cast.amina, "late")
    with clock.stopped_at(clock.now() + timedelta(hours=5)):
        office.dose(office.cast.amina, "to come")
    with office.database.session() as session:
        now = standing(session)

    assert (now.planned, now.due, now.late) == (1, 2, 1)
    assert now.lateness == timedelta(minutes=5)
    assert now.silent


def test_what_a_push_service_does_not_take_is_told_of_that_service(office: Office) -> None:
    office.phone(office.cast.amina)
    office.phone(office.cast.amina, "An old phone").answers(413)
    office.phone(office.cast.tomasz).answers(503)
    for person in (office.cast.amina, office.cast.tomasz):
        office.dose(person, f"dose of {person.name}")
    office.deliver()
    with office.database.session() as session:
        now = standing(session)

    (service,) = now.services
    assert service.name == "127.0.0.1"
    assert (service.browsers, service.failing, service.refused, service.putting_off) == (3, 2, 1, 1)
    assert now.settled == {State.SENT: 1}


def test_the_administrator_sees_it_and_nobody_else(staff_door: Flask, cast: Cast, office: Office) -> None:
    office.worker.beat()
    with clock.stopped_at(clock.now() - timedelta(minutes=7)):
        office.dose(office.cast.amina, "late")
    page = cast.at(staff_door, cast.priya).get("/status")

    assert page.status_code == 200
    assert "1 reminder is late. The oldest has waited since Thu 26 Nov, <bdi>8:53\N{NO-BREAK SPACE}am</bdi>." in page.text
    assert office.worker.name in page.text
    assert cast.at(staff_door, cast.grace).get("/status").status_code == 403


def test_asking_costs_the_same_however_much_there_is(office: Office) -> None:
    with office.house.database.session() as session, counted(office.worker.app) as few:
        standing(session)
    for number in range(30):
        office.phone(office.cast.amina if number % 2 else office.cast.tomasz)
        office.dose(office.cast.amina, f"dose {number}")
    with office.house.database.session() as session, counted(office.worker.app) as many:
        standing(session)

    assert len(few) == len(many)


def test_prometheus_reads_it_with_the_token_and_not_without(staff_door: Flask, office: Office) -> None:
    office.phone(office.cast.amina)
    office.dose(office.cast.amina, medicine="Sertraline")
    stranger = staff_door.test_client()
    assert stranger.get("/metrics").status_code == 404
    house = staff_door.extensions["homeward"]
    staff_door.extensions["homeward"] = replace(house, settings=replace(house.settings, metrics_token="s3cret"))
    for wrong in ({}, {"Authorization": "Bearer other"}, {"Authorization": "Bearer "}, {"Authorization": "Bearer é"}):
        assert stranger.get("/metrics", headers=wrong).status_code == 404
    answer = stranger.get("/metrics", headers={"Authorization": "Bearer s3cret"})
    found = {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }

    assert found["homeward_notices_due",] == 1
    assert found["homeward_push_browsers", "127.0.0.1"] == 1
    assert found["homeward_worker_silence_seconds",] == float("inf")
    assert "Sertraline" not in answer.text
    assert "Amina" not in answer.text


def test_staff_see_on_every_page_that_no_reminder_goes_out(staff_door: Flask, cast: Cast, office: Office) -> None:
    grace, words = cast.at(staff_door, cast.grace), "Reminders are not going out at the moment"
    assert words in grace.get("/caseload").text
    office.worker.beat()
    assert words not in grace.get("/caseload").text
    with clock.stopped_at(clock.now() + timedelta(seconds=91)):
        assert words in grace.get("/caseload").text


def test_after_three_days_down_nothing_stale_is_sent_and_each_tenant_is_told_once(office: Office) -> None:
    phone, other = office.phone(office.cast.amina), office.phone(office.cast.tomasz)
    with clock.stopped_at(clock.now() - timedelta(days=3)):
        for number in range(9):
            with clock.stopped_at(clock.now() + timedelta(hours=8 * number)):
                office.dose(office.cast.amina, f"dose {number}")
                if number == 8:
                    claimed = office.dose(office.cast.tomasz, "his")
                    with office.database.step() as session:
                        claim(session, "a worker that died with it")
    for _ in range(2):
        office.worker.expire()
        office.deliver()

    assert [push.shown["body"] for push in phone.pushes] == ["There is something new for you."]
    # His was in a worker's hands once: it was tried, and that is another story than nobody being there.
    assert office.notice(claimed).state is State.MISSED
    assert other.pushes == []
