"""Today, where keyworkers and coordinators start."""

from __future__ import annotations

from flask import render_template

from staff_portal.roles import SUPPORTERS
from staff_portal.today import signs
from staff_portal.today.room import room
from staff_portal.today.sections import SECTIONS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.web.audience import open_to
from tenant_app.web.house import session

__all__ = ["room", "signs"]


@room.get("/today")
@open_to(*SUPPORTERS)
def index() -> str:
    """What waits, each kind of thing with how many there are; something kind where nothing does."""
    made = [section(session(), worker()) for section in SECTIONS]
    return render_template("today/index.html", sections=[one for one in made if one.count], now=clock.now())
