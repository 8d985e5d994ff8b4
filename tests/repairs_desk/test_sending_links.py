"""A contractor's link when the mail server does not take its letter: the desk is told, and can try again at once."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app.repairs.contractors.jobs import write_contractor
from tenant_app.repairs.contractors.models import RepairJob, Trade
from tenant_app.repairs.models import Event, RepairUpdate
from tests.cast import Cast
from tests.reminders.conftest import push_service
from tests.reminders.letterbox import MailServer
from tests.reminders.posting import server
from tests.reminders.receiver import Receiver
from tests.repairs.conftest import Reported, rows

__all__ = ["push_service", "server"]

pytestmark = pytest.mark.parametrize("backend", ["sqlite"], indirect=True)

OURS = "our mail server did not take it"
THEIRS = "there seems to be no such address"


@pytest.fixture
def officer(
    staff_door: Flask, cast: Cast, server: MailServer, push_service: Receiver, monkeypatch: pytest.MonkeyPatch
) -> FlaskClient:
    """Devon, where letters go out by this mail server."""
    house = staff_door.extensions["homeward"]
    settings = replace(
        house.settings, smtp=f"smtp://127.0.0.1:{server.port}", smtp_ca=str(push_service.authority),
        mail_from="homeward@wrenfield.org.uk",
    )  # fmt: skip
    monkeypatch.setitem(staff_door.extensions, "homeward", replace(house, settings=settings))
    return cast.at(staff_door, cast.devon)


@pytest.fixture
def given(session: Session, reported: Reported) -> tuple[str, dict[str, str]]:
    """Where a repair is given away, and what says to whom."""
    plumber = write_contractor(session, None, name="Mill", trade=Trade.PLUMBING, email="office@mill.example")
    repair = reported()
    return f"/repairs/{repair.id}/contractor", {"version": str(repair.version), "contractor": str(plumber.id)}


def link_in(page: str) -> str:
    """What the form that tries again sends."""
    found = re.search(r'name="link" value="([^"]+)"', page)
    assert found, page
    return html.unescape(found[1])


@pytest.mark.parametrize(
    ("verb", "answer", "said"),
    [
        ("LETTER", "451 4.3.0 later", OURS),
        ("HELLO", "554 5.7.1 not from there", OURS),
        ("RCPT", "550 5.1.1 no such person", THEIRS),
        ("EHLO", "no mail server at all", OURS),
    ],
)
def test_a_letter_that_did_not_go_is_told_of_and_the_same_goes_when_it_is_tried_again(
    officer: FlaskClient, tenant_door: Flask, session: Session, server: MailServer, given: tuple[str, dict[str, str]],
    verb: str, answer: str, said: str,
) -> None:  # fmt: skip
    address, chosen = given
    session.commit()
    server.says[verb] = answer

    page = officer.post(address, data=chosen)

    assert page.status_code == 200
    assert said in page.text
    assert "mailto:office@mill.example?subject=" in page.text
    link = link_in(page.text)
    assert f'/job/{link}" dir="ltr" readonly' in page.text
    assert server.got == []

    still = officer.post(f"{address}/letter", data={"link": link})
    assert (still.status_code, said in still.text, link_in(still.text)) == (200, True, link)
    server.says.clear()
    sent = officer.post(f"{address}/letter", data={"link": link})
    assert sent.status_code == 303
    assert "The link is on its way to office@mill.example." in officer.get(sent.location).text

    [letter] = server.got
    assert f"/job/{link}" in letter.get_content()
    assert tenant_door.test_client().get(f"/job/{link}").status_code == 200
    # No second link was made, and the story has one line of it.
    assert len(rows(session, select(RepairJob))) == 1
    assert len(rows(session, select(RepairUpdate).where(RepairUpdate.event == Event.GIVEN))) == 1


def test_a_letter_that_is_tried_twice_is_known_as_one(
    officer: FlaskClient, session: Session, server: MailServer, given: tuple[str, dict[str, str]]
) -> None:
    address, chosen = given
    session.commit()
    server.says["RCPT"] = "451 4.2.1 busy"
    link = link_in(officer.post(address, data=chosen).text)
    server.says.clear()

    for _ in range(2):
        assert officer.post(f"{address}/letter", data={"link": link}).status_code == 303

    assert len(server.got) == 2
    assert len({letter["Message-ID"] for letter in server.got}) == 1


def test_a_link_that_leads_nowhere_any_more_is_sent_to_nobody(
    officer: FlaskClient, session: Session, server: MailServer, given: tuple[str, dict[str, str]], reported: Reported
) -> None:
    address, chosen = given
    other = f"/repairs/{reported(kind='window').id}/contractor"
    session.commit()
    server.says["RCPT"] = "451 4.2.1 busy"
    link = link_in(officer.post(address, data=chosen).text)
    server.says.clear()

    # Another repair's page, one that is made up, none at all, and one that was taken back.
    tried = [(other, link), (address, "made-up.link"), (address, "")]
    answers = [officer.post(f"{where}/letter", data={"link": each}) for where, each in tried]
    officer.post(f"{address}/take-back")
    answers.append(officer.post(f"{address}/letter", data={"link": link}))

    assert [answer.status_code for answer in answers] == [303] * 4
    assert [answer.location for answer in answers] == [other, address, address, address]
    assert "That link leads nowhere any more. Make a new one here." in officer.get(address).text
    assert server.got == []


def test_a_worker_who_may_not_see_the_repair_tries_nothing_again(
    officer: FlaskClient, staff_door: Flask, cast: Cast, session: Session, server: MailServer,
    given: tuple[str, dict[str, str]],
) -> None:  # fmt: skip
    address, chosen = given
    session.commit()
    server.says["RCPT"] = "451 4.2.1 busy"
    link = link_in(officer.post(address, data=chosen).text)
    server.says.clear()

    answer = cast.at(staff_door, cast.marek).post(f"{address}/letter", data={"link": link})

    assert answer.status_code == 404
    assert server.got == []
