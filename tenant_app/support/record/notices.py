"""How notices about one's own record are worded."""

from __future__ import annotations

from flask_babel import gettext

from tenant_app.reminders.wording import Discreet, Sayable, Words, worded
from tenant_app.support.record.rules import ANSWERED, COPIED
from tenant_app.web.locale import isolate, say


@worded(ANSWERED, discreet=Discreet.NEWS)
def answered(notice: Sayable) -> Words:
    """Somebody answered."""
    return Words(
        title=say("%(name)s answered what you asked about your record", name=isolate(notice.facts["name"])),
        body=gettext("Tap to read it."),
        address=f"/my-record/requests/{notice.facts['request']}",
    )


@worded(COPIED, discreet=Discreet.NEWS)
def copied(notice: Sayable) -> Words:
    """A copy was made."""
    return Words(
        title=gettext("A copy of your record was made"),
        body=gettext("If it was not you, tell your keyworker and change your PIN."),
        address="/my-record",
    )
