"""Counts, differences and levels in the reader's language. A difference is a number to look into, never a fault."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from babel.dates import format_skeleton
from flask_babel import gettext
from markupsafe import Markup

from tenant_app.medication.auditing.models import Level, MedicineCount
from tenant_app.web.locale import isolate, language, say


def tell_quantity(quantity: Decimal) -> Markup:
    """`25`, `2.5`: Western digits, as on the box, without noughts that say nothing."""
    return isolate(f"{quantity.normalize():f}")


def tell_difference(count: MedicineCount) -> Markup:
    """`3 more than expected`."""
    match count.discrepancy:
        case None:
            return say("We do not know how many to expect")
        case more if more > 0:
            return say("%(number)s more than expected", number=tell_quantity(more))
        case fewer if fewer < 0:
            return say("%(number)s fewer than expected", number=tell_quantity(-fewer))
    return say("As expected")


def tell_month(month: date) -> str:
    """`November 2026`."""
    return format_skeleton("yMMMM", month, locale=language().locale)


def level_words(level: Level) -> str:
    """What the level is, to the tenant."""
    return {
        Level.STAFF_HOLD: gettext("We keep your medicines and offer you each dose"),
        Level.DAILY_CHECK: gettext("You keep your medicines. We look together every day"),
        Level.WEEKLY_CHECK: gettext("You keep your medicines. We look together every week"),
        Level.SELF_MANAGED: gettext("You look after your medicines yourself"),
    }[level]


def level_words_to_staff(level: Level) -> str:
    """What the level is, to staff, with the number that the field gives it."""
    return {
        Level.STAFF_HOLD: gettext("Level 0: staff keep the medicines and offer each dose"),
        Level.DAILY_CHECK: gettext("Level 1: keeps them, and you look together every day"),
        Level.WEEKLY_CHECK: gettext("Level 2: keeps them, and you look together every week"),
        Level.SELF_MANAGED: gettext("Level 3: looks after them alone"),
    }[level]


def short_level(level: Level) -> str:
    """`Level 2`."""
    return gettext("Level %(number)s", number=level.value)
