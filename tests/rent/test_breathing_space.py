"""Breathing Space: while it lasts nothing is said about arrears, on any channel; rent goes on, and nothing piles up."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.reminders.models import Notice, State
from tenant_app.rent.agreeing import (
    Silenced,
    agree,
    cancel,
    covered_by_agreement,
    pause,
    plan_now,
    propose,
    resume,
    review_agreements,
)
from tenant_app.rent.agreements import AgreementState
from tenant_app.rent.breathing_space import BreathingSpace, RespiteKind, silenced
from tenant_app.rent.cannot_pay import answer, tell_us
from tenant_app.rent.hardship import About, HardshipState
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.plans import Terms
from tenant_app.rent.reminding import ABOUT_ARREARS
from tenant_app.rent.replanning import replan_reminders
from tenant_app.rent.respite import Overlaps, change_end, note_breathing_space, treatment_ended
from tenant_app.rent.rules import next_payment, record_payment
from tests.rent.conftest import FRIDAY, TODAY, Agreed, days_later

STANDARD, CRISIS = RespiteKind.STANDARD, RespiteKind.CRISIS
NINE = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)


def waiting(session: Session) -> list[Notice]:
    return list(session.scalars(select(Notice).where(Notice.state == State.WAITING).order_by(Notice.due_at)))


def about_arrears(session: Session, first: date, last: date) -> list[tuple[str, date]]:
    """What was said about arrears, or waits to be, between two days."""
    found = session.scalars(
        select(Notice).where(Notice.kind.in_(ABOUT_ARREARS), Notice.state != State.WITHDRAWN)
    )
    return [(one.kind, one.due_at.date()) for one in found if first <= one.due_at.date() <= last]


def lived(session: Session, days: range) -> None:
    """The worker goes round each morning: it reviews, plans, and says what is due."""
    for day in days:
        with clock.stopped_at(NINE + timedelta(days=day)):
            while review_agreements(session, days_later(day)) or replan_reminders(session, days_later(day)):
                pass
            for notice in waiting(session):
                if notice.due_at <= clock.now():
                    notice.settle(State.SENT if notice.expires_at > clock.now() else State.MISSED)
            session.flush()


def test_sixty_days_counting_the_first(session: Session, behind: RentAccount, officer: Worker) -> None:
    space = note_breathing_space(session, officer, behind, STANDARD, TODAY)

    assert space.ends_on == date(2027, 1, 24)
    assert [silenced(session, behind, days_later(day)) for day in (-1, 0, 59, 60)] == [False, True, True, False]


def test_a_crisis_lasts_as_long_as_the_treatment_and_thirty_days(
    session: Session, behind: RentAccount, officer: Worker
) -> None:
    space = note_breathing_space(session, officer, behind, CRISIS, TODAY, reference="BS-77")

    assert space.ends_on is None
    assert silenced(session, behind, days_later(900))
    treatment_ended(session, officer, space, days_later(10))
    assert [silenced(session, behind, days_later(day)) for day in (40, 41)] == [True, False]
    assert (space.changed_by, space.changed_at) == (officer, clock.now())


def test_one_at_a_time(session: Session, behind: RentAccount, officer: Worker) -> None:
    first = note_breathing_space(session, officer, behind, STANDARD, TODAY)

    assert note_breathing_space(session, officer, behind, STANDARD, TODAY) is first
    for starts in (-3, 0, 59):
        with pytest.raises(Overlaps):
            note_breathing_space(session, officer, behind, CRISIS, days_later(starts))
    note_breathing_space(session, officer, behind, CRISIS, days_later(60))
    with pytest.raises(ValueError):
        change_end(session, officer, first, days_later(-1))


def test_what_waits_is_withdrawn_at_once(
    session: Session, behind: RentAccount, agreed: Agreed, officer: Worker, amina: Tenant
) -> None:
    agreed(500, first_on=date(2026, 11, 30))
    propose(session, behind, officer, Terms(4260, 1000, Frequency.WEEKLY, FRIDAY), TODAY)
    assert {"rent.instalment", "rent.agreement"} <= {notice.kind for notice in waiting(session)}
    note_breathing_space(session, officer, behind, STANDARD, TODAY)

    assert {notice.kind for notice in waiting(session)} == {"rent.due"}


def test_ongoing_rent_is_still_due_and_reminded_of(
    session: Session, behind: RentAccount, officer: Worker, amina: Tenant
) -> None:
    note_breathing_space(session, officer, behind, STANDARD, TODAY)
    upcoming = next_payment(session, amina, TODAY)

    assert upcoming is not None
    assert (upcoming.day, upcoming.pence, upcoming.parts) == (FRIDAY, 1420, (("service", 1420),))
    assert next(notice.facts["day"] for notice in waiting(session) if notice.kind == "rent.due") == "2026-11-27"
    record_payment(session, behind, 1420, TODAY, "bank:1")
    later = next_payment(session, amina, TODAY)
    assert later is not None
    assert (later.day, later.pence) == (date(2026, 12, 4), 1420)
    assert "2026-11-27" not in [notice.facts["day"] for notice in waiting(session)]


def test_nothing_is_proposed_or_agreed_meanwhile(
    session: Session, behind: RentAccount, officer: Worker, amina: Tenant
) -> None:
    proposed = propose(session, behind, officer, Terms(4260, 500, Frequency.WEEKLY, FRIDAY), TODAY)
    note_breathing_space(session, officer, behind, STANDARD, TODAY)

    with pytest.raises(Silenced):
        agree(session, proposed, amina, TODAY)
    with pytest.raises(Silenced):
        propose(session, behind, amina, Terms(4260, 500, Frequency.WEEKLY, FRIDAY), TODAY)


def test_when_it_ends_the_agreement_goes_on_without_a_backlog(
    session: Session, behind: RentAccount, agreed: Agreed, officer: Worker
) -> None:
    agreement = agreed(500, first_on=date(2026, 11, 30))
    space = note_breathing_space(session, officer, behind, STANDARD, TODAY)
    for week in range(12):
        record_payment(session, behind, 1420, FRIDAY + timedelta(weeks=week), f"bank:{week}")
    lived(session, range(62))

    assert agreement.state is AgreementState.ACTIVE
    assert space.ends_on == date(2027, 1, 24)
    assert about_arrears(session, TODAY, date(2027, 1, 24)) == []
    assert plan_now(session, agreement, days_later(61))[0].day == date(2027, 1, 25)
    assert sorted(about_arrears(session, date(2027, 1, 25), date(2027, 2, 1))) == [
        ("rent.instalment", date(2027, 1, 25)), ("rent.instalment", date(2027, 1, 30)),
        ("rent.instalment", date(2027, 2, 1)), ("rent.late", date(2027, 1, 27)),
    ]  # fmt: skip


def test_days_of_grace_begin_again_after_it(
    session: Session, behind: RentAccount, agreed: Agreed, officer: Worker
) -> None:
    agreement = agreed(500)
    lived(session, range(2))  # Friday's payment does not come
    with clock.stopped_at(NINE + timedelta(days=2)):
        note_breathing_space(session, officer, behind, STANDARD, days_later(2), ends_on=days_later(20))
    lived(session, range(2, 22))

    assert agreement.state is AgreementState.ACTIVE
    # It ends on Wednesday 16 December; five working days later is the 23rd.
    lived(session, range(22, 28))
    assert agreement.state is AgreementState.ACTIVE
    lived(session, range(28, 29))
    assert agreement.state is AgreementState.BREACHED


@pytest.mark.parametrize("first_on", [date(2026, 12, 2), date(2026, 12, 5)])
def test_one_that_starts_later_silences_from_its_first_day(
    session: Session, behind: RentAccount, agreed: Agreed, officer: Worker, first_on: date
) -> None:
    # Of an instalment on Saturday 30 January, the reminder two days before would fall on its last but one day.
    agreed(500, first_on=first_on)
    note_breathing_space(session, officer, behind, STANDARD, date(2026, 12, 1))

    assert about_arrears(session, date(2026, 12, 1), date(2027, 1, 29)) == []
    assert not covered_by_agreement(session, behind, date(2026, 12, 1))


def test_nothing_moves_meanwhile(
    session: Session, behind: RentAccount, agreed: Agreed, officer: Worker
) -> None:
    agreement = agreed(500)
    pause(session, agreement, officer, "In hospital", days_later(5))
    note_breathing_space(session, officer, behind, STANDARD, TODAY, ends_on=days_later(20))
    lived(session, range(1, 21))
    assert agreement.state is AgreementState.PAUSED

    lived(session, range(21, 22))
    assert agreement.state is AgreementState.ACTIVE


@pytest.mark.parametrize("what", ["pause", "cancel", "resume"])
def test_what_staff_change_meanwhile_is_not_announced(
    session: Session, behind: RentAccount, agreed: Agreed, officer: Worker, what: str
) -> None:
    agreement = agreed(500)
    if what == "resume":
        pause(session, agreement, officer, "In hospital", None)
    note_breathing_space(session, officer, behind, CRISIS, TODAY)
    if what == "pause":
        pause(session, agreement, officer, "In hospital", None)
    elif what == "cancel":
        cancel(session, agreement, officer, "Written off")
    else:
        resume(session, agreement, officer)

    assert {notice.kind for notice in waiting(session)} == {"rent.due"}


def test_an_answer_to_a_tenant_who_asked_still_comes(
    session: Session, behind: RentAccount, officer: Worker
) -> None:
    told, _ = tell_us(session, behind, About.RENT, FRIDAY)
    note_breathing_space(session, officer, behind, STANDARD, TODAY)
    answer(session, officer, told, HardshipState.ANSWERED, "Thank you for telling us.", "en")

    assert [notice.kind for notice in waiting(session) if notice.kind == "rent.answered"] == ["rent.answered"]


# Whatever happens in whatever order, its days stay silent.

EVENTS = ("pay", "pause", "resume", "propose", "agree", "cancel", "tell", "answer", "day", "day", "day", "review")


# An example lives a dozen days through the database: a quarter of the profile's number, 250 in the long one.
@trying(
    max_examples=trying.default.max_examples // 4, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(
    before=st.lists(st.sampled_from(EVENTS), max_size=6), during=st.lists(st.sampled_from(EVENTS), max_size=14),
    kind=st.sampled_from(RespiteKind), starts=st.integers(0, 3), first=st.integers(1, 9),
)  # fmt: skip
def test_no_message_about_arrears_leaves_in_its_days(
    session: Session, behind: RentAccount, officer: Worker, amina: Tenant, before: list[str], during: list[str],
    kind: RespiteKind, starts: int, first: int,
) -> None:  # fmt: skip
    outermost = session.begin_nested()
    day = _happen(session, behind, officer, amina, ["propose", "agree", *before], 0, first)
    begins = day + starts
    with clock.stopped_at(NINE + timedelta(days=day)):
        note_breathing_space(session, officer, behind, kind, days_later(begins))
    end = _happen(session, behind, officer, amina, [*["day"] * (starts + 1), *during, "day"], day, first)

    space = session.scalars(BreathingSpace.of(behind)).one()
    # On its first day, what was said in the morning was said before anybody noted it.
    found = about_arrears(session, days_later(begins + 1), days_later(end + 400))
    assert [one for one in found if space.covers(one[1])] == []
    outermost.rollback()
    session.expire_all()


def _happen(
    session: Session, account: RentAccount, officer: Worker, amina: Tenant, events: list[str], day: int, first: int
) -> int:
    """Let things happen one after another; what a rule refuses does not happen. Returns the day it is then."""
    from tenant_app.rent.agreeing import CannotAgree, arrears_of
    from tenant_app.rent.aside import live_agreement, proposal
    from tenant_app.rent.hardship import open_hardship

    for number, event in enumerate(events):
        today = days_later(day)
        with clock.stopped_at(NINE + timedelta(days=day, minutes=number)):
            running, proposed, told = (
                live_agreement(session, account), proposal(session, account), open_hardship(session, account)
            )
            try:
                if event == "pay":
                    record_payment(session, account, 900 + number, today, f"bank:{day}:{number}")
                elif event == "propose":
                    sum_owed = arrears_of(session, account, today)
                    terms = Terms(sum_owed, 700, Frequency.WEEKLY, today + timedelta(days=first))
                    propose(session, account, officer, terms, today)
                elif event == "agree" and proposed:
                    agree(session, proposed, amina, today)
                elif event == "pause" and running:
                    pause(session, running, officer, "A reason", None)
                elif event == "resume" and running:
                    resume(session, running, officer)
                elif event == "cancel" and running:
                    cancel(session, running, officer, "A reason")
                elif event == "tell":
                    tell_us(session, account, About.PLAN, today)
                elif event == "answer" and told:
                    answer(session, officer, told, HardshipState.ANSWERED, "Thank you.", "en")
            except CannotAgree:
                pass
            lived(session, range(day, day + 1))
        day += event == "day"
    return day
