"""Today, Home and More: the pages that show what the other rooms know."""

from __future__ import annotations

from flask import Blueprint, render_template

from tenant_app.accounts.gate import tenant
from tenant_app.support.day import day_of
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import session

today_room = Blueprint("today", __name__, template_folder="templates")
home_room = Blueprint("home", __name__, template_folder="templates")
more_room = Blueprint("more", __name__, template_folder="templates")
rooms = (today_room, home_room, more_room)


@today_room.get("/")
@open_to(TENANT)
def show() -> str:
    """The day's things first."""
    return render_template("support/today.html", day=day_of(session(), tenant()))


@home_room.get("/home", endpoint="show")
@open_to(TENANT)
def show_home() -> str:
    """Repairs and rent."""
    return render_template("support/home.html", tenant=tenant())


@more_room.get("/more", endpoint="show")
@open_to(TENANT)
def show_more() -> str:
    """Everything that has no place in the bottom bar."""
    return render_template("support/more.html", tenant=tenant())
