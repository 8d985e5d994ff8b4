"""From when to when pages of figures look: days or months, asked in the address of a page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import request
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import validators

from tenant_app import clock
from tenant_app.web.forms import DayField, Form, SelectField
from tenant_app.web.house import house
from tenant_app.web.locale import tell_month

LONGEST = timedelta(days=371)
"""53 weeks: more would be a picture that nobody can read."""
MONTHS = 36
"""Months, this one among them, from which one chooses."""


@dataclass(frozen=True)
class Span:
    """Calendar days of the house, the last one included."""

    first: date
    last: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """When it begins, and when it is over (UTC)."""
        return _midnight(self.first), _midnight(self.last + timedelta(days=1))

    @property
    def months(self) -> list[date]:
        """The first day of each month of it."""
        found = [self.first.replace(day=1)]
        while (after := _after(found[-1])) <= self.last:
            found.append(after)
        return found

    @property
    def month_moments(self) -> list[datetime]:
        """When each of its months begins, and when the last is over (UTC)."""
        return [_midnight(each) for each in (*self.months, _after(self.months[-1]))]


class SpanForm(Form):
    """From which day to which."""

    first = DayField(_("From"), [validators.InputRequired(_("Choose a day"))])
    last = DayField(_("To"), [validators.InputRequired(_("Choose a day"))])

    @classmethod
    def from_address(cls, since: date) -> tuple[SpanForm, Span | None]:
        """What the address asks for, else the days from `since` to today; None where it makes no sense."""
        form, given = _given(cls, first=since, last=clock.today(house().settings.zone))
        if given and not form.valid():
            return form, None
        first, last = form.first.data, form.last.data
        if last < first:
            form.blame("last", gettext("Choose a day that is not before the first"))
        elif last - first >= LONGEST:
            form.blame("last", gettext("Choose at most a year and a week"))
        return form, None if form.problems else Span(first, last)


class MonthsForm(Form):
    """From which month to which, both included: `2026-11`."""

    first = SelectField(_("From"), validate_choice=False)
    last = SelectField(_("To"), validate_choice=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = clock.today(house().settings.zone).replace(day=1)
        months = [_before(newest, number) for number in range(MONTHS)]
        self.first.choices = self.last.choices = [(f"{each:%Y-%m}", tell_month(each)) for each in months]

    def valid(self) -> bool:
        """Two of the months on offer."""
        offered = {value for value, _words in self.first.choices}
        for field in (self.first, self.last):
            if field.data not in offered:
                self.blame(field.name, gettext("Choose a month"))
        return super().valid() if not self.problems else False

    @classmethod
    def from_address(cls, months: int = 12) -> tuple[MonthsForm, Span | None]:
        """What the address asks for, else so many months with this one; None where it makes no sense."""
        newest = clock.today(house().settings.zone).replace(day=1)
        form, given = _given(cls, first=f"{_before(newest, months - 1):%Y-%m}", last=f"{newest:%Y-%m}")
        if given and not form.valid():
            return form, None
        first, last = (date.fromisoformat(f"{each.data}-01") for each in (form.first, form.last))
        if last < first:
            form.blame("last", gettext("Choose a month that is not before the first"))
            return form, None
        return form, Span(first, _after(last) - timedelta(days=1))


def _given(form: Any, **values: object) -> tuple[Any, bool]:
    given = "first" in request.args or "last" in request.args
    return form(request.args if given else None, **values), given


def _after(month: date) -> date:
    return (month + timedelta(days=31)).replace(day=1)


def _before(month: date, count: int) -> date:
    """The first day of the month so many before."""
    months = month.year * 12 + month.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)


def _midnight(day: date) -> datetime:
    return clock.at(day, time(), house().settings.zone)
