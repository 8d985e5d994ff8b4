"""How notices about groups are worded."""

from __future__ import annotations

from datetime import datetime

from tenant_app.groups.reminding import CALLED_OFF, DAY_BEFORE, FREE, HOUR_BEFORE, OFFERED
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


@worded(OFFERED, discreet=Discreet.NEWS)
def offered(notice: Sayable) -> Words:
    """A place came free and is held for you. Says until when, and that it is no matter if not."""
    until = datetime.fromisoformat(notice.facts["until"])
    return Words(
        title=say("A place is free for you: %(title)s", title=_when(notice)["title"]),
        body=say(
            "%(day)s, %(time)s. We hold it for you until %(until_day)s, %(until)s.", **_when(notice),
            until_day=tell_day(until), until=tell_time(until),
        ),
        address=_page(notice),
    )  # fmt: skip


@worded(FREE, discreet=Discreet.NEWS)
def free(notice: Sayable) -> Words:
    """A place came free shortly before the start."""
    return Words(
        title=say("A place has come free: %(title)s", title=_when(notice)["title"]),
        body=say("It starts at %(time)s. The first to book has it.", time=_when(notice)["time"]),
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


def _when(notice: Sayable) -> dict[str, object]:
    starts_at = datetime.fromisoformat(notice.facts["starts_at"])
    return {"title": isolate(title(notice.facts["kind"])), "day": tell_day(starts_at), "time": tell_time(starts_at)}


def _page(notice: Sayable) -> str:
    return f"/groups/{notice.facts['session']}"
