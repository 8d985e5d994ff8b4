"""What a worker is asked while they inspect, and after."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import HiddenField, validators

from tenant_app import clock
from tenant_app.accounts.models import Worker
from tenant_app.inspections.models import LONGEST, Inspection
from tenant_app.inspections.outcomes import Outcome
from tenant_app.web.forms import DayField, Form, RadioField, SelectField, own_words
from tenant_app.web.house import house


class AnswerForm(Form):
    """One item."""

    outcome = RadioField(
        _("What did you find?"), [validators.InputRequired(_("Choose one of the three"))],
        choices=[(each.value, each.value) for each in Outcome],
    )  # fmt: skip
    words = own_words(_("What is wrong?"), longest=LONGEST, long=True, rows=2)


class FinishForm(Form):
    """Signing off."""

    words = own_words(
        _("Anything else?"), _("You can leave this out."), longest=LONGEST, long=True, rows=2,
    )  # fmt: skip


class CorrectForm(Form):
    """A line added to what was signed off."""

    words = own_words(
        _("What is to be put right?"), _("It is added with your name and the time. What was signed off stays."),
        needed=_("Write what is to be put right"), longest=LONGEST, long=True, rows=3,
    )  # fmt: skip


class ArrangeForm(Form):
    """Who does it, and of a room on which day."""

    version = HiddenField()
    assigned_to = SelectField(_("Who does it?"), validate_choice=False)
    visit_on = DayField(
        _("Which day?"), [validators.Optional()],
        description=_("The tenant is told at 10 am on the day before. Choose tomorrow or later."),
    )  # fmt: skip

    def offer(self, inspection: Inspection, workers: list[Worker], *, assigns: bool) -> ArrangeForm:
        """The same form for one inspection: only a coordinator says who, only a room has a day."""
        self.assigned_to.choices = [("", gettext("Whoever is there")), *((str(one.id), one.name) for one in workers)]
        if not assigns:
            del self.assigned_to
        if inspection.tenant_id is None:
            del self.visit_on
        return self

    def validate_assigned_to(self, field: Any) -> None:
        """One of those who were offered: whoever left meanwhile is not."""
        if field.data not in dict(field.choices):
            raise validators.StopValidation(gettext("Choose somebody of this list"))

    def check_day(self, inspection: Inspection) -> bool:
        """A day to come, or the one that was told already."""
        day = self.visit_on.data
        if day is None or (day != inspection.visit_on and day <= clock.today(house().settings.zone)):
            self.blame("visit_on", gettext("Choose tomorrow or a later day"))
        return not self.problems
