"""What is asked of whoever puts an alert away, or decides whether somebody is told."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import IntegerField, validators

from staff_portal.break_glass.forms import LONGEST, enough
from tenant_app.accounts.withholding import MOST_DAYS
from tenant_app.web.forms import Form, RadioField, own_words


class SeenForm(Form):
    """What it was."""

    words = own_words(
        _("What was it?"), _("For example: she prepared the reviews of a colleague who is ill. This is kept for good."),
        needed=_("Write what it was"), longest=LONGEST, long=True, rows=4,
    )  # fmt: skip

    def validate_words(self, field: Any) -> None:
        enough(self, field)


class DecisionForm(Form):
    """Whether the person is told, and when; and why."""

    tell = RadioField(
        _("Shall they be told now?"), [validators.InputRequired(_("Choose one"))],
        choices=[("now", _("Tell them now")), ("later", _("Not yet"))],
    )  # fmt: skip
    days = IntegerField(
        _("If not yet: tell them after how many days?"),
        [validators.Optional(), validators.NumberRange(1, MOST_DAYS, _("Write a number from 1 to 28"))],
        description=_("At most 28. Then they are told, whatever happens."), render_kw={"inputmode": "numeric"},
    )  # fmt: skip
    reason = own_words(
        _("Why do you decide so?"), _("This is kept for good, and the person reads it once they are told."),
        needed=_("Write why"), longest=LONGEST, long=True, rows=4,
    )  # fmt: skip

    def validate_reason(self, field: Any) -> None:
        enough(self, field)

    def valid(self) -> bool:
        """Not telling takes a number of days."""
        fine = super().valid()
        if self.tell.data == "later" and not self.days.data and not self.days.errors:
            self.blame("days", gettext("Write a number from 1 to 28"))
            return False
        return fine

    @property
    def days_from_now(self) -> int:
        """0 where they are told now."""
        return int(self.days.data or 0) if self.tell.data == "later" else 0
