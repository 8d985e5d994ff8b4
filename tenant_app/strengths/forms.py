"""What the pages of strengths ask."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from tenant_app.web.forms import Form, own_words


class StrengthForm(Form):
    """One line, in the tenant's own words."""

    words = own_words(_("In your own words"), needed=_("Write a few words"), longest=200)
