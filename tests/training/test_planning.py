"""A session is planned with people who have done what it asks of them: a warning for some, a refusal for others."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Footing, Role, Worker
from tenant_app.accounts.rules import welcome_worker
from tenant_app.groups.models import GroupSession
from tenant_app.groups.programme.series import Part, SessionFacilitator
from tenant_app.training.models import Course, Duty, TrainingRecord
from tests.cast import Cast
from tests.groups.programme import plan

Write = Callable[..., TrainingRecord]
BOUNDARIES = Course("boundaries", 24, frozenset({Duty.WORKER, Duty.CO, Duty.PEER, Duty.VOLUNTEER}))


def asked(cast: Cast, **changes: str) -> dict[str, str]:
    """Three Fridays from 4 December, as the form sends them, with Joana in the lead."""
    return {
        "kind": "budgeting", "day": "2026-12-04", "weeks": "3", "starts": "14:00", "ends": "15:00",
        "bank_holidays": "skip", "place": "Front room", "link": "", "capacity": "6", "lead": str(cast.joana.id),
        "building": "", **changes,
    }  # fmt: skip


def planned(session: Session) -> int:
    count = session.scalar(select(func.count()).select_from(GroupSession)) or 0
    session.commit()
    return count


@pytest.fixture
def ola(session: Session, cast: Cast) -> Worker:
    """Employed, and trained in nothing yet."""
    added = welcome_worker(session, "Ola Peters", "ola@wrenfield.org.uk", Role.KEYWORKER)
    session.commit()
    return added


@pytest.mark.parametrize("part", ["peer", "volunteer", "co"])
def test_a_volunteer_without_safeguarding_runs_no_session_whatever_their_part(
    nasrin: FlaskClient, session: Session, cast: Cast, ruth: Worker, part: str
) -> None:
    sent = asked(cast, beside_1=str(ruth.id), part_1=part)

    page = unescape(nasrin.get("/programme/new", query_string=sent).text)
    assert "First this training, then the session" in page
    assert "<bdi>Ruth Adler</bdi>: <bdi lang=\"en\">Safeguarding adults</bdi> is not written down." in page
    assert 'action="/programme/new"' not in page

    answer = nasrin.post("/programme/new", data={**sent, "untrained": "1"})
    assert answer.status_code == 422
    assert "Nothing you typed is lost" in answer.text
    assert planned(session) == 0


def test_a_volunteer_in_the_lead_is_refused_too(
    nasrin: FlaskClient, session: Session, cast: Cast, ruth: Worker
) -> None:
    assert nasrin.post("/programme/new", data=asked(cast, lead=str(ruth.id), untrained="1")).status_code == 422
    assert planned(session) == 0


def test_with_the_certificate_written_down_they_do(
    nasrin: FlaskClient, session: Session, cast: Cast, ruth: Worker, has_done: Write
) -> None:
    has_done(ruth, date(2026, 11, 1), date(2029, 11, 1))
    has_done(ruth, date(2026, 11, 1), date(2028, 11, 1), BOUNDARIES)
    sent = asked(cast, beside_1=str(ruth.id), part_1="volunteer")

    assert "raining" not in nasrin.get("/programme/new", query_string=sent).text.split("<main")[1]
    assert nasrin.post("/programme/new", data=sent).status_code == 303
    assert planned(session) == 3


def test_one_that_runs_out_before_the_last_day_is_refused_and_says_when(
    nasrin: FlaskClient, session: Session, cast: Cast, ruth: Worker, has_done: Write
) -> None:
    has_done(ruth, date(2023, 12, 11), date(2026, 12, 11))
    has_done(ruth, date(2026, 11, 1), date(2028, 11, 1), BOUNDARIES)

    two = nasrin.post("/programme/new", data=asked(cast, beside_1=str(ruth.id), part_1="peer", weeks="3"))
    assert two.status_code == 422
    assert "is 11 December 2026, and the session is on 18 December 2026." in two.text
    fits = nasrin.post("/programme/new", data=asked(cast, beside_1=str(ruth.id), part_1="peer", weeks="2"))
    assert fits.status_code == 303
    assert planned(session) == 2


def test_somebody_employed_is_warned_of_and_can_be_confirmed(
    nasrin: FlaskClient, session: Session, cast: Cast, ola: Worker
) -> None:
    sent = asked(cast, beside_1=str(ola.id), part_1="co")

    page = nasrin.get("/programme/new", query_string=sent).text
    assert "Training that is missing on that day" in page
    assert "Plan it all the same" in page
    stopped = nasrin.post("/programme/new", data=sent)
    assert stopped.status_code == 422
    assert 'name="untrained"' in stopped.text
    assert planned(session) == 0

    assert nasrin.post("/programme/new", data={**sent, "untrained": "1"}).status_code == 303
    assert planned(session) == 3


@pytest.mark.parametrize("said", ["", "0", "yes", "11"])
def test_what_is_no_confirmation_confirms_nothing(
    nasrin: FlaskClient, session: Session, cast: Cast, ola: Worker, said: str
) -> None:
    assert nasrin.post("/programme/new", data=asked(cast, lead=str(ola.id), untrained=said)).status_code == 422
    assert planned(session) == 0


def test_food_is_asked_of_those_who_cook(
    nasrin: FlaskClient, session: Session, cast: Cast, ruth: Worker, has_done: Write
) -> None:
    has_done(ruth, date(2026, 11, 1), date(2029, 11, 1))
    has_done(ruth, date(2026, 11, 1), date(2028, 11, 1), BOUNDARIES)
    sent = asked(cast, beside_1=str(ruth.id), part_1="volunteer", kind="cooking-together")

    page = nasrin.get("/programme/new", query_string=sent).text

    assert "Food hygiene" in page
    assert "Plan it all the same" in page


def test_changing_a_session_asks_the_same(
    staff_door: Flask, nasrin: FlaskClient, session: Session, cast: Cast, ruth: Worker, ola: Worker
) -> None:
    it = plan(session, cast, kind="budgeting")
    session.commit()
    sent = {
        "rest": "0", "day": "2026-11-27", "starts": "11:00", "ends": "12:30", "place": "Garden room", "link": "",
        "capacity": "8", "lead": str(cast.joana.id), "seen": it.edition,
    }  # fmt: skip
    address = f"/programme/{it.id}/change"
    with_ruth = {**sent, "beside_1": str(ruth.id), "part_1": "volunteer", "untrained": "1"}
    with_ola = {**sent, "beside_1": str(ola.id), "part_1": "co"}

    assert nasrin.post(address, data=with_ruth).status_code == 422
    assert "First this training" in nasrin.get(address, query_string=with_ruth).text
    assert nasrin.post(address, data=with_ola).status_code == 422
    session.refresh(it)
    assert (it.place, it.beside) == ("Kitchen, ground floor", [])
    session.commit()

    assert nasrin.post(address, data={**with_ola, "untrained": "1"}).status_code == 303
    session.refresh(it)
    assert [each.part for each in it.beside] == [Part.CO]


def test_calling_off_is_never_stopped_by_it(
    nasrin: FlaskClient, session: Session, cast: Cast, ruth: Worker
) -> None:
    it = plan(session, cast, kind="budgeting")
    it.beside.append(SessionFacilitator(worker=ruth, part=Part.VOLUNTEER))
    session.commit()

    assert nasrin.post(f"/programme/{it.id}/call-off", data={"rest": "0", "seen": it.edition}).status_code == 303
    session.refresh(it)
    assert it.cancelled


def test_a_peers_page_asks_what_the_sessions_ahead_of_them_ask(
    staff_door: Flask, session: Session, cast: Cast
) -> None:
    peer = welcome_worker(
        session, "Kit Moss", "kit@wrenfield.org.uk", Role.FACILITATOR, footing=Footing.PEER
    )
    session.commit()
    own = cast.at(staff_door, peer)
    assert not re.search("Food hygiene", own.get("/training").text)

    it = plan(session, cast)
    it.beside.append(SessionFacilitator(worker=peer, part=Part.PEER))
    session.commit()

    assert "Food hygiene" in own.get("/training").text
