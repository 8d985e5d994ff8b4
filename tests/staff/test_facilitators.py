"""What facilitators see, lead or beside, employed or peer: names and needs of their own sessions, and nothing else."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from uuid import uuid4
from zipfile import ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tenant_app import clock
from tenant_app.accounts.models import Footing, Look, Role, Tenant, Worker
from tenant_app.accounts.rules import welcome_worker
from tenant_app.goals.rules import write_goal
from tenant_app.groups.models import GroupSession
from tenant_app.groups.needs import GroupNeeds
from tenant_app.groups.programme.series import Part, SessionFacilitator
from tenant_app.groups.rules import book_place
from tenant_app.web.audience import ANYONE, HALFWAY, audience_of
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.crawl import crawl
from tests.groups.programme import plan

ROOMS = {"house_meetings", "own", "own_supervision", "programme", "register_needs", "registers", "signin", "start", "training"}
"""Rooms of the staff door that a facilitator may enter at all. A route of any other that lets them in is found here."""

LEADS_ONLY = {"programme.change", "programme.call_off"}
NAMES_NONE = {"programme.show"}
"""Pages of a session that stay with those who ran it: they count people."""

COOK, ELSEWHERE, LONG_AGO = "cooking", "elsewhere", "long ago"


@pytest.fixture
def ruth(session: Session, cast: Cast) -> Worker:
    """A peer, who helps Joana and lives in one of our homes herself."""
    added = welcome_worker(session, "Ruth Adler", "ruth@wrenfield.org.uk", Role.FACILITATOR, footing=Footing.PEER)
    session.commit()
    return added


@pytest.fixture
def sessions(session: Session, cast: Cast, ruth: Worker, amina: Tenant, salma: Tenant) -> dict[str, GroupSession]:
    """Joana's and Ruth's tomorrow with Amina in it; Marek's with Salma; and Joana's and Ruth's of over two weeks ago."""
    GroupNeeds.of(session, amina).say(session, access="CANARY ramp", interpreter="", food="")
    GroupNeeds.of(session, salma).say(session, access="CANARY lift", interpreter="", food="")
    with clock.stopped_at(THURSDAY - timedelta(days=17)):
        long_ago = plan(session, cast, starts_at=THURSDAY - timedelta(days=14, hours=2))
        book_place(session, salma, long_ago)
    cooking = plan(session, cast)
    elsewhere = plan(session, cast, facilitator=session.get_one(Worker, cast.marek.id))
    for each in (cooking, long_ago):
        each.beside.append(SessionFacilitator(worker=ruth, part=Part.PEER))
    book_place(session, amina, cooking)
    book_place(session, salma, elsewhere)
    write_goal(session, amina, "CANARY goal", first_step="CANARY step", shared=True)
    session.commit()
    return {COOK: cooking, ELSEWHERE: elsewhere, LONG_AGO: long_ago}


def of_a_session(door: Flask) -> list[tuple[Rule, str]]:
    """Each route of one session, with its methods."""
    return [
        (rule, method) for rule in door.url_map.iter_rules() if "session_id" in rule.arguments
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
    ]  # fmt: skip


def status(client: FlaskClient, rule: Rule, method: str, it: GroupSession) -> int:
    values = {name: it.id if name == "session_id" else uuid4() for name in rule.arguments}
    built = rule.build(values)
    assert built is not None
    return client.open(built[1], method=method).status_code


def test_no_room_but_theirs_lets_a_facilitator_in(staff_door: Flask) -> None:
    let_in = {
        rule.endpoint.split(".")[0] for rule in staff_door.url_map.iter_rules()
        if Role.FACILITATOR in audience_of(staff_door, rule.endpoint)
    }  # fmt: skip

    assert let_in <= ROOMS


@pytest.mark.parametrize("who", ["joana", "ruth"])
def test_a_facilitator_is_shut_out_of_every_other_page(
    staff_door: Flask, cast: Cast, ruth: Worker, who: str, sessions: dict[str, GroupSession]
) -> None:
    here = cast.at(staff_door, ruth if who == "ruth" else cast.joana)
    people = {"tenant_id": cast.amina.id, "worker_id": cast.grace.id}
    opened = []
    for rule in staff_door.url_map.iter_rules():
        audience = audience_of(staff_door, rule.endpoint)
        if {ANYONE, HALFWAY, Role.FACILITATOR} & set(audience) or rule.endpoint == "static":
            continue
        values = {name: people.get(name, uuid4()) for name in rule.arguments}
        built = rule.build(values)
        assert built is not None
        for method in (rule.methods or set()) & {"GET", "POST"}:
            if here.open(built[1], method=method).status_code != 403:
                opened.append((method, rule.rule))

    assert opened == []


@pytest.mark.parametrize("who", ["joana", "ruth"])
def test_pages_of_their_own_session_open_and_of_others_do_not(
    staff_door: Flask, cast: Cast, ruth: Worker, sessions: dict[str, GroupSession], who: str
) -> None:
    here = cast.at(staff_door, ruth if who == "ruth" else cast.joana)
    wrong = []
    for rule, method in of_a_session(staff_door):
        alone = rule.arguments == {"session_id"}
        # Cooking together has no agenda: only a house meeting does.
        opens = (who == "joana" or rule.endpoint not in LEADS_ONLY) and not rule.endpoint.startswith("house_meetings.")
        if alone and method == "GET" and (status(here, rule, method, sessions[COOK]) == 200) is not opens:
            wrong.append((method, rule.rule, "own"))
        if status(here, rule, method, sessions[ELSEWHERE]) != 404:
            wrong.append((method, rule.rule, "somebody else's"))

    assert wrong == []


@pytest.mark.parametrize("who", ["joana", "ruth", "marek"])
def test_two_weeks_after_a_session_its_names_are_theirs_no_more(
    staff_door: Flask, session: Session, cast: Cast, ruth: Worker, sessions: dict[str, GroupSession], who: str
) -> None:
    it = sessions[LONG_AGO]
    if who == "marek":  # a keyworker who ran it is no exception
        it.facilitator_id = cast.marek.id
        session.commit()
    people = {"joana": cast.joana, "ruth": ruth, "marek": cast.marek}
    here, nasrin = cast.at(staff_door, people[who]), cast.at(staff_door, cast.nasrin)
    wrong = []
    for rule, method in of_a_session(staff_door):
        if rule.endpoint.split(".")[0] in ("registers", "register_needs") and status(here, rule, method, it) != 404:
            wrong.append((method, rule.rule))

    assert wrong == []
    assert "Salma" not in here.get("/registers").text
    kept = here.get(f"/programme/{it.id}")
    assert kept.status_code == 200
    assert "Salma" not in kept.text
    assert f"/registers/{it.id}" not in kept.text
    assert "Salma Haddad" in nasrin.get(f"/registers/{it.id}").text
    assert f"/registers/{it.id}" in nasrin.get(f"/programme/{it.id}").text


def test_the_register_stays_until_two_weeks_have_passed(
    staff_door: Flask, cast: Cast, ruth: Worker, sessions: dict[str, GroupSession]
) -> None:
    it = sessions[COOK]
    last = it.ends_at + timedelta(days=14)
    for moment, answer in ((last - timedelta(seconds=1), 200), (last, 404)):
        with clock.stopped_at(moment):
            assert cast.at(staff_door, ruth).get(f"/registers/{it.id}").status_code == answer


def test_needs_are_shown_from_two_weeks_before_until_the_end(
    staff_door: Flask, session: Session, cast: Cast, ruth: Worker, sessions: dict[str, GroupSession], amina: Tenant
) -> None:
    it = sessions[COOK]
    it.starts_at, it.ends_at = THURSDAY + timedelta(days=20), THURSDAY + timedelta(days=20, hours=1)
    session.commit()
    path = f"/registers/{it.id}/needs"
    shown = {
        it.starts_at - timedelta(days=14, seconds=1): False, it.starts_at - timedelta(days=14): True,
        it.ends_at - timedelta(seconds=1): True, it.ends_at: False,
    }  # fmt: skip
    for worker in (cast.joana, ruth, cast.nasrin):
        for moment, seen in shown.items():
            with clock.stopped_at(moment):
                assert ("CANARY ramp" in cast.at(staff_door, worker).get(path).text) is seen
    assert "It is early yet" in cast.at(staff_door, ruth).get(path).text


@pytest.mark.parametrize("who", ["joana", "ruth"])
def test_all_that_a_facilitator_reaches_names_their_own_people_and_nothing_more_of_them(
    staff_door: Flask, cast: Cast, ruth: Worker, sessions: dict[str, GroupSession], who: str
) -> None:
    here = cast.at(staff_door, ruth if who == "ruth" else cast.joana)
    pages = crawl(staff_door, here, "/", each=20)

    assert f"/registers/{sessions[COOK].id}" in pages
    assert f"/registers/{sessions[COOK].id}/needs" in pages
    for address, answer in pages.items():
        text = in_it(answer)
        for private in ("Salma", "CANARY lift", "CANARY goal", "CANARY step", "Flat 4", "Tomasz"):
            assert private not in text, (address, private)
        if not address.startswith("/registers/"):
            assert "Amina" not in text, address


def test_what_a_peer_reads_stands_with_who_looked_at_my_record(
    staff_door: Flask, tenant_door: Flask, session: Session, cast: Cast, ruth: Worker,
    sessions: dict[str, GroupSession],
) -> None:  # fmt: skip
    own = cast.at(staff_door, ruth)
    for page in ("", "/needs", "/sheet"):
        assert own.get(f"/registers/{sessions[COOK].id}{page}").status_code == 200

    looks = session.scalars(select(Look).where(Look.worker_id == ruth.id)).all()
    assert sorted((look.tenant_id, look.what) for look in looks) == [
        (cast.amina.id, "needs"), (cast.amina.id, "register"), (cast.amina.id, "register"),
    ]  # fmt: skip
    session.commit()
    assert "<bdi>Ruth Adler</bdi>" in cast.at(tenant_door, cast.amina).get("/settings/looks").text


def test_who_is_taken_off_a_session_loses_it_with_the_next_request(
    staff_door: Flask, session: Session, cast: Cast, ruth: Worker, sessions: dict[str, GroupSession]
) -> None:
    it, own, nasrin = sessions[COOK], cast.at(staff_door, ruth), cast.at(staff_door, cast.nasrin)
    for page in ("", "/needs", "/sheet", "/notes", "/walk-in"):
        assert own.get(f"/registers/{it.id}{page}").status_code == 200

    taken_off(nasrin, cast, it)

    for page in ("", "/needs", "/sheet", "/notes", "/walk-in", "/code"):
        assert own.get(f"/registers/{it.id}{page}").status_code == 404
    tap = own.post(f"/registers/{it.id}/people/{cast.amina.id}", data={"mark": "here"})
    assert tap.status_code == 404
    assert own.get(f"/programme/{it.id}").status_code == 404
    assert f"/registers/{it.id}" not in own.get("/registers").text


def test_nobody_is_looked_for_by_name_before_the_register_opens(
    staff_door: Flask, cast: Cast, ruth: Worker, sessions: dict[str, GroupSession]
) -> None:
    it, path = sessions[COOK], f"/registers/{sessions[COOK].id}/walk-in?q=tomasz"

    assert "Wójcik" not in cast.at(staff_door, ruth).get(path).text
    with clock.stopped_at(it.starts_at):
        assert "Wójcik" in cast.at(staff_door, ruth).get(path).text


def test_who_has_left_reads_nothing(
    staff_door: Flask, session: Session, cast: Cast, ruth: Worker, sessions: dict[str, GroupSession]
) -> None:
    own = cast.at(staff_door, ruth)
    cast.at(staff_door, cast.priya).post(f"/staff/{ruth.id}/left", data={"left": "1"})

    assert own.get(f"/registers/{sessions[COOK].id}").location.startswith("/sign-in")


def taken_off(nasrin: FlaskClient, cast: Cast, it: GroupSession) -> None:
    """Nasrin changes the session, so that Joana runs it alone."""
    sent = {
        "rest": "0", "day": "2026-11-27", "starts": "11:00", "ends": "12:30", "place": it.place, "link": "",
        "capacity": "8", "lead": str(cast.joana.id), "seen": it.edition, "despite": "1",
        "beside_1": "", "part_1": "peer",
    }  # fmt: skip
    answer = nasrin.post(f"/programme/{it.id}/change", data=sent)
    assert answer.status_code == 303, answer.text


def in_it(answer: TestResponse) -> str:
    """All that can be read in an answer, of a workbook too."""
    data = answer.get_data()
    if not data.startswith(b"PK"):
        return data.decode()
    with ZipFile(BytesIO(data)) as packed:
        return "".join(packed.read(name).decode(errors="replace") for name in packed.namelist())
