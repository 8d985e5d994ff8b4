"""An early sign that a worker put away: it comes back only with something new."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.consent import Category
from tenant_app.accounts.models import Tenant, Worker
from tenant_app.support.early_signs import DismissedSign, Rule
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.today.signs import TODAY, Share, checked_in, missed_twice, rules


def test_what_was_put_away_comes_back_only_with_something_new(
    session: Session, desk: FlaskClient, cast: Cast, amina: Tenant, grace: Worker, share: Share
) -> None:
    share(Category.CHECK_INS)
    checked_in(session, amina, 14, 21)
    session.commit()
    address = f"/caseload/{amina.id}/sign"
    seen = {"fact": f"check-ins:{TODAY - timedelta(days=14)}"}

    empty = desk.post(address, data={**seen, "why": " \x00 "})
    assert empty.status_code == 422
    assert "Write why you put it away" in empty.text
    long = desk.post(address, data={**seen, "why": "long " * 20_000})
    assert long.status_code == 422
    assert "long long" in long.text
    assert desk.post(address, data={"fact": "missed:1", "why": "Never shown"}).status_code == 404
    assert desk.post(address, data={**seen, "why": "At her sister\u202e’s\x00 👩🏽‍🚒 until Friday"}).status_code == 303

    assert "Amina" not in desk.get("/today").text
    assert desk.post(address, data={**seen, "why": "Twice"}).status_code == 404
    kept = session.scalars(DismissedSign.of(amina)).one()
    assert (kept.worker_id, kept.facts) == (grace.id, [seen["fact"]])
    assert kept.why.startswith("At her sister")
    session.commit()

    with clock.stopped_at(THURSDAY + timedelta(days=10)):
        assert rules(session, grace, amina) == []  # the same silence, only longer
        missed_twice(session, cast, amina).asked_at = clock.now()
        share(Category.GROUPS)
        assert rules(session, grace, amina) == [Rule.MISSED]
    checked_in(session, amina, -1, -2)
    with clock.stopped_at(THURSDAY + timedelta(days=20)):
        assert rules(session, grace, amina)[0] is Rule.CHECK_INS  # checked in since, and silent again


def test_a_reason_that_came_since_the_page_was_opened_is_not_put_away_with_it(
    session: Session, desk: FlaskClient, cast: Cast, amina: Tenant, grace: Worker, share: Share
) -> None:
    share(Category.CHECK_INS)
    share(Category.GROUPS)
    checked_in(session, amina, 14, 21)
    missed_twice(session, cast, amina)
    session.commit()

    desk.post(f"/caseload/{amina.id}/sign", data={"fact": f"check-ins:{TODAY - timedelta(days=14)}", "why": "Away"})

    assert rules(session, grace, amina) == [Rule.MISSED]
