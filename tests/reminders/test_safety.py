"""Who opens a record for somebody's safety cannot do so unseen; and a locked phone tells neither what nor why."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from tenant_app.accounts.consent import Category
from tenant_app.accounts.models import Look, Tenant, Worker
from tenant_app.reminders.models import Notice
from tenant_app.reminders.preferences import EVERYTHING, Group, ReminderPreference, group_of
from tenant_app.reminders.safety import OPENED, open_for_safety
from tenant_app.reminders.wording import full_words
from tests.reminders.conftest import Office

REASON = "Canary4418: she rang us and could hardly speak."


def opened(office: Office, category: Category = Category.MEDICATION) -> None:
    with office.database.step() as session:
        tenant, worker = session.get_one(Tenant, office.cast.amina.id), session.get_one(Worker, office.cast.grace.id)
        open_for_safety(session, worker, tenant, category, REASON, "en")


@pytest.mark.parametrize("category", Category)
@pytest.mark.parametrize("named", [False, True])
def test_a_locked_phone_says_neither_what_was_seen_nor_by_whom_nor_why(
    office: Office, named: bool, category: Category
) -> None:
    with office.database.step() as session:
        session.get_one(Tenant, office.cast.amina.id).named_on_lock_screen = named
    phone = office.phone(office.cast.amina)
    opened(office, category)
    office.deliver()
    (push,) = phone.pushes
    shown = json.dumps(push.shown).lower() + json.dumps(push.headers).lower()

    for secret in ("canary4418", "grace", "medic", "check-in", "plan", "safety", "worr"):
        assert secret not in shown
    assert ("record" in shown) == named


def test_no_choice_of_reminders_keeps_it_away(office: Office) -> None:
    with office.database.step() as session:
        chosen = ReminderPreference.of(session, session.get_one(Tenant, office.cast.amina.id))
        for group in EVERYTHING:
            chosen.mute(group, True)
    phone = office.phone(office.cast.amina)
    opened(office)
    office.deliver()

    assert group_of(OPENED) is Group.OTHER
    assert len(phone.pushes) == 1


def test_the_look_the_reason_and_the_notice_are_written_together(office: Office) -> None:
    opened(office)
    with office.database.session() as session, office.worker.app.test_request_context():
        notice = session.scalars(select(Notice)).one()
        look = session.scalars(select(Look)).one()
        assert (look.what, look.reason, notice.tenant_id) == ("override", REASON, office.cast.amina.id)
        assert (notice.kind, notice.facts, full_words(notice).address) == (OPENED, {}, "/settings/looks")


def test_a_reason_that_says_nothing_opens_and_tells_nothing(office: Office) -> None:
    with office.database.step() as session:
        tenant, worker = session.get_one(Tenant, office.cast.amina.id), session.get_one(Worker, office.cast.grace.id)
        with pytest.raises(ValueError):
            open_for_safety(session, worker, tenant, Category.MEDICATION, "worried")
    with office.database.session() as session:
        assert session.scalars(select(Notice)).all() == []
