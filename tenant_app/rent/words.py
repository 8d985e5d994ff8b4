"""What is owed, and what entries are, in sentences. The same words for the tenant and at the desk."""

from __future__ import annotations

from flask_babel import gettext
from markupsafe import Markup

from tenant_app.database import Pence
from tenant_app.rent.models import AFTER_THE_END, OPENING, EntryKind, Frequency, Part
from tenant_app.web.locale import say, tell_money


def standing(owed: Pence, *more: str | Markup) -> Markup:
    """`You are £34.20 behind.` `You are up to date.` `You are £10.00 ahead.`

    `owed` is in pence, below nothing when paid ahead. `more` are whole sentences that belong to it, such as
    `Your agreement covers it.`; empty ones are left out.
    """
    if owed > 0:
        first = say("You are %(sum)s behind.", sum=tell_money(owed, exact=True))
    elif owed < 0:
        first = say("You are %(sum)s ahead.", sum=tell_money(-owed, exact=True))
    else:
        first = say("You are up to date.")
    return Markup(" ").join([first, *(sentence for sentence in more if sentence)])


def standing_of_somebody(owed: Pence) -> Markup:
    """The same on the desk, about somebody else: `£34.20 behind`."""
    if owed > 0:
        return say("%(sum)s behind", sum=tell_money(owed, exact=True))
    if owed < 0:
        return say("%(sum)s ahead", sum=tell_money(-owed, exact=True))
    return say("Up to date")


def weeks_behind(owed: Pence, parts: list[tuple[Part, Pence]], frequency: Frequency) -> int:
    """How many whole weeks of what the tenant pays are behind, as arrears are counted at a desk; 0 if less than one."""
    days = {Frequency.WEEKLY: 7, Frequency.FORTNIGHTLY: 14, Frequency.FOUR_WEEKLY: 28}.get(frequency)
    each = sum(pence for _, pence in parts)
    if owed <= 0 or not each:
        return 0
    if days is None:
        return owed * 52 // (each * 12)
    return owed * (days // 7) // each


def entry_words(kind: EntryKind, part: Part, reference: str = "") -> str:
    """What an entry is: `Service charge`, `Payment`."""
    if reference == OPENING:
        return gettext("Brought forward")
    if reference.startswith(AFTER_THE_END):
        return gettext("Taken off: after the end")
    if kind == EntryKind.CHARGE:
        return gettext("Rent") if part == Part.RENT else gettext("Service charge")
    return {
        EntryKind.PAYMENT: gettext("Payment"),
        EntryKind.BENEFIT: gettext("Housing Benefit"),
        EntryKind.DEBIT: gettext("Added"),
        EntryKind.CREDIT: gettext("Taken off"),
    }[EntryKind(kind)]


def each(frequency: Frequency) -> str:
    """`each week`."""
    return {
        Frequency.WEEKLY: gettext("each week"),
        Frequency.FORTNIGHTLY: gettext("every two weeks"),
        Frequency.FOUR_WEEKLY: gettext("every four weeks"),
        Frequency.MONTHLY: gettext("each month"),
    }[Frequency(frequency)]
