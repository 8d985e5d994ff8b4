"""A locked phone gives nothing away, unless its owner asked it to."""

from __future__ import annotations

import json

import pytest
from markupsafe import Markup

from tenant_app.goals.rules import review_goal, write_goal
from tenant_app.reminders.models import Notice
from tenant_app.reminders.wording import Words, worded
from tests.reminders.conftest import Office

CANARY = "Canary4417"


@worded("test.markup")
def marked(notice: Notice) -> Words:
    name = Markup("<bdi>{}</bdi>").format(notice.facts["medicine"])
    return Words(Markup("About {}").format(name), Markup("{} & more").format(name), "/")


@pytest.mark.parametrize("language", ["en", "tr", "ar"])
@pytest.mark.parametrize("kind", ["test.dose", "test.markup"])
def test_unless_asked_a_lock_screen_tells_a_time_and_no_more(office: Office, language: str, kind: str) -> None:
    person = office.newcomer("Amina Warsame", language)
    phone = office.phone(person)
    office.dose(person, CANARY, kind=kind, medicine=CANARY)
    office.deliver()
    push = phone.pushes[0]
    assert CANARY not in json.dumps(push.shown) + json.dumps(push.headers)
    assert push.shown["title"] == "Homeward"
    assert "9:00" in push.shown["body"] or "09:00" in push.shown["body"]


def test_a_review_is_as_discreet_as_a_dose(office: Office) -> None:
    cast = office.cast
    phone = office.phone(cast.amina)
    with office.database.step() as session:
        goal = write_goal(session, cast.now(session, cast.amina), CANARY, why=CANARY, shared=True)  # type: ignore[arg-type]
        review_goal(session, cast.now(session, cast.grace), goal, CANARY)  # type: ignore[arg-type]
    office.deliver()
    shown = json.dumps(phone.pushes[0].shown)
    assert CANARY not in shown
    assert "Grace" not in shown


def test_who_asked_for_names_gets_them_as_plain_text(office: Office) -> None:
    cast = office.cast
    phone = office.phone(cast.amina)
    with office.database.step() as session:
        cast.now(session, cast.amina).named_on_lock_screen = True  # type: ignore[attr-defined]
    office.dose(cast.amina, "one", medicine="Sertraline")
    office.dose(cast.amina, "two", kind="test.markup", medicine="O'Hara <b>")
    office.deliver()
    words = {push.shown["title"]: push.shown["body"] for push in phone.pushes}
    name = "\N{FIRST STRONG ISOLATE}O'Hara <b>\N{POP DIRECTIONAL ISOLATE}"
    assert words == {"Take Sertraline": "50 mg", f"About {name}": f"{name} & more"}
