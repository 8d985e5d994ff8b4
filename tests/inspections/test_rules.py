"""An inspection as it is done: kept item by item, merged by item, signed off once, and added to after that."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.inspections.kinds import plans
from tenant_app.inspections.models import Finding, Inspection, ItemAnswer
from tenant_app.inspections.outcomes import Outcome
from tenant_app.inspections.rules import (
    FOUND,
    Finished,
    TooEarly,
    Unanswered,
    answer,
    arrange,
    correct,
    finish,
)
from tenant_app.reminders.models import Notice
from tenant_app.settings import Settings
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.inspections.conftest import LONDON

MINUTE = timedelta(minutes=1)


@pytest.fixture
def devon(session: Session, cast: Cast) -> Worker:
    return session.get_one(Worker, cast.devon.id)


def say(
    session: Session, worker: Worker, it: Inspection, item: str = "heard", outcome: Outcome = Outcome.OK, words: str = "",
    **more: object,
) -> Finding | None:  # fmt: skip
    return answer(session, worker, it, item, outcome, words, language="en", zone=LONDON, **more)  # type: ignore[arg-type]


def all_well(session: Session, worker: Worker, it: Inspection, *but: str) -> None:
    for item in it.items:
        if item["id"] not in but:
            say(session, worker, it, item["id"])


def counts(it: Inspection, item: str = "heard") -> tuple[Outcome, str]:
    found = it.counting(item)
    assert found is not None
    return found.outcome, found.words


def test_each_answer_is_kept_at_once_and_the_last_tap_counts_whichever_arrives_last(
    session: Session, grace: Worker, alarm_test: Inspection
) -> None:
    say(session, grace, alarm_test, outcome=Outcome.FAILED, words="Silent on 3")
    with clock.stopped_at(THURSDAY + 10 * MINUTE):
        say(session, grace, alarm_test, outcome=Outcome.OK, made_at=THURSDAY + 5 * MINUTE)
        say(session, grace, alarm_test, outcome=Outcome.FAILED, words="Older", made_at=THURSDAY + 2 * MINUTE)
    assert counts(alarm_test) == (Outcome.OK, "")
    assert session.scalar(select(func.count()).select_from(ItemAnswer)) == 1


def test_two_phones_of_two_people_are_merged_by_item_and_what_one_found_failed_stays_failed(
    session: Session, grace: Worker, devon: Worker, alarm_test: Inspection
) -> None:
    say(session, grace, alarm_test, outcome=Outcome.FAILED, words="Silent on 3")
    say(session, devon, alarm_test, outcome=Outcome.OK)
    say(session, devon, alarm_test, "panel")
    assert counts(alarm_test) == (Outcome.FAILED, "Silent on 3")
    assert [each.worker for each in alarm_test.answers if each.item == "heard"] == [grace, devon]
    say(session, grace, alarm_test, outcome=Outcome.OK)
    assert counts(alarm_test)[0] is Outcome.OK


def test_what_it_does_not_ask_is_not_answered(session: Session, grace: Worker, alarm_test: Inspection) -> None:
    with pytest.raises(LookupError):
        say(session, grace, alarm_test, "gas-tap")


def test_it_is_signed_off_only_when_every_item_has_an_answer(
    session: Session, grace: Worker, alarm_test: Inspection
) -> None:
    all_well(session, grace, alarm_test, "heard")
    with pytest.raises(Unanswered) as refused:
        finish(session, grace, alarm_test, zone=LONDON)
    assert refused.value.items == ["heard"]
    assert not alarm_test.finished


def test_a_failed_item_is_found_once_even_if_it_is_signed_off_twice(
    session: Session, grace: Worker, devon: Worker, alarm_test: Inspection
) -> None:
    all_well(session, grace, alarm_test)
    say(session, grace, alarm_test, outcome=Outcome.FAILED, words="Silent on 3")
    say(session, devon, alarm_test, "panel", Outcome.FAILED)
    with clock.stopped_at(THURSDAY + MINUTE):
        first = finish(session, grace, alarm_test, "All but two", language="en", zone=LONDON)
        again = finish(session, devon, alarm_test, "Me too", language="en", zone=LONDON)
    found = {each.item: each for each in first}
    assert {each.id for each in first} == {each.id for each in again}
    assert (found["heard"].kind, found["heard"].words, found["heard"].aware_at) == ("power", "Silent on 3", THURSDAY)
    # Nothing was typed: then what counts as failed stands for it.
    assert found["panel"].words == "A fault light stays on"
    assert (alarm_test.finished_by, alarm_test.words, alarm_test.done_on) == (grace, "All but two", THURSDAY.date())


def test_signed_off_it_is_added_to_and_never_edited(
    session: Session, grace: Worker, devon: Worker, alarm_test: Inspection
) -> None:
    with pytest.raises(ValueError, match="not signed off"):
        correct(session, devon, alarm_test, "It was floor 2", "en")
    all_well(session, grace, alarm_test)
    finish(session, grace, alarm_test, zone=LONDON)
    with clock.stopped_at(THURSDAY + MINUTE), pytest.raises(Finished):
        say(session, grace, alarm_test, outcome=Outcome.FAILED)
    for _ in range(2):
        correct(session, devon, alarm_test, "It was floor 2", "en")
    [added] = alarm_test.additions
    assert (added.worker, added.words) == (devon, "It was floor 2")
    assert counts(alarm_test)[0] is Outcome.OK
    with pytest.raises(Finished):
        arrange(session, alarm_test, assigned_to=devon, visit_on=None, zone=LONDON)


def test_what_a_phone_held_back_until_it_was_signed_off_is_added_and_a_failure_is_found(
    session: Session, grace: Worker, devon: Worker, alarm_test: Inspection
) -> None:
    all_well(session, grace, alarm_test)
    with clock.stopped_at(THURSDAY + 10 * MINUTE):
        finish(session, grace, alarm_test, zone=LONDON)
    with clock.stopped_at(THURSDAY + 30 * MINUTE):
        for _ in range(2):
            found = say(session, devon, alarm_test, outcome=Outcome.FAILED, words="Silent on 3",
                        made_at=THURSDAY + 5 * MINUTE)  # fmt: skip
        with pytest.raises(Finished):
            say(session, devon, alarm_test, outcome=Outcome.FAILED, made_at=THURSDAY + 11 * MINUTE)
    assert found is not None
    assert [(each.item, each.outcome, each.words) for each in alarm_test.additions] == [
        ("heard", Outcome.FAILED, "Silent on 3")
    ]
    assert [each.item for each in alarm_test.findings] == ["heard"]
    assert counts(alarm_test)[0] is Outcome.OK


def test_a_room_is_not_inspected_before_the_day_its_tenant_was_told_of(
    session: Session, amina: Tenant, grace: Worker, room: Inspection
) -> None:
    with pytest.raises(TooEarly) as refused:
        say(session, grace, room, "damp")
    assert refused.value.visit_on == date(2026, 12, 14)
    with clock.stopped_at(THURSDAY + timedelta(days=18)):
        all_well(session, grace, room)
        say(session, grace, room, "damp", Outcome.FAILED, "Black spots behind the bed")
        finish(session, grace, room, zone=LONDON)
    told = session.scalars(select(Notice).where(Notice.tenant_id == amina.id, Notice.kind == FOUND)).one()
    assert told.facts["from"] == "Grace"
    assert [each.kind for each in room.findings] == ["damp-mould"]


def test_rooms_are_seen_by_those_who_support_the_tenant_and_by_whoever_was_asked(
    session: Session, cast: Cast, amina: Tenant, room: Inspection
) -> None:
    def sees(who: Worker) -> bool:
        worker = session.get_one(Worker, who.id)
        return session.scalar(Inspection.seen_by(worker).where(Inspection.id == room.id)) is not None

    seen = [sees(each) for each in (cast.grace, cast.nasrin, cast.devon, cast.marek, cast.joana, cast.priya)]
    assert seen == [True, True, True, False, False, False]
    arrange(session, room, assigned_to=session.get_one(Worker, cast.marek.id), visit_on=room.visit_on, zone=LONDON)
    assert sees(cast.marek)


def test_a_building_is_seen_by_those_who_work_there(session: Session, cast: Cast, alarm_test: Inspection) -> None:
    elsewhere = session.get_one(Worker, cast.marek.id)
    elsewhere.property_id = cast.mare_street.id
    session.flush()
    assert session.scalar(Inspection.seen_by(elsewhere).where(Inspection.id == alarm_test.id)) is None
    elsewhere.property_id = None
    session.flush()
    assert session.scalar(Inspection.seen_by(elsewhere).where(Inspection.id == alarm_test.id)) is not None


def test_every_template_asks_the_same_in_every_language_and_its_repairs_exist() -> None:
    import frontmatter

    content = Settings().content
    known = frontmatter.load(str(content / "repairs" / "kinds" / "en.md")).metadata
    kinds = {each["id"] for each in known["kinds"]}
    rooms = {each["id"] for each in (*known["rooms"], *known["shared"])}
    for plan in plans(content):
        assert {item["repair"] for item in plan.items} <= kinds
        assert {room for item in plan.items for room in item["rooms"]} <= rooms
        for code in ("tr", "ar"):
            said = frontmatter.load(str(content / "inspections" / plan.kind / f"{code}.md")).metadata
            assert [each["id"] for each in said["items"]] == [item["id"] for item in plan.items]
            assert all(each["name"] and each["failed"] for each in said["items"])
