"""Row 33: two people, or one with two phones, rewrite the same words. Nothing is lost without being shown."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from tenant_app.goals.models import Goal
from tenant_app.goals.obstacles import plan_for


def seen_on(page: str) -> str:
    found = re.search(r'<input[^>]*name="seen"[^>]*value="(\w+)"', page)
    assert found
    return found.group(1)


@dataclass
class Rewriting:
    """One page that rewrites words."""

    address: str
    field: str
    besides: dict[str, str]
    stands: Callable[[], str]


@pytest.fixture
def pages(session: Session, soup: Goal, now: Callable[[Any], Any]) -> list[Rewriting]:
    plan = plan_for(session, soup, "I am tired", "I cook at noon")
    session.commit()

    def of(record: Any, name: str) -> Callable[[], str]:
        return lambda: str(getattr(now(record), name))

    step = soup.steps[0]
    return [
        Rewriting(f"/goals/{soup.id}/words", "words", {}, of(soup, "words")),
        Rewriting(f"/goals/{soup.id}/words", "why", {"words": "Cook twice a week"}, of(soup, "why")),
        Rewriting(f"/goals/{soup.id}/took", "took", {}, of(soup, "took")),
        Rewriting(f"/steps/{step.id}/words", "words", {"helper": "Ifrah"}, of(step, "words")),
        Rewriting(f"/goals/obstacles/{plan.id}", "then", {"hurdle": "I am tired"}, of(plan, "then")),
    ]


def test_of_two_edits_from_the_same_page_the_later_shows_both_texts_and_is_saved_only_when_said_again(
    phone: FlaskClient, pages: list[Rewriting]
) -> None:
    for page in pages:
        seen = seen_on(phone.get(page.address).text)
        first = phone.post(page.address, data={**page.besides, page.field: "From the phone", "seen": seen})
        later = phone.post(page.address, data={**page.besides, page.field: "From the library", "seen": seen})

        assert (first.status_code, later.status_code) == (303, 409), page
        assert page.stands() == "From the phone"
        assert "This was changed while you were writing" in later.text
        assert "From the phone" in later.text
        assert "From the library" in later.text
        assert "Keep what it says now" in later.text

        mine = {**page.besides, page.field: "From the library", "seen": seen_on(later.text)}
        assert phone.post(page.address, data=mine).status_code == 303
        assert page.stands() == "From the library"


def test_a_form_that_is_sent_twice_is_no_conflict(phone: FlaskClient, pages: list[Rewriting]) -> None:
    for page in pages:
        said = {**page.besides, page.field: "The same", "seen": seen_on(phone.get(page.address).text)}

        assert [phone.post(page.address, data=said).status_code for _ in range(2)] == [303, 303], page


def test_a_goal_that_was_paused_or_moved_on_meanwhile_has_still_the_same_words(
    phone: FlaskClient, soup: Goal, pages: list[Rewriting]
) -> None:
    seen = seen_on(phone.get(pages[0].address).text)
    phone.post(f"/goals/{soup.id}/pause", data={"paused": "1"})
    phone.post(f"/steps/{soup.steps[0].id}", data={"done": "1"})

    assert phone.post(pages[0].address, data={"words": "Cook soup", "seen": seen}).status_code == 303


def test_a_form_that_does_not_say_what_it_has_seen_replaces_nothing(phone: FlaskClient, pages: list[Rewriting]) -> None:
    for page in pages:
        before = page.stands()
        for seen in ({}, {"seen": ""}, {"seen": "x" * 100_000}):
            assert phone.post(page.address, data={**page.besides, page.field: "Blindly", **seen}).status_code == 409
        assert page.stands() == before


def test_a_change_refused_at_the_last_moment_shows_both_texts_too(
    phone: FlaskClient, pages: list[Rewriting], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = seen_on(phone.get(pages[0].address).text)

    def too_late(self: Goal, *given: object, **named: object) -> None:
        raise StaleDataError("somebody was faster")

    monkeypatch.setattr(Goal, "reword", too_late)
    answer = phone.post(pages[0].address, data={"words": "<b>Soup</b> & bread", "seen": seen})

    assert answer.status_code == 409
    assert "<b>Soup" not in answer.text
    assert "<b>Soup</b> & bread" in html.unescape(answer.text)
    assert "Cook twice a week" in answer.text
    assert pages[0].stands() == "Cook twice a week"


def test_what_is_amiss_in_a_stale_form_is_said_first_and_the_conflict_is_not_forgotten(
    phone: FlaskClient, pages: list[Rewriting]
) -> None:
    page = pages[0]
    seen = seen_on(phone.get(page.address).text)
    phone.post(page.address, data={"words": "From the phone", "seen": seen})

    amiss = phone.post(page.address, data={"words": " ", "why": "Because of Ifrah", "seen": seen})

    assert (amiss.status_code, seen_on(amiss.text)) == (422, seen)
    assert "Because of Ifrah" in amiss.text
