"""What is asked of whoever opens a record without consent."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, validators

from staff_portal.break_glass.records import kinds
from tenant_app.accounts.safeguarding import LEAST_REASON
from tenant_app.web.forms import Form, RadioField, own_words

LONGEST = 1000


def enough(_form: Any, field: Any) -> None:
    """More than a word."""
    if field.data and len(field.data) < LEAST_REASON:
        raise validators.StopValidation(gettext("Say a little more, so that it can be understood later"))


class OpenForm(Form):
    """Which record, why, and whether the person should not be told yet."""

    category = RadioField(_("What do you need to see?"), [validators.InputRequired(_("Choose what you need to see"))])
    reason = own_words(
        _("What are you worried about?"),
        _("Write what happened and why you need to see it now. The person reads this, with your name."),
        needed=_("Write what you are worried about"), longest=LONGEST, long=True, rows=5,
    )  # fmt: skip
    withhold = BooleanField(
        _("Telling them now would put somebody in danger"),
        description=_("A coordinator or an administrator decides within 24 hours. If nobody does, the person is told."),
    )
    withhold_reason = own_words(
        _("Why should they not be told yet?"),
        _("For example: somebody who hurts them reads their phone. This reason is kept for good."),
        longest=LONGEST, long=True, rows=3,
    )  # fmt: skip

    def offer(self) -> OpenForm:
        """With the kinds of record that there are."""
        self.category.choices = [(kind.category.value, kind.words) for kind in kinds()]
        return self

    def validate_reason(self, field: Any) -> None:
        enough(self, field)

    def validate_withhold_reason(self, field: Any) -> None:
        enough(self, field)

    def valid(self) -> bool:
        """Not telling takes a reason of its own."""
        fine = super().valid()
        if self.withhold.data and not self.withhold_reason.data:
            self.blame("withhold_reason", gettext("Write why they should not be told yet"))
            return False
        return fine

    @property
    def withheld_because(self) -> str:
        """Empty where the person is told at once."""
        return (self.withhold_reason.data or "") if self.withhold.data else ""
