"""The tenant's pages about moving on: kind when empty, nothing lost, nothing of anybody else's."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tenant_app import clock
from tenant_app.accounts.models import Tenant
from tenant_app.move_on.models import MoveOnItem, MoveOnPlan, MoveOnReview, Part, Ready
from tenant_app.move_on.rules import MOST_OWN, ReviewRhythm, add_item, begin
from tenant_app.move_on.suggesting import suggest
from tests.cast import Cast
from tests.conftest import THURSDAY

LONDON = clock.ZoneInfo("Europe/London")
CANARY = "Canary of the top landing"
WISHES = {"seen": "0", "area": "By the canal", "kind": "A flat", "company": "My cat", "matters": "Light"}


@pytest.fixture
def phone(tenant_door: Flask, cast: Cast) -> FlaskClient:
    return cast.at(tenant_door, cast.amina)


def test_an_unwritten_plan_opens_with_kind_words_and_not_with_a_form(phone: FlaskClient, session: Session) -> None:
    page = phone.get("/move-on")
    assert page.status_code == 200
    assert "Nothing has to be in it yet" in page.text
    assert "<textarea" not in page.text
    assert "5 to come" in page.text
    assert session.scalars(select(MoveOnPlan)).all() == []


def test_wishes_are_written_read_and_changed(phone: FlaskClient, session: Session) -> None:
    day = (THURSDAY + timedelta(days=200)).date().isoformat()
    assert phone.post("/move-on/wishes", data={**WISHES, "target_on": day}).status_code == 303
    page = phone.get("/move-on").text
    for words in ("By the canal", "A flat", "My cat", "Light", "2027"):
        assert words in page
    assert phone.post("/move-on/wishes", data={**WISHES, "seen": "1", "area": "Leeds"}).status_code == 303
    page = phone.get("/move-on").text
    assert "By the canal" not in page
    assert "Not known yet" in page
    assert session.scalars(select(MoveOnPlan)).one().language == "en"


def test_changed_on_two_phones_both_texts_are_shown_and_the_second_may_stand(phone: FlaskClient) -> None:
    phone.post("/move-on/wishes", data=WISHES)
    answer = phone.post("/move-on/wishes", data={**WISHES, "area": "Somewhere near Leyla"})
    assert answer.status_code == 409
    assert "By the canal" in answer.text
    assert "Somewhere near Leyla" in answer.text
    assert 'name="seen" value="1"' in answer.text
    assert "By the canal" in phone.get("/move-on").text
    assert phone.post("/move-on/wishes", data={**WISHES, "area": "Near Leyla", "seen": "1"}).status_code == 303
    assert "Near Leyla" in phone.get("/move-on").text


@pytest.mark.parametrize("day", ["2026-11-25", "2037-01-01", "1850-01-01", "9999-12-31", "31/12/2027", "\x00", "🌻"])
def test_a_day_that_nobody_means_is_asked_again_and_nothing_typed_is_lost(
    phone: FlaskClient, session: Session, day: str
) -> None:
    answer = phone.post("/move-on/wishes", data={**WISHES, "target_on": day})
    assert answer.status_code == 422
    assert "By the canal" in answer.text
    assert 'href="#target_on"' in answer.text
    assert session.scalars(select(MoveOnPlan)).all() == []


def test_a_day_that_has_passed_by_may_stay_while_other_words_change(phone: FlaskClient) -> None:
    phone.post("/move-on/wishes", data={**WISHES, "target_on": "2026-12-24"})
    with clock.stopped_at(THURSDAY + timedelta(days=60)):
        later = phone.post("/move-on/wishes", data={**WISHES, "area": "Leeds", "seen": "1", "target_on": "2026-12-24"})
        assert later.status_code == 303


def test_states_are_said_and_saying_them_twice_changes_nothing(phone: FlaskClient, session: Session) -> None:
    for _ in range(2):
        answer = phone.post("/move-on/list/bank-account", data={"state": "done"})
        assert answer.location.endswith("/move-on/ready/money#thing-bank-account")
    assert "1 done" in phone.get("/move-on").text
    assert [(item.key, item.state) for item in session.scalars(select(MoveOnItem))] == [("bank-account", Ready.DONE)]
    session.commit()
    phone.post("/move-on/list/debts", data={"state": "not-mine"})
    assert "1 done, 3 to come" in phone.get("/move-on").text
    for nonsense in ({}, {"state": ""}, {"state": "toggle"}, {"state": "done\x00"}):
        assert phone.post("/move-on/list/bank-account", data=nonsense).status_code == 400


def test_own_things_and_notes_are_added_and_taken_off(phone: FlaskClient, session: Session) -> None:
    for _ in range(2):
        phone.post("/move-on/ready/papers", data={"words": "My letter from school"})
    item = session.scalars(select(MoveOnItem)).one()
    session.commit()
    assert "My letter from school" in phone.get("/move-on/ready/papers").text
    phone.post(f"/move-on/list/{item.key}/note", data={"note": "In the blue box"})
    phone.post("/move-on/list/who-i-am/note", data={"note": "It runs out in May"})
    page = phone.get("/move-on/ready/papers").text
    assert "In the blue box" in page
    assert "It runs out in May" in page
    assert phone.post("/move-on/list/who-i-am/place", data={"kept": "0"}).status_code == 404
    assert phone.post(f"/move-on/list/{item.key}/place", data={"kept": "0"}).status_code == 303
    assert "My letter from school" not in phone.get("/move-on/ready/papers").text
    assert phone.post(f"/move-on/list/{item.key}/place", data={"kept": "0"}).status_code == 404


def test_a_review_keeps_what_was_said_and_earlier_ones_are_read_again(phone: FlaskClient, session: Session) -> None:
    phone.post("/move-on/wishes", data=WISHES)
    for _ in range(2):
        assert phone.post("/move-on/review", data={"changed": "I like mornings now"}).status_code == 303
    review = session.scalars(select(MoveOnReview)).one()
    session.commit()
    phone.post("/move-on/wishes", data={**WISHES, "area": "Leeds", "seen": "1"})
    page = phone.get(f"/move-on/reviews/{review.id}").text
    assert "By the canal" in page
    assert "I like mornings now" in page
    assert "Leeds" not in page


def test_today_mentions_it_only_when_a_review_is_due(phone: FlaskClient, session: Session) -> None:
    phone.post("/move-on/wishes", data=WISHES)
    assert "move-on" not in phone.get("/").text
    with clock.stopped_at(THURSDAY + timedelta(weeks=4)):
        assert "/move-on/review" in phone.get("/").text
        assert "Is it still what you want?" in phone.get("/move-on").text
        phone.post("/move-on/review/later")
        assert "/move-on/review" not in phone.get("/").text


def test_a_suggestion_is_put_on_the_list_or_left_out(
    phone: FlaskClient, session: Session, cast: Cast, amina: Tenant
) -> None:
    plan = begin(session, amina, ReviewRhythm(), LONDON)
    grace = cast.now(session, cast.grace)
    ids = [suggest(session, grace, plan, Part.SKILLS, words).id for words in ("Change a bulb", "Learn to iron")]  # type: ignore[arg-type]
    session.commit()
    assert "Change a bulb" in phone.get("/move-on").text
    phone.post(f"/move-on/suggestions/{ids[0]}", data={"accepted": "1"})
    phone.post(f"/move-on/suggestions/{ids[1]}", data={"accepted": "0"})
    assert "has an idea" not in phone.get("/move-on").text
    page = phone.get("/move-on/ready/skills").text
    assert "Change a bulb" in page
    assert "Learn to iron" not in page


def test_hostile_words_are_only_words_and_long_ones_are_kept_to_be_cut(phone: FlaskClient) -> None:
    hostile = "tea\x00 \u202eevil <script>alert(1)</script> 🌻"
    long = "y" * 100_000
    fields = (
        ("/move-on/wishes", "area", WISHES), ("/move-on/wishes", "matters", WISHES), ("/move-on/ready/money", "words", {}),
        ("/move-on/list/debts/note", "note", {}), ("/move-on/review", "changed", {}),
    )  # fmt: skip
    for address, field, others in fields:
        answer = phone.post(address, data={**others, field: long})
        assert (answer.status_code, long in answer.text) == (422, True), address
    seen = 0
    for address, field, others in fields:
        assert phone.post(address, data={**others, "seen": str(seen), field: hostile}).status_code == 303, address
        seen += address.endswith("wishes")
    for page in ("/move-on", "/move-on/ready/money", "/move-on/wishes"):
        text = phone.get(page).text
        assert "<script>alert(1)" not in text
        assert "\x00" not in text
        assert "🌻" in text
    assert phone.post("/move-on/wishes", data={**WISHES, "seen": "x"}).status_code == 400
    assert phone.post("/move-on/ready/money", data={"words": " \x00 "}).status_code == 422


def test_a_full_part_says_so_and_keeps_what_was_typed(phone: FlaskClient, session: Session, amina: Tenant) -> None:
    plan = begin(session, amina, ReviewRhythm(), LONDON)
    for number in range(MOST_OWN):
        add_item(session, plan, Part.MONEY, f"Thing {number}")
    session.commit()
    answer = phone.post("/move-on/ready/money", data={"words": "One thing more"})
    assert answer.status_code == 422
    assert "Take one off first" in answer.text
    assert "One thing more" in answer.text


def test_what_is_anothers_does_not_exist(
    tenant_door: Flask, cast: Cast, phone: FlaskClient, session: Session, amina: Tenant
) -> None:
    plan = begin(session, amina, ReviewRhythm(), LONDON)
    item = add_item(session, plan, Part.MONEY, CANARY)
    idea = suggest(session, cast.now(session, cast.grace), plan, Part.MONEY, CANARY)  # type: ignore[arg-type]
    session.commit()
    phone.post("/move-on/review", data={"changed": CANARY})
    review = session.scalars(select(MoveOnReview)).one()
    session.commit()
    tomasz = cast.at(tenant_door, cast.tomasz)
    assert tomasz.post(f"/move-on/list/{item.key}", data={"state": "done"}).status_code == 404
    assert tomasz.get(f"/move-on/list/{item.key}/note").status_code == 404
    assert tomasz.post(f"/move-on/list/{item.key}/note", data={"note": "Mine"}).status_code == 404
    assert tomasz.post(f"/move-on/list/{item.key}/place", data={"kept": "0"}).status_code == 404
    assert tomasz.post(f"/move-on/suggestions/{idea.id}", data={"accepted": "1"}).status_code == 404
    assert tomasz.get(f"/move-on/reviews/{review.id}").status_code == 404
    assert CANARY not in tomasz.get("/move-on").text + tomasz.get("/move-on/ready/money").text
    for nowhere in ("/move-on/ready/weather", "/move-on/options/castle", f"/move-on/reviews/{uuid4()}",
                    "/move-on/list/castle/note", f"/move-on/list/{'x' * 5000}/note"):  # fmt: skip
        assert tomasz.get(nowhere).status_code == 404, nowhere


def test_each_way_to_a_home_has_a_page_with_what_to_ask(phone: FlaskClient) -> None:
    index = phone.get("/move-on/options").text
    for slug in ("council-register", "private-renting", "supported-step-down", "sheltered-extra-care",
                 "shared-housing", "with-family", "association-transfer"):  # fmt: skip
        assert f"/move-on/options/{slug}" in index
        assert "What to ask" in phone.get(f"/move-on/options/{slug}").text
