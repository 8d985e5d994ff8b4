"""What must not be said to somebody just now goes out on no channel, though it was planned or claimed before."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.reminders import vetoes
from tenant_app.reminders.addresses import Carrier
from tenant_app.reminders.answers import Kind
from tenant_app.reminders.models import Delivery, Notice, State
from tenant_app.reminders.outbox import claim
from tenant_app.reminders.rules import announce
from tenant_app.rent.breathing_space import BreathingSpace, RespiteKind
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.reminding import ABOUT_ARREARS, ANSWERED, DUE
from tenant_app.rent.respite import note_breathing_space
from tenant_app.rent.rules import open_account
from tests.cast import Cast
from tests.reminders.conftest import STUMBLE, Office
from tests.reminders.test_standing_in import Letters, _deliver, _write_down

TODAY = date(2026, 11, 26)
FACTS = {
    "rent.instalment": {"day": "2026-11-27"}, "rent.late": {"day": "2026-11-20"}, "rent.agreement": {"state": "active"},
    DUE: {"day": "2026-11-27"}, ANSWERED: {"from": "Devon"},
}  # fmt: skip
CHANNELS = ("push", Carrier.EMAIL, Carrier.SMS)


def account_of(session: Session, tenant: Tenant, office: Office) -> RentAccount:
    return open_account(
        session, tenant, frequency=Frequency.WEEKLY, first_due_on=date(2026, 11, 27), service_charge_pence=1420,
        eligible_rent_pence=22150, zone=office.house.settings.zone,
    )  # fmt: skip


def say(session: Session, account: RentAccount, kind: str) -> UUID:
    source = f"rent:{account.id}:test-{kind}"
    announce(session, account.tenant, kind, source=source, lasts=timedelta(hours=12), facts=FACTS[kind])
    return session.scalars(select(Notice.id).where(Notice.source == source)).one()


def begins(session: Session, account: RentAccount, day: date = TODAY) -> None:
    """It was noted, and nobody has looked at what was planned since."""
    session.add(BreathingSpace(account=account, kind=RespiteKind.CRISIS, starts_on=day))
    session.flush()


def listen(office: Office, letters: Letters, channel: str) -> None:
    if channel == "push":
        office.phone(office.cast.amina)
    else:
        letters.offered = frozenset({Carrier(channel)})
        _write_down(office, carrier=Carrier(channel))


@pytest.fixture
def letters(office: Office) -> Letters:
    return Letters(office, Kind.ACCEPTED)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("kind", ABOUT_ARREARS)
def test_nothing_about_arrears_leaves_on_any_channel_in_breathing_space(
    office: Office, letters: Letters, channel: str, kind: str
) -> None:
    listen(office, letters, channel)
    with office.database.step() as session:
        account = account_of(session, session.get_one(Tenant, office.cast.amina.id), office)
        said = {one: say(session, account, one) for one in (kind, DUE, ANSWERED)}
        begins(session, account)
    _deliver(office, letters)

    assert {one: office.notice(said[one]).state for one in said} == {
        kind: State.WITHDRAWN, DUE: State.SENT, ANSWERED: State.SENT,
    }  # fmt: skip
    assert len(letters.sent) == (0 if channel == "push" else 2)
    with office.database.session() as session:
        assert session.scalars(select(Delivery).where(Delivery.notice_id == said[kind])).all() == []


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("starts", [-1, 0, 1])
def test_it_is_silent_from_its_first_day_and_not_before(
    office: Office, letters: Letters, channel: str, starts: int
) -> None:
    listen(office, letters, channel)
    with office.database.step() as session:
        account = account_of(session, session.get_one(Tenant, office.cast.amina.id), office)
        late = say(session, account, "rent.late")
        begins(session, account, TODAY + timedelta(days=starts))
    _deliver(office, letters)

    assert office.notice(late).state is (State.SENT if starts > 0 else State.WITHDRAWN)


def test_what_was_claimed_before_it_began_is_not_sent(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    with office.database.step() as session:
        account = account_of(session, session.get_one(Tenant, office.cast.amina.id), office)
        late = say(session, account, "rent.late")
    with office.database.step() as session:
        ids = claim(session, "first")
    with office.database.step() as session:
        note_breathing_space(
            session, session.get_one(Worker, office.cast.devon.id), session.get_one(RentAccount, account.id),
            RespiteKind.STANDARD, TODAY,
        )  # fmt: skip
    office.deliver("first", ids)

    assert phone.knocks == 0
    assert office.notice(late).state is State.WITHDRAWN


def test_a_phone_that_put_us_off_is_not_asked_again_once_it_began(office: Office) -> None:
    phone = office.phone(office.cast.amina).answers(503)
    with office.database.step() as session:
        account = account_of(session, session.get_one(Tenant, office.cast.amina.id), office)
        late = say(session, account, "rent.late")
    office.deliver()
    with office.database.step() as session:
        begins(session, session.get_one(RentAccount, account.id))
    with clock.stopped_at(clock.now() + timedelta(hours=1)):
        office.deliver()

    assert phone.knocks == 1
    assert office.notice(late).state is State.WITHDRAWN


def test_others_are_told_all_the_same(office: Office) -> None:
    phones = [office.phone(person) for person in (office.cast.amina, office.cast.tomasz)]
    with office.database.step() as session:
        accounts = [
            account_of(session, session.get_one(Tenant, person.id), office)
            for person in (office.cast.amina, office.cast.tomasz)
        ]
        for account in accounts:
            say(session, account, "rent.late")
        begins(session, accounts[0])
    office.deliver()

    assert [len(phone.pushes) for phone in phones] == [0, 1]


def test_a_feature_that_stumbles_over_its_veto_says_nothing_and_silences_nobody_else(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(session: Session, tenants: object) -> set[UUID]:
        raise RuntimeError("nobody foresaw this")

    monkeypatch.setitem(vetoes._vetoes, STUMBLE, stumble)
    phone = office.phone(office.cast.amina)
    silent, said = office.dose(office.cast.amina, "silent", kind=STUMBLE), office.dose(office.cast.amina, "said")
    office.deliver()

    assert [office.notice(one).state for one in (silent, said)] == [State.WAITING, State.SENT]
    assert len(phone.pushes) == 1


def test_in_the_list_it_is_not_shown_and_not_lit_meanwhile(
    session: Session, tenant_door: Flask, cast: Cast, office: Office
) -> None:
    account = account_of(session, session.get_one(Tenant, cast.amina.id), office)
    for notice_id in [say(session, account, kind) for kind in ("rent.late", "rent.instalment", "rent.agreement")]:
        session.get_one(Notice, notice_id).settle(State.SENT)
    session.commit()
    amina = cast.at(tenant_door, cast.amina)
    before = amina.get("/reminders").text
    note_breathing_space(
        session, session.get_one(Worker, cast.devon.id), account, RespiteKind.STANDARD, TODAY, ends_on=TODAY
    )  # fmt: skip
    session.commit()
    meanwhile = amina.get("/reminders").text
    with clock.stopped_at(clock.now() + timedelta(days=1)):
        after = amina.get("/reminders").text

    shown = [("has not reached us" in page, "Your plan is running" in page) for page in (before, meanwhile, after)]
    assert shown == [(True, True), (False, False), (True, True)]
    # What was not read is not put before them again, when it has long been overtaken.
    assert (before.count(">New<"), meanwhile.count(">New<"), after.count(">New<")) == (3, 0, 1)
    assert after.index("A payment is due") < after.index(">New<") < after.index("has not reached us")
    assert set(session.scalars(select(Notice.state).where(Notice.kind.in_(ABOUT_ARREARS)))) == {State.SENT}


def test_a_feature_that_stumbles_over_its_veto_leaves_the_rest_of_the_list_readable(
    session: Session, tenant_door: Flask, cast: Cast, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(session: Session, tenants: object) -> set[UUID]:
        raise RuntimeError("nobody foresaw this")

    account = account_of(session, session.get_one(Tenant, cast.amina.id), office)
    for notice_id in [say(session, account, kind) for kind in ("rent.late", DUE)]:
        session.get_one(Notice, notice_id).settle(State.SENT)
    session.commit()
    monkeypatch.setitem(vetoes._vetoes, "rent.late", stumble)
    page = cast.at(tenant_door, cast.amina).get("/reminders")

    assert page.status_code == 200
    assert "has not reached us" not in page.text
    assert page.text.count(">New<") == 1
