"""A locked phone gives nothing away, unless its owner asked it to."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from markupsafe import Markup

from tenant_app import clock
from tenant_app.goals.rules import review_goal, write_goal
from tenant_app.reminders import wording
from tenant_app.reminders.models import Notice
from tenant_app.reminders.rules import announce
from tenant_app.reminders.wording import Action, Sayable, Words, worded
from tenant_app.web.whose import tag_of
from tests.conftest import THURSDAY
from tests.reminders.conftest import Office

CANARY = "Canary4417"


@worded("test.markup")
def marked(notice: Notice) -> Words:
    name = Markup("<bdi>{}</bdi>").format(notice.facts["medicine"])
    return Words(Markup("About {}").format(name), Markup("{} & more").format(name), "/")


@worded("test.buttons")
def with_a_button(notice: Sayable) -> Words:
    return Words("A dose", "", "/", (Action("taken", f"Took {notice.facts['medicine']}", "Done", "/taken"),))


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


def test_two_hundred_pushes_of_every_kind_that_there_is_give_nothing_away(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a feature's own words say, one gate stands between them and a locked phone."""

    def shouts(_: Sayable) -> Words:
        return Words(CANARY, CANARY, "/", (Action("taken", CANARY, "Done", "/taken"),))

    kinds = sorted(kind for kind in wording._wordings if not kind.startswith("test."))
    for kind in kinds:
        monkeypatch.setitem(wording._wordings, kind, replace(wording._wordings[kind], full=shouts))
    people = [office.newcomer(f"Tenant {language}", language) for language in ("en", "tr", "ar")]
    phones = [office.phone(person) for person in people]
    with office.database.step() as session:
        for number in range(201):
            tenant = office.cast.now(session, people[number % 3])
            announce(session, tenant, kinds[number // 3 % len(kinds)], source=f"{CANARY}:{number}",  # type: ignore[arg-type]
                     lasts=timedelta(hours=1), facts={"medicine": CANARY})  # fmt: skip
    for minutes in range(0, 60, 10):  # a machine with too much to do connects at a later try
        with clock.stopped_at(THURSDAY + timedelta(minutes=minutes)):
            while office.deliver():
                pass
    pushes = [push for phone in phones for push in phone.pushes]
    assert len(kinds) >= 15
    assert [len(phone.pushes) for phone in phones] == [67] * 3
    assert CANARY not in json.dumps([(push.shown, push.headers, push.claims) for push in pushes])
    assert {push.shown["title"] for push in pushes} == {"Homeward"}
    assert len({push.shown["body"] for push in pushes}) == 3 * len(wording.Discreet)


def test_a_button_answers_for_its_own_tenant_and_says_no_more_than_the_rest(office: Office) -> None:
    phones = {person.id: office.phone(person) for person in (office.cast.amina, office.cast.tomasz)}
    for person in (office.cast.amina, office.cast.tomasz):
        office.dose(person, f"dose of {person.id}", kind="test.buttons", medicine=CANARY)
    office.deliver()
    shown = {person_id: phone.pushes[0].shown for person_id, phone in phones.items()}
    with office.worker.app.app_context():
        assert {person_id: each["whose"] for person_id, each in shown.items()} == {
            person_id: tag_of(person_id) for person_id in phones
        }
    assert CANARY not in json.dumps(list(shown.values()))
    assert [button["title"] for each in shown.values() for button in each["actions"]] == ["Done", "Done"]  # type: ignore[index]


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
