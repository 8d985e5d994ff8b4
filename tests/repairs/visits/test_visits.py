"""Times to come: offered, chosen, changed, called off; and what the tenant is told and reminded of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.reminders.models import Notice
from tenant_app.reminders.models import State as NoticeState
from tenant_app.repairs.models import Event, Repair, State
from tenant_app.repairs.rules import change_state
from tenant_app.repairs.visits.desk import MOST_SLOTS, Chosen, no_access, offer, take_back
from tenant_app.repairs.visits.rules import Gone, TooLate, cancel, choose, none_fits, to_choose
from tests.conftest import THURSDAY
from tests.repairs.conftest import LONDON, Reported
from tests.repairs.visits.conftest import MONDAY, TUESDAY, Offered, slots_of

ON_MONDAY = datetime(2026, 11, 30, 13, 0, tzinfo=UTC)


def waiting(session: Session, *kinds: str) -> list[tuple[str, datetime]]:
    """What is still to be said: (kind, when)."""
    found = session.scalars(select(Notice).where(Notice.state == NoticeState.WAITING).order_by(Notice.due_at))
    return [(notice.kind, notice.due_at) for notice in found if not kinds or notice.kind in kinds]


def reminders(session: Session) -> list[tuple[str, datetime]]:
    return waiting(session, "repairs.day_before", "repairs.same_morning")


def story(repair: Repair) -> list[Event]:
    return [line.event for line in repair.updates]


def test_offering_times_says_that_somebody_has_looked_and_tells_the_tenant(
    session: Session, reported: Reported, devon: Worker
) -> None:
    repair = reported()

    offer(session, devon, repair, [MONDAY, TUESDAY], "Femi has time", zone=LONDON)

    session.refresh(repair)
    assert (repair.state, repair.visit_on, repair.unread) == (State.SEEN, None, True)
    assert repair.choose_by == datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    assert story(repair) == [Event.OFFERED, Event.CHANGE]
    assert [notice.facts["event"] for notice in session.scalars(select(Notice))] == ["offered"]
    assert to_choose(session, repair.tenant) == [repair]


def test_offering_the_same_times_again_offers_and_says_nothing_new(
    session: Session, offered: Offered, devon: Worker
) -> None:
    repair = offered()

    assert offer(session, devon, repair, [TUESDAY, MONDAY], zone=LONDON) == []

    assert len(slots_of(session, repair)) == 2
    assert story(repair) == [Event.OFFERED, Event.CHANGE]


def test_times_that_nobody_could_keep_are_not_offered(session: Session, reported: Reported, devon: Worker) -> None:
    repair = reported()
    today, far = THURSDAY.date(), THURSDAY.date() + timedelta(days=181)

    for times in ([(today, "08:30-12:00")], [(far, "09:00-12:00")], [],
                  [(today + timedelta(days=ahead), "09:00-12:00") for ahead in range(1, MOST_SLOTS + 2)]):  # fmt: skip
        with pytest.raises(ValueError, match=r"time|many"):
            offer(session, devon, repair, times, zone=LONDON)
    change_state(session, devon, repair, State.FIXED, zone=LONDON)
    with pytest.raises(ValueError, match="to be done"):
        offer(session, devon, repair, [MONDAY], zone=LONDON)


def test_a_chosen_time_is_the_visit_with_a_reminder_the_evening_before_and_in_the_morning(
    session: Session, offered: Offered
) -> None:
    repair = offered()

    choose(session, repair, slots_of(session, repair)[0], LONDON)

    assert (repair.state, repair.visit_on, repair.visit_window, repair.unread) == (State.BOOKED, *MONDAY, False)
    session.refresh(repair)
    assert story(repair)[0] is Event.CHOSEN
    assert reminders(session) == [
        ("repairs.day_before", datetime(2026, 11, 29, 18, 0, tzinfo=UTC)),
        ("repairs.same_morning", datetime(2026, 11, 30, 8, 0, tzinfo=UTC)),
    ]
    assert waiting(session, "repairs.news") == []


def test_two_taps_choose_once(session: Session, offered: Offered) -> None:
    repair = offered()
    slot = slots_of(session, repair)[0]

    choose(session, repair, slot, LONDON)
    choose(session, repair, slot, LONDON)

    session.refresh(repair)
    assert story(repair).count(Event.CHOSEN) == 1


def test_changing_to_another_time_and_back_reminds_of_the_last_alone(session: Session, offered: Offered) -> None:
    repair = offered()
    monday, tuesday = slots_of(session, repair)

    choose(session, repair, monday, LONDON)
    choose(session, repair, tuesday, LONDON)
    assert {when.date().day for _, when in reminders(session)} == {30, 1}

    choose(session, repair, monday, LONDON)

    assert [when for _, when in reminders(session)] == [
        datetime(2026, 11, 29, 18, 0, tzinfo=UTC), datetime(2026, 11, 30, 8, 0, tzinfo=UTC),
    ]  # fmt: skip


def test_an_early_visit_reminds_an_hour_before(session: Session, offered: Offered) -> None:
    repair = offered((MONDAY[0], "07:30-09:00"))

    choose(session, repair, slots_of(session, repair)[0], LONDON)

    assert reminders(session)[1][1] == datetime(2026, 11, 30, 6, 30, tzinfo=UTC)


def test_a_visit_the_desk_books_directly_reminds_too_and_nothing_else_is_on_offer(
    session: Session, offered: Offered, devon: Worker
) -> None:
    repair = offered()

    change_state(session, devon, repair, State.BOOKED, zone=LONDON, visit_on=MONDAY[0], visit_window=MONDAY[1])

    assert len(reminders(session)) == 2
    assert repair.choose_by is None
    assert all(slot.closed_at for slot in slots_of(session, repair))


def test_a_time_that_was_taken_back_or_has_begun_is_refused_and_nothing_is_lost(
    session: Session, offered: Offered
) -> None:
    repair = offered()
    monday, tuesday = slots_of(session, repair)
    choose(session, repair, tuesday, LONDON)

    take_back(session, monday)
    take_back(session, monday)
    with pytest.raises(Gone):
        choose(session, repair, monday, LONDON)
    with pytest.raises(Chosen):
        take_back(session, tuesday)

    assert (repair.visit_on, repair.visit_window) == TUESDAY
    with clock.stopped_at(ON_MONDAY), pytest.raises(Gone):
        choose(session, repair, monday, LONDON)


def test_from_the_moment_a_visit_begins_the_tenant_changes_nothing(session: Session, offered: Offered) -> None:
    repair = offered()
    monday, tuesday = slots_of(session, repair)
    choose(session, repair, monday, LONDON)

    with clock.stopped_at(ON_MONDAY):
        with pytest.raises(TooLate):
            choose(session, repair, tuesday, LONDON)
        with pytest.raises(TooLate):
            cancel(session, repair, MONDAY, LONDON)
    assert repair.state is State.BOOKED


def test_calling_off_takes_the_reminders_back_and_waits_at_the_desk(session: Session, offered: Offered) -> None:
    repair = offered()
    choose(session, repair, slots_of(session, repair)[0], LONDON)
    session.refresh(repair)

    cancel(session, repair, MONDAY, LONDON, why="I am away", language="en")
    session.refresh(repair)
    cancel(session, repair, MONDAY, LONDON)

    session.refresh(repair)
    assert (repair.state, repair.visit_on, repair.waits_since) == (State.SEEN, None, THURSDAY)
    assert [(line.event, line.words) for line in repair.updates][:2] == [
        (Event.CANCELLED, "I am away"), (Event.CHOSEN, ""),
    ]  # fmt: skip
    assert reminders(session) == []
    assert repair.may_choose


def test_calling_off_a_visit_that_was_moved_meanwhile_is_refused(
    session: Session, offered: Offered, devon: Worker
) -> None:
    repair = offered()
    choose(session, repair, slots_of(session, repair)[0], LONDON)
    change_state(session, devon, repair, State.BOOKED, zone=LONDON, visit_on=TUESDAY[0], visit_window=TUESDAY[1])

    with pytest.raises(TooLate):
        cancel(session, repair, MONDAY, LONDON)

    assert (repair.visit_on, repair.visit_window) == TUESDAY


def test_that_none_fits_says_when_would_and_takes_all_back(session: Session, offered: Offered) -> None:
    repair = offered()

    none_fits(session, repair, "Mornings", language="en")
    session.refresh(repair)
    none_fits(session, repair, "Mornings", language="en")

    session.refresh(repair)
    assert story(repair).count(Event.NONE_FITS) == 1
    assert (repair.may_choose, repair.waits_since) == (False, THURSDAY)
    with pytest.raises(TooLate):
        none_fits(session, repair, "Evenings")


def test_a_visit_the_desk_calls_off_says_which(session: Session, reported: Reported, devon: Worker) -> None:
    repair = reported()
    change_state(session, devon, repair, State.BOOKED, zone=LONDON, visit_on=MONDAY[0], visit_window=MONDAY[1])

    change_state(session, devon, repair, State.SEEN, "The plumber is ill", zone=LONDON)

    session.refresh(repair)
    assert (repair.updates[0].event, repair.updates[0].visit_on) == (Event.CALLED_OFF, MONDAY[0])
    assert reminders(session) == []


def test_no_access_is_written_with_time_and_ways_and_makes_room_for_another_visit(
    session: Session, reported: Reported, devon: Worker
) -> None:
    repair = reported()
    change_state(session, devon, repair, State.BOOKED, zone=LONDON, visit_on=MONDAY[0], visit_window=MONDAY[1])
    came = ON_MONDAY + timedelta(minutes=20)

    with clock.stopped_at(ON_MONDAY + timedelta(hours=2)):
        first = no_access(session, devon, repair, came, ["card", "knocked"], "Nobody heard us", zone=LONDON)
        session.refresh(repair)
        again = no_access(session, devon, repair, came, ["knocked", "card"], "Nobody heard us", zone=LONDON)

        assert again is first
        assert (first.happened_at, first.methods, first.visit_on) == (came, ["knocked", "card"], MONDAY[0])
        assert (repair.state, repair.visit_on, repair.unread) == (State.SEEN, None, True)
        for when, how in ((came + timedelta(hours=3), ["card"]), (came, ["shouted"]), (came, []),
                          (THURSDAY - timedelta(days=1), ["card"])):  # fmt: skip
            with pytest.raises(ValueError, match=r"tried|attempt"):
                no_access(session, devon, repair, when, how, zone=LONDON)
