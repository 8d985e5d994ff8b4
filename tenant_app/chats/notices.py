"""How notices about chats are worded. None of them says what it is to be about."""

from __future__ import annotations

from datetime import datetime

from tenant_app.chats.reminding import CALLED_OFF, DAY_BEFORE, HOUR_BEFORE, PROPOSED
from tenant_app.reminders.wording import Discreet, Sayable, Words, worded
from tenant_app.web.locale import isolate, say, tell_day, tell_time


@worded(DAY_BEFORE, discreet=Discreet.PLAN)
def day_before(notice: Sayable) -> Words:
    """You talk tomorrow. Names the day, because the list of reminders is read later too."""
    return Words(
        title=say("A chat with %(name)s, %(day)s, %(time)s", **_when(notice)),
        body=say("You can move it or call it off with a tap."), address=_page(notice),
    )  # fmt: skip


@worded(HOUR_BEFORE, discreet=Discreet.PLAN)
def hour_before(notice: Sayable) -> Words:
    """You talk in an hour."""
    return Words(
        title=say("A chat with %(name)s at %(time)s", **_when(notice)), body=say("It begins in an hour."),
        address=_page(notice),
    )  # fmt: skip


@worded(PROPOSED, discreet=Discreet.NEWS)
def proposed(notice: Sayable) -> Words:
    """The worker named a time."""
    return Words(
        title=say("%(name)s suggests a time for your chat", name=_when(notice)["name"]),
        body=say("%(day)s, %(time)s. Does that suit you?", **_when(notice)), address=_page(notice),
    )  # fmt: skip


@worded(CALLED_OFF, discreet=Discreet.NEWS)
def called_off(notice: Sayable) -> Words:
    """The worker cannot, after all."""
    name = isolate(notice.facts["with"])
    return Words(
        title=say("Your chat with %(name)s is called off", name=name),
        body=say("You can ask for another time whenever you like."), address="/chats",
    )  # fmt: skip


def _when(notice: Sayable) -> dict[str, object]:
    starts_at = datetime.fromisoformat(notice.facts["starts_at"])
    return {"name": isolate(notice.facts["with"]), "day": tell_day(starts_at), "time": tell_time(starts_at)}


def _page(notice: Sayable) -> str:
    return f"/chats/{notice.facts['chat']}"
