"""What a keyworker is asked when answering."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

from tenant_app.messages.models import LONGEST
from tenant_app.web.forms import Form, own_words


class AnswerForm(Form):
    """A few words to a tenant. What is sent stays as it is, so the page says so beforehand."""

    words = own_words(
        _("Your answer"), _("What you send stays as it is. To put something right, write once more."),
        needed=_("Write a few words"), longest=LONGEST, long=True, rows=5,
    )  # fmt: skip
