"""What the way in asks."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, validators

from tenant_app.web.forms import Form, own_words

_SIX = {"inputmode": "numeric", "maxlength": 20, "dir": "ltr"}


def _pin(label: Any, needed: Any, hint: Any = "", *, remembered: str) -> PasswordField:
    shown = {**_SIX, "autocomplete": remembered}
    return PasswordField(label, [validators.InputRequired(needed)], description=hint, render_kw=shown)


def _shared() -> BooleanField:
    return BooleanField(_("Other people use this phone"), description=_("We keep nothing on it after you leave."))


class SignInForm(Form):
    """A tenant's name for signing in and their PIN."""

    name = own_words(
        _("Your sign-in name"), _("Like amina4821. Your keyworker can tell you what it is."),
        needed=_("Write your sign-in name"), longest=40, autocomplete="username", autocapitalize="none",
        spellcheck="false", dir="ltr",
    )  # fmt: skip
    pin = _pin(_("Your PIN"), _("Enter your 6 numbers"), _("6 numbers"), remembered="current-password")
    shared = _shared()


class CodeForm(Form):
    """The one-time code from a keyworker."""

    code = own_words(
        _("Your code"), _("10 letters and numbers, like KQ7MX-2XWD9. Your keyworker gave it to you."),
        needed=_("Write your code"), longest=40, autocomplete="one-time-code", autocapitalize="characters",
        spellcheck="false", dir="ltr",
    )  # fmt: skip
    shared = _shared()


class PinForm(Form):
    """A first PIN. `again` is only shown to those whose browser cannot show them what they type."""

    pin = _pin(
        _("Choose 6 numbers"),
        _("Choose 6 numbers"),
        _("Something you remember and others do not guess. Not 123456, and not the same number six times."),
        remembered="new-password",
    )
    again = PasswordField(_("The same 6 numbers once more"), render_kw={**_SIX, "autocomplete": "new-password"})

    def validate_again(self, field: PasswordField) -> None:
        """Sent by browsers without script alone."""
        if field.raw_data and field.data != self.pin.data:
            raise validators.StopValidation(_("Write the same 6 numbers in both places"))


class ChangePinForm(PinForm):
    """Another PIN, from someone who knows the one they have."""

    current = _pin(_("The PIN you have now"), _("Enter the PIN you have now"), remembered="current-password")
    elsewhere = BooleanField(_("Sign out my other phones"), default=True)
