"""How notices about groups are worded."""

from __future__ import annotations

from datetime import datetime

from markupsafe import Markup

from tenant_app.groups.register.care import MISSED
from tenant_app.groups.reminding import (
    ALL_CALLED_OFF,
    CALLED_OFF,
    CHANGED,
    DAY_BEFORE,
    FREE,
    HOUR_BEFORE,
    OFFERED,
    What,
)
from tenant_app.groups.titles import title
from tenant_app.reminders.wording import Discreet, Sayable, Words, worded
from tenant_app.web.locale import isolate, say, say_number, tell_day, tell_time


@worded(DAY_BEFORE, discreet=Discreet.PLAN)
def day_before(notice: Sayable) -> Words:
    """You have a place tomorrow. Names the day, because the list of reminders is read later too."""
    return Words(
        title=say("%(title)s, %(day)s, %(time)s", **_when(notice)),
        body=_here(notice),
        address=_page(notice),
    )


@worded(HOUR_BEFORE, discreet=Discreet.PLAN)
def hour_before(notice: Sayable) -> Words:
    """It starts in an hour."""
    return Words(
        title=say("%(title)s starts at %(time)s", **_when(notice)),
        body=_here(notice),
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


@worded(ALL_CALLED_OFF, discreet=Discreet.NEWS)
def all_called_off(notice: Sayable) -> Words:
    """Several sessions of a series will not take place."""
    return Words(
        title=say("%(title)s is called off", title=_when(notice)["title"]),
        body=say_number(
            "%(num)s session of yours, on %(day)s, will not take place. Look what else is on.",
            "%(num)s sessions of yours, from %(day)s on, will not take place. Look what else is on.",
            notice.facts["count"], day=_when(notice)["day"],
        ),
        address="/groups",
    )  # fmt: skip


@worded(CHANGED, discreet=Discreet.NEWS)
def changed(notice: Sayable) -> Words:
    """Another time, place or link. Of several sessions it tells how many, and how the first of them is now."""
    facts, said = notice.facts, []
    if facts["count"] > 1:
        said.append(say_number("It is about %(num)s session of yours, from %(day)s on.",
                               "It is about %(num)s sessions of yours, from %(day)s on.",
                               facts["count"], day=_when(notice)["day"]))  # fmt: skip
    if What.TIME in facts["what"]:
        said.append(say("The new time: %(day)s, %(time)s.", **_when(notice)))
    if What.PLACE in facts["what"] and facts["place"]:
        said.append(say("The new place: %(place)s.", place=isolate(facts["place"])))
    elif What.PLACE in facts["what"]:
        said.append(say("It is online now. The link is on its page."))
    if What.LINK in facts["what"] and not (What.PLACE in facts["what"] and not facts["place"]):
        said.append(say("Its link is a new one, and stands on its page."))
    head = say("%(title)s has changed", title=_when(notice)["title"])
    return Words(title=head, body=Markup(" ").join(said), address=_page(notice))


@worded(MISSED, discreet=Discreet.NEWS)
def missed(notice: Sayable) -> Words:
    """They were not there twice in a row. A question, and nothing that counts."""
    return Words(
        title=say("We missed you. Is everything all right?"),
        body=say("You are welcome at %(title)s whenever you like.", title=isolate(title(notice.facts["kind"]))),
        address=f"/groups/missed/{notice.facts['missed']}",
    )


def _here(notice: Sayable) -> Markup:
    if not notice.facts["place"]:
        return say("It is online. You have a place.")
    return say("%(place)s. You have a place.", place=isolate(notice.facts["place"]))


def _when(notice: Sayable) -> dict[str, object]:
    starts_at = datetime.fromisoformat(notice.facts["starts_at"])
    return {"title": isolate(title(notice.facts["kind"])), "day": tell_day(starts_at), "time": tell_time(starts_at)}


def _page(notice: Sayable) -> str:
    return f"/groups/{notice.facts['session']}"
