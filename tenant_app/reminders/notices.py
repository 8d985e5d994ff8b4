"""How the engine's own notices are worded, and those that no room owns."""

from __future__ import annotations

from flask_babel import gettext

from tenant_app.reminders.outbox import OUTAGE
from tenant_app.reminders.safety import OPENED
from tenant_app.reminders.wording import Discreet, Sayable, Words, worded

TEST = "reminders.test"


@worded(TEST, urgent=True)
def tested(notice: Sayable) -> Words:
    """The test that a tenant asked for."""
    return Words(
        title=gettext("This is your test"),
        body=gettext("Reminders reach this phone."),
        address="/settings/reminders",
    )


@worded(OUTAGE, discreet=Discreet.NEWS)
def out(notice: Sayable) -> Words:
    """Reminders were not working for a while."""
    return Words(
        title=gettext("Some reminders did not reach you"),
        body=gettext("Homeward was not working for a while. Your list shows what came meanwhile."),
        address="/reminders",
    )


@worded(OPENED, discreet=Discreet.NEWS)
def opened(notice: Sayable) -> Words:
    """A worker opened part of their record for their safety. Even a phone that may show names shows neither what nor
    why."""
    return Words(
        title=gettext("Somebody looked at your record"), body=gettext("Tap to see who it was, and why."),
        address="/settings/looks",
    )  # fmt: skip
