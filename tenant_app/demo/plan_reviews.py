"""Reviews of support plans in the demo: closed with and without disagreement, prepared, to be signed, and due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from tenant_app import clock
from tenant_app.demo.town import Town
from tenant_app.support_plan.kinds import Kind, Question, Stand, Who
from tenant_app.support_plan.models import PlanReview
from tenant_app.support_plan.policy import DEFAULT
from tenant_app.support_plan.preparing import prepare, rather_talk, show
from tenant_app.support_plan.recording import Agreed, Draft, answer, close, sign, write
from tenant_app.support_plan.rules import current, open_reviews, tell_change

Line = tuple[Who, str, int | None]
"""Who, what, and in how many days."""
Words = dict[Question, str]


def review_plans(town: Town) -> None:
    """Some were reviewed since; for all others reviews open two weeks before they are due."""
    _disagreed(town)
    _agreed(town)
    for day in (-9, -5):
        with town.at(day, 9):
            open_reviews(town.session, clock.today(town.settings.zone), town.settings.zone)
    _ready(town, "Salma Haddad", {
        Question.WELL: "سألت السائق عن الشارع وفهمت الجواب.", Question.HARD: "الرسائل الطويلة.",
        Question.NEXT: "أن أذهب إلى البنك وحدي.",
    })  # fmt: skip
    _ready(town, "Parisa Rahimi", {Question.WELL: "I drew the window four times.", Question.HARD: "The evenings."})
    _to_sign(town, "Tomasz Wójcik", "Tomasz has had two trial shifts. He says that the early bus is hard.",
             ((Who.WORKER, "Ask the work coach about a bus pass", 5), (Who.TENANT, "Pack my bag at night", None)))
    _to_sign(town, "Delroy Grant", "Delroy has been here for three weeks. He knows the house and the laundry.",
             ((Who.BOTH, "Register with the surgery on Essex Road", 9),))
    with town.at(-2, 17):
        rather_talk(town.session, _of(town, "Kofi Mensah"), talks=True)


def _disagreed(town: Town) -> None:
    amina, grace = town.tenants["Amina Warsame"], town.staff["Grace Okafor"]
    review = _changed(town, "Amina Warsame", -33, Kind.INCOME, "They moved my shifts, and the money came late.")
    _prepared(town, "Amina Warsame", -30, {Question.WELL: "I cooked lentils and nobody helped.",
                                           Question.HARD: "Opening letters."})  # fmt: skip
    _written(town, review, -28, "Amina’s hours changed in October. She cooks on her own. She says that letters wait "
             "unopened.", "I think that looking for a course can wait until the money is settled.",
             ((Who.WORKER, "Ring about the late payment", 3), (Who.TENANT, "Open one letter a day", None)))  # fmt: skip
    with town.at(-27, 19):
        answer(town.session, amina, review, Stand.DISAGREES,
               "I do not want to wait with the course. It is what gets me up in the morning.", language="en",
               seen=1)  # fmt: skip
    with town.at(-26, 10):
        close(town.session, grace, review, "I hear that. Let us do both, and look at the times together.",
              language="en", seen=1)  # fmt: skip


def _agreed(town: Town) -> None:
    review = _changed(town, "Mary Doyle", -24, Kind.TENANCY, "The council wrote about the list.")
    _written(town, review, -20, "The letter says band B. Mary has all her papers in one folder.", "",
             ((Who.TENANT, "Look at two areas", 30), (Who.WORKER, "Ask what support there is afterwards", 14)))
    with town.at(-19, 18):
        answer(town.session, town.tenants["Mary Doyle"], review, Stand.AGREES, seen=1)


def _ready(town: Town, name: str, words: Words) -> None:
    keyworker = town.tenants[name].keyworker
    assert keyworker is not None
    _prepared(town, name, -3, words)
    with town.at(-2, 20):
        show(town.session, _of(town, name), keyworker)


def _to_sign(town: Town, name: str, talked: str, lines: Sequence[Line]) -> None:
    _written(town, _of(town, name), -1, talked, "", lines)


def _changed(town: Town, name: str, day: int, kind: Kind, words: str) -> PlanReview:
    tenant = town.tenants[name]
    with town.at(day, 16):
        return tell_change(town.session, tenant, tenant, kind, words, language="en", zone=town.settings.zone)


def _prepared(town: Town, name: str, day: int, words: Words) -> None:
    with town.at(day, 19):
        for question, said in words.items():
            prepare(town.session, _of(town, name), question, said, language=town.tenants[name].language, seen=0)


def _written(town: Town, review: PlanReview, day: int, talked: str, view: str, lines: Sequence[Line]) -> None:
    keyworker = review.tenant.keyworker
    assert keyworker is not None
    with town.at(day, 15):
        today = clock.today(town.settings.zone)
        agreed = [Agreed(who, what, today + timedelta(days=days) if days else None) for who, what, days in lines]
        draft = Draft(today, talked, view, agreed, DEFAULT.next_due(today))
        write(town.session, keyworker, review, draft, seen=0, language="en")
        sign(town.session, keyworker, review, seen=1)


def _of(town: Town, name: str) -> PlanReview:
    found = current(town.session, town.tenants[name])
    assert found is not None
    return found
