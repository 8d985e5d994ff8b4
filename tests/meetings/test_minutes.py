"""Minutes: a draft, then published and only corrected; what comes of them, and who is told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.groups.meetings.doing import ANSWERED, DONE, Taken, offer, settle_action
from tenant_app.groups.meetings.minutes import ActionState, MeetingAction, Outcome
from tenant_app.groups.meetings.minuting import (
    NotOpen,
    Published,
    add_action,
    change_action,
    correct,
    minute_of,
    open_meeting,
    publish,
    write_minutes,
)
from tenant_app.groups.meetings.models import MeetingRecord
from tenant_app.groups.meetings.rules import Stale, put_on
from tenant_app.groups.meetings.said import answers
from tenant_app.reminders.models import Notice, State
from tests.cast import Cast
from tests.meetings.house import AFTER, DUE, DURING, agreed, bins, meeting, spoken_of


def _told(session: Session, tenant: Tenant, kind: str) -> list[State]:
    return list(session.scalars(select(Notice.state).where(Notice.tenant_id == tenant.id, Notice.kind == kind)))


def test_a_meeting_is_opened_from_an_hour_before(session: Session, cast: Cast, joana: Worker) -> None:
    it = meeting(session, cast)
    with pytest.raises(NotOpen):
        open_meeting(session, joana, it)
    with clock.stopped_at(it.starts_at - timedelta(minutes=30)):
        first = open_meeting(session, joana, it)
        assert open_meeting(session, joana, it) is first


def test_two_who_write_at_once_do_not_overwrite_each_other(
    session: Session, cast: Cast, amina: Tenant, joana: Worker
) -> None:
    it, item = meeting(session, cast), bins(session, amina)
    with clock.stopped_at(DURING):
        open_meeting(session, joana, it)
        write_minutes(session, joana, it, item, "First", None, seen=0)

        with pytest.raises(Stale):
            write_minutes(session, joana, it, item, "Second", Outcome.DEALT, seen=0)
        minute = minute_of(session, it, item)
        assert minute is not None
        assert minute.words == "First"


def test_nothing_is_written_before_a_meeting_is_opened_nor_after_its_minutes_are_published(
    session: Session, cast: Cast, amina: Tenant, joana: Worker
) -> None:
    it, item = meeting(session, cast), bins(session, amina)
    with clock.stopped_at(DURING):
        with pytest.raises(NotOpen):
            write_minutes(session, joana, it, item, "Early", None, seen=0)
        open_meeting(session, joana, it)
        publish(session, joana, it)
        with pytest.raises(Published):
            write_minutes(session, joana, it, item, "Late", None, seen=1)


def test_an_item_of_another_home_takes_no_minutes(session: Session, cast: Cast, salma: Tenant, joana: Worker) -> None:
    it, foreign = meeting(session, cast), bins(session, salma)
    with clock.stopped_at(DURING):
        open_meeting(session, joana, it)
        with pytest.raises(LookupError):
            write_minutes(session, joana, it, foreign, "Ours", None, seen=0)
        with pytest.raises(LookupError):
            add_action(session, joana, it, foreign, "Ours", DUE)


def test_publishing_settles_what_was_dealt_with_and_tells_whose_it_was(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, joana: Worker
) -> None:
    it = meeting(session, cast)
    dealt, left = bins(session, amina), put_on(session, tomasz, tomasz.property_id, "The garden")
    spoken_of(session, joana, it, dealt)
    assert dealt.settled_at is None
    with clock.stopped_at(it.ends_at):
        for _twice in range(2):
            publish(session, joana, it)

    assert dealt.settled_at is not None
    assert left.settled_at is None
    kept = minute_of(session, it, left)
    assert kept is not None
    assert kept.outcome is Outcome.CARRIED
    assert len(_told(session, amina, ANSWERED)) == 1
    assert _told(session, tomasz, ANSWERED) == []


def test_published_minutes_are_only_ever_corrected_and_both_stay(
    session: Session, cast: Cast, amina: Tenant, joana: Worker
) -> None:
    it, item = meeting(session, cast), bins(session, amina)
    spoken_of(session, joana, it, item)
    minute = minute_of(session, it, item)
    assert minute is not None
    with pytest.raises(NotOpen):
        correct(session, joana, minute, "Two bins")
    with clock.stopped_at(it.ends_at):
        publish(session, joana, it)
        correct(session, joana, minute, "Two bins")

    session.refresh(minute)
    assert minute.words == "We order a second bin."
    assert [each.words for each in minute.corrections] == ["Two bins"]


def test_an_action_that_is_done_is_told_to_whose_item_it_came_from_unless_it_was_a_slip(
    session: Session, cast: Cast, amina: Tenant, joana: Worker
) -> None:
    it, item = meeting(session, cast), bins(session, amina)
    action = agreed(session, joana, it, item, owner=joana)
    with clock.stopped_at(AFTER):
        settle_action(session, action, ActionState.DONE)
        settle_action(session, action, ActionState.DONE)
        assert _told(session, amina, DONE) == [State.WAITING]
        settle_action(session, action, ActionState.OPEN)
        assert _told(session, amina, DONE) == [State.WITHDRAWN]
        settle_action(session, action, ActionState.DONE)

    assert sorted(_told(session, amina, DONE)) == [State.WAITING, State.WITHDRAWN]


def test_an_action_is_dropped_for_a_reason(session: Session, cast: Cast, amina: Tenant, joana: Worker) -> None:
    action = agreed(session, joana, meeting(session, cast), bins(session, amina))
    with pytest.raises(ValueError, match="reason"):
        settle_action(session, action, ActionState.DROPPED)
    settle_action(session, action, ActionState.DROPPED, reason="The council has stopped doing it")

    assert (action.dropped, action.reason) == (True, "The council has stopped doing it")


def test_what_is_left_to_the_house_is_offered_by_ones_own_tap_and_by_one(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, joana: Worker
) -> None:
    action = agreed(session, joana, meeting(session, cast), bins(session, amina))
    for _twice in range(2):
        offer(session, tomasz, action, offered=True)
    assert action.tenant_id == tomasz.id
    with pytest.raises(Taken):
        offer(session, amina, action, offered=True)
    offer(session, amina, action, offered=False)
    assert action.tenant_id == tomasz.id

    offer(session, tomasz, action, offered=False)
    assert action.tenant_id is None


def test_nobody_takes_over_what_staff_do(session: Session, cast: Cast, amina: Tenant, joana: Worker) -> None:
    action = agreed(session, joana, meeting(session, cast), bins(session, amina), owner=joana)

    with pytest.raises(Taken):
        offer(session, amina, action, offered=True)


def test_deleting_who_offered_gives_the_action_back_to_the_house(
    session: Session, cast: Cast, amina: Tenant, tomasz: Tenant, joana: Worker
) -> None:
    action = agreed(session, joana, meeting(session, cast), bins(session, amina))
    offer(session, tomasz, action, offered=True)
    session.delete(tomasz)
    session.flush()
    session.expire_all()

    assert action.tenant_id is None
    assert action.the_house


def test_another_day_is_told_beside_the_first_and_published_words_stay(
    session: Session, cast: Cast, amina: Tenant, joana: Worker
) -> None:
    action = agreed(session, joana, meeting(session, cast), bins(session, amina), owner=joana)
    change_action(
        session, joana, action, "Other words", DUE + timedelta(days=7), owner=joana, seen=action.version
    )

    assert (action.what, action.first_due_on, action.due_on) == ("Order a second bin", DUE, DUE + timedelta(days=7))
    with pytest.raises(Stale):
        change_action(session, joana, action, "x", DUE, owner=None, seen=1)


def test_you_said_we_did_holds_what_came_to_something_and_no_draft(
    session: Session, cast: Cast, amina: Tenant, joana: Worker
) -> None:
    it, later = meeting(session, cast), meeting(session, cast, AFTER)
    item, left = bins(session, amina), put_on(session, amina, amina.property_id, "The garden")
    spoken_of(session, joana, it, item)
    assert answers(session, amina.property_id).said == []

    agreed(session, joana, it, item)
    spoken_of(session, joana, later, left)
    found = answers(session, amina.property_id).said
    assert [said.item for said in found] == [item]
    assert [action.what for action in found[0].actions] == ["Order a second bin"]
    assert found[0].overdue(DUE + timedelta(days=1))
    assert not found[0].overdue(DUE)
    assert answers(session, cast.mare_street.id).said == []


def test_only_published_actions_of_ones_own_home_are_a_tenants(
    session: Session, cast: Cast, amina: Tenant, salma: Tenant, joana: Worker
) -> None:
    it, item = meeting(session, cast), bins(session, amina)
    spoken_of(session, joana, it, item)
    with clock.stopped_at(DURING):
        action = add_action(session, joana, it, item, "Order it", DUE)
    assert session.scalars(MeetingAction.of(amina)).all() == []
    with clock.stopped_at(it.ends_at):
        publish(session, joana, it)

    assert session.scalars(MeetingAction.of(amina)).all() == [action]
    assert session.scalars(MeetingAction.of(salma)).all() == []
    assert session.get_one(MeetingRecord, it.id).published_by is joana


def test_a_worker_sees_actions_of_their_own_and_of_meetings_they_run(
    session: Session, cast: Cast, amina: Tenant, grace: Worker, joana: Worker
) -> None:
    mine = agreed(session, joana, meeting(session, cast), bins(session, amina), owner=grace)
    marek, nasrin = (session.get_one(Worker, each.id) for each in (cast.marek, cast.nasrin))

    for worker, sees, keeps in ((grace, 1, 0), (joana, 1, 1), (nasrin, 1, 1), (marek, 0, 0)):
        assert len(session.scalars(MeetingAction.seen_by(worker)).all()) == sees, worker.name
        assert len(session.scalars(MeetingAction.kept_by(worker)).all()) == keeps, worker.name
    assert mine.the_house is False
