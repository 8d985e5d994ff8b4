"""Chats in the demo: times that are kept open, one agreed, one that waits for each side, and one that was held."""

from __future__ import annotations

from datetime import time, timedelta

from tenant_app.chats.models import Way
from tenant_app.chats.open_times import keep_open
from tenant_app.chats.rules import ask, note_held, propose
from tenant_app.demo.people import DEVON, GRACE, RESIDENTS
from tenant_app.demo.town import Town


def chat(town: Town) -> None:
    """Grace keeps two hours open a week; Devon suggests times as he is asked."""
    session, zone = town.session, town.settings.zone
    grace, devon = town.staff[GRACE.name], town.staff[DEVON.name]
    first, second, third = (town.tenants[resident.name] for resident in RESIDENTS[:3])
    with town.at(-12, 9):
        past = keep_open(session, grace, town.today - timedelta(days=8), time(14), time(16), 30, zone)
        held = ask(session, first, grace, Way.MEET, open_time=past[1].id, language=first.language) if past else None
    if held is not None:
        with town.at(-8, 16):
            note_held(session, held, held=True)
    with town.at(-3, 9):
        ahead = keep_open(session, grace, town.today + timedelta(days=2), time(14), time(16), 30, zone, weeks=4)
    with town.at(-1, 18):
        about = "The room at the library, and what to say on the first day"
        ask(session, first, grace, Way.MEET, open_time=ahead[0].id if ahead else None, about=about, language="en")
        ask(session, second, grace, Way.PHONE, open_time=None, suits="After five, when my shift is over", language="en")
        heating = ask(session, third, devon, Way.MEET, open_time=None, interpreter=True, language=third.language)
    with town.at(-1, 19):
        propose(session, heating, town.moment(3, 11), 30, zone, place="Office, ground floor")
