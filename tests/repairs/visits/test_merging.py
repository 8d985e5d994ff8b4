"""Several reports of one shared part."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Worker
from tenant_app.reminders.models import Notice
from tenant_app.repairs.models import Repair, State
from tenant_app.repairs.rules import change_state, not_fixed
from tenant_app.repairs.visits.desk import offer
from tenant_app.repairs.visits.merging import may_be_the_same, merge, part
from tenant_app.repairs.visits.rules import cancel, choose
from tests.cast import Cast
from tests.repairs.conftest import LONDON, Reported
from tests.repairs.visits.conftest import MONDAY, slots_of


@pytest.fixture
def pair(session: Session, cast: Cast, reported: Reported, devon: Worker) -> tuple[Repair, Repair]:
    """Amina's and Tomasz's, of which hers leads."""
    lead, other = reported(shared=True), reported(cast.tomasz, shared=True)
    merge(session, devon, lead, other, LONDON)
    session.commit()
    return lead, other


def test_all_are_told_the_same_and_none_of_another(
    session: Session, cast: Cast, devon: Worker, pair: tuple[Repair, Repair]
) -> None:
    lead, other = pair

    change_state(session, devon, lead, State.BOOKED, "The electrician comes", zone=LONDON, visit_on=MONDAY[0],
                 visit_window=MONDAY[1])  # fmt: skip

    session.refresh(other)
    assert (other.state, other.visit_on, other.updates[0].words) == (State.BOOKED, MONDAY[0], "The electrician comes")
    told = session.scalars(select(Notice).where(Notice.kind == "repairs.news")).all()
    assert {notice.tenant_id for notice in told} == {cast.amina.id, cast.tomasz.id}
    assert not any("Amina" in str(notice.facts) for notice in told if notice.tenant_id == cast.tomasz.id)


def test_one_that_joins_later_catches_up(session: Session, cast: Cast, reported: Reported, devon: Worker) -> None:
    lead, other = reported(shared=True), reported(cast.tomasz, shared=True)
    change_state(session, devon, lead, State.BOOKED, zone=LONDON, visit_on=MONDAY[0], visit_window=MONDAY[1])

    merge(session, devon, lead, other, LONDON)
    merge(session, devon, lead, other, LONDON)

    session.refresh(other)
    assert (other.state, other.visit_on, len(other.updates)) == (State.BOOKED, MONDAY[0], 2)


def test_a_time_that_the_first_chooses_or_calls_off_is_everybodys(
    session: Session, devon: Worker, pair: tuple[Repair, Repair]
) -> None:
    lead, other = pair
    offer(session, devon, lead, [MONDAY], zone=LONDON)

    choose(session, lead, slots_of(session, lead)[0], LONDON)
    assert other.state is State.BOOKED
    session.refresh(lead)
    cancel(session, lead, MONDAY, LONDON)

    assert (other.state, other.visit_on) == (State.SEEN, None)


def test_apart_again_each_has_its_own_news(session: Session, devon: Worker, pair: tuple[Repair, Repair]) -> None:
    lead, other = pair

    part(session, other)
    change_state(session, devon, lead, State.SEEN, zone=LONDON)

    assert other.state is State.REPORTED


def test_one_that_is_not_fixed_for_its_tenant_stands_by_itself_again(
    session: Session, devon: Worker, pair: tuple[Repair, Repair]
) -> None:
    lead, other = pair
    change_state(session, devon, lead, State.FIXED, zone=LONDON)

    not_fixed(session, other, "Not on my floor", language="en")

    assert (other.leads_id, other.state, lead.state) == (None, State.REPORTED, State.FIXED)


def test_only_open_reports_of_shared_parts_of_one_building_are_merged(
    session: Session, cast: Cast, reported: Reported, devon: Worker, pair: tuple[Repair, Repair]
) -> None:
    lead, other = pair
    elsewhere, third, done = reported(cast.salma, shared=True), reported(shared=True), reported(shared=True)
    own = reported(cast.tomasz)
    change_state(session, devon, done, State.CLOSED, zone=LONDON)

    assert session.scalars(may_be_the_same(devon, third)).all() == [lead]
    assert session.scalars(may_be_the_same(devon, own)).all() == []
    for first, second in ((lead, elsewhere), (lead, lead), (other, third), (lead, done), (lead, own), (own, third)):
        with pytest.raises(ValueError, match=r"building|done|own"):
            merge(session, devon, first, second, LONDON)


def test_one_that_led_others_brings_them_along(
    session: Session, reported: Reported, devon: Worker, pair: tuple[Repair, Repair]
) -> None:
    lead, other = pair
    first = reported(shared=True)

    merge(session, devon, first, lead, LONDON)

    assert {lead.leads_id, other.leads_id} == {first.id}
