"""Today, Home and More: the pages that show what the other rooms know."""

from __future__ import annotations

from flask import Blueprint, render_template

from tenant_app import clock
from tenant_app.accounts.gate import tenant
from tenant_app.rent.rules import next_payment
from tenant_app.repairs.rules import open_repairs
from tenant_app.support import plan_steps
from tenant_app.support.day import day_of, greeting
from tenant_app.support.record import pages as record
from tenant_app.support.sharing import pages as sharing
from tenant_app.support.stepping import pages as stepping
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import house, session

today_room = Blueprint("today", __name__, template_folder="templates")
home_room = Blueprint("home", __name__, template_folder="templates")
more_room = Blueprint("more", __name__, template_folder="templates")
rooms = (today_room, home_room, more_room, stepping.room, sharing.room, record.room, plan_steps.room)


@today_room.get("/", endpoint="show")
@open_to(TENANT)
def today() -> str:
    """The day's things first."""
    zone = house().settings.zone
    day = day_of(session(), tenant(), zone)
    return render_template("support/today.html", day=day, greeting=greeting(day.now, zone, tenant().known_as))


@home_room.get("/home", endpoint="show")
@open_to(TENANT)
def home() -> str:
    """Repairs and rent."""
    return render_template(
        "support/home.html",
        tenant=tenant(),
        repairs=open_repairs(session(), tenant()),
        payment=next_payment(session(), tenant(), clock.today(house().settings.zone)),
    )


@more_room.get("/more", endpoint="show")
@open_to(TENANT)
def more() -> str:
    """Everything that has no place in the bottom bar."""
    return render_template("support/more.html", tenant=tenant())
