"""What the page of messages asks."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from tenant_app.messages.models import LONGEST
from tenant_app.web.forms import Form, own_words


class MessageForm(Form):
    """A few words to one's keyworker."""

    words = own_words(
        _("Your message"), needed=_("Write a few words"), longest=LONGEST, long=True, rows=4, data_shows=True
    )  # what waits for signal is shown with its words
