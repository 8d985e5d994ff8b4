"""Strengths and plans for moving on in the demo: some well on the way, some begun and shared, many still unwritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import frontmatter

from tenant_app.accounts.consent import Category, give_consent
from tenant_app.demo.people import RESIDENTS
from tenant_app.demo.town import WEEKS, Town
from tenant_app.move_on import rules
from tenant_app.move_on.checklist import KIND, SLUG, listed
from tenant_app.move_on.models import Checklist, MoveOnPlan, Part, Ready, Wishes
from tenant_app.move_on.reviewing import hold_review
from tenant_app.move_on.suggesting import suggest
from tenant_app.strengths.models import Part as Going
from tenant_app.strengths.rules import write_strength


@dataclass(frozen=True)
class Way:
    """What one resident wrote: how things stand by day (days from today, states by key), and what they said when they
    looked it over."""

    wishes: Wishes = field(default_factory=Wishes)
    days_to_target: int | None = None
    said: tuple[tuple[int, Mapping[str, Ready]], ...] = ()
    own: tuple[tuple[Part, str], ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    reviews: tuple[tuple[int, str], ...] = ()
    strengths: tuple[tuple[Going, str], ...] = ()
    shared: bool = False
    idea: tuple[Part, str] | None = None
    """What their keyworker suggests."""


D, W, N = Ready.DONE, Ready.WORKING, Ready.NOT_MINE
WAYS: dict[str, Way] = {
    "Amina Warsame": Way(
        Wishes("Near Leyla, or by the canal", "A flat with a real kitchen", "On my own, and one day a cat",
               "Light in the morning. A door that closes well."), 210,
        said=((-35, {"who-i-am": D, "ni-number": D, "cook": W, "someone-to-call": D}),
              (-12, {"bank-account": D, "weekly-cost": W, "debts": N, "hard-days": D}),
              (-3, {"cook": D, "know-the-ways": W})),
        own=((Part.MONEY, "Sell the old bike"),), notes={"weekly-cost": "Receipts in the tea tin"},
        reviews=((-13, "I would like to stay near the canal after all."),),
        strengths=((Going.GOOD_AT, "I cook for many, and nobody leaves hungry"), (Going.GOOD_AT, "Three languages"),
                   (Going.PEOPLE, "Leyla, my sister"), (Going.PEOPLE, "Linh from the second floor"),
                   (Going.WORKED, "To the canal and back before it gets too much")),
        shared=True, idea=(Part.OPTIONS, "Come with me to look at a flat, just to see one"),
    ),
    "Tomasz Wójcik": Way(
        Wishes(kind="A studio, close to a kitchen that pays"), said=((-20, {"bank-account": D, "income": W}),),
        reviews=((-11, ""),), strengths=((Going.GOOD_AT, "I am early"), (Going.WORKED, "Work")),
    ),
    "Salma Haddad": Way(
        Wishes(area="قرب السوق والحديقة", matters="هدوء في الليل"), said=((-15, {"letters": W, "gp": D}),),
        reviews=((-12, "أعرف الشوارع الآن أكثر."),),
        strengths=((Going.GOOD_AT, "أخيط وأصلح الثياب"), (Going.PEOPLE, "جارتي أم خالد")), shared=True,
    ),
    "Mary Doyle": Way(
        Wishes("Hackney or Walthamstow", "My own flat, ground floor", "Alone", "A door to the garden"), 90,
        said=((-38, {"bank-account": D, "income": D, "weekly-cost": D, "who-i-am": D, "may-rent": D, "ni-number": D,
                     "one-folder": D, "cook": D, "keep-clean": D, "bills": D, "report-repair": D}),
              (-30, {"put-aside": W, "reference": W, "letters": D, "someone-to-call": D, "gp": D, "hard-days": D}),
              (-9, {"know-the-ways": D, "talked-about-it": D, "asked-council": D, "seen-an-area": W})),
        strengths=((Going.GOOD_AT, "I can make anything grow"), (Going.PEOPLE, "The walking group"),
                   (Going.WORKED, "One letter a day, with tea")),
        shared=True,
    ),
}  # fmt: skip
STILL_DUE = ("Mary Doyle", "Kofi Mensah")
"""Those who are asked to look their plan over; everybody else has."""


def move_on(town: Town) -> None:
    """Everybody's plan begins when the house opens, or when they move in."""
    rhythm = rules.ReviewRhythm.of(town.settings)
    for day in (-7 * WEEKS, -20):
        with town.at(day, 12):
            rules.begin_all(town.session, rhythm, town.settings.zone)
    for resident in RESIDENTS:
        way = WAYS.get(resident.name, Way())
        _strengths(town, resident.name, resident.language, way)
        _plan(town, resident.name, resident.language, way, rhythm)


def _strengths(town: Town, name: str, language: str, way: Way) -> None:
    tenant = town.tenants[name]
    with town.at(-4 * 7, 20):
        for part, words in way.strengths:
            write_strength(town.session, tenant, part, words, language=language)
    if way.shared and tenant.keyworker is not None:
        with town.at(-25, 18):
            for category in (Category.STRENGTHS, Category.MOVE_ON):
                give_consent(town.session, tenant, category, tenant.keyworker, town.settings.zone)


def _plan(town: Town, name: str, language: str, way: Way, rhythm: rules.ReviewRhythm) -> None:
    tenant, zone = town.tenants[name], town.settings.zone
    things = _things(town, language)
    plan = town.session.scalars(MoveOnPlan.of(tenant)).one()
    with town.at(-36, 17):
        if way.wishes.said:
            target = town.today + timedelta(days=way.days_to_target) if way.days_to_target else None
            wishes = Wishes(way.wishes.area, way.wishes.kind, way.wishes.company, way.wishes.matters, target)
            rules.say_wishes(town.session, plan, wishes, seen=plan.version, language=language)
        for part, words in way.own:
            rules.add_item(town.session, plan, part, words, language=language)
    for day, states in way.said:
        with town.at(day, 18):
            for key, state in states.items():
                rules.say_state(town.session, plan, key, things[key].part, state)
    for key, note in way.notes.items():
        rules.note_down(town.session, plan, key, things[key].part, note, language)
    for day, changed in way.reviews or (((-10, ""),) if name not in STILL_DUE else ()):
        with town.at(day, 16):
            if plan.review_on <= town.today:
                hold_review(town.session, plan, things, changed, rhythm, zone, language=language)
    if way.idea and tenant.keyworker is not None:
        with town.at(-2, 14):
            suggest(town.session, tenant.keyworker, plan, *way.idea, language="en")


def _things(town: Town, language: str) -> Checklist:
    file = town.settings.content / KIND / SLUG / f"{language}.md"
    code = language if file.is_file() else "en"
    return listed(frontmatter.load(str(file.with_name(f"{code}.md")))["parts"], code)
