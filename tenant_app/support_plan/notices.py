"""How notices about reviews of the support plan are worded. None of them says anything of what was written."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext

from tenant_app.reminders.wording import Discreet, Sayable, Words, worded
from tenant_app.support_plan.reminding import DUE, ENDED, SIGN
from tenant_app.web.locale import tell_day


@worded(DUE, discreet=Discreet.PLAN)
def due(notice: Sayable) -> Words:
    """A review is near."""
    day = tell_day(date.fromisoformat(notice.facts["day"]))
    return Words(
        title=gettext("Your support plan: time to look at it together"),
        body=gettext("By %(day)s. Tap to prepare, if you like.", day=day),
        address="/support-plan",
    )


@worded(SIGN, discreet=Discreet.NEWS)
def to_sign(notice: Sayable) -> Words:
    """There is a text to read."""
    return Words(
        title=gettext("%(name)s wrote down what you talked about", name=notice.facts["from"]),
        body=gettext("Tap to read it, and say if it is right."),
        address=f"/support-plan/{notice.facts['review']}",
    )


@worded(ENDED, discreet=Discreet.NEWS)
def ended(notice: Sayable) -> Words:
    """It is closed."""
    return Words(
        title=gettext("%(name)s closed your review", name=notice.facts["from"]),
        body=gettext("Tap to read it."),
        address=f"/support-plan/{notice.facts['review']}",
    )
