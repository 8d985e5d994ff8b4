"""Agreements, and what became of them, in sentences. The same words for the tenant and at the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from tenant_app.accounts.models import Tenant
from tenant_app.rent.agreeing import covered_by_agreement
from tenant_app.rent.agreements import Agreement, AgreementMove, AgreementState
from tenant_app.rent.breathing_space import BreathingSpace
from tenant_app.rent.hardship import HardshipState
from tenant_app.rent.models import Frequency, RentAccount
from tenant_app.rent.paydays import Payday, Source
from tenant_app.rent.plans import Instalment, Unfit
from tenant_app.web.locale import isolate, say, tell_day, tell_money, tell_weekday


@dataclass(frozen=True)
class Tag:
    """A state in a word or two, with its icon and its colour."""

    words: str
    kind: str
    icon: str


def state_tag(state: AgreementState) -> Tag:
    """Where an agreement is."""
    return {
        AgreementState.PROPOSED: Tag(gettext("Proposed"), "", "message"),
        AgreementState.ACTIVE: Tag(gettext("Running"), "good", "check"),
        AgreementState.KEPT: Tag(gettext("Paid in full"), "good", "check"),
        AgreementState.BREACHED: Tag(gettext("Not kept"), "", "clock"),
        AgreementState.PAUSED: Tag(gettext("Paused"), "", "pause"),
        AgreementState.CANCELLED: Tag(gettext("Ended"), "", "close"),
    }[AgreementState(state)]


def hardship_tag(state: HardshipState) -> Tag:
    """What became of a tenant's word that they cannot pay."""
    return {
        HardshipState.OPEN: Tag(gettext("Waits for an answer"), "now", "message"),
        HardshipState.ANSWERED: Tag(gettext("Answered"), "good", "check"),
        HardshipState.AGREED: Tag(gettext("Agreed"), "good", "check"),
        HardshipState.CLOSED: Tag(gettext("Closed"), "", "close"),
    }[HardshipState(state)]


def rhythm_words(frequency: Frequency) -> str:
    """How often, as a choice."""
    return {
        Frequency.WEEKLY: gettext("Every week"),
        Frequency.FORTNIGHTLY: gettext("Every two weeks"),
        Frequency.FOUR_WEEKLY: gettext("Every four weeks"),
        Frequency.MONTHLY: gettext("Every month"),
    }[Frequency(frequency)]


def in_a_sentence(agreement: Agreement, plan: list[Instalment]) -> Markup:
    """`£5 every week from Friday 27 November. The last payment is on Friday 12 February.`"""
    values = {
        "sum": tell_money(agreement.instalment_pence), "day": tell_day(agreement.first_on),
    }  # fmt: skip
    paid = {
        Frequency.WEEKLY: say("%(sum)s every week from %(day)s.", **values),
        Frequency.FORTNIGHTLY: say("%(sum)s every two weeks from %(day)s.", **values),
        Frequency.FOUR_WEEKLY: say("%(sum)s every four weeks from %(day)s.", **values),
        Frequency.MONTHLY: say("%(sum)s every month from %(day)s.", **values),
    }[Frequency(agreement.frequency)]
    last = say("The last payment is on %(day)s.", day=tell_day(plan[-1].day, year=True))
    return Markup(" ").join([paid, last])


def sentence(move: AgreementMove) -> Markup:
    """What happened to an agreement: `Devon paused it.` Without a person, what came in or did not."""
    state = AgreementState(move.state)
    if move.person is None:
        return {
            AgreementState.KEPT: say("All of it is paid."),
            AgreementState.BREACHED: say("A payment did not reach us in time."),
            AgreementState.ACTIVE: say("The pause is over.")
            if move.came_from is AgreementState.PAUSED
            else say("The payments have caught up. The plan goes on."),
        }.get(state, say("It changed."))
    name = isolate(move.person.known_as)
    if state is AgreementState.ACTIVE and move.came_from is AgreementState.PAUSED:
        return say("%(name)s ended the pause.", name=name)
    if state is AgreementState.CANCELLED and isinstance(move.person, Tenant) and not move.agreement.agreed_at:
        return say("%(name)s chose other terms.", name=name)
    return {
        AgreementState.PROPOSED: say("%(name)s proposed it.", name=name),
        AgreementState.ACTIVE: say("%(name)s agreed.", name=name),
        AgreementState.PAUSED: say("%(name)s paused it.", name=name),
        AgreementState.CANCELLED: say("%(name)s ended it, or put other terms in its place.", name=name),
        AgreementState.KEPT: say("All of it is paid."),
        AgreementState.BREACHED: say("A payment did not reach us in time."),
    }[state]


def agreement_sentence(session: Session, account: RentAccount, today: date) -> str:
    """`Your agreement covers it.` beside what is owed, where an agreement asks for all of that later; else nothing."""
    return gettext("Your agreement covers it.") if covered_by_agreement(session, account, today) else ""


def resting_words(space: BreathingSpace) -> list[Markup]:
    """What a tenant in Breathing Space reads: until when, and what it means."""
    until = (
        say("You are in Breathing Space until %(day)s.", day=tell_day(space.ends_on, year=True))
        if space.ends_on
        else say("You are in Breathing Space.")
    )
    return [
        until,
        say("We send you nothing about what you were behind with before, and ask for none of it."),
        say("Rent that is due from now on is still due."),
    ]


def unfit_words(unfit: Unfit) -> str:
    """What to do about a term that makes no plan."""
    return {
        ("instalment_pence", "none"): gettext("Write how much each payment is"),
        ("instalment_pence", "above"): gettext("Write a sum that is not more than what is owed"),
        ("instalment_pence", "long"): gettext("Write a larger sum. With this one it would take more than ten years"),
        ("initial_pence", "none"): gettext("Write a sum, or leave it out"),
        ("initial_pence", "above"): gettext("Write a sum that is less than what is owed"),
        ("initial_on", "early"): gettext("Choose a day for it, today or later"),
        ("initial_on", "order"): gettext("Choose a day that is not after the day of the next payment"),
        ("first_on", "early"): gettext("Choose today or a later day"),
    }.get((unfit.field, unfit.why), gettext("Look at this again"))


def happened_words() -> dict[str, str]:
    """What may have happened, by its code."""
    return {
        "late": gettext("My money has not come"),
        "changed": gettext("My benefit changed or stopped"),
        "less_work": gettext("I had less work"),
        "cost": gettext("Something cost more than I thought"),
        "owe": gettext("I have to pay somebody else first"),
        "other": gettext("Something else"),
    }


def source_words(source: Source) -> str:
    """Where money comes from."""
    return {
        Source.UNIVERSAL_CREDIT: gettext("Universal Credit"),
        Source.WAGES: gettext("Wages"),
        Source.BENEFIT: gettext("Another benefit"),
    }[Source(source)]


def payday_words(payday: Payday) -> Markup:
    """`On day 5 of each month.` `Every Tuesday.`"""
    if payday.frequency is Frequency.MONTHLY:
        return say("On day %(day)s of each month", day=payday.counted_from.day)
    weekday = tell_weekday(payday.counted_from, "wide")
    return {
        Frequency.WEEKLY: say("Each week on %(weekday)s", weekday=weekday),
        Frequency.FORTNIGHTLY: say("Every two weeks on %(weekday)s", weekday=weekday),
        Frequency.FOUR_WEEKLY: say("Every four weeks on %(weekday)s", weekday=weekday),
    }[Frequency(payday.frequency)]
