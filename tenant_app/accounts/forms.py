"""What the way in asks."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, validators

from tenant_app.web.forms import Form, own_words


class SignInForm(Form):
    """A tenant's name for signing in and their PIN."""

    name = own_words(
        _("Your sign-in name"),
        _("Like amina4821. Your keyworker can tell you what it is."),
        needed=_("Write your sign-in name"),
        longest=40,
        autocomplete="username",
        autocapitalize="none",
        dir="ltr",
    )
    pin = PasswordField(
        _("Your PIN"),
        [validators.InputRequired(_("Enter your 6 numbers"))],
        description=_("6 numbers"),
        render_kw={"inputmode": "numeric", "autocomplete": "current-password", "maxlength": 12, "dir": "ltr"},
    )
    shared = BooleanField(
        _("Other people use this phone"), description=_("We keep nothing on it after you leave.")
    )
