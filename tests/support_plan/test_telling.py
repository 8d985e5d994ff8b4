"""What a phone says of a review: discreetly, nothing of what was written, and not where a tenant wants silence."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant, Worker
from tenant_app.reminders.models import Notice
from tenant_app.reminders.preferences import Group, Preference, group_of
from tenant_app.reminders.wording import lock_screen_words
from tenant_app.support_plan.kinds import Stand
from tenant_app.support_plan.recording import answer, close
from tests.support_plan.meeting import TALKED, signed

CANARY = "Canary behind the boiler"


def test_a_locked_phone_says_nothing_of_a_review_and_a_named_one_nothing_of_what_was_written(
    tenant_door: Flask, session: Session, amina: Tenant, grace: Worker
) -> None:
    review = signed(session, amina, grace)
    answer(session, amina, review, Stand.DECLINES, CANARY, language="en", seen=1)
    close(session, grace, review, CANARY, language="en", seen=1)
    notices = {notice.kind: notice for notice in session.scalars(select(Notice))}
    assert set(notices) == {"support-plan.due", "support-plan.sign", "support-plan.ended"}
    for notice in notices.values():
        with tenant_door.test_request_context():
            discreet, named = (lock_screen_words(notice, named=named) for named in (False, True))
        assert discreet.body in ("There is something new for you.", "Something is planned. Tap to see what.")
        assert not any(word in discreet.title + discreet.body for word in ("Grace", "plan:", "review"))
        assert not any(word in named.title + named.body for word in (CANARY, TALKED, "Fewer shifts"))
        assert discreet.address.startswith("/support-plan")


def test_a_tenant_can_have_silence_about_reviews() -> None:
    assert group_of("support-plan.due") is Group.SUPPORT_PLAN
    assert not Preference(muted=frozenset({Group.SUPPORT_PLAN})).wants("support-plan.sign")
