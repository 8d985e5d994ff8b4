"""How notices of payments are worded: the day, and no sum that a locked phone could show."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import gettext

from tenant_app.reminders.models import Notice
from tenant_app.reminders.wording import Discreet, Words, worded
from tenant_app.rent.agreements import AgreementState
from tenant_app.rent.reminding import AGREEMENT, ANSWERED, DUE, INSTALMENT, LATE
from tenant_app.web.house import house
from tenant_app.web.locale import tell_day

CANNOT_PAY = "/rent/cannot-pay"


@worded(DUE, discreet=Discreet.PLAN)
def due(notice: Notice) -> Words:
    """A payment is due some days from now, or today."""
    day, is_today = _day(notice)
    return Words(
        title=gettext("A payment is due today") if is_today else gettext("A payment is due on %(day)s", day=day),
        body=gettext("Tap to see how much it is, and ways to pay."),
        address="/rent",
    )


@worded(INSTALMENT, discreet=Discreet.PLAN)
def instalment(notice: Notice) -> Words:
    """A payment of the agreement is due some days from now, or today."""
    day, is_today = _day(notice)
    return Words(
        title=gettext("A payment of your plan is due today")
        if is_today
        else gettext("A payment of your plan is due on %(day)s", day=day),
        body=gettext("Tap to see your plan. If this week is hard, you can tell us there."),
        address="/rent/agreement",
    )


@worded(LATE, discreet=Discreet.NEWS)
def late(notice: Notice) -> Words:
    """A payment of the agreement has not reached us."""
    day, _ = _day(notice)
    return Words(
        title=gettext("The payment of %(day)s has not reached us yet", day=day),
        body=gettext("If this week is hard, tap to tell us. Nothing bad happens because you tell us."),
        address=CANNOT_PAY,
    )


@worded(AGREEMENT, discreet=Discreet.NEWS)
def agreement(notice: Notice) -> Words:
    """Something about the agreement changed."""
    words = {
        AgreementState.PROPOSED: gettext("There is a plan for you to look at"),
        AgreementState.ACTIVE: gettext("Your plan is running"),
        AgreementState.KEPT: gettext("Your plan is paid in full"),
        AgreementState.BREACHED: gettext("Your plan needs another look"),
        AgreementState.PAUSED: gettext("Your plan is paused"),
        AgreementState.CANCELLED: gettext("Your plan has ended"),
    }
    return Words(
        title=words[AgreementState(notice.facts["state"])], body=gettext("Tap to read it."), address="/rent/agreement"
    )


@worded(ANSWERED, discreet=Discreet.NEWS)
def answered(notice: Notice) -> Words:
    """Somebody answered a tenant who told us that they cannot pay."""
    return Words(
        title=gettext("%(name)s answered you", name=notice.facts["from"]), body=gettext("Tap to read it."),
        address=CANNOT_PAY,
    )  # fmt: skip


def _day(notice: Notice) -> tuple[str, bool]:
    """The day that it is about, in words, and whether that is the day of the notice itself."""
    on = notice.due_at.astimezone(house().settings.zone).date()
    # Those of earlier versions said how many days it is away instead.
    told = notice.facts.get("day")
    day = date.fromisoformat(told) if told else on + timedelta(days=notice.facts["days"])
    return tell_day(day), on == day
