"""How the engine's own notices are worded."""

from __future__ import annotations

from flask_babel import gettext

from tenant_app.reminders.wording import Sayable, Words, worded

TEST = "reminders.test"


@worded(TEST, urgent=True)
def tested(notice: Sayable) -> Words:
    """The test that a tenant asked for."""
    return Words(
        title=gettext("This is your test"),
        body=gettext("Reminders reach this phone."),
        address="/settings/reminders",
    )
