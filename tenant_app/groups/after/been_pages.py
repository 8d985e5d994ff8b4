"""The tenant's page about what they came to."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, url_for
from sqlalchemy import func, select

from tenant_app.accounts.gate import tenant
from tenant_app.groups.after.been import been, came, page_of
from tenant_app.groups.after.paging import asked_page
from tenant_app.groups.titles import programme
from tenant_app.web.audience import TENANT, open_to
from tenant_app.web.house import session

room = Blueprint("group_been", __name__, template_folder="templates")


@room.get("/groups/been")
@open_to(TENANT)
def index() -> str:
    """What they came to, and where they let us know, newest first."""
    try:
        page = page_of(session(), been(tenant()), asked_page())
    except LookupError:
        abort(404)
    attended = session().scalar(select(func.count()).select_from(came(tenant()).order_by(None).subquery()))
    return render_template(
        "groups/been.html", page=page, attended=attended, programme=programme,
        to_page=lambda number: url_for("group_been.index", page=number),
    )  # fmt: skip
