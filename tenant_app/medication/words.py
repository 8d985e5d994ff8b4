"""What is said of medicines, in the reader's language. Times of day stand for them wherever names may not be shown."""

from __future__ import annotations

from bisect import bisect
from datetime import date, time, timedelta
from decimal import Decimal

from babel.lists import format_list
from flask_babel import gettext, ngettext
from markupsafe import Markup

from tenant_app.medication.models import Food, MedicineForm, SkipReason
from tenant_app.medication.patterns import ALL_WEEK, Pattern
from tenant_app.medication.pausing.models import PauseReason
from tenant_app.web.locale import language, say, say_number, tell_weekday

BEGINS = (5, 12, 17, 22)
"""Hours at which morning, midday, evening and night begin, by the wall clock."""


def part_of_day(wall_time: time) -> str:
    """`Morning`, `Midday`, `Evening` or `Night`; the small hours belong to the night."""
    return (gettext("Night"), gettext("Morning"), gettext("Midday"), gettext("Evening"))[_part(wall_time)]


def slot_title(wall_time: time) -> str:
    """`Morning medicines`."""
    return (
        gettext("Night medicines"),
        gettext("Morning medicines"),
        gettext("Midday medicines"),
        gettext("Evening medicines"),
    )[_part(wall_time)]


def _part(wall_time: time) -> int:
    """0 for the night, then 1 to 3 through the day."""
    return bisect(BEGINS, wall_time.hour) % 4


def slot_title_with_count(wall_time: time, count: int) -> str:
    """`Morning medicines, 2 to take`."""
    return gettext("%(medicines)s, %(count)s", medicines=slot_title(wall_time), count=to_take(count))


def to_take(count: int) -> str:
    """`2 to take`."""
    return ngettext("%(num)s to take", "%(num)s to take", count)


def form_words(form: MedicineForm) -> str:
    """`Tablet`."""
    return {
        MedicineForm.TABLET: gettext("Tablet"),
        MedicineForm.CAPSULE: gettext("Capsule"),
        MedicineForm.LIQUID: gettext("Liquid"),
        MedicineForm.INJECTION: gettext("Injection"),
        MedicineForm.PATCH: gettext("Patch"),
        MedicineForm.INHALER: gettext("Inhaler"),
        MedicineForm.DROPS: gettext("Drops"),
        MedicineForm.CREAM: gettext("Cream"),
        MedicineForm.OTHER: gettext("Something else"),
    }[form]


def food_words(food: Food) -> str:
    """`With food`."""
    return {
        Food.NO_MATTER: gettext("It does not matter"),
        Food.BEFORE: gettext("Before food"),
        Food.WITH: gettext("With food"),
        Food.AFTER: gettext("After food"),
    }[food]


def reason_words(reason: SkipReason) -> str:
    """Why a dose was not taken, as its owner would say it."""
    return {
        SkipReason.UNWELL: gettext("I felt unwell"),
        SkipReason.SIDE_EFFECTS: gettext("It does not agree with me"),
        SkipReason.NONE_LEFT: gettext("I had none left"),
        SkipReason.NOT_WITH_ME: gettext("I did not have it with me"),
        SkipReason.ASLEEP: gettext("I was asleep"),
        SkipReason.FORGOT: gettext("It slipped my mind"),
        SkipReason.TOLD_NOT_TO: gettext("A doctor, nurse or pharmacist said not to"),
        SkipReason.CHOSE_NOT_TO: gettext("I chose not to"),
        SkipReason.OTHER: gettext("Something else"),
    }[reason]


def pause_words(reason: PauseReason) -> str:
    """Why reminders rest."""
    return {
        PauseReason.HOSPITAL: gettext("I am in hospital"),
        PauseReason.ILL: gettext("I am ill"),
        PauseReason.SOMEONE_ELSE: gettext("Someone else gives me my medicines"),
        PauseReason.OTHER: gettext("Another reason"),
    }[reason]


def days_words(pattern: Pattern) -> str:
    """`Every day`, `Monday and Thursday`, `Every 3 days`, `Every 2 weeks`."""
    if pattern.every_days > 1:
        weeks, days = divmod(pattern.every_days, 7)
        if pattern.every_days == 7:
            return gettext("Every week")
        if not days:
            return ngettext("Every %(num)s week", "Every %(num)s weeks", weeks)
        return ngettext("Every %(num)s day", "Every %(num)s days", pattern.every_days)
    if pattern.weekdays == ALL_WEEK:
        return gettext("Every day")
    return format_list([weekday_words(weekday) for weekday in pattern.chosen], locale=language().locale)


def weekday_words(weekday: int) -> str:
    """`Monday`, of 0."""
    return tell_weekday(date(2024, 1, 1) + timedelta(days=weekday), "wide")


def gap_words(minutes: int) -> Markup:
    """`At least 4 hours between two`."""
    hours, rest = divmod(minutes, 60)
    if not rest:
        return say_number("At least %(num)s hour between two", "At least %(num)s hours between two", hours)
    if not hours:
        return say_number("At least %(num)s minute between two", "At least %(num)s minutes between two", rest)
    return say("At least %(hours)s h %(minutes)s min between two", hours=hours, minutes=rest)


def most_words(count: int) -> Markup:
    """`At most 4 in 24 hours`."""
    return say_number("At most %(num)s in 24 hours", "At most %(num)s in 24 hours", count)


def left_words(count: int) -> Markup:
    """`3 left in 24 hours, by what you wrote down.`"""
    return say_number(
        "%(num)s left in 24 hours, by what you wrote down.", "%(num)s left in 24 hours, by what you wrote down.", count
    )


def tell_quantity(quantity: Decimal) -> str:
    """`1`, `0.5`: Western digits, without needless noughts."""
    return f"{quantity.normalize():f}"
