"""How notices about key work are worded. None of them says what was written."""

from __future__ import annotations

from flask_babel import gettext

from tenant_app.key_work.rules import WRITTEN
from tenant_app.reminders.wording import Discreet, Sayable, Words, worded


@worded(WRITTEN, discreet=Discreet.NEWS)
def written(notice: Sayable) -> Words:
    """A worker wrote down what you did together."""
    return Words(
        title=gettext("%(name)s wrote a note about your time together", name=notice.facts["from"]),
        body=gettext("Tap to read it. You can answer."),
        address=f"/key-work/{notice.facts['note']}",
    )
