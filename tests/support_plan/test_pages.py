"""A review at both doors: who reads what, that nothing typed is lost, and that no text is signed unread."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category, give_consent, withdraw_consent
from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.goals.models import Goal
from tenant_app.goals.rules import write_goal
from tenant_app.move_on.models import Wishes
from tenant_app.move_on.rules import ReviewRhythm, begin
from tenant_app.strengths.models import Part as StrengthPart
from tenant_app.strengths.rules import write_strength
from tenant_app.support_plan.kinds import Question, Stage, Stand
from tenant_app.support_plan.models import PlanRecord, PlanReview, PreparedAnswer
from tenant_app.support_plan.preparing import prepare, show
from tenant_app.support_plan.recording import answer, sign, write
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.support_plan.conftest import again
from tests.support_plan.meeting import LONDON, TALKED, draft

PRIVATE, DIFFERENT = "Canary under the stairs", "I did look for work."
HOSTILE = "<script>alert(1)</script> \u202egnihtemos\u0000 🧂 נחמד"
SAFE = "&lt;script&gt;alert(1)&lt;/script&gt; \u202egnihtemos 🧂 נחמד"
RECORD = {
    "seen": "0", "met_on": "2026-11-26", "talked": "We cooked.", "view": "Proud.", "next_on": "2027-02-18",
    "line0-what": "Ring about the oven", "line0-who": "worker", "line0-by": "2026-12-01",
}  # fmt: skip


def test_a_tenant_prepares_one_question_a_page_shows_it_and_takes_it_back(
    phone: FlaskClient, desk: FlaskClient, session: Session, review: PlanReview
) -> None:
    at = f"/support-plan/{review.id}"
    for question, following in (("well", "/prepare/hard"), ("hard", "/prepare/next"), ("next", "")):
        page = phone.post(f"{at}/prepare/{question}", data={"words": f"{PRIVATE} {question}", "seen": "0"})
        assert (page.status_code, page.location) == (303, at + following)
    assert PRIVATE in phone.get(at).text
    session.rollback()
    assert {it.language for it in session.scalars(select(PreparedAnswer))} == {"en"}
    session.commit()
    assert PRIVATE not in desk.get(at).text
    phone.post(f"{at}/ready", data={"ready": "1"})
    assert PRIVATE in desk.get(at).text
    phone.post(f"{at}/ready", data={"ready": "0"})
    assert PRIVATE not in desk.get(at).text
    phone.post(f"{at}/talk", data={"talk": "1"})
    assert "would rather talk." in desk.get(at).text


def test_a_second_tab_of_a_question_shows_both_texts(phone: FlaskClient, review: PlanReview) -> None:
    at = f"/support-plan/{review.id}/prepare/well"
    phone.post(at, data={"words": "One", "seen": "0"})
    page = phone.post(at, data={"words": "Two", "seen": "0"})
    assert page.status_code == 409
    assert "One" in page.text
    assert "Two" in page.text
    assert phone.post(at, data={"words": "One and two", "seen": "1"}).status_code == 303


def test_a_change_told_by_either_opens_a_review(
    phone: FlaskClient, desk: FlaskClient, cast: Cast, session: Session
) -> None:
    empty = phone.post("/support-plan/change", data={"words": "Kept all the same"})
    assert empty.status_code == 422
    assert "Kept all the same" in empty.text
    told = {"kind": "bereavement", "words": "My aunt"}
    first, second = (phone.post("/support-plan/change", data=told).location for _ in range(2))
    assert first == second
    mine = desk.post(f"/caseload/{cast.amina.id}/support-plan", data={"kind": "tenancy", "words": "A letter came"})
    assert mine.location == first
    session.rollback()
    assert [it.words for it in session.scalars(select(PlanReview)).one().changes] == ["My aunt", "A letter came"]
    session.rollback()
    wrong = desk.post(f"/caseload/{cast.amina.id}/support-plan", data={"kind": "rumour", "words": "Typed"})
    assert wrong.status_code == 422
    assert "Typed" in wrong.text


def test_a_keyworker_prepares_holds_and_signs_on_one_page(
    desk: FlaskClient, phone: FlaskClient, session: Session, amina: Tenant, grace: Worker, review: PlanReview
) -> None:
    write_goal(session, amina, "Cook twice a week", first_step="Choose two meals", shared=True)
    prepare(session, review, Question.WELL, PRIVATE, language="en", seen=0)
    show(session, review, grace)
    session.commit()
    at = f"/support-plan/{review.id}"
    page = desk.get(at).text
    assert PRIVATE in page
    assert "Cook twice a week" in page
    assert "Fewer shifts" in page
    assert desk.post(at, data=RECORD).location.startswith(at)
    assert "We cooked." not in phone.get(at).text, "a draft is not told"
    assert desk.post(f"{at}/signature", data={"seen": "1"}).status_code == 303
    assert again(session, review).stage is Stage.SIGNED
    session.commit()
    read = phone.get(at).text
    assert all(words in read for words in ("We cooked.", "Proud.", "Ring about the oven"))
    assert phone.get("/").text.count(at) == 1


def test_the_tenant_signs_with_disagreement_is_answered_and_both_texts_stand(
    phone: FlaskClient, desk: FlaskClient, session: Session, to_sign: PlanReview
) -> None:
    at = f"/support-plan/{to_sign.id}"
    for wrong in ({"seen": "1", "words": DIFFERENT}, {"seen": "1", "stand": "disagrees"}, {"stand": "shrugs"}):
        refused = phone.post(f"{at}/word", data=wrong)
        assert refused.status_code == 422
        assert wrong.get("words", "") in refused.text
    said = {"seen": "1", "stand": "disagrees", "words": DIFFERENT}
    assert [phone.post(f"{at}/word", data=said).status_code for _ in range(2)] == [303, 303]
    other = phone.post(f"{at}/word", data={"seen": "1", "stand": "agrees", "words": "On second thoughts"})
    assert other.status_code == 409
    assert "On second thoughts" in other.text
    assert DIFFERENT in desk.get(at).text
    assert desk.post(f"{at}/close", data={"seen": "1", "reply": "I did not know."}).status_code == 303
    for door in (phone, desk):
        page = door.get(at).text
        assert all(words in page for words in (TALKED, DIFFERENT, "I did not know."))
    assert again(session, to_sign).stage is Stage.CLOSED


def test_a_text_that_changed_meanwhile_is_not_signed_and_both_are_shown(
    phone: FlaskClient, desk: FlaskClient, session: Session, grace: Worker, to_sign: PlanReview
) -> None:
    at = f"/support-plan/{to_sign.id}"
    write(session, grace, to_sign, draft(talked="Another text"), seen=1, language="en")
    session.commit()
    stale = {"seen": "1", "stand": "disagrees", "words": DIFFERENT}
    page = phone.post(f"{at}/word", data=stale)
    assert page.status_code == 409
    assert TALKED in page.text
    assert DIFFERENT in page.text
    assert "Another text" not in page.text, "a draft is not told"
    session.expire_all()
    sign(session, grace, to_sign, seen=2)
    session.commit()
    page = phone.post(f"{at}/word", data=stale)
    assert page.status_code == 409
    assert all(words in page.text for words in (TALKED, "Another text", DIFFERENT, 'value="2"'))
    behind = desk.post(f"{at}/signature", data={"seen": "1"})
    assert behind.status_code == 409
    assert all(words in behind.text for words in (TALKED, "Another text"))


def test_two_tabs_of_the_record_lose_neither_text(desk: FlaskClient, session: Session, review: PlanReview) -> None:
    at = f"/support-plan/{review.id}"
    desk.post(at, data=RECORD)
    mine = {**RECORD, "talked": "My own version", "line0-what": "Ring again"}
    page = desk.post(at, data=mine)
    assert page.status_code == 409
    assert all(words in page.text for words in ("We cooked.", "My own version", "Ring again", 'value="1"'))
    assert desk.post(at, data={**mine, "seen": "1"}).status_code == 303
    session.rollback()
    assert session.scalars(select(PlanRecord.version).order_by(PlanRecord.version)).all() == [1, 2]


def test_what_is_typed_while_a_review_is_closed_is_shown_to_be_copied(
    desk: FlaskClient, session: Session, amina: Tenant, to_sign: PlanReview
) -> None:
    answer(session, amina, to_sign, Stand.AGREES, seen=1)
    session.commit()
    page = desk.post(f"/support-plan/{to_sign.id}", data={**RECORD, "seen": "1", "talked": "Too late"})
    assert page.status_code == 409
    assert "Too late" in page.text
    assert TALKED in page.text


OUT_OF_RANGE = (
    ("met_on", "2026-11-27"), ("met_on", "2024-01-01"), ("met_on", "0000-00-00"), ("next_on", "2026-11-26"),
    ("next_on", "2199-01-01"), ("line0-by", "1999-01-01"), ("line0-by", "9999-12-31"), ("line0-who", "nobody"),
    ("talked", "a" * 100_000), ("line0-what", "b" * 161), ("line3-by", "2026-12-01"),
)  # fmt: skip


def test_what_is_out_of_range_is_asked_again_with_everything_typed(
    desk: FlaskClient, session: Session, review: PlanReview
) -> None:
    for field, typed in OUT_OF_RANGE:
        page = desk.post(f"/support-plan/{review.id}", data={**RECORD, "view": "Kept all the same", field: typed})
        assert page.status_code == 422, (field, typed[:20])
        assert "Kept all the same" in page.text
        assert f'href="#{field}"' in page.text or f'href="#{field.replace("by", "what")}"' in page.text
    session.rollback()
    assert session.scalars(select(PlanRecord)).all() == []


def test_hostile_text_and_versions_are_only_text(
    phone: FlaskClient, desk: FlaskClient, session: Session, review: PlanReview
) -> None:
    at = f"/support-plan/{review.id}"
    for seen in ("", "-1", "²", "9" * 5000, "one"):
        assert phone.post(f"{at}/prepare/well", data={"words": HOSTILE, "seen": seen}).status_code == 303
    phone.post("/support-plan/change", data={"kind": "other", "words": HOSTILE})
    record = {**RECORD, "talked": HOSTILE, "line0-what": HOSTILE, "line²-what": "x", f"line{'9' * 5000}-what": "x"}
    assert desk.post(at, data=record).status_code == 303
    desk.post(f"{at}/signature", data={"seen": "1"})
    phone.post(f"{at}/ready", data={"ready": "1"})
    for page in (phone.get(at).text, desk.get(at).text):
        assert page.count(SAFE) >= 4
        assert "<script>alert" not in page
    long = phone.post(f"{at}/prepare/hard", data={"words": "c" * 100_000, "seen": "0"})
    assert long.status_code in (409, 422)
    for states in ("ready", "talk"):
        assert phone.post(f"{at}/{states}", data={states: "perhaps"}).status_code == 400


def test_today_and_the_room_say_what_is_to_be_done_and_nothing_when_it_is_done(
    phone: FlaskClient, session: Session, amina: Tenant, to_sign: PlanReview
) -> None:
    assert "Read what you talked about" in phone.get("/").text
    assert "Read what you talked about" in phone.get("/support-plan").text
    answer(session, amina, to_sign, Stand.AGREES, seen=1)
    session.commit()
    assert "Read what you talked about" not in phone.get("/").text
    assert "Signed by both" in phone.get("/support-plan").text


def test_without_an_answer_it_is_closed_after_two_weeks_with_what_was_tried(
    desk: FlaskClient, staff_door: Flask, cast: Cast, session: Session, to_sign: PlanReview
) -> None:
    at = f"/support-plan/{to_sign.id}"
    assert desk.post(f"{at}/close", data={"seen": "1", "reply": "I rang"}).status_code == 409
    with clock.stopped_at(THURSDAY + timedelta(days=15)):
        later = cast.at(staff_door, cast.grace)
        assert later.post(f"{at}/close", data={"seen": "1", "reply": ""}).status_code == 422
        assert later.post(f"{at}/close", data={"seen": "1", "reply": "I rang twice"}).status_code == 303
    assert again(session, to_sign).stage is Stage.CLOSED


def test_what_was_agreed_becomes_a_step_of_a_goal_if_the_tenant_wishes_and_once(
    phone: FlaskClient, tenant_door: Flask, cast: Cast, session: Session, amina: Tenant, to_sign: PlanReview
) -> None:
    goal = write_goal(session, amina, "More company")
    session.commit()
    assert to_sign.record is not None
    theirs, mine = to_sign.record.lines
    session.rollback()
    assert f"/support-plan/agreed/{mine.id}" in phone.get(f"/support-plan/{to_sign.id}").text
    assert phone.get(f"/support-plan/agreed/{theirs.id}").status_code == 404, "the worker does that one"
    assert cast.at(tenant_door, cast.tomasz).get(f"/support-plan/agreed/{mine.id}").status_code == 404
    assert phone.post(f"/support-plan/agreed/{mine.id}", data={"goal": str(uuid4())}).status_code == 422
    assert phone.post(f"/support-plan/agreed/{mine.id}").status_code == 422
    for _ in range(2):
        assert phone.post(f"/support-plan/agreed/{mine.id}", data={"goal": str(goal.id)}).status_code == 303
    session.expire_all()
    assert [step.words for step in session.get_one(Goal, goal.id).steps] == ["Ask Linh over"]


def test_strengths_and_the_plan_for_moving_on_stand_beside_it_only_while_they_are_shared(
    desk: FlaskClient, session: Session, amina: Tenant, grace: Worker, review: PlanReview
) -> None:
    write_strength(session, amina, StrengthPart.GOOD_AT, "Canary soup", language="en")
    begin(session, amina, ReviewRhythm(), LONDON).wish(Wishes(area="Canary Wharf"), "en")
    session.commit()
    address, kinds = f"/support-plan/{review.id}", (Category.STRENGTHS, Category.MOVE_ON)
    assert "Canary" not in desk.get(address).text
    assert {look.what for look in session.scalars(select(Look))} == {"support-plan"}
    for kind in kinds:
        give_consent(session, amina, kind, grace, LONDON)
    session.commit()
    page = desk.get(address).text
    assert "Canary soup" in page
    assert "Canary Wharf" in page
    assert {look.what for look in session.scalars(select(Look))} == {"support-plan", "strengths", "move-on"}
    for kind in kinds:
        withdraw_consent(session, amina, kind, grace)
    session.commit()
    assert "Canary" not in desk.get(address).text
