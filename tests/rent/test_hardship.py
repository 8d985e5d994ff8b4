"""I can't pay this week: what will happen is said first, little is asked, and the right people learn of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.cover import arrange_cover
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.reminders.models import Notice, State
from tenant_app.reminders.wording import full_words, lock_screen_words
from tenant_app.rent.agreeing import review_agreements
from tenant_app.rent.agreements import AgreementState
from tenant_app.rent.cannot_pay import answer, payments_ahead, take_back, tell_us
from tenant_app.rent.hardship import About, Hardship, HardshipState
from tenant_app.rent.models import RentAccount
from tenant_app.rent.replanning import replan_reminders
from tenant_app.rent.rules import record_payment
from tenant_app.web.locale import speaking
from tests.cast import Cast
from tests.rent.conftest import FRIDAY, TODAY, Agreed, days_later


def reminded(session: Session, kind: str = "rent.due") -> list[str]:
    """Payments that are reminded of."""
    waiting = select(Notice.occurrence).where(Notice.kind == kind, Notice.state == State.WAITING)
    return sorted(set(session.scalars(waiting)))


@pytest.fixture
def amina_there(tenant_door: Flask, cast: Cast, session: Session, behind: RentAccount) -> FlaskClient:
    session.commit()
    return cast.at(tenant_door, cast.amina)


def test_reminders_of_that_payment_rest_until_somebody_answers(
    session: Session, behind: RentAccount, officer: Worker
) -> None:
    before = reminded(session)
    told, new = tell_us(session, behind, About.RENT, FRIDAY)

    assert new
    assert before[0] == "2026-11-27"
    assert reminded(session)[0] == "2026-12-04"
    answer(session, officer, told, HardshipState.AGREED, "Pay what you can on the 4th.", "en")
    assert reminded(session) == before


def test_and_for_no_more_than_seven_days(session: Session, behind: RentAccount) -> None:
    tell_us(session, behind, About.RENT, date(2026, 12, 4))

    # Two days before is Wednesday, the sixth day after today; the day itself is the eighth.
    waiting = session.scalars(
        select(Notice.due_at).where(Notice.occurrence == "2026-12-04", Notice.state == State.WAITING)
    ).all()
    assert waiting == [datetime(2026, 12, 4, 9, tzinfo=UTC)]


def test_telling_twice_tells_once(session: Session, behind: RentAccount) -> None:
    first, new = tell_us(session, behind, About.RENT, FRIDAY, words="Once")
    again, newer = tell_us(session, behind, About.RENT, FRIDAY, words="Twice")

    assert (first is again, new, newer, again.words) == (True, True, False, "Once")
    assert session.scalar(select(func.count()).select_from(Hardship)) == 1


def test_after_an_answer_one_may_tell_again(session: Session, behind: RentAccount, officer: Worker) -> None:
    told, _ = tell_us(session, behind, About.RENT, FRIDAY)
    answer(session, officer, told, HardshipState.ANSWERED, "Let us talk.", "en")

    assert tell_us(session, behind, About.RENT, FRIDAY)[1]


def test_taking_it_back_brings_the_reminders_back(session: Session, behind: RentAccount) -> None:
    before = reminded(session)
    told, _ = tell_us(session, behind, About.RENT, FRIDAY)
    take_back(session, told)
    take_back(session, told)

    assert (told.state, reminded(session)) == (HardshipState.CLOSED, before)


def test_nothing_is_counted_as_not_kept_while_somebody_waits_for_our_answer(
    session: Session, behind: RentAccount, agreed: Agreed, officer: Worker
) -> None:
    agreement = agreed(500)
    with clock.stopped_at(clock.now() + timedelta(days=2)):
        told, _ = tell_us(session, behind, About.PLAN, FRIDAY)
        replan_reminders(session, days_later(2))
        assert reminded(session, "rent.late") == []
    with clock.stopped_at(clock.now() + timedelta(days=30)):
        review_agreements(session, days_later(30))
        assert agreement.state is AgreementState.ACTIVE
        answer(session, officer, told, HardshipState.CLOSED, "I could not reach you.", "en")
        review_agreements(session, days_later(30))
        assert agreement.state is AgreementState.BREACHED


def test_two_working_days_are_promised(session: Session, behind: RentAccount) -> None:
    told, _ = tell_us(session, behind, About.RENT, FRIDAY)
    with clock.stopped_at(datetime(2026, 12, 24, 23, 30, tzinfo=UTC)):
        late = Hardship(account=behind, about=About.RENT, about_day=FRIDAY, told_at=clock.now())

    assert told.answer_by == date(2026, 11, 30)
    assert late.answer_by == date(2026, 12, 30)  # Christmas, a weekend and the Monday for Boxing Day lie between


def test_the_next_payments_are_what_may_be_meant(session: Session, behind: RentAccount, agreed: Agreed) -> None:
    agreed(500, first_on=date(2026, 12, 1))

    assert payments_ahead(session, behind, TODAY)[:3] == [
        (About.RENT, FRIDAY), (About.PLAN, date(2026, 12, 1)), (About.RENT, date(2026, 12, 4))
    ]  # fmt: skip
    with clock.stopped_at(clock.now() + timedelta(days=7)):
        assert payments_ahead(session, behind, days_later(7))[0] == (About.PLAN, date(2026, 12, 1))


@pytest.mark.parametrize("wrong", [{"can_pay_pence": 0}, {"can_pay_pence": -5}, {"happened": ["anything"]}])
def test_what_cannot_be_is_refused(session: Session, behind: RentAccount, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        tell_us(session, behind, About.RENT, FRIDAY, **wrong)  # type: ignore[arg-type]


def test_an_answer_says_something(session: Session, behind: RentAccount, officer: Worker) -> None:
    told, _ = tell_us(session, behind, About.RENT, FRIDAY)
    for state, reply in ((HardshipState.ANSWERED, " "), (HardshipState.OPEN, "Hello")):
        with pytest.raises(ValueError):
            answer(session, officer, told, state, reply, "en")


def test_no_notice_says_a_sum_on_a_locked_phone(
    tenant_door: Flask, session: Session, behind: RentAccount, agreed: Agreed, officer: Worker
) -> None:
    agreed(437, first_on=date(2026, 12, 1))
    with clock.stopped_at(clock.now() + timedelta(days=7)):
        replan_reminders(session, days_later(7))
        told, _ = tell_us(session, behind, About.RENT, date(2026, 12, 11))
        answer(session, officer, told, HardshipState.ANSWERED, "£4.37 is fine", "en")
    notices = session.scalars(select(Notice)).all()

    with tenant_door.test_request_context(), speaking("en"):
        for named in (False, True):
            for notice in notices:
                words = lock_screen_words(notice, named=named)
                assert not {"£", "437", "4.37", "500"} & set(words.title + words.body)
                assert "behind" not in words.title + words.body
                assert full_words(notice).address.startswith("/rent")
        discreet = {lock_screen_words(notice, named=False).body for notice in notices}
    assert discreet == {"Something is planned. Tap to see what.", "There is something new for you."}
    assert {notice.kind for notice in notices} >= {"rent.due", "rent.instalment", "rent.agreement", "rent.answered"}


# The page


def test_the_keyworker_who_may_see_it_is_one_person_and_nobody_who_stands_in(
    session: Session, behind: RentAccount, grace: Worker, cast: Cast
) -> None:
    told, _ = tell_us(session, behind, About.RENT, FRIDAY, tell_keyworker=True)
    marek = session.get_one(Worker, cast.marek.id)
    arrange_cover(session, grace, marek, TODAY, TODAY, ZoneInfo("Europe/London"), arranged_by=grace)
    assert [session.scalars(Hardship.told_to(one)).all() for one in (grace, marek)] == [[told], []]


def test_the_page_says_first_what_will_happen(amina_there: FlaskClient) -> None:
    page = amina_there.get("/rent/cannot-pay").text

    promise = page.index("Nothing bad happens because you tell us.")
    assert promise < page.index("<form")
    assert "Your housing officer will call or write within 2 working days." in page
    assert 'name="tell_keyworker"' in page
    assert "checked" not in page[page.index('name="tell_keyworker"') - 80 : page.index('name="tell_keyworker"') + 80]
    for number in ("tel:08001381111", "tel:999", "tel:116123", "sms:85258"):
        assert number in page
    assert "08088084000" not in page  # not confirmed yet


def test_it_is_one_tap_from_the_rent_page(amina_there: FlaskClient) -> None:
    assert 'href="/rent/cannot-pay"' in amina_there.get("/rent").text


def test_a_single_tap_is_enough(amina_there: FlaskClient, session: Session) -> None:
    answer_page = amina_there.post("/rent/cannot-pay")
    amina_there.post("/rent/cannot-pay")

    assert answer_page.status_code == 303
    told = session.scalars(select(Hardship)).one()
    assert (told.about, told.about_day, told.tell_keyworker) == (About.RENT, FRIDAY, False)
    page = amina_there.get("/rent/cannot-pay").text
    assert "Thank you for telling us" in page
    assert "by Monday 30 November" in page
    assert "You told us that you cannot pay this week." in amina_there.get("/rent").text


def test_everything_that_was_typed_is_kept_when_something_is_wrong(amina_there: FlaskClient, session: Session) -> None:
    typed = {
        "payment": "rent:2026-12-04", "happened": ["late", "other"], "words": "The letter came <today>",
        "can_pay": "ten", "can_pay_on": "2026-11-01", "tell_keyworker": "y",
    }  # fmt: skip
    refused = amina_there.post("/rent/cannot-pay", data=typed)

    assert refused.status_code == 422
    assert "Write a sum of money, such as 12.50" in refused.text
    for kept in ('value="ten"', "The letter came &lt;today&gt;", 'value="2026-11-01"'):
        assert kept in refused.text
    assert session.scalars(select(Hardship)).all() == []
    session.commit()
    typed |= {"can_pay": "10", "can_pay_on": "2026-11-01"}
    assert amina_there.post("/rent/cannot-pay", data=typed).status_code == 422
    typed |= {"can_pay_on": "2026-12-05"}
    assert amina_there.post("/rent/cannot-pay", data=typed).status_code == 303
    told = session.scalars(select(Hardship)).one()
    assert (told.can_pay_pence, told.can_pay_on, told.happened) == (1000, date(2026, 12, 5), ["late", "other"])
    assert (told.about_day, told.tell_keyworker, told.language) == (date(2026, 12, 4), True, "en")


@pytest.mark.parametrize(
    "bad", [{"payment": "rent:1999-01-01"}, {"happened": ["everything"]}, {"can_pay": "-5"}, {"words": "x" * 1001}]
)
def test_what_was_never_offered_is_refused(
    amina_there: FlaskClient, session: Session, bad: dict[str, object]
) -> None:
    assert amina_there.post("/rent/cannot-pay", data=bad).status_code == 422
    assert session.scalars(select(Hardship)).all() == []


def test_an_answer_is_read_on_the_same_page(
    amina_there: FlaskClient, session: Session, behind: RentAccount, officer: Worker
) -> None:
    told, _ = tell_us(session, behind, About.RENT, FRIDAY)
    answer(session, officer, told, HardshipState.AGREED, "Pay on the 4th instead.", "en")
    session.commit()
    page = amina_there.get("/rent/cannot-pay").text

    assert "<bdi>Devon</bdi> answered you" in page
    assert "Pay on the 4th instead." in page
    assert "Tell my housing officer" in page


def test_one_can_pay_after_all(amina_there: FlaskClient, session: Session, behind: RentAccount) -> None:
    told, _ = tell_us(session, behind, About.RENT, FRIDAY)
    session.commit()

    assert amina_there.post(f"/rent/cannot-pay/{told.id}/take-back").status_code == 303
    session.refresh(told)
    assert told.state is HardshipState.CLOSED


def test_somebody_elses_is_not_there(
    tenant_door: Flask, cast: Cast, session: Session, behind: RentAccount
) -> None:
    told, _ = tell_us(session, behind, About.RENT, FRIDAY, words="CANARY-hardship")
    session.commit()
    tomasz = cast.at(tenant_door, cast.tomasz)

    assert tomasz.post(f"/rent/cannot-pay/{told.id}/take-back").status_code == 404
    assert tomasz.get("/rent/cannot-pay").status_code == 404


# The keyworker


@pytest.mark.parametrize("wished", [True, False])
def test_the_keyworker_learns_of_it_only_if_the_tenant_wishes(
    staff_door: Flask, cast: Cast, session: Session, behind: RentAccount, wished: bool
) -> None:
    tell_us(session, behind, About.RENT, FRIDAY, words="CANARY-hardship", tell_keyworker=wished)
    session.commit()
    grace = cast.at(staff_door, cast.grace)

    assert ("Cannot pay this week" in grace.get("/caseload").text) is wished
    assert ("CANARY-hardship" in grace.get(f"/caseload/{cast.amina.id}").text) is wished
    assert "CANARY-hardship" not in cast.at(staff_door, cast.marek).get("/caseload").text


def test_paying_does_not_need_anyone_to_close_anything(
    session: Session, behind: RentAccount, amina: Tenant
) -> None:
    told, _ = tell_us(session, behind, About.RENT, FRIDAY)
    record_payment(session, behind, 5680, TODAY, "bank:1")

    assert told.open
    assert amina.id == behind.tenant_id
