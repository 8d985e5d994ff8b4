"""How notices of payments are worded: the day, and no sum that a locked phone could show."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import gettext

from tenant_app.reminders.vetoes import vetoed
from tenant_app.reminders.wording import Discreet, Sayable, Words, worded
from tenant_app.rent.agreements import AgreementState
from tenant_app.rent.breathing_space import silenced_among
from tenant_app.rent.reminding import ABOUT_ARREARS, AGREEMENT, ANSWERED, DUE, INSTALMENT, LATE
from tenant_app.rent.rhythm import RHYTHM
from tenant_app.web.house import house
from tenant_app.web.locale import tell_day

CANNOT_PAY = "/rent/cannot-pay"

vetoed(*ABOUT_ARREARS)(silenced_among)


@worded(DUE, discreet=Discreet.PLAN)
def due(notice: Sayable) -> Words:
    """A payment is due some days from now, or today."""
    day, is_today = _day(notice)
    return Words(
        title=gettext("A payment is due today") if is_today else gettext("A payment is due on %(day)s", day=day),
        body=gettext("Tap to see how much it is, and ways to pay."),
        address="/rent",
    )


@worded(INSTALMENT, discreet=Discreet.PLAN)
def instalment(notice: Sayable) -> Words:
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
def late(notice: Sayable) -> Words:
    """A payment of the agreement has not reached us."""
    day, _ = _day(notice)
    return Words(
        title=gettext("The payment of %(day)s has not reached us yet", day=day),
        body=gettext("If this week is hard, tap to tell us. Nothing bad happens because you tell us."),
        address=CANNOT_PAY,
    )


@worded(AGREEMENT, discreet=Discreet.NEWS)
def agreement(notice: Sayable) -> Words:
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


@worded(RHYTHM, discreet=Discreet.NEWS)
def rhythm(notice: Sayable) -> Words:
    """Rent will fall due in another rhythm. The day and the sums are for the app to tell."""
    if not notice.facts["changes"]:
        return Words(
            title=gettext("Your rent stays as it was"),
            body=gettext("We told you of a change. It is taken back, and your rent is due as before."), address="/rent",
        )  # fmt: skip
    return Words(
        title=gettext("How often your rent is due will change"),
        body=gettext("Tap to see from which day, and how much it is each time."), address="/rent",
    )  # fmt: skip


@worded(ANSWERED, discreet=Discreet.NEWS)
def answered(notice: Sayable) -> Words:
    """Somebody answered a tenant who told us that they cannot pay."""
    return Words(
        title=gettext("%(name)s answered you", name=notice.facts["from"]), body=gettext("Tap to read it."),
        address=CANNOT_PAY,
    )  # fmt: skip


def _day(notice: Sayable) -> tuple[str, bool]:
    """The day that it is about, in words, and whether that is the day of the notice itself."""
    on = notice.due_at.astimezone(house().settings.zone).date()
    # Those of earlier versions said how many days it is away instead.
    told = notice.facts.get("day")
    day = date.fromisoformat(told) if told else on + timedelta(days=notice.facts["days"])
    return tell_day(day), on == day
