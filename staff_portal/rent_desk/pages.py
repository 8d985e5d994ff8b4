"""The rent desk's first page: every account, the one most behind first."""

from __future__ import annotations

from flask import render_template, request, url_for

from staff_portal.rent_desk.accounts import FILTERS, charges_stuck, listing
from staff_portal.rent_desk.room import room
from staff_portal.roles import RENT_KEEPERS
from tenant_app import clock
from tenant_app.accounts.gate import worker
from tenant_app.rent.words import standing_of_somebody
from tenant_app.web.audience import open_to
from tenant_app.web.forms import tidy
from tenant_app.web.house import house, session


@room.get("/rent")
@open_to(*RENT_KEEPERS)
def index() -> str:
    """Accounts with what is owed and how many weeks that is; `q` looks for a name or reference, `show` filters."""
    search, show = tidy(request.args.get("q")) or "", request.args.get("show", "")
    show, today = show if show in FILTERS else "", clock.today(house().settings.zone)
    found = listing(
        session(), worker(), today, search=search, show=show, page=request.args.get("page", 1, type=int)
    )
    return render_template(
        "rent_desk/index.html", listing=found, search=search, show=show, filters=FILTERS, today=today,
        stuck=charges_stuck(session(), today), standing=standing_of_somebody,
        to_page=lambda page: url_for("rent_desk.index", q=search or None, show=show or None, page=page),
    )  # fmt: skip
