"""How a tenant is told that their keyworker wrote: discreetly, and not where they want silence."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.messages.rules import answer
from tests.conftest import THURSDAY

CANARY = "Canary of the harbour wall"


def test_messages_are_one_of_the_kinds_that_phones_can_be_silent_about(
    phone: FlaskClient, session: Session, amina: Tenant, grace: Worker
) -> None:
    from tenant_app.messages.rules import ANSWERED
    from tenant_app.reminders.preferences import EVERYTHING, Group, preference_of

    assert preference_of(session, amina).wants(ANSWERED)
    session.commit()  # or it would keep the door from writing
    loud = [group.value for group in EVERYTHING - {Group.MESSAGES}]
    phone.post("/settings/reminders/kinds", data={"kind": loud})
    assert not preference_of(session, amina).wants(ANSWERED)


def test_a_locked_phone_says_only_that_there_is_something_new(
    tenant_door: Flask, session: Session, amina: Tenant, grace: Worker
) -> None:
    from tenant_app.messages.rules import ANSWERED
    from tenant_app.reminders.models import Notice
    from tenant_app.reminders.wording import lock_screen_words

    answer(session, grace, amina, CANARY, "en")
    notice = session.scalars(select(Notice).where(Notice.kind == ANSWERED)).one()
    with tenant_door.test_request_context():
        discreet, named = (lock_screen_words(notice, named=named) for named in (False, True))
    assert (discreet.body, discreet.address) == ("There is something new for you.", "/messages#newest")
    assert "Grace" not in discreet.title + discreet.body
    assert named.title == "Grace wrote to you"
    assert CANARY not in named.title + named.body


def test_a_notice_leads_to_the_thread(phone: FlaskClient, session: Session, amina: Tenant, grace: Worker) -> None:
    from tenant_app.reminders.models import Notice

    answer(session, grace, amina, "Hello", "en")
    session.commit()
    assert "Grace wrote to you" in phone.get("/reminders").text
    notice = session.scalars(select(Notice).where(Notice.kind == "messages.answered")).one()
    session.commit()
    with clock.stopped_at(THURSDAY + timedelta(minutes=1)):
        assert phone.post(f"/reminders/{notice.id}", data={"seen": "1"}).location == "/messages#newest"
