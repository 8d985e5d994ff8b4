"""What the tenant is told when something changes about a repair."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Worker
from tenant_app.reminders.models import Notice
from tenant_app.reminders.wording import full_words, lock_screen_words
from tenant_app.repairs.models import State
from tenant_app.repairs.rules import change_state
from tenant_app.repairs.telling import NEWS
from tenant_app.web.locale import speaking
from tests.repairs.conftest import LONDON, Reported


@pytest.mark.parametrize(
    ("state", "words", "body"),
    [
        (State.SEEN, "", "<bdi>Devon</bdi> has looked at it."),
        (State.SEEN, "The part is ordered", "<bdi>Devon</bdi> wrote to you about it."),
        (State.BOOKED, "", "Somebody comes on Monday 30 November, <bdi>1:00\N{NO-BREAK SPACE}pm</bdi> to"
                           " <bdi>4:00\N{NO-BREAK SPACE}pm</bdi>."),
        (State.FIXED, "", "<bdi>Devon</bdi> says that it is fixed. If it is not, tell us."),
        (State.CLOSED, "", "<bdi>Devon</bdi> closed it. Tap to read why."),
    ],
)  # fmt: skip
def test_the_app_says_what_changed_in_a_whole_sentence(
    tenant_door: Flask, session: Session, reported: Reported, devon: Worker, state: State, words: str, body: str
) -> None:
    repair = reported()
    visit = {"visit_on": date(2026, 11, 30), "visit_window": "13:00-16:00"} if state is State.BOOKED else {}
    change_state(session, devon, repair, state, words, zone=LONDON, **visit)
    notice = session.scalars(select(Notice).where(Notice.kind == NEWS)).one()

    with tenant_door.test_request_context(), speaking("en"):
        said = full_words(notice)
        locked = lock_screen_words(notice, named=notice.tenant.named_on_lock_screen)

    assert str(said.title) == "News about your repair: <bdi>A leak</bdi>"
    assert str(said.body) == body
    assert said.address == f"/repairs/{repair.id}"
    assert "leak" not in locked.title + locked.body
    assert "Devon" not in locked.title + locked.body
