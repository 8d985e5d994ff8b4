"""Health is seen by consent: per person, with an end, and no longer the moment its owner says so."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import (
    Category,
    Consent,
    GivenAs,
    NotToBeChosen,
    give_consent,
    may_be_chosen,
    part_of,
    tenants_sharing,
    withdraw_consent,
)
from tenant_app.accounts.models import Look, Role, Tenant, Worker
from tenant_app.accounts.safeguarding import (
    SafeguardingOverride,
    overridden_by,
    override_for_safety,
    tenants_answered_for,
)
from tests.cast import Cast

LONDON = ZoneInfo("Europe/London")
MEDICATION = Category.MEDICATION
WORRIED = "She did not open her door since Monday and rang about her tablets."


@pytest.fixture
def nasrin(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.nasrin.id)


@pytest.fixture
def marek(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.marek.id)


def give(session: Session, tenant: Tenant, worker: Worker, expires_on: date | None = None) -> Consent:
    return give_consent(session, tenant, MEDICATION, worker, LONDON, expires_on=expires_on)


def sees(session: Session, worker: Worker, tenant: Tenant, *given_as: GivenAs) -> bool:
    """Asked both ways: of one tenant, and of everyone who shares."""
    one = session.scalar(Consent.in_force(tenant, MEDICATION, worker, *given_as)) is not None
    assert one is (tenant in session.scalars(tenants_sharing(worker, MEDICATION, *given_as)).all())
    return one


def test_nobody_sees_what_was_not_shared(session: Session, amina: Tenant, grace: Worker, nasrin: Worker) -> None:
    assert not sees(session, grace, amina)
    assert not sees(session, nasrin, amina)


def test_consent_is_for_one_person_one_category_and_half_a_year(
    session: Session, amina: Tenant, tomasz: Tenant, grace: Worker, nasrin: Worker
) -> None:
    consent = give(session, amina, grace)

    assert sees(session, grace, amina)
    assert not sees(session, grace, tomasz)
    assert not sees(session, nasrin, amina)
    assert session.scalar(Consent.in_force(amina, Category.SAFETY_PLAN, grace)) is None
    assert consent.expires_on == date(2027, 5, 26)


def test_it_holds_to_the_end_of_its_last_day_by_the_houses_clock(
    session: Session, amina: Tenant, grace: Worker
) -> None:
    give(session, amina, grace, date(2027, 5, 26))

    with clock.stopped_at(datetime(2027, 5, 26, 22, 59, tzinfo=UTC)):
        assert sees(session, grace, amina)
    with clock.stopped_at(datetime(2027, 5, 26, 23, 0, tzinfo=UTC)):  # midnight in London, in summer
        assert not sees(session, grace, amina)


@pytest.mark.parametrize("until", [date(2026, 11, 26), date(2026, 11, 25), date(2027, 11, 27), date(2090, 1, 1)])
def test_it_ends_on_a_day_to_come_and_within_a_year(
    session: Session, amina: Tenant, grace: Worker, until: date
) -> None:
    with pytest.raises(ValueError):
        give(session, amina, grace, until)

    assert session.scalars(select(Consent)).all() == []


def test_withdrawn_it_denies_from_that_moment_and_is_kept(session: Session, amina: Tenant, grace: Worker) -> None:
    give(session, amina, grace)

    withdrawn = withdraw_consent(session, amina, MEDICATION, grace)
    with clock.stopped_at(clock.now() + timedelta(hours=1)):
        assert withdraw_consent(session, amina, MEDICATION, grace) is None

    assert not sees(session, grace, amina)
    assert withdrawn is not None
    assert withdrawn.withdrawn_at == clock.now()
    assert session.scalars(Consent.of(amina, MEDICATION)).all() == [withdrawn]


def test_given_again_it_lasts_longer_and_the_first_is_kept(session: Session, amina: Tenant, grace: Worker) -> None:
    first = give(session, amina, grace, date(2027, 1, 1))
    with clock.stopped_at(clock.now() + timedelta(days=30)):
        second = give(session, amina, grace, date(2027, 6, 1))

        assert [row.expires_on for row in session.scalars(Consent.open_of(amina, MEDICATION))] == [second.expires_on]
        assert session.scalars(Consent.of(amina, MEDICATION)).all() == [second, first]
        assert first.renewed_at == clock.now()
    with clock.stopped_at(datetime(2027, 3, 1, tzinfo=UTC)):
        assert sees(session, grace, amina)


def test_after_it_ran_out_it_can_be_given_again(session: Session, amina: Tenant, grace: Worker) -> None:
    give(session, amina, grace, date(2027, 1, 1))

    with clock.stopped_at(datetime(2027, 2, 1, 12, tzinfo=UTC)):
        assert not sees(session, grace, amina)
        give(session, amina, grace)
        assert sees(session, grace, amina)


def test_the_same_again_is_one_consent(session: Session, amina: Tenant, grace: Worker) -> None:
    assert give(session, amina, grace) is give(session, amina, grace)


def test_two_taps_at_the_same_moment_are_one_consent(session: Session, cast: Cast) -> None:
    def one(until: date) -> None:
        with cast.database.step() as own:
            give(own, own.get_one(Tenant, cast.amina.id), own.get_one(Worker, cast.grace.id), until)

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(one, [date(2027, 5, 26)] * 4 + [date(2027, 2, 26)] * 4))

    rows = session.scalars(select(Consent)).all()
    assert len([row for row in rows if row.withdrawn_at is None and row.renewed_at is None]) == 1


def test_the_database_itself_refuses_a_second_one(session: Session, amina: Tenant, grace: Worker) -> None:
    first = give(session, amina, grace)
    session.add(Consent(
        tenant=amina, worker=grace, category=MEDICATION, given_as=GivenAs.KEYWORKER, expires_on=first.expires_on,
        expires_at=first.expires_at,
    ))  # fmt: skip

    with pytest.raises(IntegrityError):
        session.flush()


@pytest.mark.parametrize("who", ["joana", "devon", "priya"])
def test_those_who_do_other_work_cannot_be_chosen(session: Session, cast: Cast, amina: Tenant, who: str) -> None:
    other = session.get_one(Worker, getattr(cast, who).id)

    with pytest.raises(NotToBeChosen):
        give(session, amina, other)


def test_who_may_be_chosen_and_as_what(
    session: Session, amina: Tenant, salma: Tenant, grace: Worker, nasrin: Worker, marek: Worker
) -> None:
    of_amina = {worker: part_of(worker, amina) for worker in session.scalars(may_be_chosen(amina))}

    assert of_amina == {
        grace: GivenAs.KEYWORKER, nasrin: GivenAs.COORDINATOR, marek: GivenAs.SECOND_PERSON
    }  # fmt: skip
    assert session.scalars(may_be_chosen(salma)).all() == [marek, nasrin]  # Grace works in another building


def test_a_second_person_is_no_keyworker(session: Session, amina: Tenant, marek: Worker) -> None:
    give(session, amina, marek)

    assert sees(session, marek, amina, GivenAs.SECOND_PERSON)
    assert not sees(session, marek, amina, GivenAs.KEYWORKER, GivenAs.COORDINATOR)


def another_keyworker(amina: Tenant, grace: Worker, marek: Worker) -> None:
    amina.keyworker = marek


def grace_left(amina: Tenant, grace: Worker, marek: Worker) -> None:
    grace.leave()


def grace_does_something_else(amina: Tenant, grace: Worker, marek: Worker) -> None:
    grace.role = Role.HOUSING_OFFICER


def nobody_supports_her(amina: Tenant, grace: Worker, marek: Worker) -> None:
    amina.keyworker = None


CHANGES = [another_keyworker, grace_left, grace_does_something_else, nobody_supports_her]


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_it_counts_only_while_the_worker_is_what_they_were(
    session: Session, amina: Tenant, grace: Worker, marek: Worker,
    change: Callable[[Tenant, Worker, Worker], None],
) -> None:  # fmt: skip
    consent = give(session, amina, grace)
    assert not consent.rests

    change(amina, grace, marek)
    session.flush()

    assert not sees(session, grace, amina)
    assert consent.rests
    assert session.scalars(Consent.open_of(amina, MEDICATION)).all() == [consent]  # hers to withdraw


def test_a_tenant_who_left_shares_nothing(session: Session, amina: Tenant, grace: Worker) -> None:
    give(session, amina, grace)

    amina.leave()
    session.flush()

    assert not sees(session, grace, amina)


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("theirs", [True, False])
@pytest.mark.parametrize("given_as", list(GivenAs))
@pytest.mark.parametrize("here", [True, False])
def test_what_a_page_says_is_what_the_database_does(
    session: Session, cast: Cast, amina: Tenant, grace: Worker, role: Role, theirs: bool, given_as: GivenAs, here: bool
) -> None:
    consent = give(session, amina, grace)
    consent.given_as, grace.role = given_as, role
    grace.property_id = cast.alma_road.id if here else cast.mare_street.id
    amina.keyworker_id = grace.id if theirs else cast.marek.id
    session.flush()
    session.refresh(grace)

    assert consent.rests is not sees(session, grace, amina)


# For someone's safety, without asking.


def overridden(session: Session, worker: Worker, tenant: Tenant) -> bool:
    one = session.scalar(SafeguardingOverride.in_force(tenant, MEDICATION, worker)) is not None
    assert one is (tenant in session.scalars(select(Tenant).where(overridden_by(worker, MEDICATION))).all())
    return one


def test_a_reason_opens_a_record_for_a_day_and_stands_among_the_looks(
    session: Session, amina: Tenant, tomasz: Tenant, grace: Worker, nasrin: Worker
) -> None:
    override_for_safety(session, grace, amina, MEDICATION, WORRIED)

    assert overridden(session, grace, amina)
    assert not overridden(session, grace, tomasz)
    assert not overridden(session, nasrin, amina)
    assert not sees(session, grace, amina)
    look = session.scalars(Look.at_record_of(amina)).one()
    assert (look.worker_id, look.what, look.reason) == (grace.id, "override", WORRIED)
    with clock.stopped_at(clock.now() + timedelta(hours=23, minutes=59)):
        assert overridden(session, grace, amina)
    with clock.stopped_at(clock.now() + timedelta(hours=24)):
        assert not overridden(session, grace, amina)


@pytest.mark.parametrize("reason", ["", "   ", "worried", " " * 40 + "short"])
def test_without_a_reason_nothing_opens(session: Session, amina: Tenant, grace: Worker, reason: str) -> None:
    with pytest.raises(ValueError):
        override_for_safety(session, grace, amina, MEDICATION, reason)

    assert session.scalars(select(Look)).all() == []


def test_whoever_is_reassigned_that_day_reads_no_further(
    session: Session, amina: Tenant, grace: Worker, marek: Worker
) -> None:
    override_for_safety(session, grace, amina, MEDICATION, WORRIED)

    amina.keyworker = marek
    session.flush()

    assert not overridden(session, grace, amina)


def test_a_keyworker_answers_for_their_own_and_coordinators_and_administrators_for_everyone(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, salma: Tenant, grace: Worker, nasrin: Worker
) -> None:
    assert session.scalars(tenants_answered_for(grace)).all() == [amina, tomasz]
    for watcher in (nasrin, session.get_one(Worker, cast.priya.id)):
        assert session.scalars(tenants_answered_for(watcher)).all() == [amina, salma, tomasz]
    for other in (cast.joana, cast.devon):
        assert session.scalars(tenants_answered_for(session.get_one(Worker, other.id))).all() == []
