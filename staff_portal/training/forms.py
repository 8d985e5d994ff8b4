"""What is asked about a course that somebody has done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, IntegerField, validators

from tenant_app.training import rules
from tenant_app.training.models import Course
from tenant_app.web.content import Page
from tenant_app.web.forms import DayField, Form, SelectField


class DatesForm(Form):
    """When it was done, and until when it holds."""

    done_on = DayField(
        _("Done on"), [validators.InputRequired(_("Choose the day it was done"))],
        description=_("The day on the certificate."),
    )  # fmt: skip
    valid_until = DayField(
        _("Valid until"), [validators.Optional()],
        description=_("The last day it holds. Leave it empty, and we count it from the day it was done."),
    )
    checked = BooleanField(
        _("I have seen the certificate"), [validators.InputRequired(_("Look at the certificate first, then tick this"))]
    )

    def until(self, course: Course | None) -> date | None:
        """What was said, or else what the course says. Of a course that is asked for no more, nothing is known."""
        if self.valid_until.data is not None or course is None or self.done_on.data is None:
            return self.valid_until.data
        return course.holds_until(self.done_on.data)

    def blame_days(self, refused: ValueError) -> None:
        """Say which day cannot be, and why."""
        match refused:
            case rules.NotDoneYet():
                self.blame("done_on", gettext("Choose today or a day before. Write it down once it is done"))
            case rules.TooLongAgo():
                self.blame("done_on", gettext("That is more than 50 years ago. Choose the day on the certificate"))
            case rules.EndsBeforeDone():
                self.blame("valid_until", gettext("Choose a day that is not before the day it was done"))
            case rules.TooLong():
                self.blame("valid_until", gettext("Choose a day at most 10 years after it was done"))
            case rules.AlreadyWritten():
                self.blame("done_on", gettext(
                    "This course is written down for that day already, with another end. Correct it there"
                ))  # fmt: skip
            case _:
                raise refused


class RecordForm(DatesForm):
    """A new record."""

    course = SelectField(_("Course"), [validators.InputRequired(_("Choose the course"))], validate_choice=False)

    def offer(self, pages: Mapping[str, Page]) -> RecordForm:
        """Fill the list to choose from."""
        self.course.choices = [("", gettext("Choose one")), *((slug, page["title"]) for slug, page in pages.items())]
        return self

    def validate_course(self, field: Any) -> None:
        """One of those that were offered."""
        if field.data not in dict(field.choices):
            raise validators.StopValidation(gettext("Choose the course"))


class CorrectionForm(DatesForm):
    """The days of a record, put right."""

    seen = IntegerField(validators=[validators.InputRequired()])
    """The version of the record when the page was made."""
