"""The month's list: overdue first, found by name, in as many questions for forty people as for one."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from staff_portal.medication_audit.overview import month_of
from tenant_app import clock
from tenant_app.accounts.models import Look, Property, Tenant, Worker
from tenant_app.accounts.rules import welcome_tenant
from tenant_app.medication.auditing.models import Level
from tenant_app.medication.auditing.rules import Counting, agree_level, count_month, countersign, medicines_to_count
from tests.cast import Cast
from tests.medication_audit.conftest import LONDON, kept, share, take
from tests.questions import counted as questions

SEPTEMBER = datetime(2026, 9, 20, 10, tzinfo=UTC)


def count(session: Session, worker: Worker, tenant: Tenant, second: Worker | None = None) -> None:
    counts = {medicine.id: 7 for medicine in medicines_to_count(session, tenant, LONDON)}
    audit = count_month(session, worker, tenant, Counting(counts), LONDON)  # type: ignore[arg-type]
    if second is not None:
        countersign(session, second, audit, 1, LONDON, agreed=True)


def test_nobody_shares_yet(at_grace: FlaskClient, cast: Cast) -> None:
    assert "Nobody shares their medicines with you yet" in at_grace.get("/medication").text


def test_the_longest_overdue_comes_first(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, grace: Worker, nasrin: Worker
) -> None:
    with clock.stopped_at(SEPTEMBER):
        take(session, amina, "Metformin")
        take(session, tomasz, "Vitamin D")
        share(session, amina, cast.grace, cast.nasrin)
        share(session, tomasz, cast.grace)
        count(session, grace, amina, nasrin)

    month = month_of(session, grace, LONDON)

    assert [(row.tenant, row.since, row.overdue) for row in month.due] == [
        (tomasz, date(2026, 9, 1), True), (amina, date(2026, 10, 1), True)
    ]  # fmt: skip
    assert month.due[1].last is not None
    assert (month.due[1].last.worker, month.due[1].last.second) == (grace, nasrin)


def test_counted_and_signed_it_is_done(
    session: Session, shared: Tenant, grace: Worker, nasrin: Worker
) -> None:
    count(session, grace, shared)
    month = month_of(session, grace, LONDON)
    assert [row.tenant for row in month.due] == [shared]
    assert not month.due[0].overdue
    assert month.to_sign == []  # her own count
    assert [entry.audit.tenant for entry in month_of(session, nasrin, LONDON).to_sign] == [shared]

    countersign(session, nasrin, month.due[0].now.audit, 1, LONDON, agreed=True)  # type: ignore[union-attr]
    done = month_of(session, grace, LONDON)
    assert ([row.tenant for row in done.done], done.due) == ([shared], [])
    with clock.stopped_at(datetime(2026, 12, 1, 9, tzinfo=UTC)):
        again = month_of(session, grace, LONDON)
        assert [(row.tenant, row.overdue) for row in again.due] == [(shared, False)]


def test_who_has_written_down_nothing_is_never_overdue(
    session: Session, cast: Cast, tomasz: Tenant, grace: Worker
) -> None:
    with clock.stopped_at(SEPTEMBER):
        share(session, tomasz, cast.grace)

    (row,) = month_of(session, grace, LONDON).due
    assert (row.nothing, row.overdue) == (True, False)


def test_a_level_says_when_it_is_looked_at_again(session: Session, shared: Tenant, grace: Worker) -> None:
    agree_level(session, grace, shared, Level.DAILY_CHECK, date(2026, 12, 1), LONDON)

    assert not month_of(session, grace, LONDON).due[0].review_due
    with clock.stopped_at(datetime(2026, 12, 1, 9, tzinfo=UTC)):
        assert month_of(session, grace, LONDON).due[0].review_due


@pytest.mark.parametrize(("search", "found"), [("amina", True), ("WARS", True), ("flat 4", True), ("tomasz", False)])
def test_one_finds_a_person_by_name(at_grace: FlaskClient, shared: Tenant, search: str, found: bool) -> None:
    page = at_grace.get("/medication", query_string={"q": search}).text

    assert ("Amina Warsame" in page) is found
    assert ("Nobody by that name here" in page) is not found


def test_the_list_is_no_reading_of_a_record_and_names_no_medicine(
    session: Session, at_grace: FlaskClient, shared: Tenant
) -> None:
    assert "Metformin" not in at_grace.get("/medication").text
    assert kept(session, select(Look)) == []


def test_forty_people_take_as_many_questions_as_one(
    session: Session, staff_door: Flask, cast: Cast, at_grace: FlaskClient, shared: Tenant, grace: Worker,
    nasrin: Worker,
) -> None:  # fmt: skip
    with clock.stopped_at(clock.now() - timedelta(days=30)):
        count(session, grace, shared, nasrin)
    count(session, nasrin, shared)
    session.commit()
    with questions(staff_door) as few:
        assert "Waits for your word" in at_grace.get("/medication").text
    home = session.get_one(Property, cast.alma_road.id)
    for number in range(39):
        tenant = welcome_tenant(
            session, f"Tenant {number}", building=home, moved_in_on=date(2026, 1, 1), keyworker=grace
        )
        take(session, tenant, "Metformin 500 mg")
        share(session, tenant, cast.grace, cast.nasrin)
        with clock.stopped_at(clock.now() - timedelta(days=30)):
            count(session, grace, tenant, nasrin)
        count(session, nasrin, tenant)
        agree_level(session, grace, tenant, Level.WEEKLY_CHECK, date(2027, 1, 1), LONDON)
    session.commit()
    with questions(staff_door) as many:
        page = at_grace.get("/medication").text

    assert len(re.findall(r"Tenant \d+", page)) >= 39
    assert len(many) == len(few)
