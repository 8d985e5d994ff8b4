"""Languages: which one a person reads, and how words, days, times and money are written in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import flask_babel
from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, match_skeleton
from flask import Flask, g, has_request_context, request
from markupsafe import Markup, escape

from tenant_app import clock
from tenant_app.database import Pence
from tenant_app.web.catalogues import compile_catalogues
from tenant_app.web.house import house

COOKIE = "homeward_language"
"""Remembers a choice made before signing in. Not a secret."""

NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Language:
    """One language we speak."""

    code: str
    name: str
    """What its own speakers call it."""
    rtl: bool = False
    formats: str = ""
    """CLDR locale for days and times where the bare code would give another country's habits."""
    half_days: bool = False
    """Whether times are told as 9:00 am rather than 09:00."""

    @property
    def direction(self) -> str:
        return "rtl" if self.rtl else "ltr"

    @property
    def locale(self) -> Locale:
        return Locale.parse(self.formats or self.code.replace("-", "_"))


LANGUAGES = {
    language.code: language
    for language in (
        Language("en", "English", formats="en_GB", half_days=True),
        Language("tr", "Türkçe"),
        Language("ar", "العربية", rtl=True, half_days=True),
    )
}


def offered() -> list[Language]:
    """Languages this association offers, its fallback first."""
    return [LANGUAGES[code] for code in house().settings.languages if code in LANGUAGES]


def language() -> Language:
    """The language in force: the person's, else what was chosen on this phone, else what the browser asks for."""
    chosen: str | None = g.get("language")
    if chosen is None and has_request_context():
        codes = [known.code for known in offered()]
        kept = request.cookies.get(COOKIE)
        chosen = kept if kept in codes else request.accept_languages.best_match(codes)
    return language_of(chosen or "")


def language_of(code: str) -> Language:
    """The language of this code, or the association's fallback."""
    return LANGUAGES.get(code) or offered()[0]


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Use a language for a while, in any app context: for words that a worker process sends to a phone."""
    before = g.get("language")
    g.language = code
    flask_babel.refresh()
    try:
        yield
    finally:
        g.language = before
        flask_babel.refresh()


def say(message: str, **values: object) -> Markup:
    """Translate for a page. A translation is text, never markup, however it came into the catalogue;
    values may be markup, such as a name in `<bdi>`."""
    translated: Markup = escape(flask_babel.gettext(message))
    return translated % values if values else translated


def say_number(singular: str, plural: str, num: int, **values: object) -> Markup:
    """`say` for a number of things; `%(num)s` is the number."""
    # Not `flask_babel.ngettext`: it fills in the number at once, and would stumble over the other values.
    chosen = flask_babel.get_domain().get_translations().ungettext(singular, plural, num)
    translated: Markup = escape(chosen)
    return translated % {"num": num, **values}


def isolate(text: object) -> Markup:
    """A name, a sum or a number of the telephone, kept from being scrambled by right-to-left neighbours."""
    return Markup("<bdi>{}</bdi>").format(text)


def tell_day(day: date | datetime, *, year: bool = False) -> str:
    """`Thursday 26 November`."""
    locale = language().locale
    return format_date(_local_day(day), _in_full("yMMMMEEEEd" if year else "MMMMEEEEd", locale), locale=locale)


def tell_short_day(day: date | datetime) -> str:
    """`Thu 26 Nov`."""
    return format_skeleton("MMMEd", _midnight(day), locale=language().locale)


@cache
def _in_full(skeleton: str, locale: Locale) -> str:
    """The locale's pattern that is nearest to a skeleton, its names at full length.

    Where a locale has none of that width, Babel's nearest says `26 Kasım Per`; widening what was found is left to
    the caller (UTS 35, matching skeletons).
    """
    known = locale.datetime_skeletons
    pattern = str(known[match_skeleton(skeleton, known)].pattern)
    return re.sub(r"[Ec]+", "EEEE", re.sub(r"([ML])\1{2,}", r"\1\1\1\1", pattern))


def tell_date(day: date) -> str:
    """`26 November 2026`, for papers, where the day of the week says nothing."""
    return format_date(day, "long", locale=language().locale)


def tell_month(day: date) -> str:
    """`November 2026`."""
    return format_skeleton("yMMMM", _midnight(day), locale=language().locale)


def tell_weekday(day: date | datetime, width: str = "abbreviated") -> str:
    """`Thu`."""
    patterns = {"abbreviated": "EEE", "wide": "EEEE", "short": "EEEEEE", "narrow": "EEEEE"}
    return format_date(_local_day(day), patterns[width], locale=language().locale)


def tell_near_day(day: date | datetime) -> str:
    """`Today`, `Tomorrow`, `Yesterday`, else the day by name."""
    day = _local_day(day)
    away = (day - clock.today(house().settings.zone)).days
    near = {0: "Today", 1: "Tomorrow", -1: "Yesterday"}
    if away in near:
        return {0: flask_babel.gettext("Today"), 1: flask_babel.gettext("Tomorrow"),
                -1: flask_babel.gettext("Yesterday")}[away]  # fmt: skip
    return tell_day(day)


def tell_time(moment: datetime | time) -> Markup:
    """`9:00 am`, never parted at the end of a line; digits are Western, as on the box and the bus stop."""
    if isinstance(moment, datetime):
        moment = moment.astimezone(house().settings.zone).time()
    now_speaking = language()
    pattern = "h:mm a" if now_speaking.half_days else "HH:mm"
    return isolate(format_time(moment, pattern, locale=now_speaking.locale).replace(" ", NBSP))


def tell_span(starts: datetime, ends: datetime) -> Markup:
    """`11:00 am to 12:30 pm`."""
    return say("%(start)s to %(end)s", start=tell_time(starts), end=tell_time(ends))


def tell_money(pence: Pence, *, exact: bool = False) -> Markup:
    """`£19.20`; whole pounds without the noughts, unless `exact`, for sums that stand under one another."""
    pounds, rest = divmod(abs(pence), 100)
    sign = "-" if pence < 0 else ""
    return isolate(f"{sign}£{pounds:,}" + (f".{rest:02d}" if rest or exact else ""))


def _local_day(day: date | datetime) -> date:
    return day.astimezone(house().settings.zone).date() if isinstance(day, datetime) else day


def _midnight(day: date | datetime) -> datetime:
    # Babel reads a bare date as a moment in UTC, and would tell the day before in zones behind it.
    return datetime.combine(_local_day(day), time(12), tzinfo=None)


def days_ago(count: int) -> date:
    """The calendar day `count` days before today."""
    return clock.today(house().settings.zone) - timedelta(days=count)


def open_languages(app: Flask) -> None:
    """Teach an app its languages: catalogues compiled, and the words of this module given to its templates."""
    settings = app.extensions["homeward"].settings
    folder = compile_catalogues(settings.translations, settings.instance / "translations")
    babel = flask_babel.Babel(configure_jinja=False)
    babel.init_app(
        app,
        default_translation_directories=str(folder),
        locale_selector=lambda: language().code.replace("-", "_"),
    )
    words: dict[str, Any] = {
        "_": say, "gettext": say, "ngettext": say_number, "bdi": isolate, "language": language,
        "languages": offered, "tell_day": tell_day, "tell_short_day": tell_short_day, "tell_near_day": tell_near_day,
        "tell_weekday": tell_weekday, "tell_date": tell_date, "tell_month": tell_month, "tell_time": tell_time,
        "tell_span": tell_span, "tell_money": tell_money,
    }  # fmt: skip
    app.jinja_env.globals.update(words)
