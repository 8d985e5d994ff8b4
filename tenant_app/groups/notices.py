"""How notices about groups are worded."""

from __future__ import annotations

from datetime import datetime

from tenant_app.groups.care import MISSED
from tenant_app.groups.reminding import CALLED_OFF, DAY_BEFORE, HOUR_BEFORE, PLACE
from tenant_app.groups.titles import title
from tenant_app.reminders.wording import Discreet, Sayable, Words, worded
from tenant_app.web.locale import isolate, say, tell_day, tell_time


@worded(DAY_BEFORE, discreet=Discreet.PLAN)
def day_before(notice: Sayable) -> Words:
    """You have a place tomorrow. Names the day, because the list of reminders is read later too."""
    return Words(
        title=say("%(title)s, %(day)s, %(time)s", **_when(notice)),
        body=say("%(place)s. You have a place.", place=isolate(notice.facts["place"])),
        address=_page(notice),
    )


@worded(HOUR_BEFORE, discreet=Discreet.PLAN)
def hour_before(notice: Sayable) -> Words:
    """It starts in an hour."""
    return Words(
        title=say("%(title)s starts at %(time)s", **_when(notice)),
        body=say("%(place)s. You have a place.", place=isolate(notice.facts["place"])),
        address=_page(notice),
    )


@worded(PLACE, discreet=Discreet.NEWS)
def place(notice: Sayable) -> Words:
    """A place came free, and it is yours."""
    return Words(
        title=say("You have a place: %(title)s", title=_when(notice)["title"]),
        body=say("A place came free. %(day)s, %(time)s. Tell us if you cannot come.", **_when(notice)),
        address=_page(notice),
    )


@worded(CALLED_OFF, discreet=Discreet.NEWS)
def called_off(notice: Sayable) -> Words:
    """The session will not take place."""
    return Words(
        title=say("%(title)s is called off", title=_when(notice)["title"]),
        body=say("It was planned for %(day)s, %(time)s. Look what else is on.", **_when(notice)),
        address="/groups",
    )


@worded(MISSED, discreet=Discreet.NEWS)
def missed(notice: Sayable) -> Words:
    """They were not there twice in a row. A question, and nothing that counts."""
    return Words(
        title=say("We missed you. Is everything all right?"),
        body=say("You are welcome at %(title)s whenever you like.", title=isolate(title(notice.facts["kind"]))),
        address=f"/groups/missed/{notice.facts['missed']}",
    )


def _when(notice: Sayable) -> dict[str, object]:
    starts_at = datetime.fromisoformat(notice.facts["starts_at"])
    return {"title": isolate(title(notice.facts["kind"])), "day": tell_day(starts_at), "time": tell_time(starts_at)}


def _page(notice: Sayable) -> str:
    return f"/groups/{notice.facts['session']}"
