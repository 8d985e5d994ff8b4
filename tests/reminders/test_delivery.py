"""What is due goes out in the tenant's own language, and only if it still should."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from tenant_app import clock
from tenant_app.accounts.models import Person
from tenant_app.reminders.models import Delivery, Notice, State, Subscription
from tenant_app.reminders.outbox import claim
from tenant_app.reminders.push import Postman
from tenant_app.reminders.rules import announce, withdraw
from tenant_app.reminders.subscriptions import subscribe
from tests.questions import counted
from tests.reminders.conftest import DOSE, STUMBLE, Office, spoken


def test_every_phone_of_a_tenant_is_woken_once(office: Office) -> None:
    phones = [office.phone(office.cast.amina, device) for device in ("phone", "tablet")]
    notice = office.dose(office.cast.amina)
    office.deliver()
    office.deliver()
    assert [len(phone.pushes) for phone in phones] == [1, 1]
    kept = office.notice(notice)
    assert (kept.state, kept.settled_at, kept.leased_until) == (State.SENT, clock.now(), None)
    with office.database.session() as session:
        assert [one.outcome for one in session.scalars(select(Delivery))] == ["accepted", "accepted"]


def test_a_tenant_without_a_phone_finds_it_in_the_app(office: Office) -> None:
    notice = office.dose(office.cast.amina)
    office.deliver()
    assert office.notice(notice).state is State.UNDELIVERED
    with office.database.session() as session:
        assert [one.id for one in session.scalars(Notice.of(office.cast.amina))] == [notice]


def test_what_is_withdrawn_after_the_claim_is_not_sent(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    notices = [office.dose(office.cast.amina, source) for source in ("taken", "open")]
    with office.database.step() as session:
        ids = claim(session, "first")
    with office.database.step() as session:
        assert withdraw(session, "taken") == 1
    office.deliver("first", ids)
    assert [office.notice(one).state for one in notices] == [State.WITHDRAWN, State.SENT]
    assert len(phone.pushes) == 1


def test_of_two_hundred_that_are_withdrawn_beside_the_worker_none_is_sent_after_it_could_know(office: Office) -> None:
    """Ten rounds of twenty: five before the worker claims, five between its claim and its last look, ten at any time
    from there on."""
    chance, phone = random.Random(36), office.phone(office.cast.amina)
    waiting = {f"dose {number}" for number in range(10 * (5 + 20))}
    with office.database.step() as session:
        amina = office.cast.now(session, office.cast.amina)
        amina.named_on_lock_screen = True  # type: ignore[attr-defined]
        for source in sorted(waiting):
            facts = {"medicine": source, "strength": ""}
            announce(session, amina, DOSE, source=source, lasts=timedelta(hours=1), facts=facts)  # type: ignore[arg-type]

    def record(doses: list[str]) -> None:
        for source in doses:
            with office.database.step() as session:
                withdraw(session, source)

    early: set[str] = set()
    late: set[str] = set()
    with ThreadPoolExecutor(1) as beside:
        for _ in range(10):
            before = chance.sample(sorted(waiting), 5)
            record(before)
            with office.database.step() as session:
                ids = claim(session, "first", 20)
                claimed = sorted(session.scalars(select(Notice.source).where(Notice.id.in_(ids))))
            assert len(claimed) == 20
            assert not set(claimed) & set(before)
            chance.shuffle(claimed)
            after, meanwhile = claimed[:5], claimed[5:15]
            record(after)
            recorded = beside.submit(record, meanwhile)
            office.deliver("first", ids)
            recorded.result(60)
            early.update(before, after)
            late.update(meanwhile)
            waiting.difference_update(before, claimed)

    sent = [push.shown["title"].removeprefix("Take ") for push in phone.pushes]
    assert len(sent) == len(set(sent))
    assert not early & set(sent)
    with office.database.session() as session:
        states = {one.source: one.state for one in session.scalars(select(Notice))}
    assert {states[source] for source in early} == {State.WITHDRAWN}
    assert {states[source] for source in late} <= {State.WITHDRAWN, State.SENT}
    assert {source for source, state in states.items() if state is State.SENT} <= set(sent)
    assert len(early | late) == 200
    assert states.keys() - early - late <= set(sent)


@pytest.mark.parametrize("status", [201, 410, 413, 503])
def test_what_is_withdrawn_while_it_is_on_its_way_stays_withdrawn(office: Office, status: int) -> None:
    phone = office.phone(office.cast.amina).answers(status)
    notice = office.dose(office.cast.amina)
    answer = phone.answer

    def record_the_dose() -> object:
        with office.database.step() as session:
            withdraw(session, "dose")
        return answer()

    phone.answer = record_the_dose  # type: ignore[assignment]
    office.deliver()
    assert phone.knocks == 1
    assert office.notice(notice).state is State.WITHDRAWN


def test_somebody_who_left_is_not_reminded_any_more(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    notice = office.dose(office.cast.amina)
    with office.database.step() as session:
        office.cast.now(session, office.cast.amina).leave()
    office.deliver()
    assert office.notice(notice).state is State.WITHDRAWN
    assert phone.knocks == 0


def test_words_are_in_the_tenants_language_and_direction(office: Office) -> None:
    hers, his = office.phone(office.cast.salma), office.phone(office.cast.tomasz)
    turkish = office.newcomer("Elif Kaya", "tr")
    elifs = office.phone(turkish)
    for person in (office.cast.salma, office.cast.tomasz, turkish):
        office.dose(person, f"dose {person.id}")
    office.deliver()
    assert [(phone.pushes[0].shown["lang"], phone.pushes[0].shown["dir"]) for phone in (hers, his, elifs)] == [
        ("ar", "rtl"), ("en", "ltr"), ("tr", "ltr"),
    ]  # fmt: skip
    assert sorted(spoken) == ["ar", "en", "tr"]


def test_a_language_that_nobody_speaks_any_more_falls_back(office: Office) -> None:
    person = office.newcomer("Somebody", "tlh")
    phone = office.phone(person)
    office.dose(person)
    office.deliver()
    assert phone.pushes[0].shown["lang"] == "en"


def test_a_wording_that_stumbles_silences_nobody_else_and_is_tried_again(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    phones = [office.phone(person) for person in (office.cast.amina, office.cast.tomasz)]
    bad = [
        office.dose(office.cast.amina, "stumbles", kind=STUMBLE, medicine="Canary7194"),
        office.dose(office.cast.amina, "unknown", kind="nobody.words.this"),
    ]
    good = [office.dose(person, f"dose {person.id}") for person in (office.cast.amina, office.cast.tomasz)]
    office.deliver()
    assert {office.notice(one).state for one in good} == {State.SENT}
    assert [len(phone.pushes) for phone in phones] == [1, 1]
    for one in bad:
        assert office.notice(one).state is State.WAITING
        assert office.notice(one).leased_until is None
        assert office.notice(one).try_at > clock.now()
    logged = capsys.readouterr().out
    assert "notice_without_words" in logged
    assert "Canary7194" not in logged


def test_a_postman_who_breaks_his_promise_does_so_for_one_browser_only(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    unlucky, lucky = office.phone(office.cast.amina), office.phone(office.cast.tomasz)
    notices = [office.dose(person, f"dose {person.id}") for person in (office.cast.amina, office.cast.tomasz)]
    real = Postman.send

    async def send(self: Postman, endpoint: str, *rest: object, **more: object) -> object:
        if endpoint == unlucky.endpoint:
            raise RuntimeError("nobody foresaw this")
        return await real(self, endpoint, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Postman, "send", send)
    office.deliver()
    assert [office.notice(one).state for one in notices] == [State.WAITING, State.SENT]
    assert len(lucky.pushes) == 1


def test_after_amina_signs_out_and_tomasz_in_her_reminders_do_not_reach_that_phone(office: Office) -> None:
    phone = office.phone(office.cast.amina)
    office.dose(office.cast.amina, "hers")
    with office.database.step() as session:
        subscribe(
            session, session.get_one(Person, office.cast.tomasz.id), phone.endpoint, phone.p256dh, phone.auth,
            "Chrome, Android", office.house.settings,
        )  # fmt: skip
    office.dose(office.cast.tomasz, "his")
    office.deliver()
    assert len(phone.pushes) == 1
    with office.database.session() as session:
        states = {one.source: one.state for one in session.scalars(select(Notice))}
        assert states == {"hers": State.UNDELIVERED, "his": State.SENT}


def test_a_subscription_that_works_again_is_no_longer_failing(office: Office) -> None:
    phone = office.phone(office.cast.amina).answers(503)
    office.dose(office.cast.amina, "first")
    office.deliver()
    phone.answers(201)
    office.dose(office.cast.amina, "second")
    office.deliver()
    with office.database.session() as session:
        kept = session.scalars(select(Subscription)).one()
    assert (kept.failing_since, kept.worked_at) == (None, clock.now())


def test_a_batch_says_whether_more_is_due(office: Office) -> None:
    for number in range(5):
        office.dose(office.cast.amina, f"dose {number}")
    assert [office.deliver(most=2) for _ in range(3)] == [True, True, False]


def test_a_batch_asks_the_database_as_often_for_many_as_for_few(office: Office) -> None:
    def questions(people: int) -> int:
        for number in range(people):
            person = office.newcomer(f"Tenant {number}")
            office.phone(person)
            office.dose(person, f"dose {person.id}")
        with counted(office.worker.app) as asked:
            office.deliver()
        return len(asked)

    assert questions(2) == questions(12)
