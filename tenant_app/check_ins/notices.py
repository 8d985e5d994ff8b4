"""How the weekly reminder is worded."""

from __future__ import annotations

from flask_babel import gettext

from tenant_app.check_ins.reminding import ASKED
from tenant_app.reminders.wording import Discreet, Sayable, Words, worded


@worded(ASKED, discreet=Discreet.PLAN)
def asked(notice: Sayable) -> Words:
    """You wanted a minute for yourself."""
    return Words(
        title=gettext("A minute for yourself"), body=gettext("How was your week? Tap if you like."),
        address="/check-ins/today",
    )  # fmt: skip
