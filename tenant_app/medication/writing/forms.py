"""What is asked of when a medicine is taken: another form for each kind of plan, one question a page."""

from __future__ import annotations

import enum
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import Field, IntegerField, validators
from wtforms.validators import StopValidation

from tenant_app import clock
from tenant_app.medication.forms import QuantityField, TimesField
from tenant_app.medication.models import Medicine
from tenant_app.medication.patterns import ALL_WEEK, EVERY_DAY, Pattern, on_weekdays
from tenant_app.medication.regimen import MOST_IN_24H
from tenant_app.medication.rules import FURTHEST, BadRegimen, Regimen
from tenant_app.medication.words import weekday_words
from tenant_app.medication.writing.phase_rows import PhasesField
from tenant_app.web.forms import DayField, Form, RadioField, SelectMultipleField


class Kind(enum.StrEnum):
    """How a medicine is taken, as it is asked."""

    DAY = "day"
    WEEKDAYS = "weekdays"
    INTERVAL = "interval"
    TAPER = "taper"
    NEEDED = "needed"

    @classmethod
    def of(cls, medicine: Medicine) -> Kind:
        """What one that is written down is."""
        if medicine.as_needed:
            return cls.NEEDED
        if medicine.phases:
            return cls.TAPER
        if medicine.pattern.every_days > 1:
            return cls.INTERVAL
        return cls.DAY if medicine.pattern.weekdays == ALL_WEEK else cls.WEEKDAYS


class KindForm(Form):
    """Which kind it is."""

    kind = RadioField(_("When do you take it?"), [validators.InputRequired(_("Choose when you take it"))])

    def __init__(self, *args: Any, needed: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind.value, kind.value) for kind in Kind if needed or kind is not Kind.NEEDED]


ASKED_FIRST = ("phases", "weekdays", "every_days", "counted_from")


def _most_in_24h(hint: Any) -> IntegerField:
    return IntegerField(_("How many times in 24 hours, at most?"), [validators.Optional()], description=hint)


class MostForm(Form):
    """What the label says of 24 hours."""

    def validate_most(self, field: IntegerField) -> None:
        """A number."""
        _check_number(field, gettext("Write a number from 1 to 24"), MOST_IN_24H, least=1)


class TimedForm(MostForm):
    """Times of day, and until when."""

    times = TimesField(_("At what times of day?"), description=_("We will remind you at these times."))
    ends_on = DayField(
        _("Until which day?"), [validators.Optional()], description=_("Leave this out if it goes on.")
    )  # fmt: skip
    most = _most_in_24h(_("As it stands on the label. You can leave this out."))

    @property
    def problems(self) -> list[tuple[str, str]]:
        """In the order asked: the days come before the times."""
        return sorted(super().problems, key=lambda problem: problem[0] not in ASKED_FIRST)

    def validate_ends_on(self, field: DayField) -> None:
        """A course ends after it starts."""
        _check_near(field)
        if field.data and self.begins and field.data < self.begins:
            raise StopValidation(gettext("Choose a last day that is not before the first"))

    @property
    def begins(self) -> date | None:
        """Its first day, where this form asks for it."""
        return None

    def regimen(self, starts_on: date, pattern: Pattern) -> Regimen:
        """What was asked for, of a course that starts on `starts_on`; `pattern` is how it stood."""
        raise NotImplementedError


class CourseForm(TimedForm):
    """Every day, the same amount."""

    starts_on = DayField(_("From which day?"), [validators.Optional()])
    quantity = QuantityField(
        _("How many is that at a time?"),
        description=_("A number, like 1 or 0.5, if you want us to count what is left. You can leave this out."),
        render_kw={"inputmode": "decimal"},
    )  # fmt: skip

    def validate_starts_on(self, field: DayField) -> None:
        """A day near enough to be meant."""
        _check_near(field)

    @property
    def begins(self) -> date | None:
        return self.starts_on.data if "starts_on" in self else None

    def regimen(self, starts_on: date, pattern: Pattern) -> Regimen:
        return Regimen(tuple(self.times.data or ()), EVERY_DAY, self.quantity.data, most=self.most.data)


class WeekdaysForm(CourseForm):
    """On some days of the week."""

    weekdays = SelectMultipleField(_("On which days?"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.weekdays.choices = [(weekday, weekday_words(weekday)) for weekday in range(7)]

    def validate_weekdays(self, field: SelectMultipleField) -> None:
        """At least one, or it would never be due."""
        if field.errors or not field.data:
            _blame_alone(field, gettext("Choose at least one day"))

    def regimen(self, starts_on: date, pattern: Pattern) -> Regimen:
        return Regimen(tuple(self.times.data or ()), on_weekdays(self.weekdays.data or ()), self.quantity.data,
                       most=self.most.data)  # fmt: skip


class IntervalForm(CourseForm):
    """Every so many days."""

    every_days = IntegerField(
        _("Every how many days?"), description=_("2 is every other day, 7 is once a week.")
    )  # fmt: skip
    counted_from = DayField(
        _("Count from which day?"), [validators.Optional()], description=_("A day on which you take it.")
    )  # fmt: skip

    def validate_every_days(self, field: IntegerField) -> None:
        """Two days to a year."""
        if field.data is None or not 2 <= field.data <= 366:
            _blame_alone(field, gettext("Write a number from 2 to 366"))

    def validate_counted_from(self, field: DayField) -> None:
        """A day near enough to be meant."""
        _check_near(field)

    def regimen(self, starts_on: date, pattern: Pattern) -> Regimen:
        anchor = (self.counted_from.data if "counted_from" in self else None) or starts_on
        return Regimen(tuple(self.times.data or ()), Pattern(ALL_WEEK, self.every_days.data or 0, anchor),
                       self.quantity.data, most=self.most.data)  # fmt: skip


class TaperForm(TimedForm):
    """A course whose amount changes. Its first amount begins it."""

    phases = PhasesField(
        _("How much, from which day?"),
        description=_("As it stands on the label. The first day begins the course."),
    )  # fmt: skip

    @property
    def begins(self) -> date | None:
        return self.phases.data[0].first_day if self.phases.data else None

    def regimen(self, starts_on: date, pattern: Pattern) -> Regimen:
        return Regimen(tuple(self.times.data or ()), pattern, None, tuple(self.phases.data or ()), self.most.data)


class NeededForm(MostForm):
    """What the label says of a medicine that is taken when it is needed."""

    gap_hours = IntegerField(_("Hours"), [validators.Optional()])
    gap_rest = IntegerField(_("Minutes"), [validators.Optional()])
    most = _most_in_24h(
        _("As it stands on the label. Leave out what it does not say: then we cannot tell you of it.")
    )
    quantity = QuantityField(
        _("How many is that at a time?"),
        description=_("A number, like 1 or 0.5, if you want us to count what is left. You can leave this out."),
        render_kw={"inputmode": "decimal"},
    )  # fmt: skip

    def validate_gap_hours(self, field: IntegerField) -> None:
        """A number."""
        _check_number(field, gettext("Write the hours as a number, like 4"), 168)

    def validate_gap_rest(self, field: IntegerField) -> None:
        """A number."""
        _check_number(field, gettext("Write the minutes as a number, like 30"), 59)

    @property
    def gap_minutes(self) -> int | None:
        """Both parts; None for nothing."""
        return (self.gap_hours.data or 0) * 60 + (self.gap_rest.data or 0) or None


FORMS: dict[Kind, type[TimedForm]] = {
    Kind.DAY: CourseForm, Kind.WEEKDAYS: WeekdaysForm, Kind.INTERVAL: IntervalForm, Kind.TAPER: TaperForm,
}  # fmt: skip


def blame(form: Any, problem: BadRegimen) -> None:
    """Say what a rule refused, at the field where it can be put right."""
    day = "weekdays" if "weekdays" in form else "ends_on"
    field, words = {
        "times": ("times", gettext("Choose at least one time")),
        "same-time-twice": ("times", gettext("The same time is there twice")),
        "never-fires": (day, gettext("None of these days comes before it ends. Change the days, or end later.")),
        "ends-before-it-begins": ("ends_on", gettext("Choose a last day that is not before the first")),
        "over-before-its-first-time": ("ends_on", gettext("All its times are over by then. Choose a later day.")),
        "over-before-it-begins": ("ends_on", gettext("This course is over before the new times begin.")),
        "already-over": ("ends_on", gettext("Choose a last day that has not passed")),
        "too-far": ("ends_on", gettext("Choose a day that is nearer")),
        "quantity": ("quantity", gettext("Write a number above 0, and at most 1000")),
        "gap": ("gap_hours", gettext("Write a time between two of at most 7 days")),
        "most": ("most", gettext("Write a number from 1 to 24")),
        "above-most": ("most", gettext("There are more times above than that. Look at the label again.")),
        "phases-begin-elsewhere": ("phases", gettext("The first amount begins with the course. Keep its first day.")),
        "phase-outside-the-course": ("phases", gettext("Each amount begins between the first and the last day")),
        "phases-out-of-order": ("phases", gettext("Write the days in the order they come, each day once")),
        "phase-without-amount": ("phases", gettext("Write how much it is from each day on")),
        "phase-never-fires": ("phases", gettext("One of the amounts would never be due. Look at the days again.")),
        "too-many-phases": ("phases", gettext("Write at most 8 amounts")),
    }.get(problem.what, ("times", gettext("This cannot be kept as it is. Look at it again.")))
    form.blame(field if field in form else "phases" if "phases" in form else "times", words)


def _check_near(field: DayField) -> None:
    if field.data and abs(field.data - clock.now().date()) > FURTHEST:
        _blame_alone(field, gettext("Choose a day that is nearer"))


def _check_number(field: IntegerField, problem: str, most: int, least: int = 0) -> None:
    typed = bool(field.raw_data and str(field.raw_data[0]).strip())
    if typed and (field.data is None or not least <= field.data <= most):
        _blame_alone(field, problem)


def _blame_alone(field: Field, problem: str) -> None:
    field.errors = []  # of the library's own words, which are not ours and in one language only
    raise StopValidation(problem)
