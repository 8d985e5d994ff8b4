"""What the pages about medicines ask."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import time
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import Field, TimeField, validators
from wtforms.widgets import TextInput

from tenant_app.medication.models import Food, MedicineForm, SkipReason
from tenant_app.medication.pausing.models import PauseReason
from tenant_app.medication.rules import MOST_TIMES
from tenant_app.medication.words import food_words, form_words, pause_words, reason_words, tell_quantity
from tenant_app.web.forms import DayField, Form, RadioField, SelectField, own_words

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::00)?")


class TimesField(Field):
    """Several times of day, each in an input of the same name. Empty inputs are left out; what was typed is kept."""

    data: list[time] | None
    unread: bool = False

    def process_data(self, value: Sequence[time] | None) -> None:
        """Times the form starts with."""
        self.data = list(value or [])
        self.typed = [f"{known:%H:%M}" for known in self.data]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent."""
        self.typed = [str(value).strip()[:20] for value in valuelist if str(value).strip()][: MOST_TIMES + 1]
        found = [_CLOCK.fullmatch(value) for value in self.typed]
        self.unread = None in found
        self.data = [time(int(match[1]), int(match[2])) for match in found if match]

    def pre_validate(self, form: Any) -> None:
        """Say what needs another look; the rules would refuse the same."""
        if self.unread:
            raise validators.StopValidation(str(_("Write each time like 09:00")))
        if not self.data:
            raise validators.StopValidation(str(_("Choose at least one time")))
        if len(set(self.data)) < len(self.data):
            raise validators.StopValidation(str(_("The same time is there twice")))
        if len(self.data) > MOST_TIMES:
            raise validators.StopValidation(str(_("Choose at most 8 times")))

    @property
    def inputs(self) -> list[str]:
        """What each input shows: what is known, then empty ones."""
        shown = self.typed[:MOST_TIMES]
        return [*shown, *[""] * (MOST_TIMES - len(shown))]


class LabelForm(Form):
    """What is on the label."""

    name = own_words(
        _("What is it called?"), _("As it stands on the label, with its strength."),
        needed=_("Write what it is called"), longest=120,
    )  # fmt: skip
    comes_as = SelectField(_("What does it come as?"), validate_choice=False)
    amount = own_words(
        _("How much at a time?"), _("As it stands on the label, like: 1 tablet. You can leave this out."), longest=120
    )
    food = SelectField(_("Before or after food?"), validate_choice=False)
    purpose = own_words(_("What is it for?"), _("In your own words. You can leave this out."), longest=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.comes_as.choices = [(form.value, form_words(form)) for form in MedicineForm]
        self.food.choices = [(food.value, food_words(food)) for food in Food]

    def validate_comes_as(self, field: SelectField) -> None:
        """One of the list."""
        if field.data not in list(MedicineForm):
            raise validators.StopValidation(str(_("Choose what it comes as")))

    def validate_food(self, field: SelectField) -> None:
        """One of the list."""
        if field.data not in list(Food):
            raise validators.StopValidation(str(_("Choose one of these")))


class WhyForm(Form):
    """Why a dose was not taken. All of it may be left out."""

    reason = RadioField(_("Would you like to say why?"), validate_choice=False)
    words = own_words(_("In your own words"), _("You can leave this out."), longest=300, long=True, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [(reason.value, reason_words(reason)) for reason in SkipReason]

    def validate_reason(self, field: RadioField) -> None:
        """One of the list, or nothing."""
        if field.data and field.data not in list(SkipReason):
            raise validators.StopValidation(str(_("Choose one of these")))


class EarlierForm(Form):
    """When an as-needed medicine was taken."""

    day = DayField(_("On which day?"))
    at = TimeField(_("At what time?"), format=["%H:%M", "%H:%M:%S"])

    def validate_day(self, field: DayField) -> None:
        """A day is needed here."""
        if field.data is None:
            _blame_alone(field, _("Choose a day from the calendar"))

    def validate_at(self, field: TimeField) -> None:
        """So is a time."""
        if field.data is None:
            _blame_alone(field, _("Write the time like 09:00"))


class PauseForm(Form):
    """Why reminders rest, from when, and until when."""

    reason = RadioField(_("Why shall reminders rest?"), validate_choice=False)
    words = own_words(_("In your own words"), _("You can leave this out."))
    first = DayField(_("From which day?"), description=_("Today means from now on."))
    last = DayField(
        _("Until which day?"), [validators.Optional()],
        description=_("If you do not know, leave it out. You can start again at any time."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reason.choices = [(reason.value, pause_words(reason)) for reason in PauseReason]

    def validate_reason(self, field: RadioField) -> None:
        """One of the list."""
        if field.data not in list(PauseReason):
            raise validators.StopValidation(str(_("Choose one of these")))

    def validate_first(self, field: DayField) -> None:
        """A day is needed here."""
        if field.data is None:
            _blame_alone(field, _("Choose a day from the calendar"))


class QuantityField(Field):
    """How many units: a number with a point or a comma, or nothing."""

    widget = TextInput()
    data: Decimal | None

    def _value(self) -> str:
        return self.typed

    def process_data(self, value: Decimal | None) -> None:
        """The number the form starts with, without needless noughts."""
        self.data, self.typed = value, "" if value is None else tell_quantity(value)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Read what was sent."""
        self.typed = str(valuelist[0]).strip()[:12] if valuelist else ""
        self.data = read_quantity(self.typed)

    def pre_validate(self, form: Any) -> None:
        """What cannot be read is said in plain words; the rules refuse what cannot be meant."""
        if self.typed and self.data is None:
            raise validators.StopValidation(str(_("Write a number, like 1 or 0.5")))


def read_quantity(typed: str) -> Decimal | None:
    """`1`, `0.5` or `0,5`; None for anything else."""
    try:
        found = Decimal(typed.replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


class WhenForm(Form):
    """At what time it was taken."""

    at = TimeField(
        _("When did you take it?"), [validators.Optional()], format=["%H:%M", "%H:%M:%S"],
        description=_("If you do not know, leave it out."),
    )  # fmt: skip

    def validate_at(self, field: TimeField) -> None:
        """A time that cannot be read is said in plain words."""
        if _unreadable(field):
            _blame_alone(field, _("Write the time like 09:00"))


def _unreadable(field: Field) -> bool:
    return bool(field.raw_data and field.raw_data[0] and field.data is None)


def _blame_alone(field: Field, problem: Any) -> None:
    field.errors = []  # of the library's own words, which are not ours and in one language only
    raise validators.StopValidation(str(problem))
