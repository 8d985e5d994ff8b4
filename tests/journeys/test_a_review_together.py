"""A review of a support plan: prepared on the phone, held on one page at the desk, signed with disagreement by one and
answered by the other; and a goal that is shared no longer, gone from the desk with the next request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.goals.rules import write_goal
from tenant_app.support_plan.kinds import Kind, Side, Stage, Stand
from tenant_app.support_plan.models import PlanReview
from tenant_app.support_plan.rules import tell_change
from tenant_app.support_plan.words import asked
from tenant_app.web.locale import say, tell_day
from tests.conftest import THURSDAY
from tests.journeys.one_house import DESK, House, Opens, house, opens
from tests.journeys.reader import Reader

pytestmark = pytest.mark.browser

__all__ = ["house", "opens"]

GOAL = {"en": "Cook for myself twice a week", "ar": "أن أطبخ لنفسي مرتين في الأسبوع"}
STEP = {"en": "Choose two meals", "ar": "اختيار وجبتين"}
PREPARED = {"en": ("The soup was good", "Letters", "A course"), "ar": ("كان الحساء طيبًا", "الرسائل", "دورة")}
TALKED = {"en": "The oven is still broken.", "ar": "الفرن ما زال معطّلًا."}
THINKS = {"en": "The course can wait.", "ar": "يمكن للدورة أن تنتظر."}
AGREED = {"en": "Ring about the oven", "ar": "الاتصال بشأن الفرن"}
DIFFERENT = {"en": "I do not want to wait with the course.", "ar": "لا أريد أن أنتظر مع الدورة."}
ANSWER = {"en": "Let us do both.", "ar": "لنفعل الأمرين معًا."}
NEAR = THURSDAY + timedelta(days=8)


def review_of(house: House, person: Tenant) -> PlanReview:
    with house.live.database.session(reads_only=True) as session:
        found = session.scalars(select(PlanReview).where(PlanReview.tenant_id == person.id)).one()
        assert found.signatures is not None
        assert found.records is not None
        return found


def shares_a_goal(her: Reader) -> None:
    her.open("/goals/new")
    her.fill("What would you like to be different?", GOAL[her.reads])
    her.fill("What could be a first step?", STEP[her.reads])
    her.page.locator("#shared").check()
    her.press("Keep this goal")
    expect(her.page.get_by_role("heading", level=1)).to_have_text(GOAL[her.reads])


def prepares(her: Reader, review: PlanReview) -> None:
    """From Today: three questions, each on its page; then she is ready."""
    her.open("/")
    her.reads_on_page(her.said(lambda: say("The next review is due by %(day)s", day=tell_day(review.due_on))))
    her.page.locator(f'main a[href="/support-plan/{review.id}"]').click()
    her.look()
    her.page.locator(f'main a[href$="{review.id}/prepare/well"]').click()
    for question, words in zip(("well", "hard", "next"), PREPARED[her.reads], strict=True):
        expect(her.page.get_by_role("heading", level=1)).to_have_text(her.said(lambda q=question: asked(q).words))
        her.page.locator("[name=words]").fill(words)
        her.press("Keep it and go on")
    her.reads_on_page(her.word("Only you can read this, until you say that you are ready."))
    her.press("I am ready to look at this together")


def holds(grace: Reader, name: str) -> None:
    """On one page: what is prepared and shared is there, what was agreed is written down, read once more and signed."""
    grace.open("/staff/support-plan")
    grace.follow(name)
    for words in (*PREPARED[grace.reads], GOAL[grace.reads]):
        grace.reads_on_page(words)
    at = grace.page.url
    for field, typed in (
        ("met_on", f"{NEAR:%Y-%m-%d}"), ("talked", TALKED[grace.reads]), ("view", THINKS[grace.reads]),
        ("line0-what", AGREED[grace.reads]), ("line0-by", f"{NEAR + timedelta(days=5):%Y-%m-%d}"),
    ):  # fmt: skip
        grace.page.locator(f"[name={field}]").fill(typed)
    grace.page.locator("[name=line0-who]").select_option("worker")
    grace.press("Keep this")
    expect(grace.page.locator("#text")).to_contain_text(AGREED[grace.reads])
    grace.press("I have read it and sign it")
    grace.reads_on_page(grace.word("%(name)s has still to read it.", name="Amina"))
    assert grace.page.url.partition("#")[0] == at


def signs_with_disagreement(her: Reader, review: PlanReview) -> None:
    her.open("/")
    her.reads_on_page(her.word("Read what you talked about"))
    her.page.locator(f'main a[href="/support-plan/{review.id}"]').click()
    for words in (TALKED, THINKS, AGREED):
        her.reads_on_page(words[her.reads])
    her.page.get_by_label(her.word("I sign it, and see something differently")).check()
    her.press("Keep what I say")
    her.reads_on_page(her.word("Write what you see differently"))
    her.page.locator("[name=words]").fill(DIFFERENT[her.reads])
    her.press("Keep what I say")
    her.reads_on_page(her.word("You signed it."))


def test_a_review_is_prepared_held_signed_and_seen_otherwise_in_each_ones_words(house: House, opens: Opens) -> None:
    amina, grace = house.live.cast.amina, house.live.cast.grace
    with clock.stopped_at(THURSDAY + timedelta(minutes=30)):
        shares_a_goal(opens(amina))
        house.work()  # by now her first review is near enough to be prepared
    with clock.stopped_at(NEAR):
        review = review_of(house, amina)
        her, keyworker = opens(amina), opens(grace, DESK)
        prepares(her, review)
        holds(keyworker, amina.name)
        signs_with_disagreement(her, review)
        keyworker.page.reload()
        keyworker.reads_on_page(DIFFERENT[house.language])
        keyworker.page.locator("[name=reply]").fill(ANSWER[house.language])
        keyworker.press("Close the review")
        her.page.reload()
        for reader in (her, keyworker):
            for words in (TALKED, THINKS, AGREED, DIFFERENT, ANSWER):
                reader.reads_on_page(words[house.language])
    ended = review_of(house, amina)
    with house.live.database.session() as session:
        kept = session.get_one(PlanReview, ended.id)
        said = kept.signed_by(Side.TENANT)
        assert said is not None
        assert (kept.stage, said.stand, said.language) == (Stage.CLOSED, Stand.DISAGREES, house.language)


def test_a_goal_that_is_shared_no_longer_is_gone_from_the_desk_with_the_next_request(
    house: House, opens: Opens
) -> None:
    tomasz, grace = house.live.cast.tomasz, house.live.cast.grace
    with clock.stopped_at(NEAR):
        with house.live.database.step() as session:
            his = session.get_one(Tenant, tomasz.id)
            goal = write_goal(session, his, GOAL[house.language], first_step=STEP[house.language], shared=True).id
            review = tell_change(
                session, his, his, Kind.OTHER, "", language=house.language, zone=house.live.settings.zone
            ).id  # fmt: skip
        he, keyworker = opens(tomasz), opens(grace, DESK)
        keyworker.open(f"/staff/support-plan/{review}")
        keyworker.reads_on_page(GOAL[house.language])
        he.open(f"/goals/{goal}")
        he.page.locator('form[action$="/sharing"] button').click()
        expect(he.page.locator('form[action$="/sharing"] button[value="1"]')).to_be_visible()
        keyworker.page.reload()
        expect(keyworker.page.locator("main")).not_to_contain_text(GOAL[house.language])
        keyworker.reads_on_page(keyworker.word(
            "No goal is shared at the moment. What they share, they choose themselves."
        ))  # fmt: skip
