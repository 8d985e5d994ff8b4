"""What the pages about one's record ask."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import PasswordField, validators

from tenant_app.support.record.parts import EVERYTHING, erasable, parts
from tenant_app.web.forms import Form, RadioField, SelectMultipleField, own_words


class CopyForm(Form):
    """The PIN once more: whoever holds the phone is not always whose it is."""

    pin = PasswordField(
        _("Your PIN"), [validators.InputRequired(_("Enter your 6 numbers"))],
        render_kw={"inputmode": "numeric", "autocomplete": "current-password", "maxlength": 20},
    )  # fmt: skip


class CorrectForm(Form):
    """Which part, what is wrong with it, and what it should say."""

    part = RadioField(_("Which part of your record is it?"), validate_choice=False)
    wrong = own_words(
        _("What is not right?"), _("Your keyworker and the coordinators read this."),
        needed=_("Write what is not right"), longest=2000, long=True, rows=4,
    )  # fmt: skip
    should = own_words(
        _("What should it say?"), _("You can leave this out."), longest=2000, long=True, rows=4
    )  # fmt: skip

    def validate_part(self, field: RadioField) -> None:
        """One of those offered."""
        if field.data not in parts():
            raise validators.StopValidation(gettext("Choose a part"))


class EraseForm(Form):
    """All of it, or which parts."""

    parts = SelectMultipleField(_("What shall be erased?"), validate_choice=False)
    words = own_words(
        _("Is there anything you want to say about it?"), _("You can leave this out. You do not have to say why."),
        longest=2000, long=True, rows=3,
    )  # fmt: skip

    def validate_parts(self, field: SelectMultipleField) -> None:
        """At least one of those offered."""
        if not field.data or not set(field.data) <= {EVERYTHING, *erasable()}:
            raise validators.StopValidation(gettext("Choose everything, or one part or more"))
