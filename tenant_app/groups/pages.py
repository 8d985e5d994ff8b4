"""The tenant's pages about groups."""

from __future__ import annotations

from flask import Blueprint, render_template

from tenant_app.web.audience import TENANT, open_to

room = Blueprint("groups", __name__, template_folder="templates")


@room.get("/groups")
@open_to(TENANT)
def index() -> str:
    """What is on this week and after."""
    return render_template("groups/index.html")
