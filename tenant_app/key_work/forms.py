"""What a tenant is asked on the pages of key work."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from tenant_app.web.forms import Form, own_words


class AnswerForm(Form):
    """A few words of one's own beside a note."""

    words = own_words(
        _("What do you say to it?"), _("Say how you saw it. It stands beside the note, in your words."),
        needed=_("Write a few words"), longest=1000, long=True, rows=4,
    )  # fmt: skip
