"""One question a page: how far one is, going on with a draft, changing an answer, and what is asked of whom."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.repairs.answers import Began, Severity
from tenant_app.repairs.models import Repair, State
from tenant_app.repairs.told import ReportDetails
from tests.cast import Cast
from tests.conftest import THURSDAY
from tests.repairs.conftest import rows
from tests.repairs.reporting import begin, walk

DAY = timedelta(days=1)
QUESTION = re.compile(r"Question (\d) of (\d)")


def number(phone: FlaskClient, address: str) -> tuple[str, ...]:
    found = QUESTION.search(phone.get(address).text)
    assert found, address
    return found.groups()


def draft(session: Session) -> Repair:
    [found] = rows(session, select(Repair).where(Repair.state == State.DRAFT))
    assert isinstance(found, Repair)
    return found


def test_each_page_says_how_far_one_is_whatever_is_passed_over(amina: FlaskClient) -> None:
    address = begin(amina)
    led = walk(amina, address, part="")

    assert led == ["rooms", "what", "part", "how-bad", "since", "at-home", "photos", "send"]
    assert number(amina, "/repairs/new") == ("1", "8")
    pages = ("where", "rooms", "what", "part", "how-bad", "since", "at-home", "photos", "access")
    assert [number(amina, f"{address}/{page}") for page in pages] == [
        (each, "8") for each in ("2", "2", "3", "3", "4", "5", "6", "7", "8")
    ]
    assert not QUESTION.search(amina.get(f"{address}/send").text)


def test_nobody_is_asked_how_to_get_into_what_is_shared(amina: FlaskClient, session: Session) -> None:
    address = begin(amina)
    walk(amina, address, place="shared", rooms="shared-laundry", kind="leak", part="washing-machine")

    assert number(amina, f"{address}/photos") == ("7", "7")
    assert amina.post(f"{address}/photos", data={}).location == f"{address}/send"
    assert amina.get(f"{address}/access").status_code == 303
    assert amina.post(f"{address}/access", data={"key": "1"}).status_code == 303
    assert "We share it" in amina.get(f"{address}/send").text
    amina.post(f"{address}/send")

    [repair] = rows(session, select(Repair))
    assert (repair.shared, repair.rooms, repair.state) == (True, ["shared-laundry"], State.REPORTED)
    assert rows(session, select(ReportDetails))[0].may_use_key is None


def test_rooms_are_those_of_the_place_and_another_place_asks_for_them_again(
    amina: FlaskClient, session: Session
) -> None:
    address = begin(amina)
    walk(amina, address)
    assert "Lift" not in amina.get(f"{address}/rooms").text
    assert amina.post(f"{address}/rooms", data={"rooms": "shared-lift"}).status_code == 422

    amina.post(f"{address}/where", data={"place": "shared"})
    assert draft(session).rooms == []
    assert "Lift" in amina.get(f"{address}/rooms").text
    assert amina.get(address).location == f"{address}/rooms"
    assert amina.get(f"{address}/send").location == f"{address}/rooms"


def test_a_draft_goes_on_at_the_first_question_left_on_another_phone_too(
    amina: FlaskClient, tenant_door: Flask, cast: Cast, session: Session
) -> None:
    address = begin(amina)
    answers = {
        "where": {"place": "home"}, "rooms": {"rooms": ["kitchen", "bathroom", "kitchen"]}, "what": {"kind": "leak"},
        "part": {"part": ""}, "how-bad": {"severity": "wait"}, "since": {"began": "month"}, "at-home": {},
        "photos": {}, "access": {},
    }  # fmt: skip
    pages = [*answers, "send"]
    for question, following in zip(answers, pages[1:], strict=True):
        assert cast.at(tenant_door, cast.amina).get(address).location == f"{address}/{question}"
        for _ in range(2):
            assert amina.post(f"{address}/{question}", data=answers[question]).location == f"{address}/{following}"
    another = cast.at(tenant_door, cast.amina)
    assert address in another.get("/repairs").text
    assert another.post("/repairs/new", data={"urgent": ""}).location == f"{address}/send"

    repair = draft(session)
    assert (repair.rooms, repair.part, repair.severity, repair.began) == (
        ["kitchen", "bathroom"], "", Severity.WAIT, Began.MONTH,
    )  # fmt: skip
    [details] = rows(session, select(ReportDetails))
    assert len(details.answered) == len(set(details.answered)) == 9


def test_what_is_found_by_a_search_is_one_tap(amina: FlaskClient, session: Session) -> None:
    address = begin(amina)
    page = amina.get(f"{address}/what", query_string={"q": "dripping tap"}).text
    assert 'name="part" value="tap"' in page
    assert "We found nothing for “<bdi>&lt;b&gt;</bdi>”" in amina.get(f"{address}/what", query_string={"q": "<b>"}).text
    assert amina.get(f"{address}/what", query_string={"q": "\0" + "x" * 50_000}).status_code == 200

    assert amina.post(f"{address}/what", data={"kind": "leak", "part": "tap"}).location == f"{address}/how-bad"
    repair = draft(session)
    assert (repair.kind, repair.part, repair.hazard) == ("leak", "tap", False)
    amina.post(f"{address}/what", data={"kind": "damp-mould"})
    repair = draft(session)
    assert (repair.kind, repair.part, repair.hazard) == ("damp-mould", "", True)


def test_something_else_is_said_in_words(amina: FlaskClient, session: Session) -> None:
    address = begin(amina)
    amina.post(f"{address}/rooms", data={"rooms": "kitchen"})

    assert amina.post(f"{address}/what", data={"kind": "other"}).location == f"{address}/words"
    assert amina.get(address).location == f"{address}/words"
    assert amina.get(f"{address}/part").location == f"{address}/words"
    answer = amina.post(f"{address}/words", data={"words": "The hob hums \u202e<i>"})
    assert answer.location == f"{address}/how-bad"
    assert "The hob hums" in draft(session).words
    answer = amina.post(f"{address}/send", data={"words": " "})
    assert answer.status_code == 422
    assert "Write what is wrong" in answer.text


def test_what_is_dangerous_now_is_a_call_before_it_is_a_report(
    amina: FlaskClient, staff_door: Flask, cast: Cast, session: Session
) -> None:
    address = begin(amina)
    walk(amina, address)

    answer = amina.post(f"{address}/how-bad", data={"severity": "danger"})
    assert answer.location == f"{address}/danger"
    page = amina.get(answer.location).text
    assert 'href="tel:999"' in page
    assert f'href="{address}/since"' in page
    amina.post(f"{address}/send")
    [repair] = rows(session, select(Repair))
    assert repair.dangerous
    desk = cast.at(staff_door, cast.grace).get(address).text
    assert "It is dangerous now" in desk


def test_each_answer_can_be_changed_from_the_last_page_and_leads_back_there(
    amina: FlaskClient, session: Session
) -> None:
    address = begin(amina)
    walk(amina, address)

    answer = amina.post(f"{address}/send", data={"change": "what", "words": "Typed but not sent"})
    assert answer.location == f"{address}/what?from=check"
    assert f'href="{address}/send"' in amina.get(answer.location).text
    answer = amina.post(answer.location, data={"kind": "window"})
    assert answer.location == f"{address}/part?from=check"
    assert amina.post(answer.location, data={"part": "glass"}).location == f"{address}/send"
    for question, data in (("since", {"began": "today"}), ("at-home", {"at_home": "child"}), ("photos", {}),
                           ("access", {"key": "1"}), ("rooms", {"rooms": "bedroom"})):  # fmt: skip
        assert amina.post(f"{address}/{question}?from=check", data=data).location == f"{address}/send"
    page = amina.get(f"{address}/send").text
    for said in ("Broken glass", "Since today", "A child under 5", "We may use our key", "Bedroom", "Typed but not sent"):
        assert said in page, said
    assert draft(session).state is State.DRAFT
    assert amina.post(f"{address}/send", data={"change": "nonsense"}).location == address


def test_what_was_said_of_getting_in_is_there_next_time(amina: FlaskClient) -> None:
    first = begin(amina)
    walk(amina, first, key="1", times=["morning"], spoken="so", interpreter="1", access="The bell does not ring")
    amina.post(f"{first}/send")

    second = begin(amina)
    page = amina.get(f"{second}/access").text
    assert "This is what you told us last time" in page
    assert 'name="key" value="1" checked' in page
    assert re.search(r'<option selected value="so"', page)
    assert "The bell does not ring" not in page
    amina.post(f"{second}/access", data={"key": "0"})
    page = amina.get(f"{second}/access").text
    assert "last time" not in page
    assert 'name="key" value="0" checked' in page


def test_a_shared_thing_that_somebody_told_us_of_is_said_to_be_known_and_never_by_whom(
    tenant_door: Flask, cast: Cast, session: Session
) -> None:
    def reports(person: Tenant, kind: str = "leak", room: str = "shared-laundry") -> tuple[FlaskClient, str]:
        phone = cast.at(tenant_door, person)
        address = begin(phone)
        walk(phone, address, place="shared", rooms=room, kind=kind, part="")
        return phone, address

    phone, address = reports(cast.tomasz)
    phone.post(f"{address}/send", data={"words": "My words"})
    with clock.stopped_at(THURSDAY + DAY):
        phone, mine = reports(cast.amina)
        page = phone.get(f"{mine}/send").text
        assert "Somebody told us about this on Thursday 26 November. You can still tell us." in page
        assert not any(each in page for each in ("Tomasz", "My words", "Flat 7", address))
        assert phone.post(f"{mine}/send").location == mine
        phone, again = reports(cast.amina)
        assert "You told us about this on Friday 27 November." in phone.get(f"{again}/send").text
        phone.post(f"{again}/rooms", data={"rooms": "shared-lift"})
        assert "told us about this" not in phone.get(f"{again}/send").text
        salma, elsewhere = reports(cast.salma)
        assert "told us about this" not in salma.get(f"{elsewhere}/send").text
    assert len(rows(session, select(Repair).where(Repair.shared, Repair.state == State.REPORTED))) == 2


def test_a_kind_that_was_taken_out_since_is_asked_for_again_and_nothing_is_lost(
    amina: FlaskClient, session: Session
) -> None:
    address = begin(amina)
    walk(amina, address)
    begun = draft(session)
    begun.kind, begun.part = "fax", "paper"
    session.commit()

    answer = amina.post(f"{address}/send", data={"words": "It beeps"})

    assert answer.status_code == 422
    assert "Our list has changed since you began" in answer.text
    assert "It beeps" in answer.text
    assert (draft(session).state, draft(session).words) == (State.DRAFT, "It beeps")
    assert amina.get(address).location == f"{address}/what"
    assert [amina.get(f"{address}/{page}").status_code for page in ("what", "part", "how-bad", "send")] == [
        200, 303, 200, 200,
    ]  # fmt: skip


def test_the_desk_reads_what_was_told_and_who_is_at_home(
    amina: FlaskClient, staff_door: Flask, cast: Cast, session: Session
) -> None:
    address = begin(amina)
    walk(amina, address, began="week", at_home=["child", "pregnant"], key="0", times=["evening"], spoken="so",
         interpreter="1")  # fmt: skip
    amina.post(f"{address}/send")

    page = cast.at(staff_door, cast.devon).get(address).text
    for said in ("Tap", "It makes daily life hard", "For some days", "A child under 5", "Somebody who is pregnant",
                 "Only when somebody is in", "Early evenings", "Soomaali"):  # fmt: skip
        assert said in page, said
    assert "A child under 5" in amina.get(address).text
    assert cast.at(staff_door, cast.marek).get(address).status_code == 404
    assert cast.at(staff_door, cast.joana).get(address).status_code in (403, 404)
    assert "A child under 5" not in cast.at(staff_door, cast.devon).get("/repairs").text


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
def test_why_we_ask_who_is_at_home_and_who_reads_it_stands_beside_the_question(amina: FlaskClient) -> None:
    page = amina.get(f"{begin(amina)}/at-home").text
    assert "We ask because" in page
    assert "Only those who deal with your repair read this." in page
