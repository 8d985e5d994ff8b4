"""What the pages of a plan ask."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import StringField, validators

from tenant_app.safety_plan.models import dialled
from tenant_app.web.forms import Form, own_words

FEWEST_DIGITS, MOST_DIGITS = 3, 15
"""111 is the shortest number anyone calls; 15 digits are the most there are (ITU-T E.164)."""


class LineForm(Form):
    """One line, in the tenant's own words."""

    words = own_words(_("In your own words"), needed=_("Write a few words"), longest=200)


class PersonForm(LineForm):
    """Somebody to call."""

    words = own_words(_("Who is it?"), needed=_("Write who it is"), longest=200)
    phone = own_words(_("Their number"), _("You can leave this out."), longest=30, type="tel", inputmode="tel")

    def validate_phone(self, field: StringField) -> None:
        """A number that a phone can dial, however it is written."""
        written = field.data or ""
        if not written:
            return
        strange = set(written) - set("0123456789 +()-./")
        if strange or not FEWEST_DIGITS <= len(dialled(written).lstrip("+")) <= MOST_DIGITS:
            raise validators.StopValidation(gettext("Write the number in digits, such as 020 7946 0000"))
