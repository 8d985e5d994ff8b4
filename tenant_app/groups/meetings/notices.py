"""How notices about house meetings are worded. None of them says what the item was."""

from __future__ import annotations

from flask_babel import gettext

from tenant_app.groups.meetings.doing import ANSWERED, DONE
from tenant_app.reminders.wording import Discreet, Sayable, Words, worded


@worded(ANSWERED, discreet=Discreet.NEWS)
def answered(notice: Sayable) -> Words:
    """The meeting dealt with your item."""
    return Words(
        title=gettext("Your house meeting has answered you"),
        body=gettext("They talked about what you put on the agenda. Tap to read what was decided."),
        address=f"/meetings/{notice.facts['session']}#item-{notice.facts['item']}",
    )


@worded(DONE, discreet=Discreet.NEWS)
def done(notice: Sayable) -> Words:
    """Something that came of your item is done."""
    return Words(
        title=gettext("You said, we did"),
        body=gettext("Something is done that came of what you put on the agenda. Tap to read it."),
        address=f"/meetings/{notice.facts['session']}#item-{notice.facts['item']}",
    )
