"""What the staff door asks."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import PasswordField, validators

from tenant_app.web.forms import Form, own_words


class SignInForm(Form):
    """The first question: who, and a password."""

    email = own_words(
        _("Your work email"), needed=_("Write your work email"), longest=254, type="email", autocomplete="username",
        autocapitalize="none", spellcheck="false", dir="ltr",
    )  # fmt: skip
    password = PasswordField(
        _("Password"), [validators.InputRequired(_("Enter your password"))],
        render_kw={"autocomplete": "current-password", "maxlength": 200, "dir": "ltr"},
    )  # fmt: skip


class SecondForm(Form):
    """The second question: what the app on their phone shows."""

    code = own_words(
        _("Code from your app"), _("The 6 numbers that the app on your phone shows now."),
        needed=_("Enter the 6 numbers that your app shows"), longest=20, inputmode="numeric",
        autocomplete="one-time-code", dir="ltr",
    )  # fmt: skip


class JoinForm(Form):
    """A new colleague's one-time code."""

    code = own_words(
        _("Your code"), _("10 letters and numbers, like KQ7MX-2XWD9. An administrator gave it to you."),
        needed=_("Write your code"), longest=40, autocomplete="one-time-code", autocapitalize="characters",
        spellcheck="false", dir="ltr",
    )  # fmt: skip


class PasswordForm(Form):
    """A password of their own. `again` is only shown to those whose browser cannot show them what they type."""

    password = PasswordField(
        _("Choose a password"), [validators.InputRequired(_("Choose a password"))],
        description=_("At least 12 letters. Four words that only you would put together are easy to remember."),
        render_kw={"autocomplete": "new-password", "maxlength": 200, "dir": "ltr"},
    )  # fmt: skip
    again = PasswordField(
        _("The same password once more"), render_kw={"autocomplete": "new-password", "maxlength": 200, "dir": "ltr"}
    )

    def validate_again(self, field: PasswordField) -> None:
        """Sent by browsers without script alone."""
        if field.raw_data and field.data != self.password.data:
            raise validators.StopValidation(_("Write the same password in both places"))
