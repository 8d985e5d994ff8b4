"""What the two wrote down, who signed which text, and that disagreement stands beside it in each one's words."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.reminders.models import Notice, State
from tenant_app.support_plan.kinds import Question, Side, Stage, Stand
from tenant_app.support_plan.models import PlanRecord, PlanReview, PreparedAnswer, Signature
from tenant_app.support_plan.preparing import Changed, TooLate, prepare, rather_talk, show, take_back
from tenant_app.support_plan.recording import Closed, NotNow, Superseded, Unready, answer, close, sign, write
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.support_plan.meeting import TALKED, draft, opened, signed

DIFFERENT = "I did look for work. The café closed."


def shown_to(session: Session, worker: Worker, review: PlanReview) -> list[str]:
    return [it.words for it in session.scalars(PreparedAnswer.shown_to(worker, review))]


def test_what_is_prepared_is_private_until_the_tenant_is_ready_and_again_when_they_take_it_back(
    session: Session, amina: Tenant, grace: Worker
) -> None:
    review = opened(session, amina)
    prepare(session, review, Question.WELL, "Soup for Linh", language="en", seen=0)
    assert shown_to(session, grace, review) == []
    show(session, review, grace)
    assert shown_to(session, grace, review) == ["Soup for Linh"]
    take_back(session, review)
    assert shown_to(session, grace, review) == []


def test_a_new_keyworker_reads_it_only_if_the_tenant_says_so_again(
    session: Session, cast: Cast, amina: Tenant, grace: Worker
) -> None:
    marek = session.get_one(Worker, cast.marek.id)
    review = opened(session, amina)
    prepare(session, review, Question.HARD, "Letters", language="en", seen=0)
    show(session, review, grace)
    amina.keyworker = marek
    session.flush()
    assert shown_to(session, grace, review) == []
    assert shown_to(session, marek, review) == []
    show(session, review, marek)
    assert shown_to(session, marek, review) == ["Letters"]


def test_two_tabs_of_one_question_lose_neither_text(session: Session, amina: Tenant) -> None:
    review = opened(session, amina)
    prepare(session, review, Question.WELL, "One", language="en", seen=0)
    with pytest.raises(Changed) as changed:
        prepare(session, review, Question.WELL, "Two", language="en", seen=0)
    assert changed.value.now.words == "One"
    assert prepare(session, review, Question.WELL, "One", language="en", seen=0).version == 1


def test_once_they_have_met_what_was_shown_is_not_taken_back_and_what_was_not_may_still_be_written(
    session: Session, amina: Tenant, grace: Worker
) -> None:
    review = opened(session, amina)
    write(session, grace, review, draft(), seen=0, language="en")
    prepare(session, review, Question.NEXT, "A course", language="en", seen=0)
    show(session, review, grace)
    with pytest.raises(TooLate):
        take_back(session, review)
    with pytest.raises(TooLate):
        prepare(session, review, Question.NEXT, "Another", language="en", seen=1)
    with pytest.raises(TooLate):
        rather_talk(session, review, talks=True)


def test_both_sign_the_same_text_and_it_is_closed(session: Session, amina: Tenant, grace: Worker) -> None:
    review = signed(session, amina, grace)
    assert review.told is review.record
    answer(session, amina, review, Stand.AGREES, seen=1)
    answer(session, amina, review, Stand.AGREES, seen=1)
    assert (review.stage, review.agreed) == (Stage.CLOSED, True)
    assert len(session.scalars(select(Signature)).all()) == 2


def test_a_text_is_signed_whole_or_not_at_all_and_a_draft_is_not_told(
    session: Session, amina: Tenant, grace: Worker
) -> None:
    review = opened(session, amina)
    for seen, missing in enumerate(({"met_on": None}, {"talked": ""}, {"next_on": None})):
        write(session, grace, review, draft(**missing), seen=seen, language="en")
        assert review.told is None
        with pytest.raises(Unready):
            sign(session, grace, review, seen=seen + 1)


def test_any_change_after_a_signature_voids_both(session: Session, amina: Tenant, grace: Worker) -> None:
    review = signed(session, amina, grace)
    answer(session, amina, review, Stand.DISAGREES, DIFFERENT, language="en", seen=1)
    write(session, grace, review, draft(), seen=1, language="en")
    assert review.stage is Stage.ANSWERED, "the same text again is no change"
    write(session, grace, review, draft(talked="Another"), seen=1, language="en")
    assert (review.stage, review.version, review.told) == (Stage.WRITTEN, 2, None)
    assert review.signed_by(Side.WORKER) is review.signed_by(Side.TENANT) is None
    for stand in Stand:
        with pytest.raises(Superseded):
            answer(session, amina, review, stand, "x", seen=1)
    with pytest.raises(Superseded):
        answer(session, amina, review, Stand.AGREES, seen=2)
    assert [it.words for it in review.signatures if it.words] == [DIFFERENT], "what was said of the earlier text stays"


def test_of_two_who_write_at_once_the_second_is_told_and_both_texts_are_there(
    session: Session, amina: Tenant, grace: Worker
) -> None:
    review = opened(session, amina)
    first = write(session, grace, review, draft(), seen=0, language="en")
    assert write(session, grace, review, draft(), seen=0, language="en") is first, "a double tap"
    with pytest.raises(Superseded):
        write(session, grace, review, draft(talked="Mine"), seen=0, language="en")
    with pytest.raises(Superseded):
        sign(session, grace, review, seen=0)
    assert [it.talked for it in session.scalars(select(PlanRecord))] == [TALKED]


@pytest.mark.parametrize("stand", [Stand.DISAGREES, Stand.DECLINES])
def test_disagreement_is_recorded_and_the_answer_stands_beside_it(
    session: Session, amina: Tenant, grace: Worker, stand: Stand
) -> None:
    review = signed(session, amina, grace)
    answer(session, amina, review, stand, DIFFERENT, language="en", seen=1)
    assert review.open
    with pytest.raises(NotNow):
        answer(session, amina, review, Stand.AGREES, seen=1)
    close(session, grace, review, "I did not know.", language="en", seen=1)
    close(session, grace, review, "I did not know.", language="en", seen=1)
    said = review.signed_by(Side.TENANT)
    assert said is not None
    assert (said.stand, said.words, review.reply, review.agreed) == (stand, DIFFERENT, "I did not know.", False)
    assert review.record is not None
    assert review.record.talked == TALKED
    assert review.due_again_on == review.record.next_on
    told = session.scalars(select(Notice.kind).where(Notice.state == State.WAITING)).all()
    assert told == ["support-plan.ended"]


def test_who_signs_with_disagreement_says_in_what(session: Session, amina: Tenant, grace: Worker) -> None:
    review = signed(session, amina, grace)
    with pytest.raises(ValueError):
        answer(session, amina, review, Stand.DISAGREES, "", seen=1)
    answer(session, amina, review, Stand.DECLINES, "", seen=1)
    assert review.stage is Stage.ANSWERED


def test_a_closed_review_is_never_changed(session: Session, amina: Tenant, grace: Worker) -> None:
    review = signed(session, amina, grace)
    answer(session, amina, review, Stand.AGREES, seen=1)
    with pytest.raises(Closed):
        write(session, grace, review, draft(talked="Later"), seen=1, language="en")
    with pytest.raises(Closed):
        sign(session, grace, review, seen=1)
    with pytest.raises(NotNow):
        close(session, grace, review, "", language="en", seen=1)
    with pytest.raises(TooLate):
        prepare(session, review, Question.WELL, "Late", language="en", seen=0)
    with pytest.raises(TooLate):
        show(session, review, grace)


def test_a_tenant_who_says_nothing_has_two_weeks_and_is_told_what_was_tried(
    session: Session, amina: Tenant, grace: Worker
) -> None:
    review = signed(session, amina, grace)
    with pytest.raises(NotNow):
        close(session, grace, review, "I rang twice.", language="en", seen=1)
    with clock.stopped_at(THURSDAY + timedelta(days=14)):
        with pytest.raises(ValueError):
            close(session, grace, review, "", language="en", seen=1)
        close(session, grace, review, "I rang twice.", language="en", seen=1)
    assert (review.stage, review.reply, review.agreed) == (Stage.CLOSED, "I rang twice.", False)


def test_the_tenant_is_asked_to_sign_once_for_each_text_and_not_while_it_changes(
    session: Session, amina: Tenant, grace: Worker
) -> None:
    def asked() -> int:
        waits = select(Notice).where(Notice.kind == "support-plan.sign", Notice.state == State.WAITING)
        return len(session.scalars(waits).all())

    review = signed(session, amina, grace)
    sign(session, grace, review, seen=1)
    assert asked() == 1
    write(session, grace, review, replace(draft(), view=""), seen=1, language="en")
    assert asked() == 0
    sign(session, grace, review, seen=2)
    assert asked() == 1
    answer(session, amina, review, Stand.AGREES, seen=2)
    assert asked() == 0
